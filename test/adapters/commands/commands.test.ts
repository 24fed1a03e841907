import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {createCommands} from '../../../source/adapters/commands/commands.js';
import {waitUntil} from '../../helpers/wait-until.js';

const commands = createCommands({PATH: process.env['PATH'], GREETING: 'good morning'});
async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-commands-'));
  t.teardown(async () => rm(folder, {recursive: true}));
  return folder;
}

const NEVER = new AbortController().signal;

test('a command of the shell gets the text on its stdin, and the environment', async (t) => {
  const file = path.join(await temporaryFolder(t), 'out');
  const end = await commands.run(`{ cat; echo "$GREETING"; } > '${file}'`, '{"id":1}\n', NEVER);
  t.deepEqual(end, {kind: 'exited', code: 0, complaint: ''});
  t.is(await readFile(file, 'utf8'), '{"id":1}\ngood morning\n');
});

test('one that does not read its stdin is no failure, however long that is', async (t) => {
  t.like(await commands.run('exit 0', 'x'.repeat(1_000_000), NEVER), {kind: 'exited', code: 0});
});

test('a failure comes with its code and the last line of its stderr', async (t) => {
  const end = await commands.run(
    'echo first >&2; echo out; echo "no route" >&2; echo >&2; exit 3',
    '',
    NEVER,
  );
  t.deepEqual(end, {kind: 'exited', code: 3, complaint: 'no route'});
  t.like(await commands.run('no-such-command-here', '', NEVER), {kind: 'exited', code: 127});
});

test('one that a signal ended says which', async (t) => {
  t.like(await commands.run('kill -9 $$', '', NEVER), {kind: 'killed', signal: 'SIGKILL'});
});

test('an abort ends it and what it started, and one that began aborted does not go on', async (t) => {
  const stop = new AbortController();
  const file = path.join(await temporaryFolder(t), 'pid');
  const running = commands.run(`sleep 100 & echo $! > '${file}'; wait`, '', stop.signal);
  const read = async () => readFile(file, 'utf8').catch(() => '');
  await waitUntil('the process', 30, async () => (await read()).endsWith('\n'), 0.05);
  stop.abort();
  t.like(await running, {kind: 'killed', signal: 'SIGTERM'});
  const pid = Number(await read());
  // A zombie still has its place in the table until init takes it: it is asked for its state.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '0 (gone) X');
  t.regex(stat, /\) [ZX]/);
  t.like(await commands.run('sleep 100', '', AbortSignal.abort()), {kind: 'killed'});
});

test('what goes on in the background holds nobody up', async (t) => {
  const before = performance.now();
  t.like(await commands.run('sleep 5 & exit 0', '', NEVER), {kind: 'exited', code: 0});
  t.like(await commands.run('sleep 5 & exit 4', '', NEVER), {kind: 'exited', code: 4});
  t.true(performance.now() - before < 4000);
});
