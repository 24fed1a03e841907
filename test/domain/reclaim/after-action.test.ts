import test from 'ava';
import {
  againJudge,
  purgeJudge,
  resetJudge,
  restoreJudge,
  stopJudge,
} from '../../../source/domain/reclaim/after-action.js';
import type {DeleteTime} from '../../../source/domain/reclaim/standing.js';

/** `STATUS`, `STATUS task`, or nothing for a server that is gone. */
function seen(word: string) {
  if (word === '') return undefined;
  const [status = '', taskState] = word.split(' ');
  return {status, taskState, updatedAt: word.endsWith('touched') ? 2 : 1};
}

function last<Verdict>(
  judge: (one: ReturnType<typeof seen>) => Verdict | undefined,
  words: readonly string[],
): Verdict | undefined {
  let verdict: Verdict | undefined;
  for (const word of words) {
    verdict = judge(seen(word));
    if (verdict !== undefined) break;
  }
  return verdict;
}

test('what became of a restore that Nova took', (t) => {
  const judge = (...words: readonly string[]) => last(restoreJudge(true, 1), words);
  t.is(judge('SOFT_DELETED restoring', 'ACTIVE'), 'active');
  t.is(judge('SOFT_DELETED restoring', 'SOFT_DELETED'), 'failed');
  t.is(judge('SOFT_DELETED'), 'failed', 'Nova writes the task before it answers');
  t.is(judge('SOFT_DELETED restoring', ''), 'gone');
  t.is(judge('DELETED'), 'gone');
  t.is(judge('ERROR'), 'error');
  t.is(judge('SHUTOFF'), 'other');
  t.is(judge('SOFT_DELETED restoring'), undefined);
});

test('what became of a restore that nobody answered', (t) => {
  const judge = (...words: readonly string[]) => last(restoreJudge(false, 1), words);
  const idle = Array.from({length: 5}, () => 'SOFT_DELETED');
  t.is(judge(...idle.slice(1)), undefined);
  t.is(judge(...idle), 'nothing');
  t.is(judge('SOFT_DELETED', 'SOFT_DELETED restoring', 'SOFT_DELETED'), 'failed');
  t.is(last(restoreJudge(false, 0), ['SOFT_DELETED']), 'failed', 'the row was touched since');
});

test('what became of a stop', (t) => {
  const judge = (...words: readonly string[]) => last(stopJudge(), words);
  t.is(judge('ACTIVE powering-off', 'SHUTOFF'), 'stopped');
  t.is(judge('ACTIVE powering-off', 'ACTIVE'), 'other');
  t.is(judge('ACTIVE'), undefined);
  t.is(judge(''), 'gone');
  t.is(judge('ERROR'), 'error');
});

test('what became of a forceDelete', (t) => {
  const judge = (...words: readonly string[]) => last(purgeJudge(), words);
  t.is(judge('SOFT_DELETED deleting', 'DELETED', ''), 'gone');
  t.is(judge('SOFT_DELETED deleting', 'ERROR'), 'error');
  t.is(judge(...Array.from({length: 5}, () => 'SOFT_DELETED')), 'nothing');
  t.is(judge('SOFT_DELETED', 'SOFT_DELETED deleting', 'SOFT_DELETED'), undefined);
});

const at = (time: number): DeleteTime => ({kind: 'action', time});
const CLEARED: DeleteTime = {kind: 'cleared'};
const HIDDEN: DeleteTime = {kind: 'unknown'};

/** What became of one more DELETE: the delete time before, and the looks after it, each with the time then. */
function again(
  isTaken: boolean,
  before: DeleteTime,
  ...looks: readonly (readonly [word: string, deleted?: DeleteTime])[]
) {
  const judge = againJudge(isTaken, {updatedAt: 1, deleted: before});
  let verdict: ReturnType<typeof judge>;
  for (const [word, deleted] of looks) {
    const row = seen(word);
    verdict = judge(row === undefined ? undefined : {...row, deleted});
    if (verdict !== undefined) break;
  }
  return verdict;
}

test('what became of another DELETE that Nova took', (t) => {
  t.is(again(true, at(5), ['SOFT_DELETED soft-deleting'], ['SOFT_DELETED', at(9)]), 'fresh');
  t.is(again(true, CLEARED, ['SOFT_DELETED', at(9)]), 'fresh', 'a failed restore');
  t.is(again(true, HIDDEN, ['SOFT_DELETED', HIDDEN]), 'fresh', 'the end of the task is all that is told');
  t.is(again(true, at(5), ['SOFT_DELETED soft-deleting'], ['']), 'gone');
  t.is(again(true, at(5), ['DELETED deleting']), 'gone');
  t.is(again(true, at(5), ['ACTIVE deleting'], ['ERROR']), 'other');
  t.is(again(true, at(5), ['ACTIVE']), 'other');
  t.is(again(true, at(5), ['SOFT_DELETED soft-deleting']), undefined);
});

test('a delete time that stays the old one is none', (t) => {
  const idle = [1, 2, 3, 4, 5].map(() => ['SOFT_DELETED', at(5)] as const);
  t.is(again(true, at(5), ...idle.slice(1)), undefined);
  t.is(again(true, at(5), ...idle), 'nothing');
  const cleared = idle.map(() => ['SOFT_DELETED', CLEARED] as const);
  t.is(again(true, CLEARED, ...cleared), 'nothing');
});

test('what became of another DELETE that nobody answered', (t) => {
  const idle = (deleted: DeleteTime) => [1, 2, 3, 4, 5].map(() => ['SOFT_DELETED', deleted] as const);
  t.is(again(false, at(5), ...idle(at(5))), 'nothing');
  t.is(again(false, HIDDEN, ...idle(HIDDEN)), 'nothing');
  t.is(again(false, at(5), ['SOFT_DELETED', at(5)], ['SOFT_DELETED', at(9)]), 'fresh');
  t.is(again(false, HIDDEN, ['SOFT_DELETED soft-deleting'], ['SOFT_DELETED', HIDDEN]), 'fresh');
  t.is(again(false, HIDDEN, ['SOFT_DELETED', at(5)]), undefined, 'it may be the time of before');
});

test('what became of setting a server to ERROR', (t) => {
  const judge = (...words: readonly string[]) => last(resetJudge(), words);
  t.is(judge('ERROR'), 'error');
  t.is(judge('SOFT_DELETED', 'ERROR'), 'error');
  t.is(judge(''), 'gone');
  t.is(judge('DELETED'), 'gone');
  t.is(judge('ACTIVE'), 'other');
  t.is(judge(...Array.from({length: 5}, () => 'SOFT_DELETED')), 'nothing');
});
