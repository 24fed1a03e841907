import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {TestContext} from '../helpers/test-context.js';
import {BEGINNING, createStoryTime, readStoryTime, type StoryTime} from './time.js';

async function open(t: TestContext): Promise<{readonly time: StoryTime; readonly file: string}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-time-'));
  t.teardown(async () => rm(folder, {recursive: true, force: true}));
  const file = path.join(folder, 'clock');
  return {time: createStoryTime(file), file};
}

test('time stands still, and passes for everybody who reads the file', async (t) => {
  const {time, file} = await open(t);
  t.is(time.now(), BEGINNING);
  t.is(readStoryTime(file), BEGINNING);
  time.pass(90);
  t.is(time.now(), BEGINNING + 90_000);
  t.is(readStoryTime(file), BEGINNING + 90_000);
});

test('what falls due happens in order, at its own time, also what it asks for itself', async (t) => {
  const {time, file} = await open(t);
  const happened: (readonly [string, number])[] = [];
  const note = (word: string) => () => void happened.push([word, readStoryTime(file) - BEGINNING]);
  time.after(700, note('second'));
  time.after(500, () => {
    note('first')();
    time.after(400, note('third'));
    time.after(5000, note('never'));
  });
  const forget = time.after(600, note('forgotten'));
  forget();
  time.after(700, note('second too'));
  time.pass(1);
  t.deepEqual(happened, [
    ['first', 500],
    ['second', 700],
    ['second too', 700],
    ['third', 900],
  ]);
  t.is(time.now(), BEGINNING + 1000);
  t.true(time.isAwaited());
});
