import test from 'ava';
import {fateOf, harmlessInterval} from '../../../source/domain/fleet/impact.js';

const END = Date.UTC(2026, 0, 2);
const ago = (seconds: number) => END - seconds * 1000;
const server = (updatedSecondsAgo: number | undefined) => ({
  id: 's',
  name: 's',
  projectId: undefined,
  host: 'h',
  updatedAt: updatedSecondsAgo === undefined ? undefined : ago(updatedSecondsAgo),
});

test('updated proves that a server is at least that old, never that it is younger', (t) => {
  const notAsked = {kind: 'not-asked'} as const;
  t.is(fateOf(server(3601), notAsked, 3600, END, 0), 'destroyed');
  t.is(fateOf(server(3600), notAsked, 3600, END, 0), 'ask');
  t.is(fateOf(server(1), notAsked, 3600, END, 0), 'ask');
  t.is(fateOf(server(undefined), notAsked, 3600, END, 0), 'ask');
});

test('the delete action decides: strictly older than the interval is destroyed', (t) => {
  t.is(fateOf(server(9999), {kind: 'at', time: ago(3600)}, 3600, END, 0), 'kept');
  t.is(fateOf(server(1), {kind: 'at', time: ago(3601)}, 3600, END, 0), 'destroyed');
  t.is(fateOf(server(1), {kind: 'none'}, 3600, END, 0), 'destroyed');
});

test('a clock ahead adds to the age, a clock behind takes nothing away', (t) => {
  const deleted = {kind: 'at', time: ago(3000)} as const;
  t.is(fateOf(server(1), deleted, 3600, END, 601_000), 'destroyed');
  t.is(fateOf(server(1), deleted, 3600, END, 599_000), 'kept');
  t.is(fateOf(server(1), {kind: 'at', time: ago(3601)}, 3600, END, -600_000), 'destroyed');
});

test('the harmless interval is above the oldest age, and below the present one or none', (t) => {
  const times = [{kind: 'at', time: ago(1000)} as const, {kind: 'at', time: ago(50)} as const];
  t.is(harmlessInterval(times, END, 60, undefined), 1000 + 60 + 180);
  t.is(harmlessInterval(times, END, 60, 1241), 1240);
  t.is(harmlessInterval(times, END, 60, 1240), undefined);
  t.is(harmlessInterval([...times, {kind: 'none'}], END, 60, undefined), undefined);
  t.is(harmlessInterval([...times, {kind: 'not-asked'}], END, 60, undefined), undefined);
});
