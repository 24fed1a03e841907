import test from 'ava';
import {expandHost} from '../../../source/domain/fleet/host-range.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';

const GOOD: readonly (readonly [string, readonly string[], number?])[] = [
  ['node1', ['node1']],
  ['node[1:3]', ['node1', 'node2', 'node3']],
  ['node[08:11]', ['node08', 'node09', 'node10', 'node11']],
  ['node[:2]', ['node0', 'node1', 'node2']],
  ['n[1:5:2]', ['n1', 'n3', 'n5']],
  ['[a:c]', ['a', 'b', 'c']],
  ['r[a:b]n[1:2]', ['ran1', 'ran2', 'rbn1', 'rbn2']],
  ['node1:2222', ['node1'], 2222],
  ['n[1:2]:2222', ['n1', 'n2'], 2222],
  ['[2001:db8::1]:22', ['2001:db8::1'], 22],
  ['2001:db8::1', ['2001:db8::1']],
];

for (const [text, names, port] of GOOD) {
  test(`${text} is ${names.join(' ')}${port === undefined ? '' : ` at port ${port}`}`, (t) => {
    t.deepEqual(expandHost(text), port === undefined ? {names} : {names, port});
  });
}

for (const text of [
  'n[1]',
  'n[3:1]',
  'n[1:]',
  'n[01:100]',
  'n[1:9',
  'n[a:9]',
  'n[b:a]',
  'n[1:9:0]',
  'n[1:2:3:4]',
  'n[0:99999999]',
  'n[1:999][1:999]',
]) {
  test(`${text} is refused with a sentence that names it`, (t) => {
    const error = t.throws(() => expandHost(text), {instanceOf: InventoryProblem});
    t.true(error.message.includes(text));
  });
}
