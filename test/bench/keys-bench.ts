/** How long a key takes until its repaint is there, on every screen. */
import {setTimeout as pause} from 'node:timers/promises';
import {startDemo} from '../../source/demo/demo.js';
import {startLiveRun} from './live-run.js';
import {openPty, type Pty} from './pty.js';
import {reprieve} from './reprieve.js';
import {PAST_RUNS, type ScreenStage, startScreenStage} from './screen-stage.js';

export type KeyFigures = {
  readonly screen: string;
  /** Seconds from each key to the last byte of its repaint. */
  readonly seconds: readonly number[];
  /** Bytes of each repaint. */
  readonly bytes: readonly number[];
};

const [ENTER, ESC, BACKSPACE] = ['\r', '\u001B', '\u007F'] as const;
/** No dialog and no step takes a key within 300 ms of its coming. */
export const HELD_MS = 350;
/** Keys come at different moments of a tick and of Ink's pause between two repaints. */
const PAUSES_MS = [31, 47, 59, 73, 89];

/** What is pressed, and what of it counts. */
export type Measure = {
  readonly screen: string;
  /** Pressed in turn, each changing what is seen; the ones that count are those of `counts`. */
  readonly keys: readonly string[];
  readonly counts?: readonly number[];
  readonly pauseMs?: number;
};

/** Presses the keys in turn, at least so often, and fails where one of them changes nothing. */
export async function measure(
  pty: Pty,
  presses: number,
  {screen, keys, counts, pauseMs}: Measure,
): Promise<KeyFigures> {
  const seconds: number[] = [];
  const bytes: number[] = [];
  let unanswered = 0;
  // Whole turns, so that what a turn opens it also closes.
  for (let index = 0; seconds.length + unanswered < presses || index % keys.length > 0; index++) {
    await pause(pauseMs ?? PAUSES_MS[index % PAUSES_MS.length]);
    const which = index % keys.length;
    const answer = await pty.press(keys[which] ?? '', 2);
    if (counts !== undefined && !counts.includes(which)) continue;
    if (answer.seconds === undefined) unanswered += 1;
    else {
      seconds.push(answer.seconds);
      bytes.push(answer.bytes);
    }
  }
  if (unanswered > 0) throw new Error(`${screen}: ${unanswered} keys changed nothing:\n${pty.screen()}`);
  return {screen, seconds, bytes};
}

/** So many steps there and back: more than a window has rows, so that it scrolls. */
export function lap(there: string, back: string, rows: number): readonly string[] {
  const steps = Math.min(45, Math.floor(rows / 2));
  return [...Array.from({length: steps}, () => there), ...Array.from({length: steps}, () => back)];
}

/** Presses a key that goes elsewhere, when keys count, and waits for a text of there. */
export async function go(pty: Pty, key: string, wanted: string | RegExp): Promise<void> {
  await pause(HELD_MS);
  await pty.type(key);
  await pty.until(wanted);
}

/** Home, what can lie above it, the list of runs and a run of many nodes. */
async function benchHomeAndRuns(
  stage: ScreenStage,
  nodes: number,
  presses: number,
): Promise<readonly KeyFigures[]> {
  const pty = await stage.open([]);
  const figures: KeyFigures[] = [];
  const add = async (what: Measure, count = presses) => figures.push(await measure(pty, count, what));
  try {
    await pty.until(/last run +done/);
    await add({screen: 'home', keys: ['?', '?'], counts: [1]});
    await go(pty, '?', 'EVERYWHERE');
    await go(pty, '/', 'keep');
    await add({screen: 'help', keys: ['e', BACKSPACE]});
    await go(pty, ESC, 'GO TO');
    await go(pty, ':', 'complete');
    await add({screen: 'palette', keys: ['r', BACKSPACE]});
    await go(pty, ESC, 'GO TO');
    await add({screen: 'a dialog', keys: ['e', 'e'], pauseMs: HELD_MS}, Math.ceil(presses / 4));
    await go(pty, '6', /1 of \d+/);
    await add({screen: `runs, ${PAST_RUNS}`, keys: lap('j', 'k', PAST_RUNS)});
    await go(pty, 'g', /1 of \d+/);
    await go(pty, ENTER, 'all runs');
    await add({screen: 'a run', keys: lap('k', 'j', nodes)});
  } finally {
    await pty.end();
  }
  return figures;
}

/** Nodes that are alike are one row, below those with something wrong: opens one, so that its nodes have rows too. */
async function openGroup(pty: Pty): Promise<void> {
  await pause(HELD_MS);
  await pty.press('G');
  for (let moves = 0; !/^▌.* \d+ computes/m.test(pty.screen()); moves++) {
    if (moves === 10) throw new Error(`no row stands for several computes:\n${pty.screen()}`);
    await pty.press('k');
    await pause(HELD_MS);
  }
  await go(pty, ENTER, 'enter close');
}

/** The steps of the set-up before anything is done, on an embedded cloud of so many nodes. */
async function benchSetup(nodes: number, presses: number): Promise<readonly KeyFigures[]> {
  const demo = await startDemo({nodes, servers: nodes * 4, speed: 1, hasTraffic: false, start: 'partly'});
  const figures: KeyFigures[] = [];
  try {
    const pty = await openPty(reprieve(['setup'], demo.env));
    const add = async (what: Measure) => figures.push(await measure(pty, presses, what));
    try {
      await pty.until(/token +until/);
      await pause(HELD_MS);
      await add({screen: 'set-up, cloud', keys: ['?', '?'], counts: [1]});
      await go(pty, ENTER, /can be changed/);
      await pty.until(/\d+ can be changed/, 600);
      await openGroup(pty);
      await add({screen: `set-up, ${nodes} nodes`, keys: ['j', 'k']});
      await go(pty, 'n', 'How long shall a deleted server wait?');
      await pause(HELD_MS);
      for (const key of '2h') await pty.press(key);
      await add({screen: 'set-up, interval', keys: [BACKSPACE, 'h']});
      await go(pty, ENTER, '[ Apply ]');
      await pause(HELD_MS);
      await add({screen: 'set-up, changes', keys: ['j', 'k']});
    } finally {
      await pty.end();
    }
  } finally {
    await demo.stop();
  }
  return figures;
}

/** The run and its result, as a second reprieve sees them. */
async function benchRun(nodes: number, presses: number): Promise<readonly KeyFigures[]> {
  const stage = await startScreenStage(nodes, 0);
  try {
    const live = await startLiveRun(stage.env, nodes);
    const pty = await stage.open(['setup']);
    try {
      await pty.until(/of \d+ +nodes/);
      await pause(HELD_MS);
      const run = await measure(pty, presses, {screen: `set-up, run of ${nodes}`, keys: [ENTER]});
      await live.ended;
      await pty.until('evidence');
      await pause(HELD_MS);
      const result = await measure(pty, presses, {screen: 'set-up, result', keys: [ENTER]});
      return [run, result];
    } finally {
      await pty.end();
      await live.stop();
    }
  } finally {
    await stage.stop();
  }
}

/** Every screen, `presses` times each. */
export async function benchKeys(
  nodes: number,
  presses: number,
  say: (line: string) => void,
): Promise<readonly KeyFigures[]> {
  const stage = await startScreenStage(nodes);
  try {
    const home = await benchHomeAndRuns(stage, nodes, presses);
    say('keys of home and runs were pressed');
    const run = await benchRun(nodes, presses);
    say('keys of the run and its result were pressed');
    return [...home, ...(await benchSetup(nodes, presses)), ...run];
  } finally {
    await stage.stop();
  }
}
