import type {AgainEnd, SetErrorEnd} from '../../../app/again/again-types.js';
import type {PurgeLosses} from '../../../app/purge/losses.js';
import type {PurgeEnd, PurgePlan} from '../../../app/purge/purge-types.js';
import type {RestoreEnd} from '../../../app/restore/restore-types.js';
import type {KnownServer} from '../../../app/servers/server-ports.js';
import type {AnotherDelete, Rescue} from '../../../domain/reclaim/another-delete.js';
import type {RestoreCheck} from '../../../domain/reclaim/restore-checks.js';
import type {WatchRow} from './state.js';

/** What checking a server before its restore came to. */
export type Checked =
  | {readonly kind: 'checked'; readonly checks: readonly RestoreCheck[]}
  /** It cannot be restored, or nobody could look. */
  | {readonly kind: 'ended'; readonly end: RestoreEnd};

/** What was read just before servers are destroyed. */
export type PurgeLook = {
  readonly plan: PurgePlan;
  /** Those that are not there any more, or that Nova could not be asked of, with why. */
  readonly left: readonly {readonly name: string; readonly why: string}[];
  readonly losses: PurgeLosses;
  /** Why not all volumes are known. */
  readonly problem: string | undefined;
};

/** A dialog with what it is about; the servers stay the same ones whatever the list does. */
export type WatchDialog =
  | {
      readonly kind: 'restore';
      readonly rows: readonly WatchRow[];
      readonly stop: boolean;
      /** By id, as each is checked. */
      readonly checked: ReadonlyMap<string, Checked>;
      /** Restore was pressed while checks went on: it counts where all pass. */
      readonly isEager: boolean;
    }
  | {
      readonly kind: 'purge';
      readonly rows: readonly WatchRow[];
      /** What was read of the servers of each cloud so far. */
      readonly looks: readonly PurgeLook[];
      /** All of it together; undefined until every cloud told. */
      readonly look: PurgeLook | undefined;
      readonly problem: string | undefined;
      readonly isUnique: boolean;
    }
  | {
      readonly kind: 'again';
      readonly row: WatchRow;
      readonly verdict: AnotherDelete | undefined;
      readonly problem: string | undefined;
    }
  /** The alarm: a restore failed, and Nova destroys the server at its next look. */
  | {
      readonly kind: 'failed';
      readonly row: WatchRow;
      /** When it was seen, epoch milliseconds of this machine. */
      readonly at: number;
      readonly fault: string | undefined;
      readonly rescue: Rescue | undefined;
      readonly problem: string | undefined;
      /** Somebody here restored it, and has nothing else in hand: enter may be meant for it. */
      readonly isAwaited: boolean;
    }
  /** What a dialog was about went while it was open. */
  | {readonly kind: 'gone'; readonly row: WatchRow; readonly words: string};

/** What this program asked of a server and what is not done yet. */
export type Pending =
  'restoring' | 'restoring to stop' | 'destroying' | 'deleting again' | 'setting to ERROR';

/** What was done with a server that Nova's list still shows as it was. */
export type Settled = 'restored' | 'destroyed' | 'deleted' | 'in ERROR';

/** Several that something was asked of together: those without a result, and how many results are good and bad. */
export type Several = {
  readonly what: Pending;
  readonly left: ReadonlySet<string>;
  readonly well: number;
  readonly failed: number;
};

/** What became of one server that something was done with. */
export type Outcome =
  | {readonly kind: 'restore'; readonly end: RestoreEnd; readonly server: KnownServer | undefined}
  | {readonly kind: 'purge'; readonly end: PurgeEnd; readonly server: KnownServer}
  | {readonly kind: 'again'; readonly end: AgainEnd}
  | {readonly kind: 'set-error'; readonly end: SetErrorEnd};

export type ActingAction =
  | {readonly type: 'restore'; readonly stop: boolean}
  | {readonly type: 'checked'; readonly id: string; readonly checked: Checked}
  | {readonly type: 'press-restore'; readonly stop: boolean}
  | {readonly type: 'destroy'}
  /** `ids`: of the servers of one cloud that were asked for. */
  | {readonly type: 'purge-looked'; readonly ids: readonly string[]; readonly look: PurgeLook}
  | {readonly type: 'press-destroy'}
  | {readonly type: 'another-interval'}
  | {readonly type: 'again-judged'; readonly id: string; readonly verdict: AnotherDelete}
  | {readonly type: 'press-again'}
  | {readonly type: 'rescue-judged'; readonly id: string; readonly rescue: Rescue}
  | {readonly type: 'press-rescue'}
  /** What a dialog asked for could not be read. */
  | {readonly type: 'unread'; readonly ids: readonly string[]; readonly problem: string}
  | {readonly type: 'outcome'; readonly id: string; readonly outcome: Outcome}
  | {readonly type: 'close-dialog'};

export type ActingEffect =
  | {readonly kind: 'check-restore'; readonly rows: readonly WatchRow[]}
  | {readonly kind: 'restore'; readonly rows: readonly WatchRow[]; readonly stop: boolean}
  | {readonly kind: 'look-purge'; readonly rows: readonly WatchRow[]}
  | {readonly kind: 'purge'; readonly rows: readonly WatchRow[]; readonly plan: PurgePlan}
  | {readonly kind: 'judge-again'; readonly row: WatchRow}
  | {readonly kind: 'delete-again'; readonly row: WatchRow}
  | {readonly kind: 'judge-rescue'; readonly row: WatchRow}
  | {readonly kind: 'set-error'; readonly row: WatchRow}
  | {readonly kind: 'ring'};
