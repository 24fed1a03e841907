import test from 'ava';
import {
  canDestroy,
  changeKind,
  describeReading,
  type IntervalReading,
  isOn,
  stepOf,
  STEPS,
} from '../../../source/domain/fleet/interval-change.js';

const value = (seconds: number): IntervalReading => ({kind: 'value', seconds});
const unset: IntervalReading = {kind: 'unset'};
const empty: IntervalReading = {kind: 'empty'};
const invalid: IntervalReading = {kind: 'invalid', problem: 'no integer'};
const unknown: IntervalReading = {kind: 'unknown', problem: 'no process'};

test('steps have the safe order', (t) => {
  t.deepEqual([...STEPS], ['api-off', 'computes-on', 'computes-shorter', 'api-on', 'computes-off']);
});

const CHANGES = [
  ['compute', unset, 60, 'on', 'computes-on', true],
  ['compute', value(0), 60, 'on', 'computes-on', true],
  ['compute', value(-5), 60, 'on', 'computes-on', true],
  ['compute', empty, 60, 'on', 'computes-on', true],
  ['compute', invalid, 60, 'on', 'computes-on', true],
  ['compute', unknown, 60, 'on', 'computes-on', true],
  ['compute', value(60), 60, 'same', undefined, false],
  ['compute', value(60), 61, 'longer', 'computes-on', false],
  ['compute', value(61), 60, 'shorter', 'computes-shorter', true],
  ['compute', value(60), 0, 'off', 'computes-off', false],
  ['compute', value(60), -1, 'off', 'computes-off', false],
  ['compute', unknown, 0, 'off', 'computes-off', false],
  ['compute', unset, 0, 'same', undefined, false],
  ['compute', value(0), 0, 'same', undefined, false],
  ['compute', value(-5), 0, 'repair', 'computes-on', false],
  ['compute', empty, 0, 'repair', 'computes-on', false],
  ['compute', invalid, 0, 'repair', 'computes-on', false],
  ['api', unset, 60, 'on', 'api-on', true],
  ['api', empty, 60, 'on', 'api-on', true],
  ['api', unknown, 60, 'on', 'api-on', true],
  ['api', value(-5), 60, 'renumber', 'api-on', false],
  ['api', value(60), 90, 'renumber', 'api-on', false],
  ['api', value(60), 60, 'same', undefined, false],
  ['api', value(60), 0, 'off', 'api-off', false],
  ['api', value(-5), 0, 'off', 'api-off', false],
  ['api', unknown, 0, 'off', 'api-off', false],
  ['api', unset, 0, 'same', undefined, false],
] as const;

for (const [role, from, to, kind, step, destroys] of CHANGES) {
  test(`nova-${role} from ${describeReading(from)} to ${to} is ${kind}`, (t) => {
    t.is(changeKind(role, from, to), kind);
    t.is(stepOf(role, kind), step);
    t.is(canDestroy(kind), destroys);
  });
}

test('nova-api takes any number but zero for on, nova-compute positive ones', (t) => {
  t.true(isOn('api', value(-1)));
  t.false(isOn('compute', value(-1)));
  for (const role of ['api', 'compute'] as const) {
    t.true(isOn(role, value(1)));
    for (const off of [value(0), unset, empty, invalid, unknown]) t.false(isOn(role, off));
  }
});
