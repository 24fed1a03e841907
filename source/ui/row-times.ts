import type {UiSpan} from './spans.js';
import type {Theme} from './theme.js';

/** For so long a row that came is bold, and the sign of a state that changed is inverse. */
const NEW_MS = 5000;
const CHANGED_MS = 2000;

/** A row and what may change about it. */
export type TimedRow = {readonly id: string; readonly state: string};

type Times = {readonly state: string; readonly came: number; readonly changed: number};

/** When each row of a list came and its state last changed, epoch milliseconds; what was there first is not new. */
export type RowTimes = ReadonlyMap<string, Times>;

/** Times after the rows became these. `before`: undefined where there were none to compare with. */
export function timesOf(before: RowTimes | undefined, rows: readonly TimedRow[], now: number): RowTimes {
  const long = Number.NEGATIVE_INFINITY;
  return new Map(
    rows.map(({id, state}): [string, Times] => {
      const known = before?.get(id);
      if (known === undefined) return [id, {state, came: before === undefined ? long : now, changed: long}];
      return [id, known.state === state ? known : {...known, state, changed: now}];
    }),
  );
}

/** Whether a row is to be seen as new. */
export function isNew(theme: Theme, times: RowTimes | undefined, id: string, now: number): boolean {
  const came = times?.get(id)?.came;
  return theme.hasMotion && came !== undefined && now - came < NEW_MS;
}

/** When the state of a row last changed. */
export function changedAt(times: RowTimes | undefined, id: string): number | undefined {
  return times?.get(id)?.changed;
}

/** A sign, inverse while its change is news. */
export function changedSign(theme: Theme, sign: UiSpan, changed: number | undefined, now: number): UiSpan {
  const isNews = theme.hasMotion && changed !== undefined && now - changed < CHANGED_MS;
  if (!isNews) return sign;
  return {...(typeof sign === 'string' ? {text: sign} : sign), isInverse: true};
}
