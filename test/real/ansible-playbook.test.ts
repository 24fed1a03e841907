// Ansible itself with our plugin: what it tells, how it ends, and what is left of it.
import {spawn} from 'node:child_process';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {createPlaybook} from '../../source/adapters/ansible/playbook.js';
import type {Play} from '../../source/app/rollout/ansible/ansible-ports.js';
import {readPlaybookLine, type PlaybookEvent} from '../../source/app/rollout/ansible/playbook-event.js';
import {checkAnsible} from '../../source/app/rollout/ansible/ansible-refusals.js';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';
import type {NodeFacts} from '../../source/domain/fleet/node-facts.js';
import {factsVariables} from '../../source/domain/fleet/node-requests.js';
import {makeNode, runProgram, type TestNode} from '../helpers/node-programs.js';
import {waitUntil} from '../helpers/wait-until.js';

const PLUGIN = fileURLToPath(new URL('../../source/ansible/reprieve_events.py', import.meta.url));
const SLEEP = `- hosts: all
  gather_facts: false
  tasks:
    - name: Sleep
      ansible.builtin.command: sleep {{ seconds }}
`;
const LOCAL =
  '{"all": {"vars": {"ansible_connection": "local"}, "hosts": {"one": {}, "two": {}, "three": {}}}}';

type Stage = {
  readonly hosts?: readonly string[];
  /** The operator's own inventory and settings; without one there is ours. */
  readonly inventory?: string;
  readonly settings?: string;
  readonly variables?: Play['variables'];
};

/** A playbook whose hosts are all this machine. */
async function stage(t: ExecutionContext, playbook: string, given: Stage = {}) {
  const {hosts = ['one', 'two'], inventory, settings, variables = {seconds: 30}} = given;
  const temporary = await mkdtemp(path.join(tmpdir(), 'reprieve-real-ansible-'));
  t.teardown(async () => rm(temporary, {recursive: true, force: true}));
  const env = {
    PATH: process.env['PATH'],
    HOME: temporary,
    LANG: 'C.UTF-8',
    ANSIBLE_LOCAL_TEMP: `${temporary}/.a`,
  };
  const ownInventory = path.join(temporary, 'hosts.ini');
  if (inventory !== undefined) await writeFile(ownInventory, inventory);
  const config = path.join(temporary, 'ansible.cfg');
  if (settings !== undefined) await writeFile(config, settings);
  const ansible = createPlaybook({
    env: {...env, ANSIBLE_REMOTE_TEMP: `${temporary}/.r`, ANSIBLE_CONFIG: config},
    temporary,
    inventory: inventory === undefined ? undefined : ownInventory,
    plugin: await readFile(PLUGIN, 'utf8'),
  });
  const [stop, finish] = [new AbortController(), new AbortController()];
  const lines: string[] = [];
  const events: PlaybookEvent[] = [];
  const play = {
    files: [
      {path: 'playbook.yml', text: playbook},
      {path: 'hosts.yml', text: LOCAL},
    ],
    playbook: 'playbook.yml',
    inventory: inventory === undefined ? 'hosts.yml' : undefined,
    hosts,
    variables,
    forks: 5,
  };
  return {
    temporary,
    ansible,
    stop,
    lines,
    events,
    run: async (onEvent: (event: PlaybookEvent) => void = () => {}) =>
      ansible.play(
        play,
        (line) => {
          lines.push(line);
          const event = readPlaybookLine(line);
          if (event === undefined) return;
          events.push(event);
          onEvent(event);
        },
        {stop: stop.signal, finish: finish.signal},
      ),
  };
}

