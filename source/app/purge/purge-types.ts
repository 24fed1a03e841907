import type {PurgeRefusal} from '../../domain/reclaim/purge-checks.js';
import type {Clock, Cloud, CloudAccount} from '../ports.js';
import type {KnownServer, NamedServers} from '../servers/server-ports.js';

/** Everything outside that a purge needs. */
export type PurgePorts = {
  readonly servers: NamedServers;
  readonly cloud: Pick<Cloud, 'services'>;
  readonly account: Pick<CloudAccount, 'session'>;
  readonly clock: Clock;
};

export type PurgeWish = {
  /** Locked servers too. */
  readonly locked: boolean;
  /** How long each is followed until it is gone, in seconds; 0: it is not. */
  readonly waitSeconds: number;
};

/** What would be destroyed, before anybody agreed to it. */
export type PurgePlan = {
  readonly servers: readonly KnownServer[];
  /** Hosts whose nova-compute is down: there the row goes at once, and guest and disk later. */
  readonly downHosts: ReadonlySet<string>;
  readonly isAdmin: boolean | undefined;
};

/**
 * What became of one server. `asked`, `purged` and `gone` are good.
 * - `asked`: Nova took it, and nobody waited
 * - `purged`: it is gone after Nova was asked
 * - `gone`: it was gone before: Nova reclaimed it, or somebody purged it
 * - `restored`: somebody restored it meanwhile; left alone
 * - `refused`: it is not what is purged any more; left alone
 * - `denied`: Nova refused it
 * - `failed`: Nova took it and it is still there
 * - `unanswered`: no answer came, and nobody knows whether Nova goes on with it
 */
export type PurgeEnd =
  | {readonly kind: 'asked' | 'purged' | 'gone' | 'restored'}
  | {readonly kind: 'refused'; readonly why: PurgeRefusal; readonly server: KnownServer}
  | {readonly kind: 'denied' | 'unanswered' | 'unseen'; readonly problem: string}
  | {readonly kind: 'failed'; readonly server: KnownServer}
  | {readonly kind: 'late'; readonly seconds: number; readonly last: string}
  | {readonly kind: 'interrupted'; readonly wasAsked: boolean};

/** What is told while it happens. An `end` comes for every server. */
export type PurgeEvent =
  | {readonly kind: 'asked'; readonly server: KnownServer}
  | {readonly kind: 'seen'; readonly server: KnownServer; readonly text: string}
  | {readonly kind: 'end'; readonly server: KnownServer; readonly end: PurgeEnd};

/** Whether the server is gone, or goes. */
export function isPurged({kind}: PurgeEnd): boolean {
  return kind === 'asked' || kind === 'purged' || kind === 'gone';
}
