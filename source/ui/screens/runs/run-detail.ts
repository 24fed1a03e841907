import type {NodeState} from '../../../app/rollout/events.js';
import {rollbackOutlook} from '../../../app/rollout/rollback-outlook.js';
import type {RunNode, RunSummary} from '../../../app/rollout/run-history.js';
import {countOf} from '../../../text/elapsed.js';
import {clockTime, dateAndTime} from '../../../text/point-in-time.js';
import type {Meaning} from '../../../text/signs.js';
import {intervalsOf} from './run-words.js';

/** One line of what is told of a run. */
export type DetailLine = {
  readonly meaning: Meaning | undefined;
  /** In the text's own colour. */
  readonly subject: string;
  readonly words: string;
  readonly more: string;
};

const STATES: Readonly<Record<NodeState, {readonly meaning: Meaning; readonly words: string}>> = {
  failed: {meaning: 'failed', words: 'failed'},
  unknown: {meaning: 'unknown', words: 'outcome unknown'},
  'put-back': {meaning: 'warning', words: 'put back'},
  'not-touched': {meaning: 'warning', words: 'not touched'},
  waiting: {meaning: 'waiting', words: 'waiting'},
  pending: {meaning: 'none', words: 'not begun'},
  skipped: {meaning: 'none', words: 'left out'},
  done: {meaning: 'ok', words: 'done'},
  unchanged: {meaning: 'ok', words: 'right already'},
};

/** States of which each node is told by its name, the worst first; the others are counted. */
const BY_NAME: readonly NodeState[] = ['failed', 'unknown', 'put-back', 'not-touched'];
const COUNTED: readonly NodeState[] = ['waiting', 'pending', 'skipped', 'unchanged'];

/** When a run was, and whose: `11-20 16:20:40 to 16:33:12 UTC, by m.keller from bastion-2, cloud fra1`. */
export function headWords({started, ended, operator, plan, hosts}: RunSummary): string {
  const day = (time: number) => dateAndTime(time).slice(0, 10);
  const end =
    ended === undefined ? '' : ` to ${day(ended) === day(started) ? clockTime(ended) : dateAndTime(ended)}`;
  const from = operator.bastion === '' ? '' : ` from ${operator.bastion}`;
  return [
    `${dateAndTime(started)}${end} UTC`,
    ...(operator.name === '' ? [] : [`by ${operator.name}${from}`]),
    ...(plan === undefined ? [] : [`cloud ${plan.cloud.cloud}`]),
    ...(hosts === undefined ? [] : [`only ${hosts}`]),
  ].join(', ');
}

/** How its nodes ended: those that need somebody by name, at most so many lines. */
export function nodeLines(summary: RunSummary, most: number): readonly DetailLine[] {
  const {run, nodes} = summary;
  const named = BY_NAME.flatMap((state) => nodes.filter((node) => node.state === state));
  const counted = COUNTED.flatMap((state): DetailLine[] => {
    const count = nodes.filter((node) => node.state === state).length;
    const {meaning, words} = STATES[state];
    return count === 0 ? [] : [{meaning, subject: countOf(count, 'node'), words, more: ''}];
  });
  const done = nodes.filter(({state}) => state === 'done').length;
  const hasBackup = summary.targets.some(({planned}) => planned?.write.kind === 'edit');
  const backup = hasBackup ? `backup on each in /var/lib/reprieve/${run}` : '';
  const ok: DetailLine[] =
    done === 0 ? [] : [{meaning: 'ok', subject: countOf(done, 'node'), words: 'done', more: backup}];
  const room = Math.max(1, most - counted.length - ok.length);
  const shown = named.length <= room ? named : named.slice(0, room - 1);
  const rest = named.length - shown.length;
  return [
    ...shown.map(namedLine),
    ...(rest === 0
      ? []
      : [
          {
            meaning: 'warning',
            subject: countOf(rest, 'more', 'more'),
            words: '',
            more: 'its events tell which',
          } as const,
        ]),
    ...counted,
    ...ok,
  ];
}

function namedLine({host, state, message}: RunNode): DetailLine {
  const {meaning, words} = STATES[state];
  return {meaning, subject: host, words, more: message};
}

/** What putting it back would mean; undefined where there is nothing to put back. */
export function rollbackSentence(summary: RunSummary): string | undefined {
  if (summary.begin === undefined && summary.state !== 'rolled-back') {
    return `Its journal is not here: only the nodes tell of it. Back to before: reprieve rollback ${summary.run}`;
  }
  const {before = 'what it was', after = 'the interval'} = intervalsOf(summary);
  switch (rollbackOutlook(summary)) {
    case undefined:
      return undefined;
    case 'longer':
      return `A rollback would lengthen ${after} to ${before} again: nothing is destroyed by it.`;
    case 'destroys':
      return `A rollback would shorten ${after} to ${before} again: what that destroys is counted first.`;
    case 'off':
      return 'A rollback would switch delayed delete off again: a deleted server would then be gone at once.';
  }
}
