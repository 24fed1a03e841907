import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Rescue} from '../../domain/reclaim/another-delete.js';
import type {RestoreCheck} from '../../domain/reclaim/restore-checks.js';
import type {HostService} from '../../domain/reclaim/standing.js';
import type {Clock, Cloud, CloudAccount} from '../ports.js';
import type {KnownServer, NamedServers, WaitingServers} from '../servers/server-ports.js';

/** Everything outside that a restore needs. */
export type RestorePorts = {
  readonly servers: NamedServers;
  readonly waitingServers: Pick<WaitingServers, 'deleteTime'>;
  readonly cloud: Pick<Cloud, 'services' | 'apiTime'>;
  readonly account: Pick<CloudAccount, 'session'>;
  readonly clock: Clock;
};

export type RestoreWish = {
  /** Powered off again when it is ACTIVE. */
  readonly stop: boolean;
  /** Locked at the end, for this reason. */
  readonly lock: string | undefined;
  /** How long one server is followed, in seconds. */
  readonly waitSeconds: number;
  /** Nothing is written. */
  readonly isDryRun: boolean;
  /** What hosts run with, or are taken to. */
  readonly interval: IntervalReading;
};

/** What is wanted of a server that is ACTIVE again. */
export type Step = {readonly step: 'stop'} | {readonly step: 'lock'; readonly reason: string};

/** Why a server that is ACTIVE again is not as it was wanted. */
export type Shortcoming = Step & {readonly problem: string};

/**
 * What became of one server. Only `would-restore`, `restored` without shortcomings and `restored-meanwhile` are good.
 * - `not-found`: no soft-deleted server has that name; `others` have it
 * - `refused`: a check spoke against it, and Nova was asked for nothing
 * - `reclaimed`: it is gone; `wasAsked` tells whether a restore was on its way
 * - `restored-meanwhile`: somebody else was first
 * - `busy`, `locked`, `over-quota`, `forbidden`, `conflict`: Nova refused it
 * - `failed`: the alarm. It is soft-deleted with no delete time, so Nova destroys it at its next look
 * - `unanswered`: no answer came to the restore, and nothing came of it
 * - `unseen`: Nova could not be asked what it is, and was asked for nothing
 * - `changed`: it is in another state than ACTIVE now, ERROR among them
 * - `late`: not ACTIVE in time; `last` is what it is, undefined where Nova does not tell
 * - `interrupted`: somebody stopped this program; `wasAsked` tells whether Nova goes on with it
 *
 * `left`: what was wanted besides and is not done, where the server runs or may do so yet.
 */
export type RestoreEnd =
  | {readonly kind: 'not-found'; readonly others: readonly KnownServer[]}
  | {readonly kind: 'would-restore'}
  | {readonly kind: 'refused'; readonly checks: readonly RestoreCheck[]}
  | {
      readonly kind: 'restored';
      readonly server: KnownServer;
      readonly done: readonly ('stop' | 'lock')[];
      readonly short: readonly Shortcoming[];
    }
  | {readonly kind: 'restored-meanwhile'; readonly left: readonly Step[]}
  | {readonly kind: 'reclaimed'; readonly wasAsked: boolean}
  | {readonly kind: 'busy'; readonly task: string}
  | {readonly kind: 'locked'}
  | {
      readonly kind: 'over-quota' | 'forbidden' | 'conflict' | 'unanswered' | 'unseen';
      readonly problem: string;
    }
  | {
      readonly kind: 'failed';
      readonly server: KnownServer;
      /** As it was seen before the restore. */
      readonly service: HostService;
      readonly isAdmin: boolean | undefined;
      /** What keeps it, as far as can be told without a look at any node. */
      readonly rescue: Rescue;
    }
  | {readonly kind: 'changed'; readonly server: KnownServer; readonly left: readonly Step[]}
  | {
      readonly kind: 'late';
      readonly seconds: number;
      readonly last: string | undefined;
      readonly problem: string | undefined;
      readonly left: readonly Step[];
    }
  | {readonly kind: 'interrupted'; readonly wasAsked: boolean; readonly left: readonly Step[]};

/** One server that was named: the word where none was found. */
export type RestoreTarget = {readonly word: string; readonly server: KnownServer | undefined};

/** What is told while it happens. An `end` comes for every server. */
export type RestoreEvent =
  | {readonly kind: 'checked'; readonly server: KnownServer; readonly checks: readonly RestoreCheck[]}
  /** `status`: what Nova shows, when it is another thing than before. */
  | {readonly kind: 'seen'; readonly server: KnownServer; readonly text: string}
  | {readonly kind: 'asked'; readonly server: KnownServer; readonly what: 'restore' | 'stop' | 'lock'}
  | {
      readonly kind: 'end';
      readonly target: RestoreTarget;
      readonly checks: readonly RestoreCheck[];
      readonly end: RestoreEnd;
    };

/** What was wanted of a server besides, and is not done with it though it runs or may do so yet. */
export function undoneOf(end: RestoreEnd): readonly Step[] {
  if (end.kind === 'restored') return end.short;
  return 'left' in end ? end.left : [];
}

/** Whether somebody who asked for this has what was asked for. */
export function isGood(end: RestoreEnd): boolean {
  switch (end.kind) {
    case 'would-restore':
      return true;
    case 'restored':
      return end.short.length === 0;
    case 'restored-meanwhile':
      return end.left.length === 0;
    default:
      return false;
  }
}
