import type {NodeState, RunEvent} from './events.js';
import type {Plan} from './plan-types.js';
import type {Operator, RunSettings, Wish} from './wish.js';

/** What a run is about to do to a target. On disk before it is done. */
export type IntentAction = 'change' | 'put-back';

/**
 * One line of a journal. It begins with the wish, before the first connection, and holds its own copy of the plan.
 * Times are epoch milliseconds. No entry holds a secret or the content of a file beyond the edit.
 */
export type JournalEntry =
  | {
      readonly type: 'begin';
      readonly time: number;
      readonly run: string;
      readonly version: string;
      readonly wish: Wish;
      readonly settings: RunSettings;
      readonly operator: Operator;
      /** What resume needs to find the same cloud and nodes: `--cloud`, `--inventory` and the like. */
      readonly context: Readonly<Record<string, string>>;
    }
  | {readonly type: 'plan'; readonly time: number; readonly plan: Plan}
  | {
      readonly type: 'confirmed';
      readonly time: number;
      /** How many servers the operator agreed to destroy, and to leave stranded. */
      readonly destroy: number;
      readonly strand: number;
    }
  | {
      readonly type: 'intent';
      readonly time: number;
      /** `HOST/ROLE`. */
      readonly target: string;
      readonly action: IntentAction;
    }
  | {
      readonly type: 'result';
      readonly time: number;
      /** `HOST/ROLE`. */
      readonly target: string;
      readonly state: NodeState;
      readonly message: string;
    }
  | {readonly type: 'event'; readonly event: RunEvent}
  | {readonly type: 'resumed'; readonly time: number; readonly operator: Operator};

/** An open journal. Entries are kept in order. */
export interface RunJournal {
  /** Never fails for the disk's sake: a journal that cannot be written is told by the next `flush`. */
  append(entry: JournalEntry): void;
  /** Resolves when everything appended so far is on disk. Calls of the same moment share one fsync. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** All journals of this operator on this machine. */
export interface Journals {
  /** Starts the journal of a new run; its first entry is on disk when this resolves. */
  create(run: string, first: JournalEntry): Promise<RunJournal>;
  /** Goes on with a journal. Rejects with a refused `UserError` while the process that owns it lives. */
  reopen(run: string, operator: Operator): Promise<RunJournal>;
  /** Rejects with a usage `UserError` where there is no such run; a torn last line is left out. */
  read(run: string): Promise<readonly JournalEntry[]>;
  /** Run ids, newest first. */
  list(): Promise<readonly string[]>;
  /** Whether the process that writes this journal lives on this machine. */
  isLive(run: string): Promise<boolean>;
  /** Whether a process of this machine lives, for locks that were left on nodes. */
  isProcessLive(pid: number, bootId: string): Promise<boolean>;
  remove(run: string): Promise<void>;
}

/** Journals that can be watched while they are written. */
export type FollowableJournals = Journals & {
  /**
   * The entries so far, then each new one, until `signal` is aborted or nobody writes any more. Read-only: works
   * beside the process that owns the journal.
   */
  follow(run: string, signal: AbortSignal): AsyncIterable<JournalEntry>;
};
