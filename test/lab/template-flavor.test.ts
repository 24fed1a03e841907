// The script of openstack commands, run with the real client against the real Nova: made, left alone, mended, refused.
import {execFile} from 'node:child_process';
import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {fullTest} from '../helpers/full-test.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';
import {removeFlavors} from '../helpers/lab-flavors.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab} from '../helpers/lab.js';
import {renderShipped, written} from '../helpers/shipped-templates.js';

const {signal} = new AbortController();
const PREFIX = 'reprieve.template.';
const operator = await labOperator(await openLab());
const own = createCloud(await labConfiguration('lab'), labOptions);

/** Nothing of it may be taken for anything but a text by the shell. */
const NAME = `${PREFIX}it's "$HOME"`;
const FLAVOR = {
  name: NAME,
  vcpus: 2,
  ram: 256,
  disk: 1,
  swap: 16,
  description: 'of a "test" $(id) `id`',
  projects: ['demo-project'],
  extra_specs: {'hw:watchdog_action': 'poweroff', 'trait:CUSTOM_ODD': `required, "it's" $(id)`},
};

type Run = {readonly code: number | null; readonly output: string; readonly commands: readonly string[]};

/** Runs the script once; `commands` are those that the client was given, less those that only read. */
async function runScript(t: ExecutionContext, flavor: Readonly<Record<string, unknown>>): Promise<Run> {
  const folder = await written(t, await renderShipped('openstack-cli', flavor));
  const [bin, log] = [path.join(operator.home, 'bin'), path.join(operator.home, 'commands')];
  await mkdir(bin, {recursive: true});
  await rm(log, {force: true});
  const spy = `#!/bin/sh\nprintf '%s %s\\n' "$1" "$2" >>'${log}'\nexec /usr/bin/openstack "$@"\n`;
  await writeFile(path.join(bin, 'openstack'), spy);
  await chmod(path.join(bin, 'openstack'), 0o755);
  const env = {...operator.env, PATH: `${bin}:${process.env['PATH']}`};
  const {code, output} = await new Promise<Omit<Run, 'commands'>>((resolve) => {
    const child = execFile(path.join(folder, 'flavor.sh'), {env}, (_error, stdout, stderr) => {
      resolve({code: child.exitCode, output: stdout + stderr});
    });
  });
  const commands = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return {code, output, commands: commands.filter((command) => !/ (?:list|show)$/.test(command))};
}

const removeAll = async () => removeFlavors(own, PREFIX);

async function accessOf(id: string): Promise<readonly (string | undefined)[]> {
  const names = await own.projectNames(signal);
  return (await own.flavors.access(id, signal)).map((project) => names.get(project));
}

test.before(removeAll);
test.after.always(async () => {
  await removeAll();
  own.close();
  await operator.remove();
});

fullTest(
  'it makes the flavor, a second run changes nothing, and what was taken away comes back',
  async (t) => {
    const first = await runScript(t, FLAVOR);
    t.like(first, {code: 0, output: `${NAME}: made\n`});
    t.deepEqual(first.commands, ['flavor create', 'flavor set', 'flavor set']);
    const made = await own.flavors.find(NAME, signal);
    const {id = 'none'} = made ?? {};
    t.like(made, {
      vcpus: 2,
      memoryMib: 256,
      diskGib: 1,
      swapMib: 16,
      isPublic: false,
      description: FLAVOR.description,
      extraSpecs: FLAVOR.extra_specs,
    });
    t.deepEqual(await accessOf(id), ['demo-project']);

    const second = await runScript(t, FLAVOR);
    t.deepEqual(second, {code: 0, output: `${NAME}: as it should be\n`, commands: []});
    t.deepEqual(await own.flavors.find(NAME, signal), made);

    // As a run leaves it that was cut off after its first call.
    await own.flavorChanges.removeSpec(id, 'hw:watchdog_action', signal);
    const [project = ''] = await own.flavors.access(id, signal);
    await own.flavorChanges.removeAccess(id, project, signal);
    const third = await runScript(t, FLAVOR);
    t.deepEqual(third, {code: 0, output: `${NAME}: changed\n`, commands: ['flavor set', 'flavor set']});
    t.deepEqual(await own.flavors.find(NAME, signal), made);
    t.deepEqual(await accessOf(id), ['demo-project']);

    const other = await runScript(t, {...FLAVOR, ram: 512});
    t.is(other.code, 1);
    t.regex(other.output, /exists with another ram, which Nova never changes/);
    t.deepEqual(other.commands, []);
    t.deepEqual(await own.flavors.find(NAME, signal), made);
  },
);
