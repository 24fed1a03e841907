import {keepCursor, openList} from '../../components/list.js';
import {hasFailed, idsOf, shownOf} from './rows.js';
import type {CloudState, WatchEvent, WatchRow, WatchState} from './state.js';

/** So many events are kept. */
const LOG_LENGTH = 10_000;

/** The server with the cursor. */
export function selectedRow({shown, list}: WatchState): WatchRow | undefined {
  const row = shown[list.index];
  return row?.id === list.cursor ? row : shown.find(({id}) => id === list.cursor);
}

/** What time it is by the clock of a cloud's API, epoch milliseconds. */
export function apiNow({now, clouds}: Pick<WatchState, 'now' | 'clouds'>, cloud = 0): number {
  return now + (clouds[cloud]?.offsetMs ?? 0);
}

/** One of the clouds as something made it. */
export function withCloudState(state: WatchState, cloud: number, change: Partial<CloudState>): WatchState {
  const clouds = state.clouds.map((one, index) => {
    if (index !== cloud) return one;
    const offsetMs = steadyOffset(one.offsetMs, change.offsetMs ?? one.offsetMs);
    return {...one, ...change, offsetMs};
  });
  return {...state, clouds};
}

/** The API tells whole seconds only: clocks that differ by less do not make countdowns jump. */
const NOISE_MS = 1500;

function steadyOffset(before: number, measured: number): number {
  return Math.abs(measured - before) < NOISE_MS ? Math.max(before, measured) : measured;
}

/** Events that happened, the oldest first, in the log. Their times are of this machine's clock. */
export function logged(state: WatchState, events: readonly WatchEvent[]): WatchState {
  if (events.length === 0) return state;
  const told = events.toReversed().map((event) => ({...event, at: apiNow({...state, now: event.at})}));
  return {...state, log: [...told, ...state.log].slice(0, LOG_LENGTH)};
}

/** A word about an own action, or about why the row with the cursor left. */
export function noticed(state: WatchState, meaning: WatchEvent['meaning'], text: string): WatchState {
  return {...state, notice: {meaning, text, at: state.now}};
}

/** What came of an own action, for strip and log. */
export function toldOf(state: WatchState, meaning: WatchEvent['meaning'], text: string): WatchState {
  return logged(noticed(state, meaning, text), [{at: state.now, meaning, text}]);
}

/** Other rows: what is shown of them, cursor and marks follow. */
export function relisted(state: WatchState, rows: readonly WatchRow[]): WatchState {
  if (rows === state.rows) return state;
  const failed = stillThere(state.failed, rows);
  const next = reshown({...state, rows, failed, dismissed: stillDismissed(state, rows)});
  if (next.marks.size === 0) return next;
  const there = new Set(rows.map(({id}) => id));
  return {...next, marks: new Set([...next.marks].filter((id) => there.has(id)))};
}

function stillThere<Value>(
  all: ReadonlyMap<string, Value>,
  rows: readonly WatchRow[],
): ReadonlyMap<string, Value> {
  if (all.size === 0) return all;
  return new Map([...all].filter(([wanted]) => rows.some(({id}) => id === wanted)));
}

/** Whoever left a failed restore alone did not mean the next one: it ends when the server leaves or waits anew. */
function stillDismissed(state: WatchState, rows: readonly WatchRow[]): WatchState['dismissed'] {
  const {dismissed} = state;
  if (dismissed.size === 0) return dismissed;
  const failed = (among: readonly WatchRow[], wanted: string): boolean | undefined => {
    const row = among.find(({id}) => id === wanted);
    return row === undefined ? undefined : hasFailed(row.listed);
  };
  const isOver = (id: string): boolean => {
    const is = failed(rows, id);
    // What failed just now may stand in the list as it was before.
    return is === undefined || (!is && failed(state.rows, id) === true);
  };
  return [...dismissed].some(isOver) ? new Set([...dismissed].filter((id) => !isOver(id))) : dismissed;
}

/** What is shown follows rows, filter and late-only; the cursor stays on its server. */
export function reshown(state: WatchState): WatchState {
  const shown = shownOf(state);
  const ids = idsOf(shown);
  return {
    ...state,
    shown,
    list: state.isChosen ? keepCursor(state.list, ids) : openList(ids),
  };
}
