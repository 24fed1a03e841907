import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {loadFleet} from '../../source/app/inventory.js';
import {readInventory} from '../../source/adapters/files/inventory.js';

// Ansible as the oracle: `ansible PATTERN --list-hosts` on the same inventory.

const run = promisify(execFile);

const INVENTORY = `[rack1]
n[1:4]
[rack2]
n[5:12]
db.example.com
[compute:children]
rack1
rack2
[control]
c[1:3]
n1
`;

const PATTERNS = [
  'all',
  'n1',
  'rack1',
  'rack*',
  'n?',
  '*.example.com',
  'compute,!rack1',
  '!rack1',
  'compute:&control',
  'rack1,c2,!n[3]*',
  'rack2[0]',
  'rack2[-1]',
  'rack2[1:3]',
  'rack2[6:]',
  'compute[2:5]',
  '~n1\\d?$',
  '~(rack1|c[12])',
  'n[!1]',
  'n1,n1,rack1',
  '&control,rack1',
];

for (const pattern of PATTERNS) {
  test(`Ansible picks the same hosts for ${pattern}`, async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-pattern-'));
    t.teardown(() => rm(folder, {recursive: true}));
    const file = path.join(folder, 'hosts');
    await writeFile(file, INVENTORY);
    const {stdout} = await run('ansible', ['-i', file, '--list-hosts', '--', pattern]);
    const expected = stdout
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const {selected} = await loadFleet(
      {inventory: {kind: 'file', path: file}, pattern, apiHosts: [], novaComputes: [], rules: []},
      readInventory,
      new AbortController().signal,
    );
    t.deepEqual(selected.map(({name}) => name).toSorted(), expected.toSorted());
    t.true(expected.length > 0);
  });
}
