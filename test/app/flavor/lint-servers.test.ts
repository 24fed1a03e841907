import test from 'ava';
import type {CloudFlavor, FlavorUse} from '../../../source/app/flavor/flavor-ports.js';
import {lintServers} from '../../../source/app/flavor/lint-servers.js';
import {serverWith} from '../../helpers/cloud-flavors.js';
import {flavorOf} from '../../helpers/fake-flavors.js';

function lint(flavors: readonly CloudFlavor[], servers: readonly FlavorUse[], isComplete = true) {
  return lintServers({rows: flavors, isComplete, problem: undefined}, servers);
}

const safe = flavorOf('safe', {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '1'});

test('a server with the flavor of today is current, in whatever order its specs are', (t) => {
  const turned = {extraSpecs: {'hw:cpu_sockets': '1', 'hw:watchdog_action': 'reset'}};
  const {figures, groups, byFlavor} = lint([safe], [serverWith('b', safe), serverWith('a', safe, turned)]);
  t.deepEqual(figures, {total: 2, current: 2, old: 0, gone: 0, renamed: 0, unknown: 0});
  t.deepEqual(groups, []);
  t.deepEqual(
    byFlavor.get('safe')?.map(({name}) => name),
    ['a', 'b'],
  );
});

test('servers with the same old copy are told together, with what is different in it', (t) => {
  const old = {extraSpecs: {'hw:watchdog_action': 'pause', 'hw:numa_nodes': '1', 'hw:cpu_sockets': '1'}};
  const older = {extraSpecs: {}};
  const servers = [
    serverWith('c', safe),
    serverWith('b', safe, old),
    serverWith('a', safe, {...old}),
    serverWith('d', safe, older),
  ];
  const {figures, groups} = lint([safe], servers);
  t.like(figures, {total: 4, current: 1, old: 3});
  t.deepEqual(
    groups.map((group) => [
      group.standing,
      group.severity,
      group.name,
      group.servers.map(({name}) => name).join(),
    ]),
    [
      ['old', 'warning', 'safe', 'a,b'],
      ['old', 'warning', 'safe', 'd'],
    ],
  );
  t.deepEqual(groups[0]?.differences, [
    {property: 'hw:numa_nodes', before: '1', after: undefined},
    {property: 'hw:watchdog_action', before: 'pause', after: 'reset'},
  ]);
  t.deepEqual(groups[1]?.differences, [
    {property: 'hw:cpu_sockets', before: undefined, after: '1'},
    {property: 'hw:watchdog_action', before: undefined, after: 'reset'},
  ]);
  t.false(groups[0]?.isReplaced);
});

test('a copy of another size is of another flavor that had the name', (t) => {
  const {groups} = lint(
    [safe],
    [serverWith('a', safe, {vcpus: 2, memoryMib: 1024, diskGib: 0, swapMib: 64})],
  );
  t.true(groups[0]?.isReplaced);
  t.deepEqual(
    groups[0]?.differences.map(({property, before, after}) => `${property} ${before ?? ''} ${after ?? ''}`),
    ['vcpus 2 1', 'ram 1024 512', 'disk 0 1', 'swap 64 0'],
  );
});

test('a flavor that is the same as the one of today under another name is named, to resize to', (t) => {
  const twin = flavorOf('twin', safe.extraSpecs);
  const off = flavorOf('off', safe.extraSpecs, {isDisabled: true});
  const {groups} = lint([safe, twin, off], [serverWith('a', safe, {extraSpecs: {}})]);
  t.deepEqual(
    groups[0]?.alike.map(({name}) => name),
    ['twin'],
  );
});

test('servers of a flavor that is gone, or that has another name now, are told', (t) => {
  const gone = flavorOf('gone', {'hw:numa_nodes': '1'});
  const before = flavorOf('before', safe.extraSpecs);
  const {figures, groups} = lint(
    [safe],
    [serverWith('a', gone), serverWith('b', before), serverWith('c', safe)],
  );
  t.like(figures, {total: 3, current: 1, gone: 1, renamed: 1});
  t.deepEqual(
    groups.map(({standing, severity, name, alike}) => [standing, severity, name, alike[0]?.name]),
    [
      ['renamed', 'info', 'before', 'safe'],
      ['gone', 'info', 'gone', undefined],
    ],
  );
});

test('where not all flavors are known none is said to be gone', (t) => {
  const {figures, groups} = lint([safe], [serverWith('a', flavorOf('other')), serverWith('b', safe)], false);
  t.like(figures, {current: 1, gone: 0, unknown: 1});
  t.deepEqual(groups, []);
});

test('what is not told of a copy leaves the server unknown, unless its size tells', (t) => {
  const servers = [
    {...serverWith('a', safe), copy: undefined},
    serverWith('b', safe, {extraSpecs: undefined}),
    serverWith('c', safe, {extraSpecs: undefined, vcpus: 9}),
  ];
  t.like(lint([safe], servers).figures, {total: 3, unknown: 2, old: 1, current: 0});
  const hidden = {...safe, extraSpecs: undefined};
  t.like(lint([hidden], [serverWith('a', safe)]).figures, {unknown: 1});
});

test('names that objects have of themselves are names like others', (t) => {
  const proto = flavorOf('__proto__', Object.fromEntries([['__proto__', '1']]));
  const {figures, groups} = lint([proto], [serverWith('a', proto), serverWith('b', proto, {extraSpecs: {}})]);
  t.like(figures, {current: 1, old: 1});
  t.is(groups[0]?.differences[0]?.property, '__proto__');
});
