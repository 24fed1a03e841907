// The files of the flavor templates, read by the tools that they are for.
import {execFile, spawnSync} from 'node:child_process';
import {mkdir, readdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import {runFlavorCheck} from '../helpers/run-flavor.js';
import {renderShipped, textOf, written, writtenExamples} from '../helpers/shipped-templates.js';

const run = promisify(execFile);
const env = {PATH: process.env['PATH']};
const COLLECTION = '/usr/lib/python3/dist-packages/ansible_collections/openstack/cloud';

async function filesOf(t: ExecutionContext, template: string, ending: string) {
  const {folder, files} = await writtenExamples(t, template);
  const found = files.map(({path: name}) => path.join(folder, name)).filter((name) => name.endsWith(ending));
  t.true(found.length > 1);
  return {folder, found};
}

test('the script of openstack commands passes shellcheck, and dash and bash understand it', async (t) => {
  const {found} = await filesOf(t, 'openstack-cli', '.sh');
  await t.notThrowsAsync(run('shellcheck', found));
  for (const file of found) {
    await t.notThrowsAsync(run('dash', ['-n', file]));
    await t.notThrowsAsync(run('bash', ['--posix', '-n', file]));
  }
});

test('flavor check takes the JSON, with a verdict on each and no notice', async (t) => {
  const {found} = await filesOf(t, 'flavor-file', '.json');
  for (const file of found) {
    const {code, stderr, documents} = await runFlavorCheck(['--json', file]);
    t.is(code, 0, stderr);
    t.is(stderr, '');
    t.is(documents.length, 1);
  }
});

const properties = z.array(z.record(z.string(), z.unknown()));

test("Heat's own reader and the schema of OS::Nova::Flavor take the template", async (t) => {
  const {found} = await filesOf(t, 'heat', '.yaml');
  const {stdout} = await run('/usr/bin/python3', ['test/real/heat-oracle.py', ...found]);
  const [plain, full] = properties.parse(JSON.parse(stdout));
  t.like(plain, {name: 'm1.safe', vcpus: 4, ram: 8192, disk: 20, is_public: true, tenants: []});
  t.like(full, {
    name: "shop's own $flavor",
    flavorid: 'shop-1',
    swap: 512,
    rxtx_factor: 1.5,
    is_public: false,
    tenants: ['shop', 'web & mail'],
    extra_specs: {'hw:cpu_policy': 'dedicated'},
  });
});

/** Debian's collection, with a name for the module that came with 2.0. */
async function newerCollection(folder: string): Promise<string> {
  const place = path.join(folder, 'collections/ansible_collections/openstack/cloud');
  const modules = path.join(place, 'plugins/modules');
  await mkdir(modules, {recursive: true});
  for (const [from, to] of [
    [COLLECTION, place],
    [path.join(COLLECTION, 'plugins'), path.join(place, 'plugins')],
    [path.join(COLLECTION, 'plugins/modules'), modules],
  ] as const) {
    const names = (await readdir(from)).filter((name) => name !== 'plugins' && name !== 'modules');
    for (const name of names) await symlink(path.join(from, name), path.join(to, name));
  }
  await writeFile(path.join(modules, 'compute_flavor_access.py'), '');
  return path.join(folder, 'collections');
}

test('ansible-playbook takes the playbook; of the module that Debian lacks only its name is known', async (t) => {
  const {folder, found} = await filesOf(t, 'ansible-flavor', 'flavor.yml');
  const settings = {...env, ANSIBLE_COLLECTIONS_PATH: await newerCollection(folder)};
  const {stdout} = await run('ansible-playbook', ['--syntax-check', ...found], {env: settings});
  t.is(stdout.match(/^playbook: /gm)?.length, found.length);
});

const terraform = spawnSync('terraform', ['version'], {env}).status === 0;

const terraformTest = terraform ? test : test.skip;

terraformTest(
  'terraform fmt reads the files and would write them the same (where it is installed; Debian has none)',
  async (t) => {
    for (const template of ['terraform', 'terraform-vm']) {
      const {folder} = await filesOf(t, template, '.tf');
      const {stdout} = await run('terraform', ['fmt', '-check', '-diff', '-recursive', folder], {env});
      t.is(stdout, '');
    }
  },
);

const TEXT = 'x ${y} $${z} $$${w} %{if} %%{v} %%%{u} "q" \\n é $(id) `id`';

terraformTest(
  'terraform reads every text as it was given (where it is installed; Debian has none)',
  async (t) => {
    const given = {
      name: TEXT,
      vcpus: 1,
      ram: 1,
      description: TEXT,
      extra_specs: {a: TEXT},
    };
    const text = textOf(await renderShipped('terraform', given), 'flavor.tf');
    // Without the provider there are no resources: the same attributes as local values.
    const locals = text
      .replace(/^resource .*$/m, 'locals {')
      .replace(/^ {2}lifecycle \{[^]*?^ {2}\}$/m, '')
      .replace(/^output [^]*$/m, '');
    const folder = await written(t, []);
    await writeFile(path.join(folder, 'locals.tf'), locals);
    const asked =
      'jsonencode({name = local.name, description = local.description, extra_specs = local.extra_specs})\n';
    const {stdout, stderr} = spawnSync('terraform', ['console'], {
      cwd: folder,
      env,
      input: asked,
      encoding: 'utf8',
    });
    const printed = z.string().parse(JSON.parse(stdout), {error: () => stderr});
    t.like(given, z.record(z.string(), z.unknown()).parse(JSON.parse(printed)));
  },
);
