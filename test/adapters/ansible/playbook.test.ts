import {chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {isReadByAnsible} from '../../../source/adapters/ansible/ansible-reads.js';
import {createPlaybook} from '../../../source/adapters/ansible/playbook.js';
import type {Play} from '../../../source/app/rollout/ansible/ansible-ports.js';
import {UserError} from '../../../source/app/errors.js';

const PLAY: Play = {
  files: [
    {path: 'playbook.yml', text: '- hosts: all\n'},
    {path: 'roles/one/tasks/main.yml', text: '- ping:\n'},
    {path: 'reprieve-hosts.yml', text: '{}\n'},
  ],
  playbook: 'playbook.yml',
  inventory: 'reprieve-hosts.yml',
  hosts: ['compute-1', 'compute-2'],
  variables: {delayed_delete_guarded: true},
  forks: 7,
};

/** A program in the place of ansible-playbook, that does what this script says. */
async function stage(t: ExecutionContext, script: string, inventory?: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-playbook-'));
  t.teardown(async () => rm(folder, {recursive: true, force: true}));
  const [program, temporary] = [path.join(folder, 'ansible-playbook'), path.join(folder, 'tmp')];
  await mkdir(temporary);
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const env = {PATH: process.env['PATH'], FOLDER: folder};
  const playbook = createPlaybook({env, temporary, inventory, plugin: '# the plugin\n', program});
  const [stop, finish] = [new AbortController(), new AbortController()];
  const lines: string[] = [];
  return {
    folder,
    playbook,
    stop,
    finish,
    lines,
    play: async (onLine: (line: string) => void = () => {}, play: Play = PLAY) =>
      playbook.play(
        play,
        (line) => {
          lines.push(line);
          onLine(line);
        },
        {stop: stop.signal, finish: finish.signal},
      ),
    temporary,
    left: async () => readdir(temporary),
  };
}

test('the files lie in a folder that only this user can read, and are gone afterwards', async (t) => {
  const {play, lines, left} = await stage(
    t,
    `printf '%s\\n' "$@"
for word; do playbook=$word; done
cd "$(dirname "$playbook")"
stat -c '%a %n' . playbook.yml roles/one callback_plugins/reprieve_events.py
cat hosts variables.json callback_plugins/reprieve_events.py
echo "$ANSIBLE_STDOUT_CALLBACK $ANSIBLE_STRATEGY $ANSIBLE_BECOME_ASK_PASS$ANSIBLE_ASK_PASS$ANSIBLE_ASK_VAULT_PASS"`,
    '/srv/hosts.ini',
  );
  t.deepEqual(await play(), {kind: 'exited', code: 0, complaint: ''});
  const folder = path.dirname(lines.find((line) => line.endsWith('/playbook.yml')) ?? '');
  t.deepEqual(lines, [
    ...['--inventory', `${folder}/reprieve-hosts.yml`, '--inventory', '/srv/hosts.ini'],
    ...['--limit', `@${folder}/hosts`, '--extra-vars', `@${folder}/variables.json`],
    ...['--forks', '7', `${folder}/playbook.yml`],
    '700 .',
    '600 playbook.yml',
    '700 roles/one',
    '600 callback_plugins/reprieve_events.py',
    'compute-1',
    'compute-2',
    '{"delayed_delete_guarded":true}',
    '# the plugin',
    'reprieve_events linear 000',
  ]);
  t.deepEqual(await left(), []);
});

for (const {what, script, end} of [
  {what: 'an exit code', script: 'exit 4', end: {kind: 'exited', code: 4, complaint: ''}},
  {
    what: 'the error that Ansible names, with the lines that it goes on in, and not where it is',
    script: `cat >&2 <<'END'
[WARNING]: no inventory

ERROR! the role 'nova' was not found in
/one:/two

The error appears to be in 'playbook.yml': line 2
  ^ here
END
exit 1`,
    end: {kind: 'exited', code: 1, complaint: "the role 'nova' was not found in /one:/two"},
  },
  {
    what: 'the error as newer releases write it',
    script: `printf '[ERROR]: Unable to parse\\nOrigin: here\\n' >&2; exit 1`,
    end: {kind: 'exited', code: 1, complaint: 'Unable to parse Origin: here'},
  },
  {
    what: 'the last line of what is no error of Ansible',
    script: `printf 'Traceback\\nImportError: no yaml\\n' >&2; exit 1`,
    end: {kind: 'exited', code: 1, complaint: 'ImportError: no yaml'},
  },
  {what: 'a signal', script: 'kill -SEGV $$', end: {kind: 'killed', signal: 'SIGSEGV', complaint: ''}},
] as const) {
  test(`how it ended is told: ${what}`, async (t) => {
    const {play, left} = await stage(t, script);
    t.deepEqual(await play(), end);
    t.deepEqual(await left(), []);
  });
}

test('what is printed comes line by line, also what is torn, long or no text', async (t) => {
  const {play, lines} = await stage(
    t,
    `printf 'one\\ntw'; printf 'o\\r\\n'; printf '\\377\\n'; head -c 300000 /dev/zero | tr '\\0' x; printf '\\nend'`,
  );
  await play();
  t.deepEqual([lines[0], lines[1], lines[2]], ['one', 'two', '\uFFFD']);
  t.is(lines[3]?.length, 300_000);
  t.is(lines[4], 'end');
});

test('the wish to leave is one SIGINT, and the end is waited for', async (t) => {
  const {play, stop, lines, left} = await stage(
    t,
    `trap 'echo interrupted; trap "" INT; sleep 0.3; echo ended; exit 99' INT
echo ready
while :; do sleep 0.05; done`,
  );
  const end = await play((line) => {
    if (line === 'ready') stop.abort(new Error('left'));
  });
  t.deepEqual(end, {kind: 'exited', code: 99, complaint: ''});
  t.deepEqual(lines, ['ready', 'interrupted', 'ended']);
  t.deepEqual(await left(), []);
});

test('the second wish ends what does not listen, with all that it started', async (t) => {
  const {folder, play, stop, finish, left} = await stage(
    t,
    `trap '' INT TERM
sh -c 'trap "" INT TERM; echo $$ >"$FOLDER/child"; while :; do sleep 0.05; done' &
while [ ! -s "$FOLDER/child" ]; do sleep 0.02; done
echo ready
wait`,
  );
  const end = await play((line) => {
    if (line !== 'ready') return;
    stop.abort(new Error('left'));
    finish.abort(new Error('at once'));
  });
  t.is(end.kind, 'killed');
  const child = Number(await readFile(path.join(folder, 'child'), 'utf8'));
  const state = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone');
  t.regex(state, /^gone$|\) Z /);
  t.deepEqual(await left(), []);
});

