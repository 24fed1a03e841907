/** What it costs to show a run of many nodes. */
import {readFile} from 'node:fs/promises';
import {setTimeout as pause} from 'node:timers/promises';
import {mustRun} from './command.js';
import {startLiveRun} from './live-run.js';
import {startScreenStage} from './screen-stage.js';

export type RunFigures = {
  readonly nodes: number;
  /** How long it was looked at. */
  readonly seconds: number;
  /** Processor seconds of the program in a second. */
  readonly coreShare: number;
  readonly repaintsPerSecond: number;
  /** Of a repaint, on average. */
  readonly bytes: number;
  /** The most that it had resident (VmHWM). */
  readonly memoryMib: number;
};

/** Processor seconds that a process has used. */
async function cpuSeconds(pid: number, ticksPerSecond: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything, the state is the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function peakMib(pid: number): Promise<number> {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status does not say how much memory was used`);
  return Number(kib) / 1024;
}

/**
 * A run of so many nodes on the real screen, in a process of its own: it follows a journal that this process writes,
 * so that its processor time is the screen's alone.
 */
export async function benchRunScreen(nodes: number): Promise<RunFigures> {
  const ticksPerSecond = Number((await mustRun({words: ['getconf', 'CLK_TCK']})).stdout);
  const stage = await startScreenStage(nodes, 0);
  try {
    const live = await startLiveRun(stage.env, nodes);
    const pty = await stage.open(['setup']);
    try {
      await pty.until(/of \d+ +nodes/);
      // Starting is another figure.
      await pause(2000);
      const [began, before] = [pty.now(), await cpuSeconds(pty.pid, ticksPerSecond)];
      await live.ended;
      const [ended, after] = [pty.now(), await cpuSeconds(pty.pid, ticksPerSecond)];
      const seconds = ended - began;
      const seen = pty.repaints.filter((repaint) => repaint.ended >= began && repaint.ended <= ended);
      return {
        nodes,
        seconds,
        coreShare: (after - before) / seconds,
        repaintsPerSecond: seen.length / seconds,
        bytes: seen.reduce((sum, repaint) => sum + repaint.bytes, 0) / seen.length,
        memoryMib: await peakMib(pty.pid),
      };
    } finally {
      await pty.end();
      await live.stop();
    }
  } finally {
    await stage.stop();
  }
}
