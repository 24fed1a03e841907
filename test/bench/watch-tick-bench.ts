/** What a tick costs in which ten rows changed, as `watch --json` takes it. */
import {spawn} from 'node:child_process';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import {atExit} from '../helpers/at-exit.js';
import {cpuSeconds, peakMib} from './process-use.js';
import type {RecordedApi} from './recorded-api.js';
import {inFolder, watchOn} from './watch-list-bench.js';

export type TickFigures = {
  readonly servers: number;
  /** Of each tick: what went over the line, and what the program needed. */
  readonly bytes: readonly number[];
  readonly cpuSeconds: readonly number[];
  /** The most that the program had resident (VmHWM), in MiB. */
  readonly memoryMib: number;
};

const CHANGES = 10;
/** A tick is over long before the next begins, five seconds later. */
const SETTLED_MS = 2500;
const LIMIT_MS = 120_000;

async function until(what: string, isThere: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isThere())) {
    if (performance.now() > deadline) throw new Error(`watch --json: ${what} did not come`);
    await pause(50);
  }
}

/** So many ticks, each with ten changes that the program must tell. */
export async function benchTicks(api: RecordedApi, ticks: number): Promise<TickFigures> {
  return inFolder(async (folder) => {
    const {words, env} = watchOn(api, folder, '--json');
    const [program = '', ...args] = words;
    const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...env}});
    const forget = atExit(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const {pid = 0} = child;
    let lines = 0;
    let left = 0;
    createInterface({input: child.stdout}).on('line', (line) => {
      lines += 1;
      if (/^\{"event":"(?:restored|reclaimed|purged)"/.test(line)) left += 1;
    });
    const figures = {bytes: [] as number[], cpuSeconds: [] as number[]};
    const tickAfter = async (asked: number): Promise<number> => {
      await until('a tick', async () => (await api.counts()).changesAsked > asked);
      await pause(SETTLED_MS);
      return (await api.counts()).changesAsked;
    };
    try {
      await until('the list', () => lines >= api.count);
      // What the first ticks do once is no tick's.
      let asked = await tickAfter((await api.counts()).changesAsked + 1);
      for (let tick = 0; tick < ticks; tick++) {
        await api.change(CHANGES);
        const [cpu, {bytes}, before] = [await cpuSeconds(pid), await api.counts(), left];
        asked = await tickAfter(asked);
        figures.cpuSeconds.push((await cpuSeconds(pid)) - cpu);
        figures.bytes.push((await api.counts()).bytes - bytes);
        if (left === before) throw new Error('watch --json did not tell who went');
      }
      return {servers: api.count, ...figures, memoryMib: await peakMib(pid)};
    } finally {
      child.kill('SIGINT');
      await ended;
      forget();
    }
  });
}
