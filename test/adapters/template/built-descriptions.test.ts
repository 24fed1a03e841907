// The shipped descriptions that the program reads are those of the templates; a template that was changed since counts.
import {mkdir, mkdtemp, readdir, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {templateStore} from '../../../source/adapters/template/template-store.js';

const TEMPLATES = fileURLToPath(new URL('../../../../templates', import.meta.url));
const BUILT = fileURLToPath(new URL('../../../bin/templates', import.meta.url));

test('what was made of each description when the program was built is what it says', async (t) => {
  const folder = {path: TEMPLATES, isShipped: true, isNamed: true};
  const [asWritten, asBuilt] = [templateStore([folder]), templateStore([{...folder, descriptions: BUILT}])];
  const names = (await asWritten.all()).map(({name}) => name);
  t.deepEqual((await readdir(BUILT)).map((file) => file.replace(/\.json$/, '')).toSorted(), names.toSorted());
  for (const name of names) {
    const [written, built] = [await asWritten.find(name), await asBuilt.find(name)];
    t.deepEqual((await built?.description())?.data, (await written?.description())?.data, name);
  }
});

test('a template that was changed after the program was built is read anew', async (t) => {
  const root = await mkdtemp(path.join(tmpdir(), 'reprieve-built-'));
  t.teardown(async () => rm(root, {recursive: true}));
  await mkdir(`${root}/templates/one`, {recursive: true});
  await mkdir(`${root}/built`);
  await writeFile(`${root}/templates/one/template.yaml`, 'title: new\n');
  await writeFile(`${root}/built/one.json`, '{"title": "old"}');
  const store = templateStore([
    {path: `${root}/templates`, isShipped: true, isNamed: true, descriptions: `${root}/built`},
  ]);
  const titleAt = async (built: number) => {
    await utimes(`${root}/templates/one/template.yaml`, 1000, 1000);
    await utimes(`${root}/built/one.json`, built, built);
    return (await (await store.find('one'))?.description())?.data;
  };
  t.deepEqual(await titleAt(999), {title: 'new'});
  t.deepEqual(await titleAt(1000), {title: 'old'});
  await rm(`${root}/built/one.json`);
  t.deepEqual((await (await store.find('one'))?.description())?.data, {title: 'new'});
});
