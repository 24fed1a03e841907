import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {loadFleet, type FleetRequest} from '../../source/app/inventory.js';
import {readIniInventory} from '../../source/domain/fleet/inventory-ini.js';

const signal = new AbortController().signal;
const REQUEST: FleetRequest = {
  inventory: {kind: 'file', path: 'hosts'},
  pattern: undefined,
  apiHosts: [],
  novaComputes: [],
  rules: [],
};

const fleetOf = (text: string, request: Partial<FleetRequest> = {}) =>
  loadFleet(
    {...REQUEST, ...request},
    () =>
      Promise.resolve({
        source: 'hosts',
        tree: readIniInventory(text),
        files: {groups: new Map(), hosts: new Map()},
        notices: [],
      }),
    signal,
  );

test('a node of another cloud is left out where a cloud is named', async (t) => {
  const text = 'n1 reprieve_cloud=a\nn2 reprieve_cloud=b\nn3\nn4 reprieve_cloud=a/north\n';
  const names = async (cloud: string | undefined) => {
    const {hosts, selected} = await fleetOf(`[compute]\n${text}`, {cloud});
    t.deepEqual(selected, hosts);
    return hosts.map(({name}) => name);
  };
  t.deepEqual(await names(undefined), ['n1', 'n2', 'n3', 'n4']);
  t.deepEqual(await names('a'), ['n1', 'n3']);
  t.deepEqual(await names('a/north'), ['n1', 'n3', 'n4']);
  t.deepEqual(await names('ab'), ['n3']);
});

const FLEET = `other
[compute]
n[1:3]
[controllers]
c1
n1
`;

test('roles follow from groups, and hosts without one are named and left out', async (t) => {
  const fleet = await fleetOf(FLEET);
  t.deepEqual(
    fleet.hosts.map(({name, roles}) => `${name} ${roles.join('+')}`),
    ['n1 compute+api', 'n2 compute', 'n3 compute', 'c1 api'],
  );
  t.deepEqual(fleet.selected, fleet.hosts);
  t.deepEqual(fleet.notices, ['left out, because no group gives them a role: other']);
});

test('every group name of the promise gives its role, children included', async (t) => {
  for (const group of ['compute', 'computes', 'nova-compute', 'nova_compute', 'compute_hosts']) {
    const {hosts} = await fleetOf(`[${group}:children]\nrack\n[rack]\nh\n`);
    t.deepEqual(hosts[0]?.roles, ['compute'], group);
  }
  for (const group of [
    'control',
    'controller',
    'controllers',
    'nova-api',
    'nova_api',
    'api',
    'nova_api_hosts',
  ]) {
    const {hosts} = await fleetOf(`[${group}]\nh\n`);
    t.deepEqual(hosts[0]?.roles, ['api'], group);
  }
});

test('--hosts picks among them, and --api-hosts adds a role or a node', async (t) => {
  const fleet = await fleetOf(FLEET, {pattern: 'compute,!n3', apiHosts: ['n2', 'c9']});
  t.deepEqual(
    fleet.selected.map(({name, roles}) => `${name} ${roles.join('+')}`),
    ['n1 compute+api', 'n2 compute+api'],
  );
  t.deepEqual(fleet.hosts.at(-1)?.name, 'c9');
});

test('without an inventory the computes are those that Nova lists', async (t) => {
  const request = {
    ...REQUEST,
    inventory: undefined,
    novaComputes: ['n1', 'n2', 'bad\u001B[2J'],
    apiHosts: ['c1'],
  };
  const fleet = await loadFleet(request, () => Promise.reject(new Error('not asked')), signal);
  t.deepEqual(
    fleet.hosts.map(({name}) => name),
    ['n1', 'n2', 'c1'],
  );
  t.is(fleet.source, undefined);
  t.regex(fleet.notices[0] ?? '', /"bad\\u\{1b\}\[2J".* left out/);
});

test('overrides of the profile go from wide to narrow', async (t) => {
  const {hosts} = await fleetOf(`${FLEET}[compute:vars]\nreprieve_service=from-inventory\n`, {
    rules: [
      {pattern: 'n2', overrides: {service: 'own'}, place: 'profile p:3'},
      {pattern: 'compute', overrides: {service: 'group', sysroot: '/opt'}, place: 'profile p:4'},
    ],
  });
  const overrides = Object.fromEntries(hosts.map((host) => [host.name, host.overrides]));
  t.deepEqual(overrides['n1'], {service: 'group', sysroot: '/opt'});
  t.deepEqual(overrides['n2'], {service: 'own', sysroot: '/opt'});
  t.deepEqual(overrides['c1'], {});
});

