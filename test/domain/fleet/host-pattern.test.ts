import test from 'ava';
import {selectHosts} from '../../../source/domain/fleet/host-pattern.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';

const subject = {
  hosts: ['n1', 'n2', 'n3', 'n10', 'c1', 'db.example', '2001:db8::1'],
  groups: new Map([
    ['compute', ['n1', 'n2', 'n3', 'n10']],
    ['rack1', ['n1', 'n2']],
    ['control', ['c1', 'n1']],
    ['empty', []],
  ]),
};

const GOOD: readonly (readonly [string, readonly string[]])[] = [
  ['all', subject.hosts],
  ['*', subject.hosts],
  ['n2', ['n2']],
  ['n3,n1', ['n1', 'n3']],
  ['n3:n1', ['n1', 'n3']],
  [' n3 , n1 ', ['n1', 'n3']],
  ['n?', ['n1', 'n2', 'n3']],
  ['n[!1]', ['n2', 'n3']],
  ['rack*', ['n1', 'n2']],
  ['*.example', ['db.example']],
  ['compute', ['n1', 'n2', 'n3', 'n10']],
  ['compute,!rack1', ['n3', 'n10']],
  ['!rack1,compute', ['n3', 'n10']],
  ['!compute', ['c1', 'db.example', '2001:db8::1']],
  ['compute,&control', ['n1']],
  ['compute:&control:!n2', ['n1']],
  ['compute[0]', ['n1']],
  ['compute[-1]', ['n10']],
  ['compute[1:2]', ['n2', 'n3']],
  ['compute[2:]', ['n3', 'n10']],
  ['n[1:3]', ['n1', 'n2', 'n3']],
  ['n[9:11]', ['n10']],
  ['~n\\d$', ['n1', 'n2', 'n3']],
  ['~(n1|c\\d)', ['n1', 'n10', 'c1']],
  ['~co', ['n1', 'n2', 'n3', 'n10', 'c1']],
  ['2001:db8::1', ['2001:db8::1']],
  ['empty,c1', ['c1']],
];

for (const [pattern, hosts] of GOOD) {
  test(`"${pattern}" picks ${hosts.join(' ')}`, (t) => {
    t.deepEqual(selectHosts(pattern, subject), hosts);
  });
}

test('what fits nothing is refused with close names, also after ! and &', (t) => {
  for (const pattern of ['copmute', 'all,!copmute', 'all,&copmute', 'n1,copmute']) {
    const error = t.throws(() => selectHosts(pattern, subject), {instanceOf: InventoryProblem});
    t.is(error.message, 'no host and no group fits "copmute"');
    t.is(error.remedy, 'close to it: compute');
  }
});

test('with nothing close the remedy says what there is', (t) => {
  const error = t.throws(() => selectHosts('zzzzzz', subject), {instanceOf: InventoryProblem});
  t.regex(error.remedy ?? '', /^there are: compute, .* and 5 more$/);
});

for (const pattern of ['', ',', 'empty', 'n1,!n1', 'compute[7]', '~(', 'n[3:1]']) {
  test(`"${pattern}" is refused`, (t) => {
    t.throws(() => selectHosts(pattern, subject), {instanceOf: InventoryProblem});
  });
}