test('its stdin stays open while it runs: that it closes tells that nobody is there any more', async (t) => {
  const {play, lines} = await stage(
    t,
    `exec 3<&0
(cat <&3; echo closed) & reader=$!
sleep 0.3; kill $reader; echo open`,
  );
  await play();
  t.deepEqual(lines, ['open']);
});

test('one that is not there, or may not be started, is told with the reason', async (t) => {
  const {folder, left} = await stage(t, 'true');
  const signals = {stop: new AbortController().signal, finish: new AbortController().signal};
  for (const [name, problem] of [
    ['absent', 'there is no such file'],
    ['tmp', 'it may not be read or written by this account'],
  ] as const) {
    const playbook = createPlaybook({
      env: {PATH: ''},
      temporary: path.join(folder, 'tmp'),
      inventory: undefined,
      plugin: '',
      program: path.join(folder, name),
    });
    t.deepEqual(await playbook.play(PLAY, () => {}, signals), {kind: 'not-started', problem});
    t.like(await playbook.version(signals.stop), {kind: 'not-started', problem, line: ''});
  }
  t.deepEqual(await left(), []);
});

test('a folder that cannot be written is an error with a remedy', async (t) => {
  const {folder} = await stage(t, 'true');
  const playbook = createPlaybook({
    env: {},
    temporary: path.join(folder, 'nowhere'),
    inventory: undefined,
    plugin: '',
    program: 'true',
  });
  const signals = {stop: new AbortController().signal, finish: new AbortController().signal};
  const error = await t.throwsAsync(
    playbook.play(PLAY, () => {}, signals),
    {instanceOf: UserError},
  );
  t.regex(error.message, /the playbook cannot be written below .*nowhere: there is no such file/);
});

test('the version is the first line that it prints', async (t) => {
  const {playbook} = await stage(
    t,
    `[ "$1" = --version ] && printf 'ansible-playbook [core 2.14.18]\\n  more\\n'`,
  );
  const {signal} = new AbortController();
  t.deepEqual(await playbook.version(signal), {
    kind: 'exited',
    code: 0,
    complaint: '',
    line: 'ansible-playbook [core 2.14.18]',
  });
});

const ENABLED = 'echo "$ANSIBLE_INVENTORY_ENABLED $ANSIBLE_YAML_FILENAME_EXT"';

test('our own inventory alone is read whatever plugins are enabled, and the operator’s by the enabled ones', async (t) => {
  const words = `for word; do [ "$last" = --inventory ] && echo "\${word##*/}"; last=$word; done`;
  const alone = await stage(t, `${words}\n${ENABLED}`);
  await alone.play();
  t.deepEqual(alone.lines, ['reprieve-hosts.yml', 'yaml .yml']);
  const both = await stage(t, `${words}\n${ENABLED}`, '/srv/hosts.ini');
  await both.play();
  t.deepEqual(both.lines, ['reprieve-hosts.yml', 'hosts.ini', ' ']);
  const theirs = await stage(t, `${words}\n${ENABLED}`, '/srv/hosts.ini');
  await theirs.play(undefined, {...PLAY, inventory: undefined});
  t.deepEqual(theirs.lines, ['hosts.ini', ' ']);
});

test('every inventory that Ansible reads is handed on, but not what ansible-inventory printed', async (t) => {
  const {folder} = await stage(t, 'true');
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };
  t.true(await isReadByAnsible(folder));
  t.true(await isReadByAnsible(await write('hosts.ini', '[compute]\na\n')));
  t.true(await isReadByAnsible(await write('hosts.yml', '{"all": {"hosts": {"a": {}}}}')));
  t.true(await isReadByAnsible(await write('flow.yml', '{all: {hosts: {a: }}}')));
  t.false(await isReadByAnsible(await write('list.json', '{"_meta": {}, "compute": {"hosts": ["a"]}}')));
  t.true(await isReadByAnsible(path.join(folder, 'absent')));
});
