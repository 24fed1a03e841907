import {mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {KnownSource} from '../../../../source/app/template/known-values.js';
import {templatesCommand} from '../../../../source/ui/screens/templates/command.js';
import {currentRow, formRows, shownFile} from '../../../../source/ui/screens/templates/form.js';
import {pickedTemplate, pickRows} from '../../../../source/ui/screens/templates/pick.js';
import {templatesSentences} from '../../../../source/ui/screens/templates/sentences.js';
import type {TemplatesOptions} from '../../../../source/ui/screens/templates/state.js';
import {entriesOf} from '../../../helpers/run-summaries.js';
import {half} from '../../../helpers/flavor-driver.js';
import {
  TemplatesDriver,
  templatesPlace,
  templatesPorts,
  type TemplatesPlace,
  type TemplatesShape,
} from '../../../helpers/templates-driver.js';

const RUN = '20261120-162040-k3v9';
const FLAVOR: KnownSource = {word: 'flavor', origin: 'flavor db.16', values: {name: 'db.16', vcpus: 16}};

type Opened = {readonly driver: TemplatesDriver; readonly place: TemplatesPlace};

async function open(
  t: ExecutionContext,
  options: Partial<TemplatesOptions> = {},
  shape: TemplatesShape = {},
  memory: {text: string | undefined} = {text: undefined},
): Promise<Opened> {
  const place = await templatesPlace(t);
  const driver = new TemplatesDriver(templatesPorts(place, shape, memory), options);
  t.teardown(async () => driver.stop());
  await driver.ready();
  return {driver, place};
}

/** A template with its files rendered, written to the place's own folder. */
async function fillIn(
  t: ExecutionContext,
  template: string,
  shape: TemplatesShape = {},
  options: Partial<TemplatesOptions> = {},
): Promise<Opened> {
  const opened = await open(t, {template, ...options}, shape);
  const {driver, place} = opened;
  driver.toRow('folder').press('enter', 'ctrl-u').type(place.out).press('enter');
  if (driver.state.form?.preview.kind !== 'none') await driver.previewed();
  driver.press('g');
  return opened;
}

const origins = (driver: TemplatesDriver): readonly string[] =>
  half(driver.body(), 'left')
    .split('\n')
    .slice(2)
    .filter((line) => /^[ ▌] [a-z]/.test(line))
    .map((line) => line.slice(2).replaceAll(/\s+/g, ' '));

test('templates are listed by group; the group that was asked for has the cursor', async (t) => {
  const {driver} = await open(t);
  t.deepEqual(
    pickRows(driver.state).map(({name}) => name),
    ['conf', 'shape'],
  );
  t.is(pickedTemplate(driver.state)?.name, 'conf');
  const {driver: other} = await open(t, {group: 'Flavors'});
  t.is(pickedTemplate(other.state)?.name, 'shape');
});

test('a filter finds by name, title, tool and group; esc shows all', async (t) => {
  const {driver} = await open(t);
  driver.press('/').type('flav').press('enter');
  t.deepEqual(
    pickRows(driver.state).map(({name}) => name),
    ['shape'],
  );
  t.is(pickedTemplate(driver.state)?.name, 'shape');
  driver.press('esc');
  t.is(pickRows(driver.state).length, 2);
});

test('a template that cannot be read is told with its line, and the others can be picked', async (t) => {
  const place = await templatesPlace(t);
  await place.write('templates/broken/template.yaml', 'title: x\nvalues: [\n');
  const driver = new TemplatesDriver(templatesPorts(place));
  t.teardown(async () => driver.stop());
  await driver.ready();
  t.regex(driver.body(80, 24).join('\n'), /broken\/template\.yaml:\d+/);
  t.is(pickRows(driver.state).length, 2);
});

test('a name that no template has is told, and the list is there', async (t) => {
  const {driver} = await open(t, {template: 'kola'});
  t.is(driver.state.notice?.text, 'there is no template kola');
  t.is(driver.state.form, undefined);
});

test('values come from the newest run, and each says so', async (t) => {
  const journals = new Map([[RUN, entriesOf({run: RUN, seconds: 60, to: 7200, nodes: 2})]]);
  const {driver} = await open(t, {template: 'conf'}, {journals});
  await driver.previewed();
  t.deepEqual(origins(driver), [
    'interval 2h 7200 run',
    'hosts fra1-cmp-001,fra1-cmp-002 2 run',
    'loud no default',
    'folder ./conf',
  ]);
  t.is(
    templatesCommand(driver.state),
    'reprieve template render conf --set interval=2h --set hosts=fra1-cmp-001,fra1-cmp-002 -o ./conf',
  );
});

test('the run that was asked for is taken, and a plan that was handed over comes before every run', async (t) => {
  const older = '20261101-101010-aaaa';
  const journals = new Map([
    [RUN, entriesOf({run: RUN, seconds: 60, to: 7200})],
    [older, entriesOf({run: older, seconds: 60, to: 600})],
  ]);
  const {driver} = await open(t, {template: 'conf', run: older}, {journals});
  t.regex(origins(driver)[0] ?? '', /^interval 10m 600 run/);
  const plan: KnownSource = {word: 'plan', origin: 'plan plan.json', values: {interval: 60}};
  const {driver: planned} = await open(t, {template: 'conf', known: [plan]}, {journals});
  t.regex(origins(planned)[0] ?? '', /^interval 1m 60 plan/);
});

test('an interval is typed where the cursor is, and u takes it back to where it came from', async (t) => {
  const {driver} = await fillIn(t, 'conf');
  driver.type('2h');
  await driver.previewed();
  t.regex(origins(driver)[0] ?? '', /^interval 2h/);
  t.regex(shownFile(driver.state)?.file.text ?? '', /reclaim_instance_interval = 7200/);
  driver.press('u');
  await driver.previewed();
  t.regex(origins(driver)[0] ?? '', /^interval 1w 604800 default/);
});

test('letters of a text are typed after enter; esc brings back what was there', async (t) => {
  const {driver} = await fillIn(t, 'conf');
  driver.toRow('value hosts').press('enter').type('c1,c2').press('esc');
  t.deepEqual(driver.state.form?.written, {});
  driver.press('enter').type('c1,c2').press('enter');
  await driver.previewed();
  t.deepEqual(
    formRows(driver.state).flatMap((row) => (row.kind === 'file' ? [row.file.file.path] : [])),
    ['nova.conf', 'hosts/c1.conf', 'hosts/c2.conf'],
  );
});

test('what cannot be a value is told beside its field, and nothing can be written', async (t) => {
  const {driver} = await fillIn(t, 'conf');
  driver.toRow('value hosts').press('enter').type('C_1').press('enter');
  t.regex(half(driver.body(80, 24), 'left'), /✗ {2}"C_1" does not match/);
  t.regex(half(driver.body(80, 24), 'right'), /Nothing to show yet/);
  driver.press('W');
  t.is(driver.state.form?.stage.kind, 'fill');
  t.is(driver.state.notice, undefined);
  t.is(templatesCommand(driver.state).replace(/ -o .*/, ''), 'reprieve template render conf --set hosts=C_1');
});

test('files of the last good values are marked as such while a value is wrong, and none of them is shown whole', async (t) => {
  const {driver} = await fillIn(t, 'conf');
  driver.type('2h');
  await driver.previewed();
  t.notRegex(half(driver.body(80, 24), 'left'), /of the last good values/);
  driver.toRow('value hosts').press('enter').type('C_1').press('enter');
  const left = half(driver.body(80, 24), 'left');
  t.regex(left, /FILES {2}of the last good values\n {2}– nova\.conf/);
  t.notRegex(left, /\+ new/);
  const right = half(driver.body(80, 24), 'right');
  t.regex(right, /what is given cannot be[^]*✗ hosts\n {3}"C_1" does not match/);
  driver.toRow('file nova.conf').press('enter');
  t.is(driver.state.form?.stage.kind, 'fill');
  t.is(driver.state.notice?.text, 'what is wrong has to be mended first');
  t.true(templatesSentences(driver.state).includes('Selected: File nova.conf, of the last good values.'));
});

test('enter writes nothing but on the button for that; on a row it goes on to the next one', async (t) => {
  const {driver, place} = await fillIn(t, 'conf');
  t.is(currentRow(driver.state)?.id, 'value interval');
  driver.press('enter');
  t.is(driver.state.form?.stage.kind, 'fill');
  t.is(currentRow(driver.state)?.id, 'value hosts');
  driver.toRow('value loud').press('enter');
  t.is(driver.state.form?.stage.kind, 'fill');
  t.is(currentRow(driver.state)?.id, 'folder');
  await t.throwsAsync(place.read('nova.conf'), {code: 'ENOENT'});
  driver.toRow('write').press('enter');
  await driver.until(({form}) => form?.stage.kind === 'written');
  t.regex(await place.read('nova.conf'), /= 604800/);
});

test('yes, no and choices are changed with the arrows, both ways round', async (t) => {
  const {driver} = await fillIn(t, 'conf');
  driver.toRow('value loud').press('right');
  await driver.previewed();
  t.regex(shownFile(driver.state)?.file.text ?? '', /# Deleted servers are kept/);
  driver.press('space');
  t.is(driver.state.form?.written['loud'], 'no');
  const {driver: shape} = await fillIn(t, 'shape', {}, {known: [FLAVOR]});
  shape.toRow('value kind').press('left');
  t.is(shape.state.form?.written['kind'], 'large');
  shape.press('left');
  t.is(shape.state.form?.written['kind'], 'small');
});

test('what is needed is named until it is given; a flavor that was designed gives it', async (t) => {
  const {driver} = await open(t, {template: 'shape'});
  const right = half(driver.body(), 'right');
  t.regex(right, /it needs[^]*name[^]*its name[^]*vcpus/);
  t.deepEqual(origins(driver).slice(0, 2), ['name – needed', 'vcpus – needed']);
  const {driver: designed} = await fillIn(t, 'shape', {}, {known: [FLAVOR]});
  t.deepEqual(origins(designed).slice(0, 3), ['name db.16 flavor', 'vcpus 16 flavor', 'kind small default']);
});

test('the cloud is asked when a template wants something of it, and where it cannot be the rest works', async (t) => {
  const cloud: KnownSource = {word: 'cloud', origin: 'cloud fra1', values: {name: 'fra1'}};
  const {driver} = await fillIn(t, 'shape', {cloud}, {known: [FLAVOR]});
  await driver.until(({cloud: seen}) => seen.kind === 'ready');
  t.is(origins(driver)[3], 'cloud fra1 cloud');
  const {driver: without} = await fillIn(t, 'shape', {}, {known: [FLAVOR]});
  await without.until(({cloud: seen}) => seen.kind === 'failed');
  t.is(origins(without)[3], 'cloud none default');
  const {driver: conf} = await fillIn(t, 'conf', {cloud});
  t.is(conf.state.cloud.kind, 'none', 'nobody wants it there');
});

test('new files are written without a question, and then it says how they are used', async (t) => {
  const memory = {text: undefined};
  const place = await templatesPlace(t);
  const driver = new TemplatesDriver(templatesPorts(place, {}, memory), {template: 'conf'});
  t.teardown(async () => driver.stop());
  await driver.ready();
  driver.toRow('folder').press('enter', 'ctrl-u').type(place.out).press('enter');
  await driver.previewed();
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'written');
  t.regex(await place.read('nova.conf'), /reclaim_instance_interval = 604800/);
  const right = half(driver.body(), 'right');
  t.regex(right, /✓ 1 file written to/);
  t.regex(right, /Next\n {3}cp conf\/nova\.conf/);
  driver.press('enter');
  t.is(driver.state.form, undefined);
  t.is(driver.state.uses.get('conf')?.folder, place.out);
  const again = new TemplatesDriver(templatesPorts(place, {}, memory), {template: 'conf'});
  t.teardown(async () => again.stop());
  await again.ready();
  t.is(again.state.form?.folder, place.out, 'the folder is remembered');
  await again.previewed();
  again.press('W');
  t.is(again.state.notice?.text, 'nothing to write: 1 file as wanted already');
});

test('files that would be replaced are shown with what goes with them, and replaced only when that is agreed to', async (t) => {
  const {driver, place} = await fillIn(t, 'conf');
  const own = '[DEFAULT]\nreclaim_instance_interval = 86400\n[libvirt]\ncpu_mode = none\n';
  await place.write('out/nova.conf', own);
  driver.type('2h');
  await driver.previewed();
  const left = half(driver.body(), 'left');
  t.regex(left, /~ nova\.conf/);
  const right = half(driver.body(), 'right');
  t.regex(right, /nova\.conf {2}exists, 3 lines differ/);
  t.regex(right, /-reclaim_instance_interval = 86400[^]*\+reclaim_instance_interval = 7200/);
  t.regex(right, /✓ oslo\.config reads 7200 from it\n ▲ gone with it: \[libvirt\] cpu_mode/);
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'asking');
  driver.press('enter');
  t.is(driver.state.form?.stage.kind, 'fill', 'Cancel has the focus');
  t.is(await place.read('nova.conf'), own);
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'asking');
  driver.press('tab', 'enter');
  await driver.until(({form}) => form?.stage.kind === 'written');
  t.regex(await place.read('nova.conf'), /= 7200\n$/);
});

