import {chmod, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openLog, type LogOptions} from '../../../source/adapters/log/log.js';
import {UserError} from '../../../source/app/errors.js';
import {sanitize} from '../../../source/text/sanitize.js';

const OPTIONS: LogOptions = {
  file: undefined,
  toScreen: undefined,
  notice: () => undefined,
  clock: {now: () => Date.UTC(2026, 10, 22, 18, 45)},
  sanitize,
};

async function logFile(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-log-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return path.join(folder, 'log');
}

test('lines are appended with time and level, one line each whatever they hold', async (t) => {
  const file = await logFile(t);
  for (const message of ['first', 'a\nforged line\u001B[2J']) {
    const log = openLog({...OPTIONS, file});
    log.write('info', message);
    log.close();
  }
  t.is(
    await readFile(file, 'utf8'),
    '2026-11-22T18:45:00.000Z info first\n2026-11-22T18:45:00.000Z info a␊forged line␛[2J\n',
  );
});

test('a new log is private, and an old one that is not is named', async (t) => {
  const file = await logFile(t);
  const notices: string[] = [];
  openLog({...OPTIONS, file, notice: (text) => notices.push(text)}).close();
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.deepEqual(notices, []);
  await chmod(file, 0o644);
  openLog({...OPTIONS, file, notice: (text) => notices.push(text)}).close();
  t.regex(notices[0] ?? '', /others may read it/);
});

test('with -v everything but errors is shown too, which are shown anyway', (t) => {
  const shown: string[] = [];
  const log = openLog({...OPTIONS, toScreen: (line) => shown.push(line)});
  log.write('debug', 'a');
  log.write('error', 'b');
  t.deepEqual(shown, ['debug a']);
});

test('a log that cannot be opened is wrong usage', async (t) => {
  const folder = path.dirname(await logFile(t));
  await writeFile(path.join(folder, 'plain'), '');
  for (const file of [folder, path.join(folder, 'none', 'log'), path.join(folder, 'plain', 'log')]) {
    const error = t.throws(() => openLog({...OPTIONS, file}), {instanceOf: UserError});
    t.is(error.kind, 'usage');
    t.true(error.message.includes(file));
  }
});

test('a full disk is said once, and work goes on', (t) => {
  const notices: string[] = [];
  const log = openLog({...OPTIONS, file: '/dev/full', notice: (text) => notices.push(text)});
  log.write('info', 'a');
  log.write('info', 'b');
  log.close();
  t.deepEqual(notices, ['the log /dev/full ends here: the disk is full']);
});
