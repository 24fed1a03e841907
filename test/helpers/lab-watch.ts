/** `watch --json` of the built program against the lab, with the moment at which each line came. */
import {z} from 'zod';
import type {LabOperator} from './lab-operator.js';
import {type Ended, startProgram} from './program.js';

const watchLine = z.object({
  event: z.enum(['present', 'added', 'changed', 'restored', 'reclaimed', 'purged']),
  id: z.string(),
  name: z.string(),
  project_id: z.string().nullable(),
  host: z.string().nullable(),
  deleted_at: z.string().nullable(),
  deleted_at_source: z.string().nullable(),
  interval: z.number().nullable(),
  interval_source: z.string().nullable(),
  due_at: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  cause: z.string().nullable(),
  status: z.string(),
  task_state: z.string().nullable(),
  locked: z.boolean().nullable(),
});
export type WatchLine = z.infer<typeof watchLine>;
/** `at`: when it came, epoch milliseconds. */
export type SeenLine = WatchLine & {readonly at: number};

/** What of a line must be so; what is left out may be anything. */
export type LinePattern = Partial<
  Pick<WatchLine, 'event' | 'state' | 'cause' | 'interval_source' | 'deleted_at_source'>
>;

export type LabWatch = {
  /** The first line about a server that is so, whether it came already or comes in time. */
  see(id: string, pattern: LinePattern, limitSeconds?: number): Promise<SeenLine>;
  /** Everything that was told, as it came. */
  readonly lines: readonly SeenLine[];
  /** What it said for people. */
  readonly notices: readonly string[];
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Everything that was told of a server, as `event state` words. */
  story(id: string): readonly string[];
  /** Interrupts it as ctrl-c does. */
  end(): Promise<Ended>;
};

/** The lines of `watch --once --json`. */
export function watchLines(stdout: string): readonly WatchLine[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => watchLine.parse(JSON.parse(line)));
}

const outcome = z.object({id: z.string(), outcome: z.string(), ok: z.boolean(), message: z.string()});

/** The lines of `restore --json` and `purge --json`. */
export function outcomes(stdout: string): readonly z.infer<typeof outcome>[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => outcome.parse(JSON.parse(line)));
}

/** Starts `watch --json` as this operator. */
export function followLab({env, inventory}: LabOperator, args: readonly string[] = []): LabWatch {
  const lines: SeenLine[] = [];
  const notices: string[] = [];
  const said: string[] = [];
  const waiters = new Set<() => void>();
  const program = startProgram(['watch', '--json', '--inventory', inventory, ...args], {
    env,
    onLine(line, stream) {
      said.push(line);
      if (stream === 'stderr') notices.push(line);
      else lines.push({...watchLine.parse(JSON.parse(line)), at: Date.now()});
      for (const waiter of waiters) waiter();
    },
  });
  const fits = (line: SeenLine, id: string, pattern: LinePattern) =>
    line.id === id &&
    (pattern.event === undefined || line.event === pattern.event) &&
    (pattern.state === undefined || line.state === pattern.state) &&
    (pattern.cause === undefined || line.cause === pattern.cause) &&
    (pattern.interval_source === undefined || line.interval_source === pattern.interval_source) &&
    (pattern.deleted_at_source === undefined || line.deleted_at_source === pattern.deleted_at_source);
  return {
    lines,
    notices,
    pid: program.pid,
    signal: program.signal,
    see: async (id, pattern, limitSeconds = 60) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiters.delete(look);
          const what = `no ${JSON.stringify(pattern)} of ${id} in ${limitSeconds} s`;
          reject(new Error(`${what}:\n${said.join('\n')}`));
        }, limitSeconds * 1000);
        const look = () => {
          const line = lines.find((one) => fits(one, id, pattern));
          if (line === undefined) return;
          clearTimeout(late);
          waiters.delete(look);
          resolve(line);
        };
        waiters.add(look);
        look();
      }),
    story: (id) =>
      lines
        .filter((line) => line.id === id)
        .map(({event, state, cause}) => [event, state, cause ?? ''].join(' ').trim()),
    async end() {
      program.signal('SIGINT');
      return program.end(60);
    },
  };
}
