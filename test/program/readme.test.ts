// The readme shows what the program prints, and names no command or flag that it does not have.
import {readFile} from 'node:fs/promises';
import test from 'ava';
import {runProgram, startSmallCloud} from '../helpers/small-cloud.js';

const readReadme = async () => readFile(new URL('../../../readme.md', import.meta.url), 'utf8');

/** What differs from run to run, and how lines are broken, does not count. */
function essence(text: string): string {
  return text
    .replaceAll(/\d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/\d{8}-\d{6}-\w{4}/g, 'RUN')
    .replaceAll(/\S+\/hosts\.ini/g, 'hosts.ini')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

test('the examples of the readme print what it shows', async (t) => {
  const cloud = await startSmallCloud(t, {computes: ['compute-1', 'compute-2']});
  const examples = Array.from((await readReadme()).matchAll(/^```\n\$ reprieve (.*)\n([\s\S]*?)^```$/gm));
  t.true(examples.length >= 2);
  for (const [, command = '', shown = ''] of examples) {
    const args = command.split(' ').map((word) => (word === 'hosts.ini' ? cloud.inventory : word));
    const {code, stdout, stderr} = await cloud.run(args, {
      LANG: 'C.UTF-8',
      OS_CLOUD: '',
      REPRIEVE_INVENTORY: '',
    });
    t.is(code, 0, stderr);
    t.is(essence(stdout), essence(shown), command);
    t.deepEqual(
      shown.split('\n').filter((line) => line.length > 80),
      [],
    );
  }
});

test('every command and flag that the readme names is there', async (t) => {
  const readme = await readReadme();
  const {stdout: help} = await runProgram(['--help'], {HOME: '/nonexistent', COLUMNS: '200'});
  const commands = new Set(
    Array.from(readme.matchAll(/reprieve ([a-z]+)\b(?! does)/g), ([, name = '']) => name),
  );
  const helps: string[] = [help];
  for (const name of commands) {
    if (!new RegExp(`^  ${name} `, 'm').test(help)) continue;
    helps.push((await runProgram([name, '--help'], {HOME: '/nonexistent'})).stdout);
  }
  for (const [, name = ''] of readme.matchAll(/^(?: {4}|\| `|\$ )reprieve ([a-z]+)/gm)) {
    t.regex(help, new RegExp(`^  ${name} `, 'm'), name);
  }
  for (const [flag] of readme.matchAll(/--[a-z][a-z-]+/g)) t.true(helps.join('\n').includes(flag), flag);
});
