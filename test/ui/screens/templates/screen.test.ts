import test, {type ExecutionContext} from 'ava';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {templatesScreen} from '../../../../source/ui/screens/templates/screen.js';
import type {TemplatesOptions} from '../../../../source/ui/screens/templates/state.js';
import {entriesOf} from '../../../helpers/run-summaries.js';
import {showScreens, type ShownOptions, type ShownScreens} from '../../../helpers/shown-screens.js';
import {
  TEMPLATES,
  templatesPlace,
  templatesPorts,
  type TemplatesPlace,
} from '../../../helpers/templates-driver.js';
import {VirtualClock} from '../../../helpers/virtual-clock.js';

const RUN = '20261120-162040-k3v9';

type Shown = ShownScreens & {readonly place: TemplatesPlace};

async function show(
  t: ExecutionContext,
  options: Partial<ShownOptions> = {},
  templates: Partial<TemplatesOptions> = {},
): Promise<Shown> {
  const place = await templatesPlace(t);
  const journals = new Map([[RUN, entriesOf({run: RUN, seconds: 60, to: 7200, nodes: 2})]]);
  const ports = templatesPorts(place, {journals});
  const entry: ScreenEntry = {
    name: 'templates',
    description: 'templates',
    open: (shell) => anyScreen(templatesScreen(ports, {...TEMPLATES, ...templates}, shell)),
  };
  const screens = showScreens(t, [entry], {
    start: new VirtualClock().now(),
    first: 'templates',
    ...options,
  });
  return {...screens, place};
}

const WINDOWS = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

for (const [columns, rows] of WINDOWS) {
  test(`${columns}x${rows}: from the list to files on disk`, async (t) => {
    const {press, type, until, place} = await show(t, {columns, rows});
    await until(/DELAYED DELETE/);
    await until(/values from run 20261120-162040-k3v9/);
    await press('enter');
    await until(/✓ oslo\.config reads 7200 from it/);
    await press('tab', 'tab', 'tab', 'enter', 'ctrl-u');
    await type(place.out);
    await press('enter');
    await until(/\+ nova\.conf/);
    await press('W');
    await until(/✓ 3 files written to/);
    t.regex(await place.read('hosts/fra1-cmp-001.conf'), /reclaim_instance_interval = 7200/);
  });
}

test('e shows the command, and y copies it', async (t) => {
  const {press, until, written} = await show(t, {}, {template: 'conf'});
  await until(/reads 7200/);
  await press('e');
  await until(/reprieve template render conf --set interval=2h/);
  await press('y');
  await until(/copied: reprieve template render conf/);
  const command =
    'reprieve template render conf --set interval=2h --set hosts=fra1-cmp-001,fra1-cmp-002 -o ./conf';
  t.true(written().includes(Buffer.from(command).toString('base64')));
});

test('what goes and what comes has its colour, and comments are muted', async (t) => {
  const {press, type, until, cell, place} = await show(t, {columns: 120, rows: 40}, {template: 'conf'});
  await until(/reads 7200/);
  await place.write('out/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 86400\n');
  await press('tab', 'tab', 'tab', 'enter', 'ctrl-u');
  await type(place.out);
  await press('enter');
  const lines = await until(/exists, 1 line differs/);
  const at = (wanted: RegExp) => {
    const row = lines.findIndex((line) => wanted.test(line));
    return cell(row, lines[row]?.search(/[-+]reclaim/) ?? 0);
  };
  t.is(at(/-reclaim_instance_interval = 86400/).colour, '#ff7a66');
  t.is(at(/\+reclaim_instance_interval = 7200/).colour, '#4fc3a1');
});

test('without colours and with ASCII alone the same is there', async (t) => {
  const {press, until, screen} = await show(t, {
    isColourRefused: true,
    symbols: 'ascii',
    columns: 120,
    rows: 40,
  });
  await until(/values from run/);
  await until(/a file for nova/);
  t.regex(screen().join('\n'), /^[\x20-\x7e\n]*$/);
  await press('enter');
  await until(/\+ oslo\.config reads 7200 from it/);
  t.regex(screen().join('\n'), /^[\x20-\x7e\n]*$/);
});

test('a screen reader hears the list, each value with where it comes from, and what becomes of the files', async (t) => {
  const {press, type, until, place} = await show(t, {theme: 'reader', columns: 200, rows: 60});
  await until(/Templates\. 2 templates\./);
  await until(/Selected: conf, Delayed delete: a file for nova\.conf\.d\. 1 of 2\./);
  await press('enter');
  await until(/Selected: interval, text field, 2h, 7200 seconds, from run 20261120-162040-k3v9\./);
  await press('tab', 'tab', 'tab', 'enter', 'ctrl-u');
  await type(place.out);
  await press('enter', 'W');
  await until(/3 files written to/);
  t.regex(await place.read('nova.conf'), /= 7200\n/);
});

test('help has room for every key in the smallest window', async (t) => {
  const {press, until} = await show(t, {columns: 80, rows: 24}, {template: 'conf'});
  await until(/reads 7200/);
  await press('?');
  const help = await until(/this help/);
  t.regex(help.join('\n'), /^ W +write the/m);
  t.regex(help.join('\n'), /– not checked here/);
  t.notRegex(help.join('\n'), /more lines/);
});

test('a window that is too small says so, and nothing is lost', async (t) => {
  const {until, resize, screen} = await show(t, {columns: 80, rows: 24}, {template: 'conf'});
  await until(/reads 7200/);
  resize(60, 20);
  await until(/reprieve needs 80 x 24/);
  resize(80, 24);
  await until(/reads 7200/);
  t.regex(screen().join('\n'), /nova\.conf/);
});
