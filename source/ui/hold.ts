/** For so long after a dialog or a step opened no key is taken: it was meant for what was there before. */
const HOLD_MS = 300;

/** Keeps keys from a dialog or a step that the one who presses them cannot have seen yet. */
export type Hold = {
  /** Tells what has the keys now: `''` where that is no dialog and no step. */
  observe(stage: string, now: number): void;
  /** Whether keys are to be dropped. */
  holds(now: number): boolean;
};

/** A hold that begins whenever another dialog or step comes. Going back to none begins nothing. */
export function createHold(): Hold {
  let last = '';
  let until = 0;
  return {
    observe(stage, now) {
      if (stage !== last && stage !== '') until = now + HOLD_MS;
      last = stage;
    },
    // A clock that was set back must not lock the keys.
    holds: (now) => now < until && until - now <= HOLD_MS,
  };
}
