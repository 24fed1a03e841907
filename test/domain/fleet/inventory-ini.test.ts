import test from 'ava';
import {readIniInventory} from '../../../source/domain/fleet/inventory-ini.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';

test('hosts, children and variables end up where they belong', (t) => {
  const tree = readIniInventory(`lonely
[compute:children]
rack1
[rack1]
n[1:2] ansible_user="a b" # comment
[rack1:vars]
port = 22 # number
`);
  t.deepEqual(tree.hostsOf('compute'), ['n1', 'n2']);
  t.deepEqual(tree.hostsOf('ungrouped'), ['lonely']);
  t.is(tree.hosts.get('n2')?.variables.get('ansible_user'), 'a b');
  t.is(tree.groups.get('rack1')?.variables.get('port'), 22);
  t.deepEqual(tree.groupsOf('n1'), ['all', 'compute', 'rack1']);
});

test('a host named twice with two addresses is remembered as a conflict', (t) => {
  const tree = readIniInventory('[a]\nh ansible_host=10.0.0.1\n[b]\nh ansible_host=10.0.0.2\n');
  t.deepEqual(tree.hosts.get('h')?.conflicts.get('ansible_host'), ['10.0.0.1', '10.0.0.2']);
});

const BAD: readonly (readonly [string, string, number, RegExp])[] = [
  ['a section with a space', '[compute nodes]\n', 1, /no section/],
  ['a section of an unknown kind', '[compute:hosts2]\n', 1, /unknown kind/],
  ['variables of a group that is not there', 'a\n[x:vars]\nb=1\n', 2, /not declared/],
  ['a child that is not there', '[x:children]\nnowhere\n', 2, /nowhere, which is not declared/],
  ['a word after a host without =', '[compute]\nn1 n2\n', 2, /"n2" after the host "n1"/],
  ['an open quotation mark', "[compute]\n\nn1 a='b\n", 3, /not closed/],
  ['a variable line without =', '[a]\n[a:vars]\nfoo\n', 3, /no key=value/],
  ['a group that is its own child', '[a:children]\nb\n[b:children]\na\n', 4, /its own child/],
  ['a port that is missing', '[a]\nn1:\n', 2, /colon without a port/],
  ['the start of YAML', '---\n', 1, /YAML/],
  ['a range without end', '[a]\nn[1:2\n', 2, /not closed/],
];

for (const [what, text, line, message] of BAD) {
  test(`${what} is refused with its line`, (t) => {
    const error = t.throws(() => readIniInventory(text), {instanceOf: InventoryProblem, message});
    t.is(error.line, line);
  });
}
