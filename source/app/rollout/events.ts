/** The parts of a node's way through a run. Stable words: scripts read them. */
export type EventStep =
  | 'facts'
  | 'plan'
  | 'impact'
  | 'lock'
  | 'in-flight'
  | 'change'
  | 'restart'
  | 'gate'
  | 'put-back'
  | 'unlock'
  | 'order'
  | 'result';

export type EventState =
  'started' | 'waiting' | 'done' | 'failed' | 'skipped' | 'put-back' | 'not-touched' | 'unknown';

/** How a run ended. */
export type Outcome = 'done' | 'partial' | 'failed' | 'waiting' | 'interrupted' | 'rolled-back';

/** How a node ended. `pending`: its turn never came. */
export type NodeState =
  | 'done'
  | 'unchanged'
  | 'failed'
  | 'put-back'
  | 'not-touched'
  | 'unknown'
  | 'waiting'
  | 'pending'
  | 'skipped';

/** One thing that happened. `host` is empty where it concerns the run as a whole. */
export type StepEvent = {
  readonly kind: 'step';
  /** Epoch milliseconds. */
  readonly time: number;
  readonly run: string;
  readonly host: string;
  readonly step: EventStep;
  readonly state: EventState;
  readonly message: string;
};

/** The last event of a run. */
export type EndEvent = {
  readonly kind: 'end';
  readonly time: number;
  readonly run: string;
  readonly outcome: Outcome;
  readonly nodes: Readonly<Record<string, NodeState>>;
  /** What to do next, each a sentence or a command. */
  readonly next: readonly string[];
};

export type RunEvent = StepEvent | EndEvent;

/** Where events go: the screen, the text printer, JSON and the log listen to the same. */
export type EventSink = (event: RunEvent) => void;
