/** Everything about screens: how soon they are there, how soon a key shows, what a large run costs, a slow line. */
import {benchFirstFrame, type FirstFrameFigures} from './first-frame-bench.js';
import {benchFlavorKeys} from './flavor-keys-bench.js';
import {benchKeys, type KeyFigures} from './keys-bench.js';
import {benchRunScreen, type RunFigures} from './run-bench.js';
import {benchSlowLine, type SlowLineFigures} from './slow-line-bench.js';

export type ScreenFigures = {
  readonly first: FirstFrameFigures;
  readonly keys: readonly KeyFigures[];
  readonly run: RunFigures;
  readonly slow: readonly SlowLineFigures[];
};

/** Measures all of it, with `nodes` in the large lists and in the run. Needs python3. */
export async function benchScreens(
  rounds: number,
  nodes: number,
  say: (line: string) => void,
): Promise<ScreenFigures> {
  const first = await benchFirstFrame(rounds * 4, say);
  say('home was started');
  const keys = [...(await benchKeys(nodes, rounds * 30, say)), ...(await benchFlavorKeys(rounds * 30))];
  const run = await benchRunScreen(nodes);
  say(`a run of ${nodes} nodes was shown`);
  const slow = await benchSlowLine(nodes, rounds * 3);
  say('keys were pressed over a slow line');
  return {first, keys, run, slow};
}
