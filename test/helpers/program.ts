/** The built program as a process of its own, with the events that it prints under `--json`. */
import {type ChildProcessByStdio, spawn} from 'node:child_process';
import process from 'node:process';
import type {Readable, Writable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';

const CLI = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

/** A line of `apply --json` and its kin: a step, or the end with its outcome. */
const eventLine = z.object({
  run: z.string(),
  host: z.string().optional(),
  step: z.string().optional(),
  state: z.string().optional(),
  message: z.string().optional(),
  outcome: z.string().optional(),
  nodes: z.record(z.string(), z.string()).optional(),
  next: z.array(z.string()).optional(),
});
export type ProgramEvent = z.infer<typeof eventLine>;

/** What of an event must be so; what is left out may be anything. */
export type EventPattern = Pick<ProgramEvent, 'host' | 'step' | 'state'>;

export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly ProgramEvent[];
  /** The last event, with the outcome; undefined where the program did not come so far. */
  readonly end: ProgramEvent | undefined;
  readonly seconds: number;
};

export type RunningProgram = {
  readonly pid: number;
  /** The next event, or one already seen, that is so. Rejects where the program ends before, or time is up. */
  waitFor(pattern: EventPattern, limitSeconds?: number): Promise<ProgramEvent>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it has ended. After the limit it is killed, and this rejects with what it said. */
  end(limitSeconds?: number): Promise<Ended>;
};

export type ProgramOptions = {
  readonly env: Readonly<Record<string, string>>;
  /** Called for each event before the next is read: the place to kill it at a certain one. */
  readonly onEvent?: (event: ProgramEvent, program: RunningProgram) => void;
  /** Called with every whole line. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
};

export function fits(pattern: EventPattern, event: ProgramEvent): boolean {
  return (
    (pattern.host === undefined || event.host === pattern.host) &&
    (pattern.step === undefined || event.step === pattern.step) &&
    (pattern.state === undefined || event.state === pattern.state)
  );
}

/** The words of a command line that runs the program. */
export function programWords(args: readonly string[]): readonly string[] {
  return [process.execPath, CLI, ...args];
}

/** Starts the program with nothing of this process's own environment but PATH. */
export function startProgram(args: readonly string[], options: ProgramOptions): RunningProgram {
  const [command = '', ...words] = programWords(args);
  const child: ChildProcessByStdio<Writable | null, Readable, Readable> = spawn(command, words, {
    env: {PATH: process.env['PATH'], ...options.env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return follow(child, args, options);
}

function follow(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  args: readonly string[],
  {onEvent, onLine}: Omit<ProgramOptions, 'env'>,
): RunningProgram {
  const began = performance.now();
  const events: ProgramEvent[] = [];
  const waiters = new Set<() => void>();
  let stdout = '';
  let stderr = '';
  let unread = '';
  let ended: Ended | undefined;
  const wake = () => {
    for (const waiter of waiters) waiter();
  };
  const told = () => `reprieve ${args.join(' ')}\n${stdout}${stderr}`;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) onLine?.(line, 'stdout');
    for (const event of lines.flatMap(readEvent)) {
      events.push(event);
      onEvent?.(event, program);
    }
    wake();
  });
  let unreadError = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    const lines = (unreadError + text).split('\n');
    unreadError = lines.pop() ?? '';
    for (const line of lines) onLine?.(line, 'stderr');
  });
  const closed = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const seconds = (performance.now() - began) / 1000;
      const end = events.findLast((event) => event.outcome !== undefined);
      ended = {code, signal, stdout, stderr, events, end, seconds};
      wake();
      resolve(ended);
    });
  });
  const program: RunningProgram = {
    pid: child.pid ?? 0,
    async waitFor(pattern, limitSeconds = 120) {
      const what = JSON.stringify(pattern);
      return new Promise((resolve, reject) => {
        const settle = (result: () => void) => {
          waiters.delete(look);
          clearTimeout(timer);
          result();
        };
        const look = () => {
          const event = events.find((one) => fits(pattern, one));
          if (event !== undefined) settle(() => resolve(event));
          else if (ended !== undefined) settle(() => reject(new Error(`it ended before ${what}: ${told()}`)));
        };
        const timer = setTimeout(() => {
          settle(() => reject(new Error(`no ${what} in ${limitSeconds} s: ${told()}`)));
        }, limitSeconds * 1000);
        waiters.add(look);
        look();
      });
    },
    signal: (name) => void child.kill(name),
    async end(limitSeconds = 300) {
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        child.kill('SIGKILL');
      }, limitSeconds * 1000);
      const result = await closed.finally(() => clearTimeout(timer));
      if (isLate) throw new Error(`it had not ended after ${limitSeconds} s: ${told()}`);
      return result;
    },
  };
  return program;
}

function readEvent(line: string): readonly ProgramEvent[] {
  if (!line.startsWith('{')) return [];
  const event = eventLine.safeParse(JSON.parse(line));
  return event.success ? [event.data] : [];
}
