// What the live list leaves behind on this machine: the profile with the columns, and files of what is shown.
import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {parse} from 'yaml';
import {z} from 'zod';
import {typed} from '../helpers/tmux-program.js';
import {real} from '../helpers/tmux.js';
import {LISTED, openWatch} from '../helpers/tmux-watch.js';

const HEADINGS = /^.*TIME LEFT.*$/m;
const headingsOf = (screen: string) => HEADINGS.exec(screen)?.[0].match(/[A-Z]+(?: LEFT)?/g) ?? [];

real('columns are hidden, moved and kept, and the next start has them with order and filter', async (t) => {
  const {cloud, terminal, waiting} = await openWatch(t, {}, {columns: 120, rows: 40});
  const usual = headingsOf(await terminal.until(LISTED));
  t.deepEqual(usual, ['NAME', 'PROJECT', 'USER', 'HOST', 'DELETED', 'TIME LEFT']);
  const file = cloud.env['REPRIEVE_PROFILE'] ?? '';
  const before = await readFile(file, 'utf8');

  const chooser = await terminal.step(['c'], 'J K move');
  t.regex(chooser, /▌✓ name +its name\n +✓ project [^]*\n +locked +whether it is locked/);
  await terminal.step(['j', 'Space', 'j', 'J'], /✓ host[^]*\n▌✓ user/);
  t.deepEqual(headingsOf(terminal.screen()), ['NAME', 'HOST', 'USER', 'DELETED', 'TIME LEFT'], 'a preview');
  await terminal.step(['Escape'], 'ctrl-k destroy');
  t.deepEqual(headingsOf(terminal.screen()), usual, 'esc leaves them as they were');

  await terminal.step(['/', ...typed('box-'), 'Enter'], 'ctrl-k destroy');
  await terminal.step(['S'], 'DELETED ↑');
  await terminal.step(['c', 'j', 'Space', 'j', 'J'], /✓ host[^]*\n▌✓ user/);
  const kept = headingsOf(await terminal.step(['p'], 'order and filter kept in'));
  t.deepEqual(kept, ['NAME', 'HOST', 'USER', 'DELETED', 'TIME LEFT']);
  const after = await readFile(file, 'utf8');
  t.true(after.startsWith(before), 'what was there stays to the letter');
  t.like(parse(after), {
    watch: {columns: ['name', 'host', 'user', 'deleted', 'left', 'fuse'], sort: 'deleted', filter: 'box-'},
  });

  await terminal.step(['q'], 'left with 0');
  terminal.start('watch');
  const again = await terminal.until(new RegExp(`${waiting.length} of ${waiting.length} +by deleted`));
  t.regex(again, /\/ box- .*\n\n.*DELETED ↑/);
  t.deepEqual(headingsOf(again), kept);
});

const ROWS = z.array(
  z.looseObject({id: z.string(), name: z.string(), deleted_at: z.string(), due_at: z.string()}),
);

/** The ending of each format, in the order of the buttons. */
const ENDINGS = ['csv', 'json', 'md'] as const;

real('what is shown is written in every format, whole, for this user only, and over nothing', async (t) => {
  const {cloud, terminal, waiting} = await openWatch(t, {}, {columns: 120, rows: 40});
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-export-'));
  t.teardown(async () => rm(folder, {recursive: true}));
  const write = async (name: string, button: number, wanted: string) => {
    await terminal.step(['x'], 'Write CSV');
    await terminal.step(['C-u', ...typed(`${folder}/${name}`)], `File: ${folder}/${name} `);
    await terminal.step([...Array<string>(button).fill('Tab'), 'Enter'], wanted);
  };
  const contentOf = async (name: string) => readFile(`${folder}/${name}`, 'utf8');
  await terminal.until(LISTED);
  for (const [button, ending] of ENDINGS.entries()) {
    const file = `${folder}/all.${ending}`;
    await write('all', button, `${waiting.length} servers written to ${file}`);
    t.is((await stat(file)).mode & 0o777, 0o600);
  }
  const inOrder = waiting.map(({id, name}) => ({id, name}));
  const objects = ROWS.parse(JSON.parse(await contentOf('all.json')));
  t.deepEqual(
    objects.map(({id, name}) => ({id, name})),
    inOrder,
    'those that go next first, as on the screen',
  );
  const [first] = objects;
  const project = cloud.nova.projects.find(({id}) => id === waiting[0]?.projectId);
  t.like(first, {cloud: 'demo', state: 'waiting', interval: 7200, project_name: project?.name});
  t.true(Math.abs(Date.parse(first?.due_at ?? '') - Date.parse(first?.deleted_at ?? '') - 7_200_000) < 2000);

  const [headings = '', ...lines] = (await contentOf('all.csv')).split('\r\n');
  t.regex(headings, /^cloud,id,name,/);
  t.is(lines.pop(), '', 'the last line ends too');
  t.deepEqual(
    lines.map((line) => line.split(',').slice(0, 3)),
    inOrder.map(({id, name}) => ['"demo"', `"${id}"`, `"${name}"`]),
  );

  const [titles, rule, ...rows] = (await contentOf('all.md')).trimEnd().split('\n');
  t.regex(titles ?? '', /^\| Cloud \| Name \| ID \|/);
  t.regex(rule ?? '', /^(?:\| --- )+\|$/);
  t.deepEqual(
    rows.map((row) => row.split(' | ').slice(0, 3)),
    inOrder.map(({id, name}) => ['| demo', name, id]),
  );

  await terminal.step(['/', ...typed('box-b'), 'Enter'], 'ctrl-k destroy');
  await write('one', 1, `1 server written to ${folder}/one.json`);
  t.deepEqual(
    ROWS.parse(JSON.parse(await contentOf('one.json'))).map(({name}) => name),
    ['box-b'],
  );
  await writeFile(`${folder}/mine.csv`, 'mine');
  await write('mine', 0, 'mine.csv is there already');
  t.is(await contentOf('mine.csv'), 'mine');
  await terminal.step(['Escape'], 'ctrl-k destroy');
  const names = ['all.csv', 'all.json', 'all.md', 'mine.csv', 'one.json'];
  t.deepEqual((await readdir(folder)).toSorted(), names);
});