test('a file that is not made any more is told when the others are written, and stays', async (t) => {
  const {driver, place} = await fillIn(t, 'conf');
  driver.toRow('value hosts').press('enter').type('c1').press('enter');
  await driver.previewed();
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'written');
  t.notRegex(half(driver.body(), 'right'), /▲/);
  driver.press('enter', 'enter').toRow('value hosts').press('enter', 'ctrl-u').type('c2').press('enter');
  await driver.previewed();
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'asking');
  driver.press('tab', 'enter');
  await driver.until(({form}) => form?.stage.kind === 'written');
  t.regex(half(driver.body(), 'right'), /▲ hosts\/c1\.conf was made before and is not any more;/);
  t.true(
    templatesSentences(driver.state).some((text) =>
      text.startsWith('Warning: hosts/c1.conf was made before'),
    ),
  );
  t.regex(await place.read('hosts/c1.conf'), /= 604800/);
});

test('what changes between the question and the answer stops it: nothing is written', async (t) => {
  const {driver, place} = await fillIn(t, 'conf');
  await place.write('out/nova.conf', 'first\n');
  driver.press('W');
  await driver.until(({form}) => form?.stage.kind === 'asking');
  await place.write('out/nova.conf', 'second\n');
  driver.press('tab', 'enter');
  await driver.until(({notice}) => notice !== undefined);
  t.regex(driver.state.notice?.text ?? '', /it was changed meanwhile; nothing was written/);
  t.is(await place.read('nova.conf'), 'second\n');
});

