import test from 'ava';
import fc from 'fast-check';
import {
  countCpus,
  CpuSpecError,
  formatCpuSet,
  hasCpu,
  intersection,
  isSubset,
  listCpus,
  parseCpuSpec,
  union,
  without,
  type CpuSet,
} from '../../../source/domain/flavor/cpu-set.js';
import {cpuOrder} from '../../../source/domain/flavor/python-set.js';

function parsed(spec: string): CpuSet {
  const set = parseCpuSpec(spec);
  if (set instanceof CpuSpecError) throw new Error(`"${set.rule}" is no rule`);
  return set;
}

const cpus = fc.uniqueArray(fc.nat({max: 40}), {maxLength: 30});
const setOf = (numbers: readonly number[]): CpuSet => parsed(numbers.join(','));

test('what is formatted is read back', (t) => {
  fc.assert(
    fc.property(cpus, (numbers) => {
      const set = setOf(numbers);
      t.deepEqual(parsed(formatCpuSet(set)), set);
      t.deepEqual(
        listCpus(set),
        numbers.toSorted((a, b) => a - b),
      );
      t.is(countCpus(set), numbers.length);
    }),
  );
});

test('sets of ranges are what sets of numbers are', (t) => {
  fc.assert(
    fc.property(cpus, cpus, (left, right) => {
      const [a, b] = [setOf(left), setOf(right)];
      const inBoth = left.filter((cpu) => right.includes(cpu));
      const onlyLeft = left.filter((cpu) => !right.includes(cpu));
      const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((one, two) => one - two);
      t.deepEqual(listCpus(union([a, b])), sorted([...onlyLeft, ...right]));
      t.deepEqual(listCpus(without(a, b)), sorted(onlyLeft));
      t.deepEqual(listCpus(intersection(a, b)), sorted(inBoth));
      t.is(isSubset(a, b), onlyLeft.length === 0);
      t.true(left.every((cpu) => hasCpu(a, cpu)));
    }),
  );
});

for (const [spec, rule] of [
  ['1.5', '1.5'],
  ['0x1', '0x1'],
  ['3-1', '3-1'],
  ['0-1-2', '0-1-2'],
  ['1,-2', '-2'],
  ['^', '^'],
  ['1-', '1-'],
  ['\uFEFF1', '\uFEFF1'],
] as const) {
  test(`"${spec}" is no specification of CPUs`, (t) => {
    const error = parseCpuSpec(spec);
    t.true(error instanceof CpuSpecError && error.rule === rule);
  });
}

for (const [spec, formatted] of [
  ['', ''],
  [' , ,', ''],
  ['^2,0-3', '0-1,3'],
  ['0-3,^2', '0-1,3'],
  ['007,1_0,+1, 5 - 6 ', '1,5-7,10'],
  ['٣', '3'],
  ['0-999999999,^5', '0-4,6-999999999'],
] as const) {
  test(`"${spec}" is the set ${formatted || 'of no CPU'}`, (t) => {
    t.is(formatCpuSet(parsed(spec)), formatted);
  });
}

test('a mask of a million CPUs, as a range or one by one, is read in seconds', (t) => {
  const start = performance.now();
  t.is(countCpus(parsed('0-999999')), 1_000_000);
  const spelled = Array.from({length: 1_000_000}, (_, cpu) => cpu).join(',');
  t.is(formatCpuSet(parsed(spelled)), '0-999999');
  t.true(performance.now() - start < 5000);
});

// Recorded from CPython 3.11: `list(parse_cpu_spec(...))`.
for (const [spec, order] of [
  ['8,1', [8, 1]],
  ['3,16', [16, 3]],
  ['0-3,32,64', [0, 1, 2, 3, 32, 64]],
  ['30,24,11,14', [24, 11, 30, 14]],
] as const) {
  test(`the CPUs of ${spec} come in the order of Python's set`, (t) => {
    t.deepEqual(cpuOrder(spec, false), [...order]);
  });
}
