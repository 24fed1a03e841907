import test from 'ava';
import {type AppendFile, JournalWriter} from '../../../source/adapters/journal/journal-writer.js';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';

const intent = (target: string): JournalEntry => ({type: 'intent', time: 2, target, action: 'change'});

/** A file that notes what is asked of it, and fails where told to. */
function fakeFile(failAt?: {write?: number; sync?: number}, code = 'ENOSPC') {
  const calls: string[] = [];
  let writes = 0;
  let syncs = 0;
  const failure = () => Object.assign(new Error(code), {code});
  const file: AppendFile = {
    async appendFile(text) {
      calls.push(`write ${text.split('\n').length - 1}`);
      if (++writes === failAt?.write) throw failure();
    },
    async datasync() {
      calls.push('sync');
      if (++syncs === failAt?.sync) throw failure();
    },
    async close() {
      calls.push('close');
    },
  };
  return {file, calls};
}

const writerOver = (file: AppendFile) => new JournalWriter(file, '/state/run.jsonl', async () => undefined);

test('flushes of the same moment share one fsync', async (t) => {
  const {file, calls} = fakeFile();
  const journal = writerOver(file);
  await Promise.all(
    Array.from({length: 50}, async (_, index) => {
      journal.append(intent(`compute-${index}/compute`));
      await journal.flush();
    }),
  );
  t.deepEqual(calls, ['write 50', 'sync']);
});

test('a flush that comes during an fsync gets one of its own', async (t) => {
  const {file, calls} = fakeFile();
  const journal = writerOver(file);
  journal.append(intent('a'));
  const one = journal.flush();
  await Promise.resolve();
  await Promise.resolve();
  journal.append(intent('b'));
  await Promise.all([one, journal.flush()]);
  t.deepEqual(calls, ['write 1', 'sync', 'write 1', 'sync']);
});

test('entries reach the file without a flush, and close syncs them', async (t) => {
  const {file, calls} = fakeFile();
  const journal = writerOver(file);
  journal.append(intent('a'));
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(calls, ['write 1']);
  await journal.close();
  await journal.close();
  t.deepEqual(calls, ['write 1', 'sync', 'close']);
});

test('a full disk rejects every flush from then on with the same sentence, and leaves what is in hand alone', async (t) => {
  const {file, calls} = fakeFile({write: 2});
  const journal = writerOver(file);
  journal.append(intent('a'));
  await journal.flush();
  journal.append(intent('b'));
  const results = await Promise.allSettled([journal.flush(), journal.flush()]);
  for (const result of results) {
    t.like(result, {
      status: 'rejected',
      reason: {kind: 'failed', message: 'Cannot write the journal /state/run.jsonl: the disk is full.'},
    });
  }
  t.notThrows(() => journal.append(intent('c')));
  await t.throwsAsync(journal.flush(), {message: /disk is full/});
  await t.throwsAsync(journal.close(), {message: /disk is full/});
  t.deepEqual(calls, ['write 1', 'sync', 'write 1', 'close']);
});

test('after an fsync that failed nothing counts as written any more', async (t) => {
  const {file} = fakeFile({sync: 1}, 'EIO');
  const journal = writerOver(file);
  journal.append(intent('a'));
  await t.throwsAsync(journal.flush(), {message: /the disk reports an error/});
  await t.throwsAsync(journal.flush(), {message: /the disk reports an error/});
});

test('a failure that nobody waited for is told by the next flush', async (t) => {
  const {file} = fakeFile({write: 1});
  const journal = writerOver(file);
  journal.append(intent('a'));
  await new Promise((resolve) => setImmediate(resolve));
  journal.append(intent('b'));
  await t.throwsAsync(journal.flush(), {message: /disk is full/});
});

test('a closed journal takes nothing more', async (t) => {
  const journal = writerOver(fakeFile().file);
  await journal.close();
  t.throws(() => journal.append(intent('a')), {message: /is closed/});
  await t.throwsAsync(journal.flush(), {message: /is closed/});
});
