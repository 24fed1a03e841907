/** A recorded cloud in a process of its own. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {z} from 'zod';
import {atExit} from '../helpers/at-exit.js';
import {cloudEnv} from './quiet-cloud.js';
import type {Order} from './recorded-api-process.js';

const PROGRAM = fileURLToPath(new URL('recorded-api-process.js', import.meta.url));

const started = z.object({port: z.number()});
const answered = z.object({id: z.number(), answer: z.unknown()});
const counts = z.object({requests: z.number(), changesAsked: z.number(), bytes: z.number()});

/** What it was asked so far; `changesAsked`: for what changed, once a tick; `bytes` that it sent. */
export type Counts = z.infer<typeof counts>;

export type RecordedApi = {
  /** How many servers are soft-deleted at first. */
  readonly count: number;
  /** Where it is, without a slash at the end. */
  readonly url: string;
  /** The `OS_*` variables that lead to it. */
  readonly env: Readonly<Record<string, string>>;
  /** So many rows change; `now`: what time it is there from then on, epoch milliseconds. */
  change(count: number, now?: number): Promise<void>;
  /** How long it takes for a row of a list, from now on. */
  slow(secondsPerRow: number): Promise<void>;
  counts(): Promise<Counts>;
  /** The ids of the last rows of the list's pages but the last. */
  markers(): Promise<readonly string[]>;
  /** Ids of the servers that are soft-deleted now. */
  waiting(): Promise<readonly string[]>;
  stop(): Promise<void>;
};

/** Starts it with so many soft-deleted servers; `stop` must be called. */
export async function startRecordedApi(count: number): Promise<RecordedApi> {
  const child: ChildProcess = fork(PROGRAM, [String(count)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const forget = atExit(() => void child.kill('SIGKILL'));
  const waiting = new Map<number, (answer: unknown) => void>();
  const start = Promise.withResolvers<number>();
  child.on('message', (message) => {
    const reply = answered.safeParse(message);
    if (reply.success) {
      waiting.get(reply.data.id)?.(reply.data.answer);
      waiting.delete(reply.data.id);
    } else start.resolve(started.parse(message).port);
  });
  child.once('exit', (code) => start.reject(new Error(`the recorded API ended with ${code}`)));
  const port = await start.promise;
  let orders = 0;
  const obey = async (order: Order): Promise<unknown> => {
    orders += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(orders, answer.resolve);
    child.send({id: orders, order});
    return answer.promise;
  };
  const url = `http://127.0.0.1:${port}`;
  const ids = z.array(z.string());
  return {
    count,
    url,
    env: cloudEnv(port),
    change: async (rows, now) => void (await obey({do: 'change', count: rows, now})),
    slow: async (secondsPerRow) => void (await obey({do: 'slow', secondsPerRow})),
    counts: async () => counts.parse(await obey({do: 'counts'})),
    markers: async () => ids.parse(await obey({do: 'markers'})),
    waiting: async () => ids.parse(await obey({do: 'waiting'})),
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      forget();
    },
  };
}
