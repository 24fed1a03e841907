import test from 'ava';
import {type DepartureFacts, departureOf, purgedBy} from '../../../source/domain/reclaim/departure.js';

const DELETED = Date.parse('2026-11-22T12:00:00Z');
const after = (seconds: number) => DELETED + seconds * 1000;
const action = (seconds = 0) => ({kind: 'action', time: after(seconds)}) as const;

const USUAL: DepartureFacts = {
  before: {state: 'waiting', deleted: action()},
  deleted: action(),
  interval: {kind: 'value', seconds: 3600},
  clockAheadMs: 0,
  goneAt: after(3630),
  seenAt: after(3600),
  isHostSilent: false,
  isPurgeRecorded: false,
  isSeenWhole: true,
};
const how = (facts: Partial<DepartureFacts>) => departureOf({...USUAL, ...facts});

test('one that was old enough when it went was reclaimed', (t) => {
  t.is(how({}), 'reclaimed');
  // Nova writes the end in whole seconds, and begins the action before the delete time.
  t.is(how({goneAt: after(3599)}), 'reclaimed');
  t.is(how({goneAt: after(3500), clockAheadMs: 120_000}), 'reclaimed');
});

test('a delete that was not old enough is what made it go', (t) => {
  t.is(how({goneAt: after(1800)}), 'purged');
  t.is(
    how({deleted: action(3620), goneAt: after(3622), before: {state: 'due', deleted: action()}}),
    'purged',
  );
  t.is(how({deleted: action(1000), goneAt: after(4700)}), 'reclaimed', 'a clock that began anew');
});

test('a host that gives no sign of life has taken nobody', (t) => {
  t.is(how({isHostSilent: true}), 'purged');
  t.is(how({isHostSilent: true, deleted: {kind: 'cleared'}}), 'purged');
});

test('where nothing is ever reclaimed somebody purged it', (t) => {
  for (const interval of [{kind: 'unset'}, {kind: 'empty'}, {kind: 'value', seconds: 0}] as const) {
    t.is(how({interval, goneAt: after(99_999)}), 'purged', interval.kind);
  }
});

test('one whose restore failed goes with the next tick', (t) => {
  t.is(how({deleted: {kind: 'cleared'}, goneAt: after(60)}), 'reclaimed');
});

test('without actions its state tells', (t) => {
  const deleted = {kind: 'unknown'} as const;
  t.is(how({deleted, before: {state: 'due', deleted: action()}}), 'reclaimed');
  t.is(how({deleted, before: {state: 'waiting', deleted: action()}}), 'purged');
});

test('without an interval another delete action tells', (t) => {
  const interval = {kind: 'unknown', problem: 'not looked at'} as const;
  t.is(how({interval}), 'reclaimed');
  t.is(how({interval, deleted: action(100)}), 'purged');
  t.is(how({interval, deleted: action(100), before: {state: 'due', deleted: {kind: 'cleared'}}}), 'purged');
  // It was seen while it was being destroyed, with the action that did it.
  t.is(how({interval, deleted: action(100), before: {state: 'destroying', deleted: action(100)}}), 'purged');
});

test('whose delete action is newer than the one that made it wait destroyed it', (t) => {
  const deleted = {...action(100), by: 'u1'};
  const by = (before: DepartureFacts['before'], now: DepartureFacts['deleted'] = deleted) =>
    purgedBy({before, deleted: now, seenAt: after(3600)});
  t.is(by({state: 'waiting', deleted: action()}), 'u1');
  t.is(by({state: 'waiting', deleted: {kind: 'estimate', time: after(50)}}), 'u1');
  t.is(by({state: 'due', deleted: {kind: 'cleared'}}), 'u1');
  t.is(by({state: 'destroying', deleted}), 'u1', 'it was seen while it was destroyed');
  t.is(by({state: 'waiting', deleted}), undefined, 'nobody recorded another one');
  t.is(purgedBy({before: {state: 'waiting', deleted}, deleted, seenAt: deleted.time}), 'u1');
  t.is(by({state: 'waiting', deleted: {kind: 'unknown'}}), undefined);
  t.is(by({state: 'waiting', deleted: action()}, {kind: 'cleared', by: 'u2'}), undefined);
});

test('where a purge would have left an action and there is none, its host has a shorter interval by now', (t) => {
  const young: Partial<DepartureFacts> = {goneAt: after(1800), seenAt: after(1790), isPurgeRecorded: true};
  t.is(how(young), 'reclaimed');
  t.is(how({...young, interval: {kind: 'value', seconds: 0}}), 'reclaimed');
  t.is(how({...young, isPurgeRecorded: false}), 'purged');
  t.is(how({...young, seenAt: after(0)}), 'purged', 'the action was read after the row, and destroyed it');
  t.is(how({...young, deleted: action(1795)}), 'purged');
  t.is(how({...young, isSeenWhole: false}), 'purged', 'it may have had a task by then');
  t.is(how({...young, before: {state: 'destroying', deleted: action()}}), 'purged');
  t.is(how({...young, before: {state: 'waiting', deleted: {kind: 'estimate', time: after(0)}}}), 'purged');
});
