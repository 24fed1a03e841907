import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {makePlayFolder} from '../../../source/adapters/ansible/play-folder.js';

async function stage(t: ExecutionContext) {
  const temporary = await mkdtemp(path.join(tmpdir(), 'reprieve-play-folder-'));
  t.teardown(async () => rm(temporary, {recursive: true, force: true}));
  return temporary;
}

/** What names this process as the owner of a folder: PID, start time, boot id, PID namespace. */
async function ownWords(temporary: string): Promise<readonly string[]> {
  const folder = await makePlayFolder(temporary, []);
  const text = await readFile(path.join(folder, 'owner'), 'utf8');
  await rm(folder, {recursive: true});
  return text.split(' ');
}

/** A folder that a process made which is no more. */
async function leave(temporary: string, change: (words: string[]) => void = () => {}): Promise<string> {
  const words = [...(await ownWords(temporary))];
  // No process has this number: the kernel's own limit is lower.
  words[0] = '4194305';
  change(words);
  const folder = await mkdtemp(path.join(temporary, 'reprieve-ansible-'));
  await mkdir(path.join(folder, 'roles'));
  await writeFile(path.join(folder, 'roles/main.yml'), '{}\n');
  await writeFile(path.join(folder, 'owner'), words.join(' '));
  return path.basename(folder);
}

test('a folder that a killed process left goes with the next run', async (t) => {
  const temporary = await stage(t);
  await leave(temporary);
  const folder = await makePlayFolder(temporary, [{path: 'a/b.yml', text: 'x'}]);
  t.deepEqual(await readdir(temporary), [path.basename(folder)]);
  t.deepEqual((await readdir(folder)).toSorted(), ['a', 'owner']);
});

test('a process that has the number of a dead one does not keep its folder', async (t) => {
  const temporary = await stage(t);
  await leave(temporary, (words) => {
    words[0] = String(process.pid);
    words[1] = '1';
  });
  const folder = await makePlayFolder(temporary, []);
  t.deepEqual(await readdir(temporary), [path.basename(folder)]);
});

for (const [what, change] of [
  [
    'whose process lives',
    (words: string[]) => {
      words[0] = String(process.pid);
    },
  ],
  ['of another machine, or of before its restart', (words: string[]) => (words[2] = 'boot')],
  ['of another container', (words: string[]) => (words[3] = 'pid:[1]')],
  ['that says nothing of its process', (words: string[]) => words.splice(0)],
  ['that says something else', (words: string[]) => (words[0] = '-1')],
] as const) {
  test(`a folder ${what} stays`, async (t) => {
    const temporary = await stage(t);
    const left = await leave(temporary, change);
    await makePlayFolder(temporary, []);
    t.true((await readdir(temporary)).includes(left));
  });
}

test('a folder that is just being made stays, and so does what only has such a name', async (t) => {
  const temporary = await stage(t);
  const outside = path.join(temporary, 'outside');
  await mkdir(path.join(temporary, 'reprieve-ansible-young'));
  await writeFile(path.join(temporary, 'reprieve-ansible-file'), '');
  const left = await leave(temporary);
  await rename(path.join(temporary, left), outside);
  await symlink(outside, path.join(temporary, 'reprieve-ansible-link'));
  await makePlayFolder(temporary, []);
  const names = await readdir(temporary);
  for (const name of ['young', 'file', 'link']) t.true(names.includes(`reprieve-ansible-${name}`), name);
  t.deepEqual((await readdir(outside)).toSorted(), ['owner', 'roles']);
});

test('a folder in which an Ansible still works stays until that has ended', async (t) => {
  const temporary = await stage(t);
  const left = await leave(temporary);
  const playbook = path.join(temporary, left, 'playbook.yml');
  const child = spawn('sh', ['-c', 'echo ready; read line; :', playbook], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await makePlayFolder(temporary, []);
  t.true((await readdir(temporary)).includes(left));
  child.stdin.end();
  await once(child, 'exit');
  await makePlayFolder(temporary, []);
  t.false((await readdir(temporary)).includes(left));
});
