// New files on a disk that is full and on one that is read-only, each a small file system of its own.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';

const MODULE = new URL('../../source/adapters/files/private-file.js', import.meta.url).href;
const WRITE = `const {writeNewPrivateFile} = await import(process.env.MODULE);
  await writeNewPrivateFile('a.csv', 'x'.repeat(1_000_000)).then(() => console.log('written'), ({message}) => console.log(message))`;

/** What is said of a file of a megabyte in such a folder, and what is there then. */
function writeIn(mounts: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-mount-'));
  const script = `set -e; ${mounts}; cd "$FOLDER"; "$NODE" --input-type=module -e "$WRITE"; ls -A`;
  try {
    const {stdout, stderr} = spawnSync('unshare', ['--mount', 'sh', '-c', script], {
      encoding: 'utf8',
      env: {PATH: process.env['PATH'] ?? '', FOLDER: folder, NODE: process.execPath, MODULE, WRITE},
    });
    return `${stdout}${stderr}`.trim().split('\n');
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const mount = (options: string) => `mount -t tmpfs -o ${options} reprieve-test "$FOLDER"`;

test('a disk that is full has no part of it', (t) => {
  t.deepEqual(writeIn(mount('size=256k')), ['a.csv cannot be written: the disk is full']);
  t.deepEqual(writeIn(mount('size=4m')), ['written', 'a.csv']);
});

test('a folder that is read-only says so', (t) => {
  const mounts = `${mount('size=4m')}; mount -o remount,ro "$FOLDER"`;
  t.deepEqual(writeIn(mounts), ['a.csv cannot be written: the file system is read-only']);
});
