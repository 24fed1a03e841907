import test from 'ava';
import * as fc from 'fast-check';
import type {IntervalReading} from '../../../source/domain/fleet/interval-change.js';
import {wouldReclaim} from '../../../source/domain/reclaim/periodic-task.js';
import {
  changesAt,
  LATEST_DUE,
  type StandingFacts,
  standingOf,
} from '../../../source/domain/reclaim/standing.js';

const DELETED = Date.parse('2026-11-22T12:00:00Z');
const HOUR: IntervalReading = {kind: 'value', seconds: 3600};
const UP = {kind: 'listed', state: 'up', isForcedDown: false} as const;
const DOWN = {kind: 'listed', state: 'down', isForcedDown: false} as const;
const FORCED = {kind: 'listed', state: 'down', isForcedDown: true} as const;

const USUAL: StandingFacts = {
  taskState: undefined,
  host: {kind: 'named', name: 'c1'},
  deleted: {kind: 'action', time: DELETED},
  interval: HOUR,
  service: UP,
  clockAheadMs: 0,
  updatedAt: DELETED,
};

/** How it stands so many seconds after its DELETE: `state cause`. */
function at(seconds: number, facts: Partial<StandingFacts> = {}): string {
  const {state, cause} = standingOf({...USUAL, ...facts}, DELETED + seconds * 1000);
  return cause === undefined ? state : `${state} ${cause}`;
}

test('the time runs on, and after it there is the window of a tick', (t) => {
  t.is(at(0), 'waiting');
  t.is(at(3600), 'waiting');
  t.is(at(3600.001), 'due');
  t.is(at(3662), 'due');
  t.is(at(3662.001), 'overdue loop-late');
  t.is(at(3662.001, {service: {kind: 'unseen'}}), 'overdue late-unseen');
  t.is(
    at(3662.001, {service: {kind: 'listed', state: 'unknown', isForcedDown: false}}),
    'overdue late-unseen',
  );
  t.is(standingOf(USUAL, DELETED).dueAt, DELETED + 3_600_000);
});

test('an interval beyond what a date can hold is waited for, with a time that a date can hold', (t) => {
  for (const seconds of [2 ** 31 - 1, 9_999_999_999_999, 10 ** 18, Number.MAX_VALUE]) {
    const interval = {kind: 'value', seconds} as const;
    const {state, dueAt = Number.NaN} = standingOf({...USUAL, interval}, DELETED + 3_600_000);
    t.is(state, 'waiting');
    t.regex(new Date(dueAt).toISOString(), /^(?:2094|9999)-/);
    t.is(changesAt({state, cause: undefined, dueAt}, undefined), dueAt);
  }
  t.is(standingOf({...USUAL, clockAheadMs: 1e18}, DELETED).dueAt, 0, 'a clock that is wrong beyond measure');
  t.is(standingOf({...USUAL, clockAheadMs: -1e18}, DELETED).dueAt, LATEST_DUE);
});

test('the clock of the host decides', (t) => {
  t.is(at(3590, {clockAheadMs: 20_000}), 'due');
  t.is(at(3610, {clockAheadMs: -20_000}), 'waiting');
});

test('a host that is down takes nothing until it is up', (t) => {
  t.is(at(10, {service: DOWN}), 'waiting host-down');
  t.is(at(3601, {service: DOWN}), 'overdue host-down');
  t.is(at(3601, {service: FORCED}), 'due forced-down');
  t.is(at(3700, {service: FORCED}), 'overdue forced-down');
});

test('what never goes by itself is stuck', (t) => {
  t.is(at(10, {interval: {kind: 'unset'}}), 'stuck interval-off');
  t.is(at(10, {interval: {kind: 'value', seconds: 0}}), 'stuck interval-off');
  t.is(at(10, {interval: {kind: 'value', seconds: -1}}), 'stuck interval-off');
  t.is(at(10, {interval: {kind: 'empty'}}), 'stuck interval-unreadable');
  t.is(at(10, {interval: {kind: 'invalid', problem: '"2h" is no number'}}), 'stuck interval-unreadable');
  t.is(at(10, {host: {kind: 'none'}}), 'stuck no-host');
  t.is(at(10, {service: {kind: 'missing'}}), 'stuck no-service');
});

