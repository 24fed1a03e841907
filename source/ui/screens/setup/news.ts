import {type Batch, batchProgress, failedCells, type RunView} from '../../../app/setup/run-view.js';
import {speakUnits} from '../../../text/elapsed.js';
import {nodeCounts} from './selectors.js';
import {
  batchName,
  cellSentence,
  changeSentences,
  rateSentence,
  signedInSentence,
  stateWords,
} from './sentences.js';
import {sentenceOf, troubled} from '../../trouble.js';
import type {Loadable} from '../../trouble.js';
import type {SetupState} from './state.js';

/**
 * What a screen reader says without being asked when this became of that: an answer that was waited for, a batch that
 * ended, a node that failed. Nothing in between, and no countdown.
 */
export function setupNews(before: SetupState, after: SetupState): readonly string[] {
  if (before === after) return [];
  return [
    ...answered(before.clouds, after.clouds, () => []),
    ...answered(before.signedIn, after.signedIn, (value) => [signedInSentence(value)]),
    ...nodesNews(before, after),
    ...answered(before.interval.rate, after.interval.rate, (rate) => [rateSentence(rate)]),
    ...answered(before.changes.proposed, after.changes.proposed, () => changeSentences(after)),
    ...(after.notice === undefined || after.notice === before.notice ? [] : [sentenceOf(after.notice.text)]),
    ...runNews(before, after),
  ].map(speakUnits);
}

function answered<Value>(
  before: Loadable<Value>,
  after: Loadable<Value>,
  say: (value: Value) => readonly string[],
): readonly string[] {
  if (before === after || before.kind !== 'loading') return [];
  if (after.kind === 'failed') return troubled(after.trouble);
  return after.kind === 'ready' ? say(after.value) : [];
}

function nodesNews({nodes: before}: SetupState, after: SetupState): readonly string[] {
  const {nodes} = after;
  if (before.kind === nodes.kind) return [];
  if (nodes.kind === 'failed') return nodes.trouble === undefined ? [] : troubled(nodes.trouble);
  if (nodes.kind !== 'seen') return [];
  const {usable, unreachable} = nodeCounts(after);
  return [`All nodes were looked at: ${usable} can be changed, ${unreachable} unreachable.`];
}

function runNews({run: before}: SetupState, {run: after}: SetupState): readonly string[] {
  if (after === undefined || before === undefined || before === after) return [];
  const trouble = after.trouble === before.trouble ? undefined : after.trouble;
  // Another run's cells tell nothing of this one.
  const isSame = before.view.run === after.view.run && before.kind === after.kind;
  if (!isSame || before.view === after.view) return trouble === undefined ? [] : troubled(trouble);
  const known = new Set(failedCells(before.view).map(({id}) => id));
  return [
    ...failedCells(after.view)
      .filter(({id}) => !known.has(id))
      .map(cellSentence),
    ...after.view.batches
      .filter((batch) => hasEnded(after.view, batch) && !hasEnded(before.view, batch))
      .map((batch) => batchSentence(after.view, batch)),
    ...(trouble === undefined ? [] : troubled(trouble)),
  ];
}

function hasEnded(view: RunView, batch: Batch): boolean {
  return batchProgress(view, batch).isEnded;
}

/** `Batch 7 of 10 ended: 49 done, 1 put back.` */
function batchSentence(view: RunView, batch: Batch): string {
  const {counts} = batchProgress(view, batch);
  const told = (['done', 'put-back', 'failed', 'not-touched', 'unknown'] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${stateWords(state)}`);
  return `${batchName(view, batch)} ended: ${told.join(', ')}.`;
}
