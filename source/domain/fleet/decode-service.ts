import {decodeLines, numberOf, rowsOf, valueOf, wordOf} from './decode-lines.js';
import {decodeListeners, decodeUnit} from './decode-unit.js';
import type {Listener, UnitState} from './node-facts.js';

/** One reading of a unit, the last of a wait. */
export type ServiceReading = {
  /** `started`: a new main process runs; `stopped`: none does and none will; `waiting`: the time was up. */
  readonly verdict: 'started' | 'stopped' | 'waiting';
  readonly unit: UnitState;
  /** Age of the main process by the node's clock; undefined where none runs. */
  readonly processAgeSeconds: number | undefined;
  readonly listeners: readonly Listener[];
  /**
   * Whether the run's lock was released with this reading: false where the unit was not as expected, or the lock was
   * not that run's; undefined where that was not asked for.
   */
  readonly isUnlocked?: boolean;
};

/** Reads what `service.sh` printed. Throws `Error` where that is nonsense or was cut. */
export function decodeService(stdout: Uint8Array): ServiceReading {
  const lines = decodeLines(stdout, 'service');
  const problem = rowsOf(lines, 'problem')[0]?.[0];
  if (problem !== undefined) throw new Error(`The node could not look at the service: ${problem}.`);
  const unit = decodeUnit(rowsOf(lines, 'show')[0]?.slice(1) ?? []);
  const started = rowsOf(lines, 'started')[0]?.[1];
  const unlocked = rowsOf(lines, 'unlocked')[0]?.[0];
  return {
    verdict: wordOf(valueOf(lines, 'verdict'), ['started', 'stopped', 'waiting'], 'the verdict'),
    unit,
    processAgeSeconds:
      started === undefined
        ? undefined
        : numberOf(valueOf(lines, 'uptime'), 'the time since boot') -
          numberOf(started, 'the start of the main process') /
            numberOf(valueOf(lines, 'ticks'), 'the clock ticks of a second'),
    listeners: decodeListeners(lines, unit.unit),
    ...(unlocked !== undefined && {
      isUnlocked: wordOf(unlocked, ['0', '1'], 'whether the lock was released') === '1',
    }),
  };
}
