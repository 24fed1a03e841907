import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {readInventory} from '../../source/adapters/files/inventory.js';
import {effectiveVariables, type InventoryReading} from '../../source/domain/fleet/inventory.js';

// Ansible itself is the oracle: the same files through `ansible-inventory --list` and through our readers.

type Group = {hosts: string[]; children: string[]};
type Picture = {groups: Record<string, Group>; variables: Record<string, Record<string, unknown>>};

const run = promisify(execFile);

const INVENTORIES: Record<string, Record<string, string>> = {
  'ranges, ports and several groups': {
    hosts: `lonely.example
[compute]
node[01:12] ansible_user=stack
rack[a:c]-[1:5:2]
alpha:2222 ansible_host=10.0.0.1
10.1.[0:1].[1:3]
[2001:db8::1]:2022
2001:db8::2
[control]
alpha
ctl1 # a comment
[control:vars]
ansible_port = 22022
`,
  },
  'values as Python reads them': {
    hosts: `[compute]
a i=22 z=022 f=1.5 neg=-3 t=True l=true n=None none=none e= q="two words" s='single' list="[1, 'b', {'c': None}]"
b tuple=1,2 hex=0x10 exp=1e3 under=1_000 bad="[1, " neq=a=b hash=ab#cd
c back=a\\ b quoted="a \\"b\\" \\\\ \\n" tick="it's"
[compute:vars]
plain=abc # not a comment
number=5 # a comment for Python
text='abc' # gone too
empty=
spaced = two words
equal=a=b
quote="one" "two"
date=2024-01-02
ver=1.2.3
plus=+4
`,
  },
  'children declared later, group variables by depth': {
    hosts: `[all:vars]
level=all
only_all=1
[cloud:children]
compute
control
[compute:children]
rack1
rack2
[rack1]
n1
[rack2]
n2
[control]
c1
n1
[cloud:vars]
level=cloud
[rack1:vars]
level=rack1
[control:vars]
level=control
same=control
[rack2:vars]
same=rack2
`,
  },
  'priority and the alphabet among groups of one depth': {
    hosts: `[a]
h
g
[b]
h
g
[c]
h
[a:vars]
who=a
pick=a
ansible_group_priority=10
[b:vars]
who=b
pick=b
[c:vars]
who=c
`,
  },
  'comments, blank lines, carriage returns': {
    hosts: '# first\r\n; second\r\n\r\n[compute] # trailing\r\n  n1   x=1   \r\n\t n2\r\n[empty]\r\n',
  },
  'a plain list of names': {hosts: 'one\ntwo\nthree.example.com\n'},
  'an INI file by its extension': {'hosts.ini': '[compute]\nn1 k=v\n'},
  'YAML with children, ranges and ports': {
    'hosts.yml': `all:
  vars:
    level: all
  hosts:
    lonely:
  children:
    compute:
      hosts:
        node[01:03]:
          ansible_user: stack
        alpha:2222:
          ansible_host: 10.0.0.1
      vars:
        level: compute
        flag: yes
        octal: 0644
        time: "12:30"
        list: [1, two]
      children:
        rack1:
          hosts:
            node02:
              rack: 1
    control:
      hosts: ctl1
      vars:
    empty:
`,
  },
  'YAML with anchors, merges and several top groups': {
    'hosts.yaml': `x_defaults: &defaults
  vars: &v {ansible_user: stack, ansible_port: 2022}
compute:
  hosts:
    a: {<<: *v, ansible_port: 22}
    b: *v
control:
  vars: *v
  hosts:
    c: {}
    a: {role: both}
ungrouped:
  hosts:
    d: {}
    c: {}
`,
  },
  'YAML without an extension': {hosts: 'compute:\n  hosts:\n    n1: {x: 1.50}\n'},
  'YAML written as JSON': {'hosts.json': '{"compute": {"hosts": {"n1": {"ansible_host": "10.0.0.1"}}}}'},
  'group_vars and host_vars': {
    hosts:
      '[compute]\nn1 from=inventory own=inventory\nn2\n[control]\nc1\n[compute:vars]\nfrom=group\ndeep=group\n',
    'group_vars/all.yml': 'from: all file\nonly: all file\ndeep: all file\n',
    'group_vars/compute/one.yml': 'deep: one\nnumber: 3\n',
    'group_vars/compute/two.yaml': 'number: 4\n',
    'group_vars/compute/.hidden.yml': 'number: 5\n',
    'group_vars/compute/old.yml~': 'number: 6\n',
    'group_vars/compute/note.txt': 'not read\n',
    'group_vars/compute/more/three': 'nested: true\n',
    'group_vars/unknown.yml': 'x: 1\n',
    'host_vars/n1.yml': 'own: file\n',
    'host_vars/n2': '---\nown: bare file\n',
    'host_vars/c1.json': '{"own": "json"}',
  },
  'a program': {
    'hosts.sh': `#!/bin/sh
echo '{"compute": {"hosts": ["n1", "n2"], "vars": {"a": 1}}, "cloud": {"children": ["compute"]},
  "plain": ["n3"], "_meta": {"hostvars": {"n1": {"ansible_host": "10.0.0.1"}}}}'
`,
  },
};

