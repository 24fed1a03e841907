/** How much memory and time a process takes while it runs. */
import {readFile} from 'node:fs/promises';
import {setTimeout as pause} from 'node:timers/promises';

const EVERY_MS = 5000;
const TICKS_A_SECOND = 100;

export class ProcessMeter {
  /** Resident memory in MiB, by the time of the look in epoch milliseconds. */
  readonly memory: {readonly at: number; readonly mib: number}[] = [];
  /** Processor time so far, in seconds. */
  cpuSeconds = 0;
  readonly #pid: number;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Until then. Rejects where the process ends before. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look();
      await pause(EVERY_MS, undefined, {signal}).catch(() => {});
    }
  }

  /** The median of each part of the time, in MiB. */
  curve(parts: number): readonly number[] {
    const {memory} = this;
    return Array.from({length: parts}, (_, part) => {
      const slice = memory.slice((part * memory.length) / parts, ((part + 1) * memory.length) / parts);
      const sorted = slice.map(({mib}) => mib).toSorted((one, other) => one - other);
      return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    });
  }

  async #look(): Promise<void> {
    const [status, stat] = await Promise.all(
      ['status', 'stat'].map(async (name) => readFile(`/proc/${this.#pid}/${name}`, 'utf8')),
    );
    if (status === undefined || stat === undefined) return;
    const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
    this.memory.push({at: Date.now(), mib: kib / 1024});
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    this.cpuSeconds = (Number(user) + Number(system)) / TICKS_A_SECOND;
  }
}
