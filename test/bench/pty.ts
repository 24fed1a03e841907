/** The built program in a pseudo-terminal, with the times at which it wrote and was written to (pty.py). */
import {type ChildProcess, spawn} from 'node:child_process';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import xterm from '@xterm/headless';
import {z} from 'zod';
import {atExit, kill} from '../helpers/at-exit.js';
import type {Command} from './command.js';
import {type Repaint, RepaintReader} from './frames.js';

/** Python is asked to read it where it is written: it is not compiled. */
const HELPER = fileURLToPath(new URL('../../../test/bench/pty.py', import.meta.url));
const LIMIT_SECONDS = 60;

/** A line between the terminal and the program. */
export type Line = {readonly bytesPerSecond: number; readonly delaySeconds: number};

export type PtyOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly line?: Line;
};

/** How a key was answered. */
export type Answer = {
  /** From the key until the last byte of the repaint was there; undefined: nothing was repainted. */
  readonly seconds: number | undefined;
  readonly bytes: number;
};

export type Pty = {
  /** The program's process. */
  readonly pid: number;
  /** Seconds from its start to its first byte; undefined before. */
  firstByte(): number | undefined;
  /** Everything that was repainted, in its order. */
  readonly repaints: readonly Repaint[];
  /** Bytes that came so far. */
  bytes(): number;
  /** Seconds of the clock that stamps repaints. */
  now(): number;
  /** When it started, by that clock. */
  readonly started: number;
  /** The screen as text. */
  screen(): string;
  /** Waits until the screen shows this. */
  until(wanted: string | RegExp, limitSeconds?: number): Promise<void>;
  /** Types and waits for the first repaint after it, at most so long. */
  press(keys: string, limitSeconds?: number): Promise<Answer>;
  /** Types and gives the time of it. */
  type(keys: string): Promise<number>;
  /** Ends it with this key (nothing: the terminal goes away), and gives the seconds from start to end. */
  end(key?: string): Promise<number>;
  /** Waits until it ends by itself: the seconds from its start, and its code. */
  ended(): Promise<{readonly seconds: number; readonly code: number}>;
};

const told = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('started'), at: z.number(), pid: z.number()}),
  z.object({kind: z.literal('out'), at: z.number(), out: z.string()}),
  z.object({kind: z.literal('typed'), at: z.number()}),
  z.object({kind: z.literal('ended'), at: z.number(), code: z.number()}),
]);

const open = new Set<ChildProcess>();

/** Starts a program with nothing of this process's environment but PATH. */
export async function openPty(
  {words, env}: Command,
  {columns = 120, rows = 40, line}: PtyOptions = {},
): Promise<Pty> {
  // Ctrl-c is for this process alone, which ends the program and its terminal itself.
  const child = spawn('/usr/bin/python3', ['-S', '-E', HELPER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  open.add(child);
  const forgetHelper = atExit(() => void child.kill('SIGKILL'));
  const variables = {
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    PATH: process.env['PATH'] ?? '',
    ...env,
  };
  const slow = line === undefined ? {} : {bytesPerSecond: line.bytesPerSecond, delay: line.delaySeconds};
  const say = (what: unknown): void => void child.stdin.write(`${JSON.stringify(what)}\n`);
  child.stdin.on('error', () => undefined);
  say({words, env: variables, columns, rows, ...slow});

  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  const reader = new RepaintReader();
  const repaints: Repaint[] = [];
  const typed: ((at: number) => void)[] = [];
  const start = Promise.withResolvers<{at: number; pid: number}>();
  const end = Promise.withResolvers<{at: number; code: number}>();
  end.promise.catch(() => undefined);
  let bytes = 0;
  let first: number | undefined;
  let change = Promise.withResolvers<void>();
  createInterface({input: child.stdout}).on('line', (text) => {
    const message = told.parse(JSON.parse(text));
    switch (message.kind) {
      case 'started':
        start.resolve(message);
        break;
      case 'out': {
        const chunk = Buffer.from(message.out, 'base64');
        first ??= message.at;
        bytes += chunk.length;
        repaints.push(...reader.read(message.at, chunk));
        emulator.write(chunk);
        break;
      }
      case 'typed':
        typed.shift()?.(message.at);
        break;
      case 'ended':
        end.resolve(message);
        break;
    }
    change.resolve();
    change = Promise.withResolvers();
  });
  child.once('exit', () => {
    open.delete(child);
    forgetHelper();
    const gone = new Error(`${words.slice(0, 4).join(' ')}: its terminal is gone`);
    start.reject(gone);
    end.reject(gone);
  });
  const {at: started, pid} = await start.promise;
  const forget = atExit(() => kill(pid));
  end.promise.then(forget, forget);
  const screen = (): string => {
    const buffer = emulator.buffer.active;
    return Array.from(
      {length: rows},
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    ).join('\n');
  };
  const type = async (keys: string): Promise<number> => {
    const stamp = Promise.withResolvers<number>();
    typed.push(stamp.resolve);
    say(keys);
    return stamp.promise;
  };
  const ended = async () => {
    const {at, code} = await end.promise;
    return {seconds: at - started, code};
  };
  return {
    pid,
    started,
    repaints,
    bytes: () => bytes,
    firstByte: () => (first === undefined ? undefined : first - started),
    now: () => Number(process.hrtime.bigint()) / 1e9,
    screen,
    async until(wanted, limitSeconds = LIMIT_SECONDS) {
      const deadline = performance.now() + limitSeconds * 1000;
      for (;;) {
        await new Promise<void>((resolve) => emulator.write('', resolve));
        const shown = screen();
        if (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown)) return;
        if (performance.now() > deadline || !open.has(child)) {
          throw new Error(`the screen does not show ${String(wanted)}:\n${shown}`);
        }
        await Promise.race([change.promise, pause(200)]);
      }
    },
    type,
    async press(keys, limitSeconds = 1) {
      const at = await type(keys);
      const deadline = performance.now() + limitSeconds * 1000;
      for (;;) {
        const answer = repaints.findLast((repaint) => repaint.ended < at);
        const next = repaints[answer === undefined ? 0 : repaints.indexOf(answer) + 1];
        if (next !== undefined) return {seconds: next.ended - at, bytes: next.bytes};
        const left = deadline - performance.now();
        if (left <= 0) return {seconds: undefined, bytes: 0};
        await Promise.race([change.promise, pause(left)]);
      }
    },
    async end(key) {
      if (key === undefined) child.stdin.end();
      else await type(key);
      const timer = setTimeout(() => child.stdin.end(), LIMIT_SECONDS * 1000);
      try {
        return (await ended()).seconds;
      } finally {
        clearTimeout(timer);
        emulator.dispose();
      }
    },
    ended,
  };
}
