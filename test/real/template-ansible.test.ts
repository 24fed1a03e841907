// The role's own module makes of files what `apply` and `conf set` make of them, and Ansible takes what is rendered.
import {execFile, spawnSync} from 'node:child_process';
import {mkdir, readdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import {z} from 'zod';
import {UserError} from '../../source/app/errors.js';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {documentBytes, readDocument} from '../../source/domain/oslo/document.js';
import {effectiveValue} from '../../source/domain/oslo/effective.js';
import {setOption} from '../../source/domain/oslo/edit.js';
import {playbook, type PlaybookRun} from '../helpers/ansible-playbook.js';
import {configFile} from '../helpers/config-files.js';
import {sampleConfig} from '../helpers/sample-config.js';
import {renderShipped, shippedTemplate, written, writtenExamples} from '../helpers/shipped-templates.js';

const run = promisify(execFile);
const OPTION = 'reclaim_instance_interval';
const ROLE = fileURLToPath(new URL('../../../templates/ansible/roles/delayed_delete', import.meta.url));
const WANTED = '7777';

/** For each job, a list of files: the text with the option set in the first one, and the value that counts of all. */
const READ = `
import base64, json, sys
sys.path[:0] = sys.argv[1:]
import oslo_file
def read(files):
    try:
        return [oslo_file.OsloFile('file', base64.b64decode(one).decode('utf-8'), '${OPTION}') for one in files]
    except oslo_file.Refused:
        return None
def answer(files):
    read_files = read(files)
    if read_files is None:
        return {'set': None, 'raw': None}
    text = read_files[0].with_value('${WANTED}')
    return {'set': base64.b64encode(text.encode('utf-8')).decode(), 'raw': oslo_file.deciding(read_files)[1]}
json.dump([answer(files) for files in json.load(sys.stdin)], sys.stdout)
`;
const answers = z.array(z.object({set: z.string().nullable(), raw: z.string().nullable()}));

function python(program: string, input: unknown): string {
  const args = ['-c', program, path.join(ROLE, 'module_utils'), path.join(ROLE, 'library')];
  const {status, stdout, stderr} = spawnSync('/usr/bin/python3', args, {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1'},
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What our own reader and editor make of the same files. */
function ours(files: readonly Uint8Array[]): z.infer<typeof answers>[number] {
  const documents = files.map(readDocument);
  const [first] = documents;
  if (first === undefined || documents.some(({failure}) => failure !== undefined)) {
    return {set: null, raw: null};
  }
  const edit = setOption(first, 'DEFAULT', OPTION, WANTED);
  const sources = documents.map((document, index) => ({
    kind: 'file' as const,
    file: String(index),
    document,
  }));
  const {source} = effectiveValue(sources, {group: 'DEFAULT', option: OPTION, environment: {}, known: []});
  return {
    set:
      edit.kind === 'edit'
        ? Buffer.from(documentBytes(applyEdits(first, edit.edits))).toString('base64')
        : edit.kind,
    raw: source?.raw ?? null,
  };
}

test('whatever is in files, the role reads and edits them as reprieve does', (t) => {
  const utf8 = configFile.filter((bytes) => readDocument(bytes).encoding === 'utf-8');
  const jobs = [
    ...fc.sample(fc.tuple(utf8), 1500),
    ...fc.sample(fc.tuple(utf8, utf8), 300),
    [sampleConfig()],
    [new Uint8Array()],
  ];
  const input = jobs.map((files) => files.map((bytes) => Buffer.from(bytes).toString('base64')));
  const found = answers.parse(JSON.parse(python(READ, input)));
  t.true(found.filter(({set}) => set !== null).length > 1000);
  for (const [index, files] of jobs.entries()) {
    const shown = files.map((bytes) => JSON.stringify(Buffer.from(bytes).toString('utf8'))).join('\n');
    t.deepEqual(found[index], ours(files), shown);
  }
});

const PLACES = `
import json, os, sys, tempfile
sys.path[:0] = sys.argv[1:]
import nova_interval
root = tempfile.mkdtemp()
nova_interval.PLACES = (root,)
for name in ['nova.conf', 'nova-compute.conf', 'nova.conf.d/20.conf', 'nova.conf.d/10.conf', 'nova.conf.d/.no.conf', 'x/a.conf']:
    os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
    open(os.path.join(root, name), 'w').close()
def files(program, words, environment={}):
    words = [word.replace('ROOT', root) for word in words]
    environment = dict((name, value.replace('ROOT', root)) for name, value in environment.items())
    return [os.path.relpath(path, root) for path in nova_interval.files_read(program, words, environment)]
json.dump([
    files('nova-compute', ['nova-compute']),
    files('nova-compute', ['nova-compute', '--config-file=ROOT/nova.conf', '--config-file', 'ROOT/nova-compute.conf']),
    files('nova-compute', ['nova-compute', '--config-file=ROOT/nova.conf', '--config-dir=ROOT/x']),
    files('nova-api', ['uwsgi'], {'OS_NOVA_CONFIG_FILES': 'api-paste.ini;nova.conf', 'OS_NOVA_CONFIG_DIR': 'ROOT'}),
], sys.stdout)
`;

test('the files of a service are found as oslo.config finds them, folders before files that are named', (t) => {
  const folder = ['nova.conf.d/10.conf', 'nova.conf.d/20.conf'];
  t.deepEqual(JSON.parse(python(PLACES, null)), [
    ['nova.conf', 'nova-compute.conf', ...folder],
    [...folder, 'nova.conf', 'nova-compute.conf'],
    ['nova.conf', 'x/a.conf'],
    ['nova.conf', ...folder],
  ]);
});

test('ansible-playbook takes the playbook of every example, and ansible-inventory the inventory', async (t) => {
  const {folder} = await writtenExamples(t, 'ansible');
  const inventory = path.join(folder, 'a-week', 'inventory.yml');
  const examples = await readdir(folder);
  t.deepEqual(examples.toSorted(), ['a-week', 'computes-alone', 'off', 'own-inventory']);
  for (const example of examples) {
    const cwd = path.join(folder, example);
    await t.notThrowsAsync(
      run('ansible-playbook', ['-i', inventory, '--syntax-check', 'playbook.yml'], {cwd}),
      example,
    );
  }
  const {stdout} = await run('ansible-inventory', ['-i', inventory, '--list']);
  t.like(JSON.parse(stdout), {
    nova_compute: {hosts: ['compute-1', 'compute-2']},
    nova_api: {hosts: ['controller']},
    _meta: {
      hostvars: {
        'compute-1': {ansible_host: '192.0.2.11', ansible_user: 'operator'},
        'compute-2': {nova_compute_unit: 'nova-compute-kvm', nova_host: 'compute-2.example.org'},
      },
    },
  });
  const order = await run('ansible-playbook', ['-i', inventory, '--list-hosts', 'playbook.yml'], {
    cwd: path.join(folder, 'off'),
  });
  t.regex(order.stdout, /nova-api[^]*computes/, 'off begins with nova-api');
});

/** In the place of the role's own module: a node whose service runs with 60 s, and has no other problem. */
const NODE = `from ansible.module_utils.basic import AnsibleModule
module = AnsibleModule(
    {'role': {}, 'value': {'type': 'int'}, 'units': {'type': 'raw'}, 'files': {'type': 'raw'}}, supports_check_mode=True)
seen = {'unit': 'nova', 'file': '/nonexistent/nova.conf', 'backup': '/nonexistent/backup', 'units': module.params['units']}
module.exit_json(changed=True, differs=True, before=60, restart_needed=True, **seen)
`;

/** Runs the playbook on this machine alone, without restarts; what a host said in the end is told. */
async function ranHere(
  t: ExecutionContext,
  values: Readonly<Record<string, unknown>>,
  args: readonly string[],
): Promise<PlaybookRun> {
  const folder = await written(t, await renderShipped('ansible', values));
  await writeFile(path.join(folder, 'roles/delayed_delete/library/nova_interval.py'), NODE);
  const settings = ['-c', 'local', '-e', 'ansible_become=false', '-e', 'delayed_delete_restarts=false'];
  return playbook(folder, ['-i', 'inventory.yml', 'playbook.yml', ...settings, ...args], {
    env: {HOME: folder},
  });
}

test('a compute is not turned off while nova-api was not seen off, unless the operator says so', async (t) => {
  const both = {interval: 0, computes: ['c1'], api: ['a1']};
  const alone = {interval: 0, computes: ['c1'], api_group: 'my_api'};
  const loss = ['-e', 'delayed_delete_accept_loss=true'];
  const refused =
    /c1: not changed: nova-api was not seen to be off, and what it soft-deletes .* stays for ever\./;
  const cases: readonly (readonly [
    Readonly<Record<string, unknown>>,
    readonly string[],
    RegExp | undefined,
  ])[] = [
    [both, loss, undefined],
    [both, [...loss, '--limit', 'c1'], /Not done in this run: a1\. /],
    [{...both, interval: 60}, [...loss, '-e', 'delayed_delete_interval=0'], /Not done in this run: a1\. /],
    [alone, loss, /The inventory has no host in its group my_api\. .*-e delayed_delete_accept_api_on=true/],
    [alone, [...loss, '-e', 'delayed_delete_accept_api_on=false'], refused],
    [alone, [...loss, '-e', 'delayed_delete_accept_api_on=true'], undefined],
  ];
  for (const [values, args, words] of cases) {
    const {code, stdout, stderr} = await ranHere(t, values, args);
    const shown = `${JSON.stringify([values, args])}\n${stdout}${stderr}`;
    t.is(code, words === undefined ? 0 : 2, shown);
    if (words === undefined) continue;
    t.regex(stdout, words, shown);
    t.regex(stdout, refused, shown);
  }
  const unsure = await ranHere(t, both, ['-e', 'delayed_delete_accept_loss=false']);
  t.is(unsure.code, 2);
  t.regex(unsure.stdout, /c1: not changed: no cloud is named/);
});

const parameters = z.object({params: z.record(z.string(), z.unknown())});

/** A program of Ansible's own loader: whether each text with the sign is one that is never read as a template. */
const LOADED = `
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.utils.unsafe_proxy import AnsibleUnsafe
found = []
def look(value):
    if isinstance(value, dict):
        for one in value.values():
            look(one)
    elif isinstance(value, list):
        for one in value:
            look(one)
    elif isinstance(value, str) and 'pwned' in value:
        found.append(isinstance(value, AnsibleUnsafe))
for path in sys.argv[1:]:
    look(DataLoader().load_from_file(path))
json.dump(found, sys.stdout)
`;

/** Each value of a template as a text that Ansible would carry out; values that refuse it are left as they are. */
async function hostileValues(
  name: string,
  given: Readonly<Record<string, unknown>>,
  evil: string,
): Promise<{readonly values: Readonly<Record<string, unknown>>; readonly taken: readonly string[]}> {
  const template = await shippedTemplate(name);
  const values: Record<string, unknown> = {...given};
  const taken: string[] = [];
  for (const {name: value, type} of template.values) {
    const nodes = z.array(z.string()).catch([]).parse(given['computes']);
    const tried =
      {
        list: [evil],
        table: Object.fromEntries([...nodes, evil].map((key) => [key, evil])),
      }[type as string] ?? evil;
    try {
      await renderShipped(name, {...values, [value]: tried});
      values[value] = tried;
      taken.push(value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return {values, taken};
}

async function loadedAsText(t: ExecutionContext, folder: string): Promise<void> {
  const names = await readdir(folder, {recursive: true});
  const files = names.filter((file) => file.endsWith('.yml')).map((file) => path.join(folder, file));
  const {stdout} = await run('/usr/bin/python3', ['-c', LOADED, ...files]);
  const found = z.array(z.boolean()).parse(JSON.parse(stdout));
  t.true(found.length > 0);
  t.true(found.every(Boolean), stdout);
}

test('no value of the playbook is carried out by Ansible', async (t) => {
  const outside = await written(t, []);
  const evil = `{{ lookup('pipe', 'touch ${outside}/pwned') }}`;
  const given = {computes: ['c1'], api: ['a1']};
  const {values, taken} = await hostileValues('ansible', given, evil);
  t.deepEqual(taken, ['addresses', 'nova_hosts', 'compute_units', 'api_units']);
  await loadedAsText(t, await written(t, await renderShipped('ansible', values)));
  const ran = await ranHere(t, values, ['-e', 'delayed_delete_accept_loss=true']);
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  t.true(ran.stdout.includes('pwned'), 'the units came to the module as they are');
  t.deepEqual(await readdir(outside), []);
});

test('no value of a flavor is carried out by Ansible, and the module gets each as it was given', async (t) => {
  const outside = await written(t, []);
  const evil = `{{ lookup('pipe', 'touch ${outside}/pwned') }}`;
  const {values, taken} = await hostileValues('ansible-flavor', {name: 'a', vcpus: 1, ram: 1}, evil);
  t.deepEqual(taken, ['cloud', 'name', 'description', 'projects', 'extra_specs']);
  const folder = await written(t, await renderShipped('ansible-flavor', values));
  await loadedAsText(t, folder);
  const modules = path.join(folder, 'ansible_collections/openstack/cloud/plugins/modules');
  await mkdir(modules, {recursive: true});
  const names = [
    'name',
    'id',
    'description',
    'vcpus',
    'ram',
    'disk',
    'ephemeral',
    'swap',
    'is_public',
    'project',
  ];
  const spec = `dict((name, {'type': 'raw'}) for name in ${JSON.stringify(names).replaceAll('"', "'")} + ['extra_specs'])`;
  for (const module of ['compute_flavor_info', 'compute_flavor', 'compute_flavor_access']) {
    await writeFile(
      path.join(modules, `${module}.py`),
      `from ansible.module_utils.basic import AnsibleModule\nmodule = AnsibleModule(${spec})\nmodule.exit_json(flavors=[], params=module.params)\n`,
    );
  }
  const ran = await playbook(folder, ['flavor.yml'], {env: {HOME: folder, ANSIBLE_COLLECTIONS_PATH: folder}});
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  const made = ran.tasks.find(({name}) => name.startsWith('Make the flavor'))?.hosts['localhost'];
  t.like(parameters.parse(made).params, {name: evil, description: evil, extra_specs: {[evil]: evil}});
  t.deepEqual(await readdir(outside), []);
});
