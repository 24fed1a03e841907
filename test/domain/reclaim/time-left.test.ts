import fc from 'fast-check';
import test from 'ava';
import type {Standing, State} from '../../../source/domain/reclaim/standing.js';
import {
  compareTimeLeft,
  countStandings,
  resummarize,
  summarize,
} from '../../../source/domain/reclaim/time-left.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const at = (state: State, seconds?: number): Standing => ({
  state,
  cause: undefined,
  dueAt: seconds === undefined ? undefined : NOW + seconds * 1000,
});

test('what goes next comes first, what nothing takes soon last', (t) => {
  const sorted = [
    at('unknown'),
    at('stuck'),
    at('overdue', -600),
    at('waiting', 100),
    at('waiting', 5),
    at('due', -3),
    at('due'),
    at('restoring', 50),
  ].toSorted(compareTimeLeft);
  t.deepEqual(
    sorted.map(({state, dueAt}) => (dueAt === undefined ? state : `${state} ${(dueAt - NOW) / 1000}`)),
    ['due', 'due -3', 'restoring 50', 'waiting 5', 'waiting 100', 'overdue -600', 'stuck', 'unknown'],
  );
});

test('each server counts in one place only', (t) => {
  const standings = [
    at('due', -1),
    at('waiting', 60),
    at('waiting', 61),
    at('waiting', 600),
    at('waiting', 3600),
    at('waiting', 3601),
    at('overdue', -100),
    at('stuck'),
    at('unknown'),
    at('restoring'),
  ];
  const {all, ...parts} = countStandings(
    summarize(standings, (standing) => standing),
    NOW,
  );
  t.is(all, 10);
  t.is(
    Object.values(parts).reduce((sum, count) => sum + count, 0),
    10,
  );
  t.like(parts, {due: 1, inMinute: 1, inTenMinutes: 2, inHour: 1, later: 1, overdue: 1, destroying: 0});
});

test('a summary that follows what went and came is that of what is there', (t) => {
  const states = ['waiting', 'waiting', 'due', 'overdue', 'stuck', 'unknown', 'restoring'] as const;
  const standing = fc
    .tuple(fc.constantFrom(...states), fc.option(fc.nat(20), {nil: undefined}))
    .map(([state, seconds]) => at(state, seconds));
  const itself = (one: Standing) => one;
  fc.assert(
    fc.property(fc.array(standing), fc.array(standing), fc.array(standing), (stay, gone, come) => {
      const before = summarize([...gone, ...stay], itself);
      const after = summarize([...stay, ...come], itself);
      t.deepEqual(resummarize(before, gone, come), after);
    }),
  );
});