test('what becomes of each host in each task is told, without results and what a task hides', async (t) => {
  const {run, events, lines} = await stage(
    t,
    `- hosts: all
  gather_facts: false
  tasks:
    - name: Look
      ansible.builtin.command: echo topsecret
      changed_when: false
    - name: Change
      ansible.builtin.command: echo topsecret
      diff: true
    - name: Hide
      ansible.builtin.command: sh -c 'echo topsecret; exit 3'
      no_log: true
      ignore_errors: true
    - block:
        - name: Loop
          ansible.builtin.command: sh -c '{{ item }}'
          loop: ['true', 'exit 7']
      rescue:
        - name: Skip
          ansible.builtin.debug:
          when: false
    - name: Fail
      ansible.builtin.fail:
        msg: "no way\\ntopsecret"
      when: inventory_hostname == 'two'
`,
  );
  const end = await run();
  t.like(end, {kind: 'exited', code: 2});
  const trail = (host: string) =>
    events.flatMap((event) =>
      'host' in event && event.host === host && event.kind !== 'begin' ? [event] : [],
    );
  t.deepEqual(
    trail('one').map(({kind, task}) => `${task}: ${kind}`),
    ['Look: ok', 'Change: changed', 'Hide: ignored', 'Loop: failed', 'Skip: skipped', 'Fail: skipped'],
  );
  t.deepEqual(
    trail('one').map(({action}) => action),
    ['command', 'command', 'command', 'command', 'debug', 'fail'],
  );
  t.like(trail('one')[2], {message: 'its output is hidden (no_log)'});
  t.like(trail('one')[3], {message: 'non-zero return code (exit code 7)'});
  t.like(trail('two').at(-1), {kind: 'failed', task: 'Fail', message: 'no way'});
  t.deepEqual(events.at(-1), {kind: 'stats', hosts: ['one', 'two'], failed: ['two'], unreachable: []});
  t.false(trail('three').length > 0, 'a host that is not named was touched');
  const shown = lines.filter((line) => line.includes('topsecret'));
  // Only in the second line of a message, which goes no further.
  t.true(shown.every((line) => line.includes('no way')));
});

const TELL = `- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.fail:
        msg: '{{ unit | default("none") }}'
`;
const said = (events: readonly PlaybookEvent[]) =>
  events.flatMap((event) => (event.kind === 'failed' ? [`${event.host}: ${event.message}`] : []));

for (const settings of [
  '',
  '[inventory]\nenable_plugins = ini\n',
  '[defaults]\nyaml_valid_extensions = .inv\n',
]) {
  test(`our own inventory is read whatever ansible.cfg enables: ${JSON.stringify(settings)}`, async (t) => {
    const {run, events} = await stage(t, TELL, {settings});
    t.like(await run(), {kind: 'exited', code: 2});
    t.deepEqual(said(events).toSorted(), ['one: none', 'two: none']);
  });
}

test('what the plan found on each host wins over all that an inventory says', async (t) => {
  const {run, events} = await stage(t, TELL, {
    inventory: `one unit=wrong ansible_connection=local\ntwo ansible_connection=local\nthree\n[all:vars]\nunit=wrong\nreprieve_planned=wrong\n`,
    settings: '[inventory]\nenable_plugins = ini\n',
    variables: {
      unit: '{{ reprieve_planned[inventory_hostname].units }}',
      reprieve_planned: {one: {units: ['a']}, two: {units: ['b@\\x2d']}},
    },
  });
  t.like(await run(), {kind: 'exited', code: 2});
  t.deepEqual(said(events).toSorted(), ['one: a', 'two: b@\\x2d']);
});

test('an inventory that the enabled plugins do not read is one without hosts', async (t) => {
  const {run, events} = await stage(t, TELL, {
    inventory: 'one\ntwo\n',
    settings: '[inventory]\nenable_plugins = yaml\n',
  });
  await run();
  t.deepEqual(events.at(-1), {kind: 'stats', hosts: [], failed: [], unreachable: []});
});

test('a playbook that finds no host tells so by its end', async (t) => {
  const {run, events} = await stage(t, TELL.replace('all', 'nobody'));
  t.like(await run(), {kind: 'exited', code: 0});
  t.deepEqual(events.at(-1), {kind: 'stats', hosts: [], failed: [], unreachable: []});
});

for (const [what, seconds, settings, become] of [
  ['files', 31, '[connection]\npipelining = false\n', ''],
  ['a pipe', 32, '[connection]\npipelining = true\n', ''],
  ['sudo and a pipe', 33, '[connection]\npipelining = true\n', '  become: true\n  become_user: nobody\n'],
] as const) {
  test(`what Ansible has started by ${what} is seen on its node for as long as it works`, async (t) => {
    const {run, stop, temporary} = await stage(t, SLEEP.replace('  tasks', `${become}  tasks`), {
      hosts: ['one'],
      settings,
      variables: {seconds},
    });
    const node = await makeNode(t);
    const running = run();
    const seen = await waitUntil('the module to sleep', 30, async () =>
      (await isRunning(['sleep', String(seconds)])) ? startedFrom(temporary) : undefined,
    );
    for (const [index, line] of seen.entries()) await node.write(`proc/${index + 1}/cmdline`, line);
    t.true((await look(node)).isModuleRunning);
    stop.abort(new Error('left'));
    await running;
  });
}