test('what is not known is not claimed', (t) => {
  t.is(at(9999, {interval: {kind: 'unknown', problem: 'not looked at'}}), 'unknown interval-unknown');
  t.is(at(9999, {deleted: {kind: 'unknown'}}), 'unknown time-unknown');
  t.is(at(10, {host: {kind: 'hidden'}, service: {kind: 'unseen'}}), 'waiting');
});

test('a restore that failed leaves no time: the next tick takes it', (t) => {
  t.is(at(1, {deleted: {kind: 'cleared'}}), 'due restore-failed');
  t.is(at(1, {deleted: {kind: 'cleared'}, service: DOWN}), 'overdue restore-failed');
  t.is(
    at(1, {deleted: {kind: 'cleared'}, interval: {kind: 'unknown', problem: 'not looked at'}}),
    'due restore-failed',
  );
  t.is(at(1, {deleted: {kind: 'cleared'}, interval: {kind: 'unset'}}), 'stuck interval-off');
});

test('a task keeps it until it ends; one that does not move hangs', (t) => {
  t.is(at(9999, {taskState: 'restoring', updatedAt: DELETED + 9_990_000}), 'restoring');
  t.is(at(9999, {taskState: 'deleting', updatedAt: DELETED + 9_990_000}), 'destroying');
  t.is(at(9999, {taskState: 'restoring'}), 'stuck task-hangs');
  t.is(at(9999, {taskState: 'restoring', service: DOWN}), 'restoring host-down');
  t.is(at(9999, {taskState: 'restoring', updatedAt: undefined}), 'restoring');
});

test('due and overdue are what the periodic task would take, and nothing else is', (t) => {
  const seconds = fc.integer({min: -10, max: 7300});
  const facts = fc.record({
    after: seconds,
    interval: fc.integer({min: -1, max: 7200}),
    taskState: fc.constantFrom(undefined, 'restoring', 'deleting'),
    aheadMs: fc.integer({min: -60_000, max: 60_000}),
    deleted: fc.constantFrom({kind: 'action', time: DELETED} as const, {kind: 'cleared'} as const),
  });
  t.plan(1);
  fc.assert(
    fc.property(facts, ({after, interval, taskState, aheadMs, deleted}) => {
      const now = DELETED + after * 1000;
      const reading = {kind: 'value', seconds: interval} as const;
      const {state} = standingOf(
        {...USUAL, taskState, interval: reading, clockAheadMs: aheadMs, deleted},
        now,
      );
      const row = {
        vmState: 'soft-delete',
        taskState,
        host: 'c1',
        deletedAt: deleted.kind === 'cleared' ? undefined : DELETED * 1000,
      };
      const isTaken = wouldReclaim(row, 'c1', (now + aheadMs) * 1000, reading);
      return isTaken === (state === 'due' || state === 'overdue');
    }),
  );
  t.pass();
});

test('a standing stays as it is until its moment, and is another right after it', (t) => {
  const facts = fc.record({
    after: fc.integer({min: -10, max: 7300}),
    interval: fc.integer({min: -1, max: 7200}),
    taskState: fc.constantFrom(undefined, 'restoring', 'deleting', 'unknown'),
    deleted: fc.constantFrom(
      {kind: 'action', time: DELETED} as const,
      {kind: 'cleared'} as const,
      {kind: 'unknown'} as const,
    ),
    service: fc.constantFrom(UP, DOWN, FORCED, {kind: 'missing'} as const, {kind: 'unseen'} as const),
    updatedAt: fc.constantFrom(DELETED, DELETED + 900_000, undefined),
    share: fc.double({min: 0, max: 1, noNaN: true}),
  });
  t.plan(1);
  fc.assert(
    fc.property(facts, ({after, interval, share, ...given}) => {
      const now = DELETED + after * 1000;
      const all = {...USUAL, ...given, interval: {kind: 'value', seconds: interval} as const};
      const words = (moment: number) => {
        const {state, cause} = standingOf(all, moment);
        return `${state} ${cause}`;
      };
      const until = changesAt(standingOf(all, now), all.updatedAt);
      if (until === undefined) return words(now + share * 1e9) === words(now);
      const between = now + Math.floor(share * (until - now));
      return until >= now && words(between) === words(now) && words(until + 1) !== words(now);
    }),
  );
  t.pass();
});
