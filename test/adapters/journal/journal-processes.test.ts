import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {createJournals} from '../../../source/adapters/journal/journals.js';
import {currentBootId} from '../../../source/adapters/journal/process-identity.js';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';

const WRITER = fileURLToPath(new URL('../../fixtures/journal-writer.js', import.meta.url));
const RUN = '20261122-184500-x7k2';
const operator = {name: 'alice', bastion: 'bastion-1', pid: process.pid, bootId: currentBootId()};
const first: JournalEntry = {type: 'confirmed', time: 1, destroy: 0, strand: 0};

type Writer = {child: ChildProcess; lines: AsyncIterableIterator<string>; ended: Promise<unknown>};

function startWriter(directory: string, how: string, ...options: string[]): Writer {
  const child = spawn(process.execPath, [WRITER, directory, RUN, how, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {child, lines: createInterface({input: child.stdout})[Symbol.asyncIterator](), ended};
}

async function freshDirectory(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-journal-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return folder;
}

test('whatever flush resolved for survives kill -9, again and again', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  let resumed = 0;
  for (let round = 0; round < 12; round++) {
    const {child, lines, ended} = startWriter(directory, round === 0 ? 'create' : 'reopen');
    if (round > 0) resumed++;
    let acknowledged = -2;
    for await (const line of {[Symbol.asyncIterator]: () => lines}) {
      if (line.startsWith('error')) t.fail(line);
      acknowledged = line === 'open' ? -1 : Number(line);
      // The rest is read to the end: numbers that were on their way count as well.
      if (acknowledged === round * 7 - 1) child.kill('SIGKILL');
    }
    await ended;
    t.true(acknowledged >= round * 7 - 1, `round ${round}`);
    t.false(await journals.isLive(RUN));
    const entries = await journals.read(RUN);
    const lastStart = entries.findLastIndex(({type}) => type === 'resumed' || type === 'confirmed');
    const written = entries
      .slice(lastStart + 1)
      .filter((entry) => 'action' in entry && entry.action === 'change');
    t.true(written.length > acknowledged, `${written.length} entries, ${acknowledged} acknowledged`);
    t.deepEqual(
      written.map((entry) => 'time' in entry && entry.time),
      written.map((_, index) => index),
    );
    t.is(entries.filter(({type}) => type === 'resumed').length, resumed);
  }
});

test('of two processes that go on with a dead run at once exactly one wins', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const dead = startWriter(directory, 'create');
  await dead.lines.next();
  dead.child.kill('SIGKILL');
  await dead.ended;

  const writers = [startWriter(directory, 'reopen'), startWriter(directory, 'reopen')];
  const said = await Promise.all(writers.map(async ({lines}) => String((await lines.next()).value)));
  t.deepEqual(said.filter((line) => line === 'open').length, 1, said.join());
  t.regex(
    said.find((line) => line !== 'open') ?? '',
    /^error (Another process|Run .* is still being worked on)/,
  );
  t.true(await journals.isLive(RUN));
  await t.throwsAsync(journals.reopen(RUN, operator), {message: /still being worked on/});
  for (const {child, ended} of writers) {
    child.kill('SIGKILL');
    await ended;
  }
  t.false(await journals.isLive(RUN));
});

test('a stopped owner still lives', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const {child, lines, ended} = startWriter(directory, 'create');
  await lines.next();
  child.kill('SIGSTOP');
  t.true(await journals.isLive(RUN));
  child.kill('SIGKILL');
  await ended;
  t.false(await journals.isLive(RUN));
});

test('a file that may not grow further stops the writer with a sentence, and the journal stays readable', async (t) => {
  const directory = await freshDirectory(t);
  const child = spawn(
    'sh',
    ['-c', 'ulimit -f 64; exec "$0" "$@"', process.execPath, WRITER, directory, RUN, 'create'],
    {stdio: ['ignore', 'pipe', 'inherit']},
  );
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({input: child.stdout})) lines.push(line);
  t.deepEqual(await ended, [1, null]);
  t.regex(lines.at(-1) ?? '', /^error Cannot write the journal .*: the file would grow above/);
  const journals = createJournals(directory);
  const acknowledged = Number(lines.at(-2));
  t.true((await journals.read(RUN)).length >= 1 + 2 * (acknowledged + 1));
  const journal = await journals.reopen(RUN, operator);
  await journal.close();
  t.is((await journals.read(RUN)).at(-1)?.type, 'resumed');
});

test('a journal can be followed while another process writes it, until that one is gone', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const {lines, ended} = startWriter(directory, 'create', '40');
  await lines.next();
  const times: number[] = [];
  for await (const entry of journals.follow(RUN, new AbortController().signal)) {
    if (entry.type === 'intent' && entry.action === 'change') times.push(entry.time);
  }
  await ended;
  t.deepEqual(
    times,
    Array.from({length: 40}, (_, index) => index),
  );
});

test('following ends at once when it is aborted', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  const journal = await journals.create(RUN, first);
  const controller = new AbortController();
  const seen: JournalEntry[] = [];
  for await (const entry of journals.follow(RUN, controller.signal)) {
    seen.push(entry);
    if (seen.length === 1) {
      journal.append({type: 'resumed', time: 3, operator});
      await journal.flush();
    } else controller.abort();
  }
  t.is(seen.length, 2);
  await journal.close();
});