test('the profile names who logs in, and is no error before there are nodes', async (t) => {
  const rules = [
    {pattern: 'n1', overrides: {}, user: 'root', place: 'p'},
    {pattern: 'all', overrides: {}, user: 'operator', place: 'p'},
  ];
  const inventory = '[compute]\nn1 ansible_user=bob\nn2 ansible_user=bob\n';
  const {hosts} = await fleetOf(inventory, {rules});
  t.deepEqual(
    hosts.map(({name, address}) => `${address.user}@${name}`),
    ['root@n1', 'operator@n2'],
  );
  t.deepEqual((await fleetOf('', {inventory: undefined, rules})).hosts, []);
});

const BAD: readonly (readonly [string, string, Partial<FleetRequest>, RegExp])[] = [
  ['an inventory without hosts', '[compute]\n', {}, /^inventory hosts: it names no hosts$/],
  ['an inventory without roles', '[web]\na\nb\n', {}, /^inventory hosts: no group gives a role to a, b$/],
  [
    'a host named twice',
    '[compute]\na ansible_host=1.1.1.1\n[api]\na ansible_host=1.1.1.2\n',
    {},
    /host a is named twice, with ansible_host 1\.1\.1\.1 and 1\.1\.1\.2/,
  ],
  [
    'a host named twice with two ports',
    '[compute]\na:22\n[api]\na:2222\n',
    {},
    /named twice, with ansible_port 22 and 2222/,
  ],
  [
    'two names for one machine',
    '[compute]\na ansible_host=1.1.1.1\nb ansible_host=1.1.1.1\n',
    {},
    /hosts a and b are one machine, 1\.1\.1\.1 port 22/,
  ],
  ['a name with shell characters', '[compute]\n"a;reboot"\n', {}, /"a;reboot" is not a host name/],
  ['a name with terminal escapes', '[compute]\na\u001B[31m\n', {}, /range|is not a host name/],
  [
    'a name with a title escape',
    '[compute]\na\u001B]0;x\u0007\n',
    {},
    /"a\\u\{1b\}\]0;x\\u\{7\}" is not a host name/,
  ],
  ['a name that looks like a flag', '[compute]\n-oProxyCommand=x\n', {}, /is not a host name/],
  ['a template', '[compute]\na ansible_host="{{ x }}"\n', {}, /ansible_host of the host a: it is a template/],
  ['a pattern that fits nothing', FLEET, {pattern: 'n9'}, /^--hosts: no host and no group fits "n9"$/],
  [
    'a pattern that picks only hosts without a role',
    FLEET,
    {pattern: 'other'},
    /^--hosts: no group gives a role to other$/,
  ],
  ['an API host with shell characters', FLEET, {apiHosts: ['a b']}, /^--api-hosts: "a b" is not a host name/],
  [
    'a rule of the profile that fits nothing',
    FLEET,
    {rules: [{pattern: 'nX', overrides: {}, place: 'profile p:7'}]},
    /^profile p:7: no host and no group fits/,
  ],
];

for (const [what, text, request, message] of BAD) {
  test(`${what} is refused as wrong usage`, async (t) => {
    const error = await t.throwsAsync(() => fleetOf(text, request), {instanceOf: UserError, message});
    t.is(error.kind, 'usage');
  });
}

test('the same address behind two jump hosts is two machines', async (t) => {
  const {hosts} = await fleetOf(`[compute]
a ansible_host=10.0.0.1 ansible_ssh_common_args="-J east"
b ansible_host=10.0.0.1 ansible_ssh_common_args="-J west"
c ansible_host=10.0.0.1 ansible_port=2222
`);
  t.is(hosts.length, 3);
});

test('what many hosts share is said once, with at most four names', async (t) => {
  const {notices} = await fleetOf('[compute]\nn[1:9] ansible_ssh_common_args="-C"\n');
  t.is(notices.length, 1);
  t.regex(notices[0] ?? '', /\(n1, n2, n3, n4 and 5 more\)$/);
});

test('thousands of hosts are put together quickly enough to feel instant', async (t) => {
  const racks = Array.from({length: 100}, (_, index) => `[rack${index}]\nr${index}n[1:50]\n`).join('');
  const children = `[compute:children]\n${Array.from({length: 100}, (_, index) => `rack${index}\n`).join('')}`;
  const {selected} = await fleetOf(children + racks, {pattern: 'rack7,&compute,!r7n[1:49]'});
  t.deepEqual(
    selected.map(({name}) => name),
    ['r7n50'],
  );
});
