import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {rm} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as delay} from 'node:timers/promises';
import type {
  AnsiblePlaybook,
  Play,
  PlaySignals,
  VersionEnd,
} from '../../app/rollout/ansible/ansible-ports.js';
import type {CommandEnd} from '../../app/ports.js';
import {type Exit, exitOf, ifUnread, notStarted, signalTo} from '../commands/child.js';
import {makePlayFolder} from './play-folder.js';

export type PlaybookOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where private folders are made. */
  readonly temporary: string;
  /** The operator's inventory, where Ansible reads it. */
  readonly inventory: string | undefined;
  /** The text of the callback plugin that tells what happens. */
  readonly plugin: string;
  /** Another program only in tests. */
  readonly program?: string;
};

/** The plugin's name, which is that of its file. */
const CALLBACK = 'reprieve_events';
const LIMIT = 'hosts';
const VARIABLES = 'variables.json';
/** How long it has to end after a signal, before the next one. */
const GRACE_MS = 2000;
/** How long its last output is waited for, where something in the background still holds that open. */
const REST_MS = 500;
/** Of stderr so much of the end is kept. */
const KEPT = 16_384;
const VERSION_WITHIN_MS = 60_000;

/** The `ansible-playbook` that this environment finds, with the operator's own configuration, plugins and secrets. */
export function createPlaybook(options: PlaybookOptions): AnsiblePlaybook {
  const {env, inventory, program = 'ansible-playbook'} = options;
  return {
    hasInventory: inventory !== undefined,
    async version(signal): Promise<VersionEnd> {
      let first: string | undefined;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(VERSION_WITHIN_MS)]);
      const end = await start(program, ['--version'], env, (line) => (first ??= line), {
        stop: new AbortController().signal,
        finish: limit,
      });
      signal.throwIfAborted();
      return {...end, line: first ?? ''};
    },
    async play(play, onLine, signals): Promise<CommandEnd> {
      const folder = await makePlayFolder(options.temporary, [
        ...play.files,
        {path: `callback_plugins/${CALLBACK}.py`, text: options.plugin},
        {path: LIMIT, text: `${play.hosts.join('\n')}\n`},
        {path: VARIABLES, text: `${JSON.stringify(play.variables)}\n`},
      ]);
      try {
        return await start(program, argumentsOf(play, folder, inventory), playEnv(options), onLine, signals);
      } finally {
        await rm(folder, {recursive: true, force: true});
      }
    },
  };
}

/** The operator's inventory comes last: of two that say the same of a host, Ansible takes the later one. */
function argumentsOf(play: Play, folder: string, inventory: string | undefined): readonly string[] {
  const inFolder = (name: string) => path.join(folder, name);
  const own = play.inventory === undefined ? [] : [inFolder(play.inventory)];
  const inventories = [...own, ...(inventory === undefined ? [] : [inventory])];
  return [
    ...inventories.flatMap((file) => ['--inventory', file]),
    ...['--limit', `@${inFolder(LIMIT)}`],
    ...['--extra-vars', `@${inFolder(VARIABLES)}`],
    ...['--forks', String(play.forks)],
    inFolder(play.playbook),
  ];
}

/** What only our own inventory needs: the operator's plugins may read other kinds of files only. */
const OWN_INVENTORY = {ANSIBLE_INVENTORY_ENABLED: 'yaml', ANSIBLE_YAML_FILENAME_EXT: '.yml'};

function playEnv({env, inventory}: PlaybookOptions): PlaybookOptions['env'] {
  return {
    ...env,
    ...(inventory === undefined ? OWN_INVENTORY : {}),
    // One of the two plays is about no host.
    ANSIBLE_HOST_PATTERN_MISMATCH: 'ignore',
    ANSIBLE_STDOUT_CALLBACK: CALLBACK,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_FORCE_COLOR: '0',
    ANSIBLE_RETRY_FILES_ENABLED: '0',
    // It is no rehearsal, and shows no contents of files, whatever ansible.cfg has.
    ANSIBLE_DIFF_ALWAYS: '0',
    // Nobody could answer: a question would hold the run, and its locks, for ever.
    ANSIBLE_ASK_PASS: '0',
    ANSIBLE_BECOME_ASK_PASS: '0',
    ANSIBLE_ASK_VAULT_PASS: '0',
    ANSIBLE_ENABLE_TASK_DEBUGGER: '0',
    ANSIBLE_STRATEGY: 'linear',
    PYTHONUNBUFFERED: '1',
  };
}

/**
 * Runs a program in a process group of its own, so that Ctrl-C in our terminal reaches it through us alone. Its stdin
 * stays open for as long as we live: its plugin ends it when that is closed.
 */
async function start(
  program: string,
  words: readonly string[],
  env: PlaybookOptions['env'],
  onLine: (line: string) => void,
  {stop, finish}: PlaySignals,
): Promise<CommandEnd> {
  let child;
  try {
    child = spawn(program, words, {stdio: ['pipe', 'pipe', 'pipe'], detached: true, env});
  } catch (error) {
    return notStarted(error);
  }
  const exited = exitOf(child);
  // Where there are too many files open it has no streams either.
  if (child.pid === undefined) return withComplaint(await exited, '');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-KEPT);
  });
  // Nothing is written to it; an end that is closed early is none of our business.
  child.stdin.on('error', ifUnread);
  const lines = createInterface({input: child.stdout, crlfDelay: Infinity});
  lines.on('line', onLine);
  const read = Promise.all([once(lines, 'close'), once(child.stderr, 'close')]);
  const end = await untilEnded(child.pid, exited, stop, finish);
  // An ssh that keeps connections open may hold its output; what it still says is nothing of ours.
  await Promise.race([read, delay(REST_MS)]);
  lines.close();
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  return withComplaint(end, complaintIn(stderr));
}

function withComplaint(end: Exit, complaint: string): CommandEnd {
  return end.kind === 'not-started' ? end : {...end, complaint};
}

async function untilEnded(
  pid: number,
  exited: Promise<Exit>,
  stop: AbortSignal,
  finish: AbortSignal,
): Promise<Exit> {
  let hurry: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;
  // Python loses one that arrives while it forks, as it does for each task.
  const interrupt = (): void => {
    signalTo(pid, 'SIGINT');
    again = setTimeout(interrupt, GRACE_MS);
  };
  const end = (): void => {
    signalTo(-pid, 'SIGTERM');
    hurry = setTimeout(() => signalTo(-pid, 'SIGKILL'), GRACE_MS);
  };
  if (finish.aborted) end();
  else finish.addEventListener('abort', end, {once: true});
  if (stop.aborted) interrupt();
  else stop.addEventListener('abort', interrupt, {once: true});
  try {
    return await exited;
  } finally {
    stop.removeEventListener('abort', interrupt);
    finish.removeEventListener('abort', end);
    clearTimeout(hurry);
    clearTimeout(again);
    // Its workers, where it died before it could end them; an ssh that it keeps for later has left the group.
    signalTo(-pid, 'SIGKILL');
  }
}

/** What Ansible says is an error, with the lines that it goes on in; else its last line. */
function complaintIn(stderr: string): string {
  const paragraphs = stderr.split(/\n\s*\n/).map((text) => text.trim());
  const found = paragraphs.findLast((text) => /^\[?ERROR\b/m.test(text));
  if (found === undefined) return stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return found
    .slice(found.search(/^\[?ERROR\b/m))
    .replace(/^\[?ERROR\]?[!:]?\s*/, '')
    .replaceAll(/\s*\n\s*/g, ' ');
}