test('what is in the way is told before anything is written', async (t) => {
  const {driver, place} = await fillIn(t, 'conf');
  await mkdir(path.join(place.out, 'nova.conf'), {recursive: true});
  driver.type('2h');
  await driver.previewed();
  t.regex(half(driver.body(), 'left'), /✗ nova\.conf/);
  driver.press('W');
  t.regex(driver.state.notice?.text ?? '', /nova\.conf cannot be written: it is there and no file/);
  await rm(path.join(place.out, 'nova.conf'), {recursive: true});
});

test('a folder that is not named is asked for; a tilde is the home folder', async (t) => {
  const {driver} = await open(t, {template: 'conf', home: '/home/op'});
  driver.toRow('folder').press('enter', 'ctrl-u', 'enter');
  t.regex(half(driver.body(80, 24), 'left'), /✗ {2}a folder is needed/);
  driver.toRow('folder').press('enter').type('~/files').press('enter');
  t.is(templatesCommand(driver.state), 'reprieve template render conf -o /home/op/files');
});

test('what is printed can be read, copied, and told on the terminal at the end', async (t) => {
  const {driver} = await open(t, {template: 'conf'});
  driver.toRow('value hosts').press('enter').type('c1').press('enter');
  await driver.previewed();
  driver.press('p');
  const body = driver.body(120, 40).join('\n');
  t.regex(body, /==> nova\.conf <==[^]*==> hosts\/c1\.conf <==/);
  t.is(templatesCommand(driver.state), 'reprieve template render conf --set hosts=c1');
  driver.press('y', 'p');
  t.regex(driver.copied[0] ?? '', /^==> nova\.conf <==\n# Made by reprieve 1\.2\.3/);
  t.is(driver.afterwards.get('templates'), driver.copied[0]);
  driver.press('esc');
  t.is(driver.state.form?.stage.kind, 'fill');
});

test('enter on a file shows that one whole, and long ones are gone through', async (t) => {
  const {driver} = await open(t, {template: 'conf'});
  await driver.previewed();
  driver.toRow('file nova.conf').press('enter');
  t.regex(driver.body().join('\n'), /FILE {2}nova\.conf/);
  t.notRegex(driver.body().join('\n'), /==>/);
  driver.press('G');
  t.is(driver.state.form?.top, 0, 'all of it is in sight');
});

test('p on the list prints a template as it is; where something is needed it is asked for first', async (t) => {
  const {driver} = await open(t);
  driver.press('p');
  t.is(driver.state.form?.stage.kind, 'print');
  driver.press('esc', 'b', 'j', 'p');
  t.is(driver.state.form?.stage.kind, 'fill');
  t.is(driver.state.notice?.text, 'fill in what is needed first');
});

test('what was filled in is there again when the template is opened again', async (t) => {
  const {driver} = await open(t);
  driver.press('enter').type('2h').press('b', 'enter');
  t.deepEqual(driver.state.form?.written, {interval: '2h'});
});

test('a text that no command line can say again has no command', async (t) => {
  const odd: KnownSource = {word: 'plan', origin: 'plan p', values: {computes: [' a']}};
  const place = await templatesPlace(t);
  const file = path.join('templates', 'free', 'template.yaml');
  await place.write(
    file,
    'title: t\npurpose: p\nvalues:\n  hosts: {type: list, help: h, from: plan.computes}\nfiles: [{path: a.txt}]\nexamples: {a: {}}\n',
  );
  await place.write('templates/free/a.txt', '{% for host in hosts %}{{ host }}{% endfor %}\n');
  const driver = new TemplatesDriver(templatesPorts(place), {template: 'free', known: [odd]});
  t.teardown(async () => driver.stop());
  await driver.ready();
  t.is(templatesCommand(driver.state), '');
});

test('the cursor goes through values, folder, files and buttons; buttons that are off are passed over', async (t) => {
  const {driver} = await open(t, {template: 'shape'});
  const seen: string[] = [];
  for (let at = 0; at < 8; at += 1) {
    seen.push(currentRow(driver.state)?.id ?? '');
    driver.press('tab');
  }
  t.deepEqual([...new Set(seen)], ['value name', 'value vcpus', 'value kind', 'value cloud', 'folder']);
});
