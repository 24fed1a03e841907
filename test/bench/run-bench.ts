/** What it costs to show a run of many nodes. */
import {setTimeout as pause} from 'node:timers/promises';
import {startLiveRun} from './live-run.js';
import {cpuSeconds, peakMib} from './process-use.js';
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

/**
 * A run of so many nodes on the real screen, in a process of its own: it follows a journal that this process writes,
 * so that its processor time is the screen's alone.
 */
export async function benchRunScreen(nodes: number): Promise<RunFigures> {
  const stage = await startScreenStage(nodes, 0);
  try {
    const live = await startLiveRun(stage.env, nodes);
    const pty = await stage.open(['setup']);
    try {
      await pty.until(/of \d+ +nodes/);
      // Starting is another figure.
      await pause(2000);
      const [began, before] = [pty.now(), await cpuSeconds(pty.pid)];
      await live.ended;
      const [ended, after] = [pty.now(), await cpuSeconds(pty.pid)];
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
