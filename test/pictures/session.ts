/** A program in a pseudo-terminal of its own, seen through a terminal emulator. */
import {spawn} from 'node:child_process';
import process from 'node:process';
import xterm from '@xterm/headless';
import {shellQuote} from '../../source/domain/shell-quote.js';
import type {Scheme} from './colours.js';
import {gridText, readGrid, type Grid} from './grid.js';

/** What is done when the screen shows this text. */
export type Step = {
  readonly until: string;
  /** Bytes that are typed then; nothing: it is only waited for. */
  readonly type?: string;
};

export type Session = {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
  /** Stands above what the program prints, as if a shell had read it. */
  readonly prompt: string | undefined;
  /** In this order. After the last one the picture is taken; without any, when the program has ended. */
  readonly steps: readonly Step[];
  readonly scheme: Scheme;
};

const LIMIT_MS = 60_000;
/** A screen is finished when nothing more came for so long. */
const QUIET_MS = 300;

/** Runs it and gives the screen. Rejects with what the screen shows where a step's text never comes. */
export async function runSession(session: Session): Promise<Grid> {
  const {columns, rows, env, scheme, prompt, words} = session;
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  const command = words.map((word) => shellQuote(word)).join(' ');
  const child = spawn(
    'script',
    [
      '--quiet',
      '--return',
      '--flush',
      '--command',
      `stty cols ${columns} rows ${rows}; ${command}`,
      '/dev/null',
    ],
    {
      env: {...terminalEnv(scheme), SHELL: '/bin/sh', PATH: process.env['PATH'], ...env},
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let hasEnded = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      hasEnded = true;
      resolve();
    });
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  answerQuestions(emulator, scheme, (text) => child.stdin.write(text));
  let written = 0;
  if (prompt !== undefined) emulator.write(`\u001B[2m$\u001B[0m \u001B[1m${prompt}\u001B[0m\r\n`);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += 1;
    emulator.write(text);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  try {
    for (const {until, type} of session.steps) {
      await waitFor(
        () => gridText(readGrid(emulator)).includes(until),
        emulator,
        () => hasEnded,
        until,
      );
      if (type !== undefined) child.stdin.write(type);
    }
    if (session.steps.length === 0) await ended;
    else await quiet(() => written);
    await drawn(emulator);
    return readGrid(emulator);
  } finally {
    clearTimeout(timer);
    // Its terminal is gone with it, which ends the program; asked to end it would wait for that first.
    child.kill('SIGKILL');
    await ended;
    emulator.dispose();
  }
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

async function waitFor(
  isThere: () => boolean,
  emulator: xterm.Terminal,
  hasEnded: () => boolean,
  wanted: string,
): Promise<void> {
  while (!isThere()) {
    if (hasEnded()) {
      await drawn(emulator);
      if (isThere()) return;
      throw new Error(
        `it ended before the screen showed "${wanted}":\n${gridText(readGrid(emulator)).trim()}`,
      );
    }
    await pause(20);
  }
}

/** Waits until all that was written is on the screen. */
async function drawn(emulator: xterm.Terminal): Promise<void> {
  await new Promise<void>((resolve) => emulator.write('', resolve));
}

async function quiet(count: () => number): Promise<void> {
  for (let before = -1; before !== count();) {
    before = count();
    await pause(QUIET_MS);
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
