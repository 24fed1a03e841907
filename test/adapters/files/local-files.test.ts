import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {createFiles} from '../../../source/adapters/files/local-files.js';

const files = createFiles();

test('what is there and what is not is told apart', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-files-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('a.conf'), 'abc');
  await mkdir(at('d.conf'));
  await symlink('nowhere', at('broken.conf'));
  await symlink('loop.conf', at('loop.conf'));

  const read = await files.read(at('a.conf'));
  t.is(read.kind === 'file' ? Buffer.from(read.bytes).toString() : '', 'abc');
  t.deepEqual(await files.read(at('none.conf')), {kind: 'missing'});
  t.deepEqual(await files.read(at('broken.conf')), {kind: 'missing'});
  t.deepEqual(await files.read(at('d.conf')), {kind: 'failed', reason: 'it is a directory'});
  t.deepEqual(await files.read(at('loop.conf')), {
    kind: 'failed',
    reason: 'its symbolic links go round in a circle',
  });

  t.deepEqual(await files.list(at('none')), {kind: 'missing'});
  t.deepEqual(await files.list(at('a.conf')), {kind: 'not-a-directory'});
  t.deepEqual(await files.list(at('d.conf')), {kind: 'directory', entries: []});
});