async function look({sysroot}: TestNode): Promise<NodeFacts> {
  const request = factsVariables({
    sysroot,
    option: 'x',
    units: {compute: [], api: []},
    files: {compute: [], api: []},
    backupOf: undefined,
    wantsClock: false,
    wantsModules: true,
  });
  return decodeFacts((await runProgram('facts', request)).stdout);
}

async function isRunning(words: readonly string[]): Promise<boolean> {
  const found = await commandLines();
  return found.some(({line}) => line === `${words.join('\0')}\0`);
}

/** Command lines of the processes that have this home folder, but those of Ansible itself on the operator's side. */
async function startedFrom(home: string): Promise<readonly string[]> {
  const found = await commandLines();
  return found
    .filter(({environment}) => environment.includes(`HOME=${home}\0`))
    .flatMap(({line}) => (line === '' || line.includes('ansible-playbook') ? [] : [line]));
}

async function commandLines(): Promise<readonly {readonly environment: string; readonly line: string}[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = async (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
  return Promise.all(
    pids.map(async (pid) => ({
      environment: await read(`/proc/${pid}/environ`),
      line: await read(`/proc/${pid}/cmdline`),
    })),
  );
}

test('this Ansible is one that may be used', async (t) => {
  const {ansible} = await stage(t, '');
  await t.notThrowsAsync(checkAnsible({playbook: ansible}, new AbortController().signal));
});

test('a playbook that cannot begin says why, and no host is told of', async (t) => {
  const {run, events} = await stage(t, '- hosts: all\n  roles: [nowhere-to-be-found]\n');
  const end = await run();
  t.is(end.kind, 'exited');
  t.regex(end.kind === 'exited' ? end.complaint : '', /role 'nowhere-to-be-found' was not found/);
  t.deepEqual(
    events.filter((event) => 'host' in event),
    [],
  );
});

test('the wish to leave ends it in the middle of a task', async (t) => {
  const {run, stop, temporary} = await stage(t, SLEEP);
  const end = await run((event) => {
    if (event.kind === 'begin') stop.abort(new Error('left'));
  });
  t.like(end, {kind: 'exited', code: 99});
  t.deepEqual(
    (await readdir(temporary)).filter((name) => name.startsWith('reprieve-ansible-')),
    [],
  );
});

test('it ends by itself when whoever started it is gone, and the next one takes its folder away', async (t) => {
  const {temporary, run, stop} = await stage(t, SLEEP);
  const file = (name: string): string => path.join(temporary, name);
  await writeFile(file('playbook.yml'), SLEEP);
  await writeFile(file('hosts.yml'), LOCAL);
  await writeFile(
    file('starter.mjs'),
    `import {createPlaybook} from ${JSON.stringify(new URL('../../source/adapters/ansible/playbook.js', import.meta.url).href)};
import {readFileSync} from 'node:fs';
const playbook = createPlaybook({
  env: {...process.env, ANSIBLE_LOCAL_TEMP: ${JSON.stringify(file('.a'))}},
  temporary: ${JSON.stringify(temporary)},
  inventory: undefined,
  plugin: readFileSync(${JSON.stringify(PLUGIN)}, 'utf8'),
});
const {signal} = new AbortController();
await playbook.play(
  {
    files: ['playbook.yml', 'hosts.yml'].map((name) => ({path: name, text: readFileSync(${JSON.stringify(`${temporary}/`)} + name, 'utf8')})),
    playbook: 'playbook.yml', inventory: 'hosts.yml', hosts: ['one'], variables: {seconds: 30}, forks: 1,
  },
  (line) => { if (line.includes('"begin"')) process.kill(process.pid, 'SIGKILL'); },
  {stop: signal, finish: signal},
);
`,
  );
  const starter = spawn(process.execPath, [file('starter.mjs')], {
    stdio: 'inherit',
    env: {...process.env, HOME: temporary},
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    starter.once('exit', (...end) => resolve(end)),
  );
  t.is(signal, 'SIGKILL');
  await waitUntil('Ansible to end', 10, async () => ((await runningIn(temporary)) ? undefined : true));
  const folders = async () =>
    (await readdir(temporary)).filter((name) => name.startsWith('reprieve-ansible-'));
  t.is((await folders()).length, 1);
  await run((event) => {
    if (event.kind === 'begin') stop.abort(new Error('left'));
  });
  t.deepEqual(await folders(), []);
});

/** Whether a process has this folder on its command line. */
async function runningIn(folder: string): Promise<boolean> {
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return found.some((words) => words.includes(folder) && words.includes('ansible-playbook'));
}
