import {formatInterval} from '../domain/duration.js';
import {describeReading} from '../domain/fleet/interval-change.js';
import type {RunState, RunSummary} from '../app/rollout/run-history.js';
import {countOf, formatElapsed} from './elapsed.js';
import type {Line, Span} from './line.js';
import {heading, indented, paragraph, signed, someOf} from './paragraph.js';
import {dateAndTime} from './point-in-time.js';
import {nextLines, nodeLines, whyLines} from './run.js';
import {type Meaning, sign, type Signs, UNICODE_SIGNS} from './signs.js';
import {tableLines} from './table.js';

const COLUMNS = [
  {title: ''},
  {title: 'RUN'},
  {title: 'WHAT', narrowest: 10},
  {title: 'NODES', align: 'right'},
  {title: 'TOOK', align: 'right'},
  {title: 'BY', narrowest: 6},
  {title: 'STATE'},
] as const;

/** A run's state as a sign and words. */
export const RUN_STATES: Readonly<Record<RunState, {readonly meaning: Meaning; readonly words: string}>> = {
  running: {meaning: 'now', words: 'running'},
  done: {meaning: 'ok', words: 'done'},
  partial: {meaning: 'warning', words: 'done in part'},
  failed: {meaning: 'failed', words: 'failed'},
  waiting: {meaning: 'waiting', words: 'waiting'},
  interrupted: {meaning: 'failed', words: 'interrupted'},
  'rolled-back': {meaning: 'put-back', words: 'put back'},
  unknown: {meaning: 'unknown', words: 'unknown'},
};

/**
 * Past runs as a table, in the order given (newest first).
 *
 * @param now epoch milliseconds, for runs that have not ended
 * @param width cells of the terminal; undefined where it is none: nothing is cut then
 */
export function runsLines(
  summaries: readonly RunSummary[],
  now: number,
  width: number | undefined,
  signs: Signs = UNICODE_SIGNS,
): Line[] {
  if (summaries.length === 0) return ['No run yet. See what one would do with: reprieve plan --interval 2h'];
  const rows = summaries.map((summary): Span[] => [
    sign(signs, RUN_STATES[summary.state].meaning),
    summary.run,
    whatOf(summary),
    nodesOf(summary),
    tookOf(summary, now),
    summary.operator.name,
    RUN_STATES[summary.state].words,
  ]);
  return tableLines(COLUMNS, rows, width);
}

/** One run in detail. */
export function runLines(summary: RunSummary, now: number, signs: Signs = UNICODE_SIGNS): Line[] {
  const {meaning, words} = RUN_STATES[summary.state];
  const ended = summary.ended === undefined ? '' : ` to ${dateAndTime(summary.ended)} UTC`;
  const took = summary.ended === undefined && summary.state !== 'running' ? '' : `, ${tookOf(summary, now)}`;
  const who = [
    summary.operator.name,
    ...(summary.operator.bastion === '' ? [] : [`from ${summary.operator.bastion}`]),
  ];
  const lines: Line[] = [
    ...signed(sign(signs, meaning), `Run ${summary.run}: ${whatOf(summary)}, ${words}`, 0),
    ...paragraph(`${dateAndTime(summary.started)} UTC${ended}${took}, by ${who.join(' ')}`, 2),
  ];
  if (summary.hosts !== undefined) lines.push(...paragraph(`Only hosts: ${summary.hosts}`, 2));
  if (summary.confirmed !== undefined && summary.confirmed.destroy + summary.confirmed.strand > 0) {
    const {destroy, strand} = summary.confirmed;
    lines.push(
      ...paragraph(`Agreed to: ${countOf(destroy, 'server')} destroyed, ${strand} stranded at most`, 2),
    );
  }
  if (summary.begin === undefined) {
    lines.push(
      ...paragraph(
        'There is no journal of it here; this is what the nodes keep. How its services came up is known where it was started.',
        2,
      ),
    );
  } else if (summary.plan === undefined) {
    lines.push(...paragraph('It ended before its plan was made; nothing was changed.', 2));
  }
  return [
    ...lines,
    ...whyLines(summary.next),
    ...(summary.nodes.length === 0 ? [] : [...heading('nodes'), ...nodeLines(summary.nodes, signs)]),
    ...changeLines(summary),
    ...nextLines(summary.next),
  ];
}

/** What was changed, nodes that got the same together. */
function changeLines(summary: RunSummary): Line[] {
  const changes = summary.targets.flatMap(({host, planned, record}) => {
    if (planned !== undefined) {
      const {step, file, unit, before, after} = planned;
      if (step === undefined) return [];
      return {host, change: `${file ?? unit}: ${describeReading(before)} -> ${describeReading(after)}`};
    }
    if (record === undefined) return [];
    const value = (raw: string) => (raw === '' ? 'not set' : raw);
    return {host, change: `${record.file}: ${value(record.valueBefore)} -> ${value(record.valueAfter)}`};
  });
  if (changes.length === 0) return [];
  return [
    ...heading('changes'),
    ...[...Map.groupBy(changes, ({change}) => change)].flatMap(([change, alike]) => [
      ...paragraph(`${countOf(alike.length, 'node')}: ${someOf(alike.map(({host}) => host))}`, 2),
      indented(change, 4),
    ]),
  ];
}

function whatOf({intervalSeconds, sourceRun, begin}: RunSummary): string {
  if (sourceRun !== undefined) return `put back ${sourceRun}`;
  if (intervalSeconds !== undefined) return `interval ${formatInterval(intervalSeconds)}`;
  return begin === undefined ? 'several values' : '';
}

function nodesOf({nodes}: RunSummary): string {
  const done = nodes.filter(({state}) => state === 'done' || state === 'unchanged').length;
  return nodes.length === 0 ? '-' : `${done} of ${nodes.length}`;
}

/** How long it took; of a run that was cut off nobody knows. */
function tookOf({state, started, ended}: RunSummary, now: number): string {
  if (ended !== undefined) return formatElapsed((ended - started) / 1000);
  return state === 'running' ? `${formatElapsed((now - started) / 1000)} so far` : '?';
}
