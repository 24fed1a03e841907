import {execFile} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {promisify} from 'node:util';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {startSmallCloud} from '../helpers/small-cloud.js';
import {waitUntil} from '../helpers/wait-until.js';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

/** The program without a command, in a terminal of its own. */
async function openHome(t: ExecutionContext) {
  const cloud = await startSmallCloud(t, {routes: {'GET /v2.1/servers/detail': {body: {servers: []}}}});
  const socket = `reprieve-${randomUUID()}`;
  const tmux = async (...args: readonly string[]) => (await run('tmux', ['-L', socket, ...args])).stdout;
  const env = {...cloud.env, LANG: 'C.UTF-8'};
  const variables = Object.entries(env).map(([name, value]) => shellQuote(`${name}=${value}`));
  const command = `env ${variables.join(' ')} ${shellQuote(process.execPath)} ${shellQuote(CLI)}; echo "ended with $?"; exec cat`;
  await tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', command);
  t.teardown(() => tmux('kill-server'));
  const shows = async (text: string) => {
    const screen = async () => {
      const shown = await tmux('capture-pane', '-p');
      return shown.includes(text) && shown;
    };
    return waitUntil(`the text "${text}" on the screen`, 30, screen, 0.1);
  };
  return {tmux, shows};
}

test('reprieve without a command opens home in a terminal, and leaves it as it was', async (t) => {
  const {tmux, shows} = await openHome(t);
  const home = await shows('Delayed delete is off. A deleted server is gone at once.');
  t.regex(home, /nova-api {6}0 of 1 on/);
  t.regex(home, /nova-compute {2}0 of 3 on/);
  await tmux('send-keys', '6');
  await shows('No run yet.');
  await tmux('send-keys', 'Escape');
  await shows('Delayed delete is off.');
  await tmux('send-keys', 'q');
  const after = await shows('ended with 0');
  t.false(after.includes('Delayed delete'));
});

test('a drill is opened from home with the name of a server', async (t) => {
  const {tmux, shows} = await openHome(t);
  await shows('Delayed delete is off.');
  await tmux('send-keys', '-l', ':drill no-such-server');
  await shows(': drill no-such-server');
  await tmux('send-keys', 'Enter');
  t.regex(await shows('there is no server "no-such-server"'), /reprieve drill no-such-server/);
});
