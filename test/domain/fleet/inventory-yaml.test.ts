import test from 'ava';
import {readJsonInventory} from '../../../source/domain/fleet/inventory-json.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';
import {readYamlInventory} from '../../../source/domain/fleet/inventory-yaml.js';

test('what is no group, host or variable is passed over with a notice', (t) => {
  const {tree, notices} = readYamlInventory({compute: {hosts: {a: null}, host: {b: null}}, version: 2});
  t.deepEqual([...tree.hosts.keys()], ['a']);
  t.is(notices.length, 2);
  t.regex(notices[0] ?? '', /"host" of the group compute/);
  t.regex(notices[1] ?? '', /"version"/);
});

for (const [what, data] of [
  ['nothing', null],
  ['a list', ['a']],
  ['a text', 'a'],
  ['hosts as a list', {compute: {hosts: ['a']}}],
  ['a host whose variables are a list', {compute: {hosts: {a: ['b']}}}],
  ['a group below itself', {a: {children: {b: {children: {a: null}}}}}],
] as const) {
  test(`${what} is no YAML inventory`, (t) => {
    t.throws(() => readYamlInventory(data), {instanceOf: InventoryProblem});
  });
}

test('JSON of ansible-inventory gives groups, children and host variables', (t) => {
  const tree = readJsonInventory({
    _meta: {hostvars: {a: {ansible_host: '10.0.0.1'}, b: {}}},
    all: {children: ['ungrouped', 'compute']},
    compute: {hosts: ['a'], vars: {x: 1}},
    short: ['b'],
  });
  t.deepEqual(tree.hostsOf('compute'), ['a']);
  t.deepEqual(tree.hostsOf('short'), ['b']);
  t.is(tree.hosts.get('a')?.variables.get('ansible_host'), '10.0.0.1');
  t.is(tree.groups.get('compute')?.variables.get('x'), 1);
});

for (const [what, data] of [
  ['a list', []],
  ['a group that is a number', {compute: 3}],
  ['a host that is a number', {compute: {hosts: [1]}}],
  ['hosts as a text', {compute: {hosts: 'a'}}],
  ['host variables as a list', {_meta: {hostvars: []}}],
] as const) {
  test(`${what} is no JSON inventory`, (t) => {
    t.throws(() => readJsonInventory(data), {instanceOf: InventoryProblem});
  });
}
