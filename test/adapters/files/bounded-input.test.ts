import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createInputs} from '../../../source/adapters/files/bounded-input.js';

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'reprieve-input-'));
  t.teardown(() => rmSync(made, {recursive: true}));
  return made;
}

const inputs = () => createInputs(new AbortController().signal);

test('a file is read to its end, and one above the limit is not', async (t) => {
  const file = path.join(folder(t), 'f');
  writeFileSync(file, 'x'.repeat(200_000));
  const read = await inputs().read(file, 200_000);
  t.is(read.kind === 'bytes' && read.bytes.length, 200_000);
  t.deepEqual(await inputs().read(file, 199_999), {kind: 'too-large'});
});

test('what has no size is read up to the limit', async (t) => {
  t.deepEqual(await inputs().read('/dev/zero', 1_000_000), {kind: 'too-large'});
  const made = await inputs().read('/proc/self/status', 1_000_000);
  t.true(made.kind === 'bytes' && made.bytes.length > 100);
  t.deepEqual(await inputs().read('/dev/null', 10), {kind: 'bytes', bytes: Buffer.alloc(0)});
});

test('what cannot be read is told in words', async (t) => {
  const made = folder(t);
  t.deepEqual(await inputs().read(path.join(made, 'none'), 10), {
    kind: 'failed',
    reason: 'there is no such file',
  });
  t.deepEqual(await inputs().read(made, 10), {kind: 'failed', reason: 'it is a folder'});
});

test('a pipe is read once somebody writes into it, and waiting for that ends when it is no longer wanted', async (t) => {
  const pipe = path.join(folder(t), 'pipe');
  t.is(spawnSync('mkfifo', [pipe]).status, 0);
  const [read] = await Promise.all([inputs().read(pipe, 10), writeFile(pipe, 'text')]);
  t.deepEqual(read, {kind: 'bytes', bytes: Buffer.from('text')});

  const controller = new AbortController();
  const reason = new Error('not wanted');
  const waiting = createInputs(controller.signal).read(pipe, 10);
  setImmediate(() => controller.abort(reason));
  t.is(await t.throwsAsync(waiting), reason);
  t.is(await t.throwsAsync(createInputs(controller.signal).read(pipe, 10)), reason);
});
