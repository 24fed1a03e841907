import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {type Progress, toEnd, unanswered} from '../../../source/app/servers/to-end.js';

const silence = new CloudError('unreachable', 'Nova cannot be reached.');
const running = new AbortController().signal;

/** Work that breaks off before or after Nova was asked. */
function broken(error: unknown, wasAsked: boolean) {
  return async (progress: Progress): Promise<{readonly kind: string}> => {
    progress.wasAsked = wasAsked;
    throw error;
  };
}

test('work that ends by itself ends so', async (t) => {
  t.deepEqual(await toEnd(async () => Promise.resolve({kind: 'done'}), unanswered, running), {kind: 'done'});
});

test('a Nova that does not answer is unseen before it was asked for something, and unanswered after', async (t) => {
  const problem = 'Nova cannot be reached';
  t.deepEqual(await toEnd(broken(silence, false), unanswered, running), {kind: 'unseen', problem});
  t.deepEqual(await toEnd(broken(silence, true), unanswered, running), {kind: 'unanswered', problem});
  const late = (text: string) => ({kind: 'late', last: text});
  t.deepEqual(await toEnd(broken(silence, true), late, running), {kind: 'late', last: problem});
});

test('who stops it is told whether Nova goes on with it', async (t) => {
  const signal = AbortSignal.abort();
  for (const wasAsked of [true, false]) {
    const end = await toEnd(broken(signal.reason, wasAsked), unanswered, signal);
    t.deepEqual(end, {kind: 'interrupted', wasAsked});
  }
});

test('a mistake of this program is none of its ends', async (t) => {
  const mistake = new TypeError('x is undefined');
  t.is(await t.throwsAsync(toEnd(broken(mistake, true), unanswered, running)), mistake);
  t.is(await t.throwsAsync(toEnd(broken(mistake, true), unanswered, AbortSignal.abort())), mistake);
  const abort = new DOMException('of something else', 'AbortError');
  t.is(await t.throwsAsync(toEnd(broken(abort, true), unanswered, running), {any: true}), abort);
});
