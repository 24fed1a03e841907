import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readInventory, type InventoryOptions} from '../../../source/adapters/files/inventory.js';
import {UserError} from '../../../source/app/errors.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';
import {effectiveVariables} from '../../../source/domain/fleet/inventory.js';

const signal = new AbortController().signal;

async function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-inventory-'));
  t.teardown(() => rm(folder, {recursive: true}));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), {recursive: true});
    await writeFile(file, content);
    if (name.startsWith('bin-')) await chmod(file, 0o755);
  }
  return folder;
}

async function read(
  t: ExecutionContext,
  files: Readonly<Record<string, string | Buffer>>,
  options: (folder: string) => InventoryOptions = () => ({program: '/nonexistent/ansible-inventory'}),
) {
  const folder = await folderWith(t, files);
  const [first = ''] = Object.keys(files);
  return await readInventory({kind: 'file', path: path.join(folder, first)}, signal, options(folder));
}

test('the form is seen from the content where the name does not tell', async (t) => {
  for (const text of [
    '[compute]\nn1\n',
    'compute:\n  hosts:\n    n1:\n',
    '{"compute": ["n1"]}',
    '{compute: {hosts: {n1: }}}',
    '# c\n\ncompute:\n  vars: {x:\n    [a]\n    }\n  hosts:\n    n1:\n',
  ]) {
    t.deepEqual([...(await read(t, {hosts: text})).tree.hosts.keys()], ['n1'], text);
  }
});

test('files of group_vars and host_vars count, and encrypted ones are passed over with a notice', async (t) => {
  const {tree, files, notices} = await read(t, {
    hosts: '[compute]\nn1\n',
    'group_vars/compute.yml': 'ansible_user: stack\nsecret: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n',
    'group_vars/all': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    'host_vars/n1.yaml': 'ansible_port: 2222\n',
  });
  const variables = effectiveVariables(tree, 'n1', tree.groupsOf('n1'), files);
  t.is(variables.get('ansible_user'), 'stack');
  t.is(variables.get('ansible_port'), 2222);
  t.is(notices.length, 1);
  t.regex(notices[0] ?? '', /group_vars\/all is encrypted/);
});

test('comments may be in any encoding, the rest is UTF-8', async (t) => {
  const latin = Buffer.from('# gr\u00FC\u00DFe\n[compute]\nn1\n', 'latin1');
  t.deepEqual([...(await read(t, {hosts: latin})).tree.hosts.keys()], ['n1']);
  const bad = Buffer.from('[compute]\nn1 x=gr\u00FC\n', 'latin1');
  const error = await t.throwsAsync(() => read(t, {hosts: bad}), {instanceOf: InventoryProblem});
  t.is(error.line, 2);
});

test('a key that is there twice gives a notice, a host that is there twice is refused', async (t) => {
  const {notices} = await read(t, {'h.yml': 'compute:\n  hosts:\n    n1: {a: 1, a: 2}\n'});
  t.deepEqual(notices, ['the key "a" is there twice (line 3); the later one counts']);
  const twice = 'compute:\n  hosts:\n    n1: {ansible_host: a}\n    n1: {ansible_host: b}\n';
  const error = await t.throwsAsync(() => read(t, {'h.yml': twice}), {
    instanceOf: InventoryProblem,
    message: 'the host n1 is named twice in one group',
  });
  t.is(error.line, 4);
});

const BAD: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['an empty file', {hosts: ' \n'}, /^it is empty$/],
  ['YAML that is none', {'h.yml': 'compute:\n  hosts: [n1\n'}, /^it is not YAML: /],
  ['a YAML text', {'h.yml': 'just words\n'}, /this is a text$/],
  ['JSON that breaks off', {'h.json': '{"compute": {"hosts": ['}, /^it is not YAML: /],
  [
    'a bomb of aliases',
    {
      'h.yml': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
    },
    /^it is not YAML: /,
  ],
];

for (const [what, files, message] of BAD) {
  test(`${what} is refused`, async (t) => {
    await t.throwsAsync(() => read(t, files), {instanceOf: InventoryProblem, message});
  });
}

test('a file that is not there is refused with its name', async (t) => {
  const error = await t.throwsAsync(() => readInventory({kind: 'file', path: '/nonexistent/hosts'}, signal), {
    instanceOf: UserError,
    message: 'inventory /nonexistent/hosts: there is no such file',
  });
  t.is(error.kind, 'usage');
});

test('group_vars that are no mapping are refused with their file', async (t) => {
  const files = {hosts: '[compute]\nn1\n', 'group_vars/compute.yml': '- a\n'};
  await t.throwsAsync(() => read(t, files), {
    instanceOf: UserError,
    message: /group_vars\/compute\.yml must be a mapping of variables, this is a list$/,
  });
});

for (const [what, files] of [
  ['a program', {hosts: '#!/bin/sh\necho {}\n'}],
  ['the configuration of a plugin', {'h.yml': 'plugin: openstack.cloud.openstack\n'}],
  ['TOML', {'h.toml': '[compute]\n'}],
] as const) {
  test(`${what} needs Ansible, and the message says so where there is none`, async (t) => {
    const error = await t.throwsAsync(() => read(t, files), {
      instanceOf: UserError,
      message: /is not installed/,
    });
    t.is(error.kind, 'usage');
  });
}

const PLUGIN = {'h.yml': 'plugin: x\n'};

test('what ansible-inventory prints is read, and the file is one argument whatever its name', async (t) => {
  const folder = await folderWith(t, {
    'a b$(touch x).yml': 'plugin: x\n',
    'bin-fake': '#!/bin/sh\nprintf \'{"compute": {"hosts": ["n%s"]}}\' "$#"\n',
  });
  const {tree} = await readInventory({kind: 'file', path: path.join(folder, 'a b$(touch x).yml')}, signal, {
    program: path.join(folder, 'bin-fake'),
  });
  t.deepEqual([...tree.hosts.keys()], ['n3']);
});

for (const [what, script, message] of [
  ['fails', 'echo noise >&2; echo "ERROR! no such plugin" >&2; exit 1', /cannot read it: no such plugin$/],
  ['prints no JSON', 'echo hello', /not JSON$/],
  ['hangs', 'exec sleep 60', /took longer than 0\.2 s/],
] as const) {
  test(`an ansible-inventory that ${what} is reported`, async (t) => {
    const error = await t.throwsAsync(
      () =>
        read(t, {...PLUGIN, 'bin-fake': `#!/bin/sh\n${script}\n`}, (folder) => ({
          program: path.join(folder, 'bin-fake'),
          timeoutMs: what === 'hangs' ? 200 : 60_000,
        })),
      {instanceOf: UserError, message},
    );
    t.is(error.kind, 'usage');
  });
}

test('an interruption ends a hanging ansible-inventory', async (t) => {
  const folder = await folderWith(t, {...PLUGIN, 'bin-fake': '#!/bin/sh\nexec sleep 60\n'});
  const controller = new AbortController();
  const reading = readInventory({kind: 'file', path: path.join(folder, 'h.yml')}, controller.signal, {
    program: path.join(folder, 'bin-fake'),
  });
  const reason = new Error('interrupted');
  controller.abort(reason);
  const error = await t.throwsAsync(() => reading);
  t.true(error === reason || error?.name === 'AbortError');
});
