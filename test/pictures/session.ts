/** A program in a pseudo-terminal of its own, seen through a terminal emulator. */
import {type ChildProcess, spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import xterm from '@xterm/headless';
import {shellQuote} from '../../source/domain/shell-quote.js';
import {waitUntil} from '../helpers/wait-until.js';
import type {Scheme} from './colours.js';
import {gridText, readGrid, type Grid} from './grid.js';

export type SessionOptions = {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  /** Stands above what the program prints, as if a shell had read it. */
  readonly prompt: string | undefined;
  readonly scheme: Scheme;
};

/** A text of the screen. */
export type Wanted = string | RegExp;

export type Session = {
  /** Waits until the screen shows all of these, drawn whole. Rejects with what it shows where that does not happen. */
  until(...texts: readonly Wanted[]): Promise<void>;
  type(bytes: string): void;
  /** Waits until nothing more comes. */
  quiet(): Promise<void>;
  /** The screen as it is now. */
  grid(): Grid;
  /** Waits until the program has ended by itself. */
  ended(): Promise<void>;
  /** Takes the terminal away, and waits until no process is left that was started on it. */
  close(): Promise<void>;
};

const LIMIT_SECONDS = 120;
/** A screen is finished when nothing more came for so long. */
const QUIET_MS = 1500;

/** Starts the program. */
export function openSession(options: SessionOptions): Session {
  const {columns, rows, env, scheme, prompt, words} = options;
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  const command = words.map((word) => shellQuote(word)).join(' ');
  const sized = `stty cols ${columns} rows ${rows}; ${command}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', sized, '/dev/null'], {
    // What is written lies there, and goes with it.
    cwd: env['HOME'],
    env: {...terminalEnv(scheme), SHELL: '/bin/sh', PATH: process.env['PATH'], ...env},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let hasEnded = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      hasEnded = true;
      resolve();
    });
  });
  // Who waits for it is told; before that nobody is there to hear.
  ended.catch(() => undefined);
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  answerQuestions(emulator, scheme, (text) => child.stdin.write(text));
  let written = 0;
  if (prompt !== undefined) emulator.write(`\u001B[2m$\u001B[0m \u001B[1m${prompt}\u001B[0m\r\n`);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += 1;
    emulator.write(text);
  });
  const show = () => gridText(readGrid(emulator)).trim();
  return {
    async until(...texts) {
      const missing = (): readonly string[] => {
        const shown = gridText(readGrid(emulator));
        const isShown = (text: Wanted) =>
          typeof text === 'string' ? shown.includes(text) : text.test(shown);
        return texts.filter((text) => !isShown(text)).map(String);
      };
      const isThere = async (): Promise<boolean> => {
        if (missing().length === 0 && !emulator.modes.synchronizedOutputMode) return true;
        if (!hasEnded) return false;
        await drawn(emulator);
        if (missing().length === 0) return true;
        throw new Error(`it ended before the screen showed "${missing().join('", "')}":\n${show()}`);
      };
      await waitUntil('the screen', LIMIT_SECONDS, isThere, 0.02).catch((error: unknown) => {
        if (hasEnded) throw error;
        throw new Error(`the screen does not show "${missing().join('", "')}":\n${show()}`);
      });
    },
    type: (bytes) => void child.stdin.write(bytes),
    async quiet() {
      for (let before = -1; before !== written;) {
        before = written;
        await pause(QUIET_MS);
      }
      await drawn(emulator);
    },
    grid: () => readGrid(emulator),
    async ended() {
      const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_SECONDS * 1000);
      await ended.finally(() => clearTimeout(timer));
    },
    async close() {
      const started = await descendants(child);
      // Its terminal is gone with it, which ends the program; asked to end it would wait for that first.
      child.kill('SIGKILL');
      await ended;
      await waitUntil('the program to end', LIMIT_SECONDS, async () => !(await anyLives(started)), 0.02);
      emulator.dispose();
    },
  };
}

/** What a terminal of this look says about itself, and nothing of this machine's. */
function terminalEnv({name}: Scheme): Readonly<Record<string, string>> {
  return {
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    COLORFGBG: name === 'dark' ? '15;0' : '0;15',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
  };
}

/** Programs ask a terminal where its cursor is and what its background is. */
function answerQuestions(emulator: xterm.Terminal, {background}: Scheme, send: (text: string) => void): void {
  emulator.onData(send);
  emulator.parser.registerOscHandler(11, (data) => {
    const parts = [1, 3, 5].map((at) => background.slice(at, at + 2)).map((part) => part + part);
    if (data === '?') send(`\u001B]11;rgb:${parts.join('/')}\u001B\\`);
    return true;
  });
}

/** Waits until all that was written is on the screen. */
async function drawn(emulator: xterm.Terminal): Promise<void> {
  await new Promise<void>((resolve) => emulator.write('', resolve));
}

/** The processes below one, with the times at which they began. */
async function descendants({pid}: Pick<ChildProcess, 'pid'>): Promise<readonly Started[]> {
  if (pid === undefined) return [];
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = children.trim().split(' ').filter(Boolean).map(Number);
  const own = await Promise.all(below.map(async (child) => ({pid: child, began: await beginOf(child)})));
  const further = await Promise.all(below.map(async (child) => descendants({pid: child})));
  return [...own, ...further.flat()];
}

type Started = {readonly pid: number; readonly began: string | undefined};

/** When a process began, in ticks since boot; undefined where there is none, or where it has only to be fetched. */
async function beginOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : rest[18];
}

async function anyLives(started: readonly Started[]): Promise<boolean> {
  const now = await Promise.all(started.map(async ({pid, began}) => [began, await beginOf(pid)] as const));
  return now.some(([before, after]) => before !== undefined && before === after);
}
