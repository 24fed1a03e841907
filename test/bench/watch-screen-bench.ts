/** The live list: how soon its first rows are there, how soon a key shows, what it costs while nobody does anything. */
import {setTimeout as pause} from 'node:timers/promises';
import {HELD_MS, type KeyFigures, lap, measure} from './keys-bench.js';
import {cpuSeconds, peakMib} from './process-use.js';
import {openPty} from './pty.js';
import type {RecordedApi} from './recorded-api.js';
import {inFolder, SECONDS_PER_ROW, watchOn} from './watch-list-bench.js';

export type WatchScreenFigures = {
  readonly servers: number;
  /** Seconds from the start of the process to the first rows, with pages that take as long as a real Nova's. */
  readonly firstRows: readonly number[];
  readonly keys: readonly KeyFigures[];
  /** Processor seconds in a second while nothing happens but time. */
  readonly idleShare: number;
  /** The most that it had resident (VmHWM), in MiB. */
  readonly memoryMib: number;
};

const IDLE_SECONDS = 30;
/** Until what is done once after the list came is done. */
const SETTLED_MS = 12_000;
const ESC = '\u001B';
const BACKSPACE = '\u007F';

/** The screen with every server of the recorded cloud on it. */
export async function benchWatchScreen(
  api: RecordedApi,
  rounds: number,
  presses: number,
): Promise<WatchScreenFigures> {
  return inFolder(async (folder) => {
    const command = watchOn(api, folder);
    const all = new RegExp(`1 of ${api.count.toLocaleString('en-US')}\\b`);
    const firstRows: number[] = [];
    await api.slow(SECONDS_PER_ROW);
    for (let round = 0; round < rounds; round++) {
      const pty = await openPty(command);
      await pty.until('worker-');
      firstRows.push(pty.now() - pty.started);
      await pty.end();
    }
    await api.slow(0);
    const pty = await openPty(command);
    try {
      await pty.until(all);
      await pause(SETTLED_MS);
      const idle = await cpuSeconds(pty.pid);
      await pause(IDLE_SECONDS * 1000);
      const idleShare = ((await cpuSeconds(pty.pid)) - idle) / IDLE_SECONDS;
      const size = `watch, ${api.count.toLocaleString('en-US')}`;
      const list = await measure(pty, presses, {screen: size, keys: lap('j', 'k', api.count)});
      const ends = await measure(pty, presses, {screen: `${size}, to its ends`, keys: ['G', 'g']});
      await pty.type('/');
      await pause(HELD_MS);
      const typing = ['1', '7', BACKSPACE, BACKSPACE];
      const filter = await measure(pty, presses, {screen: `${size}, what is searched`, keys: typing});
      await pty.type(ESC);
      const memoryMib = await peakMib(pty.pid);
      return {servers: api.count, firstRows, keys: [list, ends, filter], idleShare, memoryMib};
    } finally {
      await pty.end();
    }
  });
}
