import {execFile} from 'node:child_process';
import {readFile, readdir} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const PLACES = ['.ci', 'scripts', 'source', 'test'];

type Script = {readonly file: string; readonly shell: 'bash' | 'sh'};

async function shellScripts(): Promise<readonly Script[]> {
  const scripts: Script[] = [];
  for (const place of PLACES) {
    const entries = await readdir(path.join(root, place), {recursive: true, withFileTypes: true});
    for (const entry of entries.filter((candidate) => candidate.isFile())) {
      const file = path.join(entry.parentPath, entry.name);
      const top = (await readFile(file, 'utf8')).split('\n', 12).join('\n');
      const shell = /^(?:#!\/bin\/|# shellcheck shell=)(bash|sh)\b/m.exec(top)?.[1];
      if (shell === 'bash' || shell === 'sh') scripts.push({file: path.relative(root, file), shell});
      else if (file.endsWith('.sh')) throw new Error(`${file} does not say which shell it is for`);
    }
  }
  return scripts;
}

test('every shell script passes shellcheck', async (t) => {
  const files = (await shellScripts()).map(({file}) => file);
  t.true(files.includes('.ci/run') && files.includes('test/lab/up') && files.includes('test/lab/lib/env.sh'));
  await t.notThrowsAsync(
    run('shellcheck', ['--external-sources', '--source-path=SCRIPTDIR', ...files], {cwd: root}),
  );
});

test('every script for sh is understood by dash, and every one for bash by bash', async (t) => {
  for (const {file, shell} of await shellScripts()) {
    await t.notThrowsAsync(run(shell === 'sh' ? 'dash' : 'bash', ['-n', file], {cwd: root}), file);
  }
});
