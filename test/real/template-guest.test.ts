// The files of the templates for guests, read and run by the tools that they are for.
import {execFile} from 'node:child_process';
import {chmod, copyFile, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {renderExamples, renderShipped, textOf, writtenExamples} from '../helpers/shipped-templates.js';

const run = promisify(execFile);
const here = fileURLToPath(new URL('../../../test/real/', import.meta.url));

async function understood(t: ExecutionContext, file: string): Promise<void> {
  await t.notThrowsAsync(run('shellcheck', ['--shell=sh', file]), file);
  for (const shell of [['dash'], ['bash', '--posix']]) {
    const [program = '', ...flags] = shell;
    await t.notThrowsAsync(run(program, [...flags, '-n', file]), file);
  }
}

test('the script for images passes shellcheck, and dash and bash understand it', async (t) => {
  const {folder, files} = await writtenExamples(t, 'image-build');
  for (const {path: name, isExecutable} of files)
    if (isExecutable) await understood(t, path.join(folder, name));
  t.is(files.filter(({isExecutable}) => isExecutable).length, 4);
});

const userData = z.object({
  write_files: z.array(z.object({path: z.string(), content: z.string()})),
  runcmd: z.array(z.array(z.string())),
});

test('what cloud-init runs and writes of shell passes shellcheck: Alpine is not run', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-guest-'));
  t.teardown(async () => rm(folder, {recursive: true}));
  const texts: string[] = [];
  for (const {files} of await renderExamples('cloud-init')) {
    const {write_files: written_, runcmd} = userData.parse(parse(textOf(files, 'user-data.yaml')));
    texts.push(...runcmd.filter(([first]) => first === 'sh').map((words) => words.at(-1) ?? ''));
    const scripts = written_.filter(({path: name}) => /^\/etc\/(?:init|conf)\.d\//.test(name));
    // OpenRC reads variables that nothing here does.
    texts.push(
      ...scripts.map(({content}) => `# shellcheck disable=SC2034\n${content.replace(/^#!.*\n/, '')}`),
    );
  }
  t.is(texts.length, 6);
  for (const [index, text] of texts.entries()) {
    const file = path.join(folder, `${index}.sh`);
    await writeFile(file, text);
    await understood(t, file);
  }
});

const folders: string[] = [];
test.after.always(async () => {
  for (const folder of folders) await rm(folder, {recursive: true});
});

/** What the examples of the templates make, by names of their own. */
async function examplesOf(templates: readonly string[], file: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const template of templates) {
    for (const {example, files} of await renderExamples(template)) {
      texts.set(`${template}-${example}${path.extname(file)}`, textOf(files, file));
    }
  }
  return texts;
}

const SCHEMA = examplesOf(['cloud-init', 'systemd'], 'user-data.yaml');
const DOMAINS = examplesOf(['libvirt'], 'domain.xml');
/** Files for Packer, each example in a folder of its own. */
const BUILDS = renderExamples('image-build').then((examples) =>
  examples.flatMap(({example, files}) =>
    files
      .filter(({path: name}) => name.endsWith('.pkr.hcl'))
      .map(({path: name, text}) => [`${example}/${name}`, text] as const),
  ),
);
const UNIT = 'files/etc/systemd/system/watchdog-driver.service';

/** Everything at once in one root that is thrown away; what was found, by the headings of `guest-in-root`. */
async function runInRoot(): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-guest-'));
  folders.push(folder);
  const values = {heartbeat: 4, distribution: 'debian'};
  const [systemd, domains] = [await renderShipped('systemd', {}), await DOMAINS];
  const reset = domains.get('libvirt-reset.xml') ?? '';
  const texts = [
    ...Array.from(await SCHEMA, ([name, text]) => [`schema/${name}`, text]),
    ...Array.from(domains, ([name, text]) => [`xml/${name}`, text]),
    ['xml/odd.xml', reset.replace('action="reset"', 'action="restart"')],
    ['unit/watchdog-driver.service', textOf(systemd, UNIT)],
    ...Array.from(await BUILDS, ([name, text]) => [`packer/${name}`, text]),
    ['user-data.yaml', textOf(await renderShipped('cloud-init', values), 'user-data.yaml')],
    ['guest-half.sh', textOf(await renderShipped('image-build', {heartbeat: 4}), 'guest-half.sh')],
  ] as const;
  for (const [name = '', text = ''] of texts) {
    await mkdir(path.dirname(path.join(folder, name)), {recursive: true});
    await writeFile(path.join(folder, name), text);
  }
  await chmod(path.join(folder, 'guest-half.sh'), 0o755);
  await copyFile(path.join(here, 'guest-in-root'), path.join(folder, 'inside'));
  const {stdout} = await run(path.join(here, 'throwaway-root'), [folder], {timeout: 240_000});
  const parts = stdout.split(/^== /m).slice(1);
  return new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', part.replace(/^.*\n/, '').trim()]));
}

const inRoot = runInRoot();

async function partOf(heading: string): Promise<readonly string[]> {
  return (await inRoot).get(heading)?.split('\n') ?? [];
}

test("cloud-init's schema takes the user data of each example", async (t) => {
  const names = Array.from((await SCHEMA).keys(), (name) => `valid ${name}`);
  t.is(names.length, 7);
  t.deepEqual((await partOf('schema')).toSorted(), names.toSorted());
});

test("libvirt's schema takes the domain of each example, and not with any action", async (t) => {
  const names = Array.from((await DOMAINS).keys(), (name) => `valid ${name}`);
  t.deepEqual((await partOf('xml')).toSorted(), ['not odd.xml', ...names].toSorted());
});

test('Packer reads its files, without the block of plugins, and would format them no otherwise', async (t) => {
  t.deepEqual(await partOf('packer'), ['valid asked-for', 'valid rocky']);
});

const result = z.object({v1: z.object({errors: z.array(z.string())})});

test('in a Debian root cloud-init carries the user data out: package, settings, services', async (t) => {
  t.deepEqual(result.parse(JSON.parse((await partOf('result')).join('\n'))).v1.errors, []);
  const settings = await partOf('settings');
  for (const line of ['watchdog-timeout = 4', 'interval = 1', 'run_wd_keepalive=0']) {
    t.true(settings.includes(line), line);
  }
  t.deepEqual(settings.slice(-2), ['enabled', 'enabled']);
});

test('systemd-analyze takes the units that are there then, and the one for images', async (t) => {
  const units = ['watchdog.service', 'watchdog-driver.service', 'unit/watchdog-driver.service'];
  t.deepEqual(
    await partOf('units'),
    units.map((unit) => `verified ${unit}`),
  );
});

test('there the daemon feeds a pipe in the place of the device, each second until it ends', async (t) => {
  // V: it ends on purpose, and the device is to be still.
  t.regex((await partOf('fed')).join(' '), /^ *(?:\\0 +){2,4}V$/);
});

test('there the script for images writes what cloud-init wrote, and refuses an image without the driver', async (t) => {
  const [same, refusal = '', end] = await partOf('image');
  t.is(same, 'same');
  t.regex(refusal, /^no kernel in this image has the driver i6300esb: /);
  t.is(end, 'refused with 1');
});
