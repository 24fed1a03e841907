import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

/** What bash offers for the last of these words, by the script that the program prints. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const {stdout: script} = await run(process.execPath, [CLI, 'completion', 'bash']);
  const ask = `${script}
COMP_WORDS=(reprieve "$@"); COMP_CWORD=$#; _reprieve; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const {stdout} = await run('bash', ['--norc', '-uc', ask, 'bash', ...words], {cwd: '/etc'});
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash offers commands, their arguments and their flags', async (t) => {
  t.deepEqual(await offered('inv'), ['inventory']);
  t.deepEqual(await offered('completion', ''), [
    'bash',
    'zsh',
    'fish',
    ...(await offered('completion', '-')),
  ]);
  t.deepEqual(await offered('inventory', '--inv'), ['--inventory']);
  t.true((await offered('')).includes('inventory'));
  t.true((await offered('-')).includes('--version'));
});

test('bash offers files after a flag that takes one, and nothing after a flag that only the user knows', async (t) => {
  t.deepEqual(await offered('inventory', '--inventory', '/etc/host'), await filesFrom('/etc/host'));
  t.deepEqual(await offered('--cloud', ''), []);
});

test('the value of a flag is not taken for a command', async (t) => {
  t.deepEqual(await offered('--hosts', 'completion', 'inv'), ['inventory']);
  t.deepEqual(await offered('--json', 'completion', 'z'), ['zsh']);
});

async function filesFrom(start: string): Promise<string[]> {
  const {stdout} = await run('bash', ['-c', 'compgen -f -- "$1"', 'bash', start]);
  return stdout.split('\n').filter((word) => word !== '');
}
