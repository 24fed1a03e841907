/** Keys over a line that is slow both ways: whether they answer, and whether output queues up. */
import {setTimeout as pause} from 'node:timers/promises';
import type {Line, Pty} from './pty.js';
import {startLiveRun} from './live-run.js';
import {PAST_RUNS, type ScreenStage, startScreenStage} from './screen-stage.js';

/** 100 kbit/s and 300 ms each way. */
export const SLOW_LINE: Line = {bytesPerSecond: 12_500, delaySeconds: 0.3};

/** A key that is held down: 30 in a second, for two seconds. */
const BURST = 60;
const BETWEEN_MS = 33;
/** Longer than the line needs for a whole window. */
const QUIET_SECONDS = 0.8;

export type SlowLineFigures = {
  readonly screen: string;
  /** Seconds from a key to its repaint at the operator, the line's two ways in it. */
  readonly single: readonly number[];
  /** Bytes of a repaint. */
  readonly bytes: readonly number[];
  /** Seconds from the last of many keys to the last byte that they caused; undefined where none was held. */
  readonly burst: number | undefined;
};

/** How to get to a screen, and the keys that are pressed there in turn. */
type Way = {
  readonly args: readonly string[];
  readonly ready: string | RegExp;
  readonly key?: string;
  readonly shown?: RegExp;
  readonly keys: readonly string[];
  /** What is held down then; undefined where no key that is held does anything. */
  readonly held?: string;
};

/** The list of runs, and a live run on so many nodes that is painted each second besides. */
export async function benchSlowLine(nodes: number, presses: number): Promise<readonly SlowLineFigures[]> {
  const stage = await startScreenStage(nodes);
  try {
    const list = await overSlowLine(
      stage,
      `runs, ${PAST_RUNS}`,
      {args: [], ready: 'GO TO', key: '6', shown: /1 of \d+/, keys: ['j', 'k'], held: 'j'},
      presses,
    );
    const live = await startLiveRun(stage.env, nodes);
    try {
      const run = await overSlowLine(
        stage,
        `set-up, run of ${nodes}`,
        {args: ['setup'], ready: /of \d+ +nodes/, keys: ['\r']},
        presses,
      );
      return [list, run];
    } finally {
      await live.stop();
    }
  } finally {
    await stage.stop();
  }
}

async function overSlowLine(
  stage: ScreenStage,
  screen: string,
  {args, ready, key, shown, keys, held}: Way,
  presses: number,
): Promise<SlowLineFigures> {
  const pty = await stage.open(args, {line: SLOW_LINE});
  try {
    await pty.until(ready);
    await pause(1000);
    if (key !== undefined) await pty.type(key);
    if (shown !== undefined) await pty.until(shown);
    await pause(1000);
    const answers = [];
    for (let index = 0; index < presses; index++) {
      // A repaint that was on its way before the key is not its answer.
      const at = await pty.type(keys[index % keys.length] ?? '');
      const isAnswer = ({began}: {began: number}) => began >= at + 2 * SLOW_LINE.delaySeconds;
      const deadline = performance.now() + 5000;
      while (!pty.repaints.some(isAnswer) && performance.now() < deadline) await pause(20);
      const answer = pty.repaints.find(isAnswer);
      if (answer === undefined) throw new Error(`${screen}: no answer in 5 s:\n${pty.screen()}`);
      answers.push({seconds: answer.ended - at, bytes: answer.bytes});
      await pause(150);
    }
    return {
      screen,
      single: answers.map(({seconds}) => seconds),
      bytes: answers.map(({bytes}) => bytes),
      burst: held === undefined ? undefined : await settled(pty, await hold(pty, held)),
    };
  } finally {
    await pty.end();
  }
}

/** Holds a key down; gives the time of the last one. */
async function hold(pty: Pty, key: string): Promise<number> {
  let last = 0;
  for (let index = 0; index < BURST; index++) {
    last = await pty.type(key);
    await pause(BETWEEN_MS);
  }
  return last;
}

/** When the repaint of the last key was there: the newest one before a pause that no burst has. */
async function settled(pty: Pty, last: number): Promise<number> {
  await pause(2 * SLOW_LINE.delaySeconds * 1000 + 1000);
  for (;;) {
    const after = pty.repaints.filter((repaint) => repaint.ended > last);
    const gap = after.findIndex((repaint, index) => {
      const next = after[index + 1]?.began ?? pty.now();
      return repaint.ended > last + 2 * SLOW_LINE.delaySeconds && next - repaint.ended > QUIET_SECONDS;
    });
    const end = after[gap];
    if (end !== undefined) return end.ended - last;
    await pause(100);
  }
}
