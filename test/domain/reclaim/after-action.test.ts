import test from 'ava';
import {purgeJudge, restoreJudge, stopJudge} from '../../../source/domain/reclaim/after-action.js';

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