for (const [name, files] of Object.entries(INVENTORIES)) {
  test(`Ansible reads the same: ${name}`, async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-inventory-'));
    t.teardown(() => rm(folder, {recursive: true}));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), {recursive: true});
      await writeFile(path.join(folder, file), text, {mode: file.endsWith('.sh') ? 0o755 : 0o644});
    }
    const [main = ''] = Object.keys(files);
    const file = path.join(folder, main);
    const {stdout} = await run('ansible-inventory', ['-i', file, '--list'], {
      env: {...process.env, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: 'True'},
    });
    const reading = await readInventory({kind: 'file', path: file}, new AbortController().signal);
    t.deepEqual(pictureOf(reading), pictureOfAnsible(JSON.parse(stdout)));

    // And what Ansible prints gives the same again.
    const printed = path.join(folder, 'printed.json');
    await writeFile(printed, stdout);
    const again = await readInventory({kind: 'file', path: printed}, new AbortController().signal);
    t.deepEqual(pictureOf(again), pictureOfAnsible(JSON.parse(stdout)));
  });
}

function pictureOf({tree, files}: InventoryReading): Picture {
  const groups = [...tree.groups.values()].map(({name, hosts, children}): [string, Group] => [
    name,
    {hosts: name === 'all' ? [] : [...hosts].toSorted(), children: [...children].toSorted()},
  ]);
  const variables = [...tree.memberships()].map(([host, membership]): [string, Record<string, unknown>] => {
    const effective = effectiveVariables(tree, host, membership, files);
    effective.delete('ansible_group_priority');
    return [host, Object.fromEntries(effective)];
  });
  return normal({groups: Object.fromEntries(groups), variables: Object.fromEntries(variables)});
}

type Printed = {_meta: {hostvars: Record<string, Record<string, unknown>>}} & Record<string, Partial<Group>>;

function pictureOfAnsible({_meta, ...groups}: Printed): Picture {
  const entries = Object.entries(groups).map(([name, group]): [string, Group] => [
    name,
    {hosts: (group.hosts ?? []).toSorted(), children: (group.children ?? []).toSorted()},
  ]);
  return normal({groups: Object.fromEntries(entries), variables: _meta.hostvars});
}

function isFull([name, {hosts, children}]: [string, Group]): boolean {
  return name !== 'ungrouped' && hosts.length + children.length > 0;
}

/** Ansible leaves out what is empty. */
function normal({groups, variables}: Picture): Picture {
  return {
    groups: Object.fromEntries(Object.entries(groups).filter(isFull)),
    variables: Object.fromEntries(
      Object.entries(variables)
        .filter(([, values]) => Object.keys(values).length > 0)
        .map(([host, values]) => [host, values]),
    ),
  };
}
