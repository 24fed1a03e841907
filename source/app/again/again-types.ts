import type {ComputeService, ServerRow} from '../../domain/fleet/compute-api.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {AnotherDelete, ApiHalf} from '../../domain/reclaim/another-delete.js';
import type {Clock, Cloud, CloudAccount, Shell} from '../ports.js';
import type {KnownServer, NamedServers, WaitingServers} from '../servers/server-ports.js';
import type {LoadFleet} from '../rollout/plan.js';
import type {NodePrograms} from '../rollout/rollout-ports.js';

/** Everything outside that a look at the hosts of nova-api needs. */
export type ApiLookPorts = {
  readonly shell: Shell;
  readonly cloud: Pick<Cloud, 'services' | 'askListener'>;
  readonly clock: Clock;
  readonly programs: NodePrograms;
};

/** Everything outside that one more DELETE needs. */
export type AgainPorts = ApiLookPorts & {
  readonly servers: Pick<NamedServers, 'show' | 'delete'>;
  readonly waitingServers: Pick<WaitingServers, 'deleteTime'>;
  readonly account: Pick<CloudAccount, 'session'>;
};

export type ApiLookOptions = {
  readonly loadFleet: LoadFleet;
  /** How many nodes are talked to at the same time. */
  readonly parallel: number;
};

/** What a look at the hosts of nova-api gave. */
export type ApiLooks = {
  readonly half: ApiHalf;
  /** As Nova listed them just before; undefined where we may not see them. */
  readonly services: readonly ComputeService[] | undefined;
};

/** A server that shall get another interval. */
export type AgainTarget = {
  readonly server: Pick<ServerRow, 'id' | 'name'>;
  /** What its host runs with, as far as that is known. */
  readonly interval: IntervalReading;
};

/**
 * What became of one more DELETE. Only `given` is good; up to `unseen` nothing was done.
 * - `given`: it waits anew since `deletedAt` (epoch milliseconds by the API's clock, undefined where Nova does not
 *   tell), for `seconds`, as `AnotherDelete` has them
 * - `not-safe`: the DELETE would not surely be soft, and Nova was asked for nothing
 * - `gone`: Nova reclaimed it, or somebody purged it, before it was asked for
 * - `restored`: somebody restored it; left alone
 * - `refused`: it is in another state, or has a task; left alone
 * - `locked`, `denied`: Nova refused it
 * - `unseen`: Nova could not be asked what it is
 * - `destroyed`: it is gone after the DELETE: the tick was faster, or the DELETE was final all the same
 * - `changed`: it is in another state after the DELETE
 * - `unanswered`: no answer came, or no new delete time is to be seen
 * - `late`: it has a task still; `last` is what it is, undefined where Nova does not tell
 * - `interrupted`: somebody stopped this program; `wasAsked` tells whether Nova goes on with it
 */
export type AgainEnd =
  | {
      readonly kind: 'given';
      readonly server: KnownServer;
      readonly deletedAt: number | undefined;
      readonly seconds: number | undefined;
    }
  | {
      readonly kind: 'not-safe';
      readonly verdict: Exclude<AnotherDelete, {kind: 'soft'}>;
      readonly server: KnownServer;
    }
  | {readonly kind: 'gone' | 'restored' | 'locked' | 'destroyed'}
  | {readonly kind: 'refused' | 'changed'; readonly server: KnownServer}
  | {readonly kind: 'denied' | 'unseen' | 'unanswered'; readonly problem: string}
  | {
      readonly kind: 'late';
      readonly seconds: number;
      readonly last: string | undefined;
      readonly problem: string | undefined;
    }
  | {readonly kind: 'interrupted'; readonly wasAsked: boolean};

/** What is told while it happens. An `end` comes for every server. */
export type AgainEvent =
  | {readonly kind: 'looked'; readonly looks: ApiLooks}
  | {readonly kind: 'asked'; readonly server: KnownServer}
  | {readonly kind: 'seen'; readonly server: KnownServer; readonly text: string}
  | {readonly kind: 'end'; readonly target: AgainTarget; readonly end: AgainEnd};

/** Everything outside that setting a server to ERROR needs. */
export type SetErrorPorts = {
  readonly servers: Pick<NamedServers, 'show' | 'resetState'>;
  readonly clock: Clock;
};

/**
 * What became of os-resetState to ERROR. `set` and `already` are good: it was seen in ERROR. The others are as with
 * `AgainEnd`; `forbidden`: it takes an admin.
 */
export type SetErrorEnd =
  | {readonly kind: 'set' | 'already' | 'refused' | 'changed'; readonly server: KnownServer}
  | {readonly kind: 'gone' | 'restored' | 'destroyed'}
  | {readonly kind: 'forbidden' | 'denied' | 'unseen' | 'unanswered'; readonly problem: string}
  | {readonly kind: 'interrupted'; readonly wasAsked: boolean};
