import type {Outcome} from '../../../app/rollout/events.js';
import type {RunSummary} from '../../../app/rollout/run-history.js';
import type {IntervalReading} from '../../../domain/fleet/interval-change.js';
import {countOf, formatElapsed, formatIntervalShort} from '../../../text/elapsed.js';
import {RUN_STATES} from '../../../text/runs.js';
import type {Meaning} from '../../../text/signs.js';

/** How many nodes of a run have what it wants, of all that it is about. */
export function nodesDone({nodes}: RunSummary): {readonly done: number; readonly of: number} {
  return {
    done: nodes.filter(({state}) => state === 'done' || state === 'unchanged').length,
    of: nodes.length,
  };
}

/** Nodes that somebody has to look at, or that are still to come. */
export function openNodes(summary: RunSummary): number {
  const {done, of} = nodesDone(summary);
  return of - done;
}

/** The interval that most nodes had before a run, and the one that it sets; undefined where that is not known. */
export function intervalsOf({intervalSeconds, plan}: Pick<RunSummary, 'intervalSeconds' | 'plan'>): {
  readonly before: string | undefined;
  readonly after: string | undefined;
} {
  const changing = (plan?.targets ?? []).filter(({step}) => step !== undefined);
  return {
    before: commonValue(changing.map(({before}) => before)),
    after:
      intervalSeconds === undefined
        ? commonValue(changing.map(({after}) => after))
        : formatIntervalShort(intervalSeconds),
  };
}

/** What a run changes: `24 h → 2 h`, with whatever stands for the arrow. Empty where nothing is known of it. */
export function intervalChange(summary: RunSummary, arrow: string): string {
  const {before, after} = intervalsOf(summary);
  if (summary.sourceRun !== undefined) return after === undefined ? 'put back' : `back to ${after}`;
  if (summary.intervalSeconds === undefined) return summary.begin === undefined ? 'several values' : '';
  return before === undefined || before === after ? (after ?? '') : `${before} ${arrow} ${after ?? ''}`;
}

/** The value that most have. */
function commonValue(readings: readonly IntervalReading[]): string | undefined {
  const words = readings.flatMap((reading) => wordsOf(reading) ?? []);
  const counts = [...Map.groupBy(words, (word) => word)].toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  return counts[0]?.[0];
}

function wordsOf(reading: IntervalReading): string | undefined {
  if (reading.kind === 'unset') return 'off';
  if (reading.kind === 'value') return formatIntervalShort(reading.seconds);
  return reading.kind === 'unknown' ? undefined : 'unreadable';
}

/** How long a run took or has taken; of one that was cut off nobody knows. */
export function tookOf({state, started, ended}: RunSummary, now: number): string {
  if (ended !== undefined) return formatElapsed((ended - started) / 1000);
  return state === 'running' ? formatElapsed((now - started) / 1000) : '?';
}

/** A run's state as a sign and words. */
export function stateOf(summary: RunSummary): {readonly meaning: Meaning; readonly words: string} {
  const open = openNodes(summary);
  return summary.state === 'partial'
    ? {meaning: 'warning', words: `${countOf(open, 'node')} open`}
    : RUN_STATES[summary.state];
}

/** The sign of how a run ended. */
export function meaningOfOutcome(outcome: Outcome): Meaning {
  return RUN_STATES[outcome].meaning;
}
