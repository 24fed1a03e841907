/** What an action leads to: the next state, and work to be done elsewhere. */
export type Transition<State, Effect> = {
  readonly state: State;
  readonly effects: readonly Effect[];
};

/**
 * How an action is shown: `now` repaints at once; `quiet` changes the state at once and is painted with the next tick
 * or key, so that 500 nodes that report at once cost one repaint; `due` paints only what quiet actions left.
 */
export type How = 'now' | 'quiet' | 'due';

export type Dispatch<Action> = (action: Action, how?: How) => void;

/** A screen's logic, without React: state changes in one function, work is returned as a value and done elsewhere. */
export type Program<State, Action, Effect> = {
  readonly start: Transition<State, Effect>;
  /** Pure: the same arguments give the same answer. */
  update(state: State, action: Action): Transition<State, Effect>;
  /**
   * Does the work; what comes of it is dispatched. What can go wrong comes back as an action: an error that is thrown
   * is a bug and ends the program. `signal` tells that nobody waits any more; what must be finished is finished.
   */
  run(effect: Effect, dispatch: Dispatch<Action>, signal: AbortSignal): Promise<void>;
};

/** A program that runs. */
export type Store<State, Action> = {
  state(): State;
  readonly dispatch: Dispatch<Action>;
  /** Called after each change that is to be painted; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Asks effects to end and waits until they have. Their last actions still count, but begin no work. */
  stop(): Promise<void>;
};

/**
 * Starts a program. `onBug` is told of effects that threw, but for the abort that `stop` asked for.
 */
export function createStore<State, Action, Effect>(
  program: Program<State, Action, Effect>,
  onBug: (error: unknown) => void,
): Store<State, Action> {
  const listeners = new Set<() => void>();
  const controller = new AbortController();
  const running = new Set<Promise<void>>();
  let state = program.start.state;
  let isStale = false;

  const begin = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      const work: Promise<void> = runEffect(effect).finally(() => running.delete(work));
      running.add(work);
    }
  };
  const runEffect = async (effect: Effect): Promise<void> => {
    try {
      await program.run(effect, dispatch, controller.signal);
    } catch (error) {
      if (!isAbortOf(error, controller.signal)) onBug(error);
    }
  };
  const dispatch: Dispatch<Action> = (action, how = 'now') => {
    const next = program.update(state, action);
    state = next.state;
    if (!controller.signal.aborted) begin(next.effects);
    if (how === 'quiet') isStale = true;
    if (how === 'quiet' || (how === 'due' && !isStale)) return;
    isStale = false;
    for (const listener of listeners) listener();
  };
  begin(program.start.effects);
  return {
    state: () => state,
    dispatch,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      controller.abort();
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function isAbortOf(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
