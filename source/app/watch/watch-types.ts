import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {DeleteTime, Standing} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {Clock, Cloud, CloudAccount, Shell} from '../ports.js';
import type {ServerScope, WaitingServers} from '../servers/server-ports.js';
import type {LoadFleet} from '../rollout/plan.js';
import type {NodePrograms} from '../rollout/rollout-ports.js';

/** Everything outside that watching needs. */
export type WatchPorts = {
  readonly cloud: Cloud;
  readonly waitingServers: WaitingServers;
  readonly account: Pick<CloudAccount, 'projectNames' | 'userNames'>;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly programs: NodePrograms;
};

/** What is watched, and how exactly. */
export type WatchOptions = {
  readonly loadFleet: LoadFleet;
  /** How many nodes are talked to at the same time. */
  readonly parallel: number;
  /** What hosts are taken to run with that were not looked at, in seconds; undefined: that stays unknown. */
  readonly assumedSeconds: number | undefined;
  /** Only servers with this in their name or id. */
  readonly text: string | undefined;
  /** Whether the delete actions of all are asked for before anything is told. */
  readonly isExact: boolean;
  /** Whether hosts are looked at before the first list is told, or meanwhile. */
  readonly areHostsAwaited: boolean;
  /** Whose names are asked for before the first list is told; see `NameAsker` for those that come meanwhile. */
  readonly awaitedNames: readonly (keyof Names)[];
  /** Ids of the servers whose delete actions are asked for while they are followed; absent: those of all, in time. */
  readonly exactOnly?: () => readonly string[];
  /** Where something else looks at the same nodes: hosts are looked at when that lets them be. */
  readonly inTurn?: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /**
   * Where several clouds are watched with one inventory: the compute hosts of the others, with whose they are. Rejects
   * with the signal's reason only.
   */
  readonly hostsElsewhere?: (signal: AbortSignal) => Promise<ReadonlyMap<string, string>>;
  /** Where several clouds are watched: rejects with a usage `UserError` where another one has the same servers. */
  readonly refuseSameNova?: (signal: AbortSignal) => Promise<void>;
};

/** A compute host as a look over SSH showed it. */
export type SeenHost = {
  /** What its nova-compute runs with, or would where it does not run. */
  readonly interval: IntervalReading;
  /** How far its clock is ahead of the API's, in milliseconds; 0 where that is too little to tell. */
  readonly clockAheadMs: number;
};

/** A compute host that could not be looked at, and why. */
export type UnseenHost = {readonly host: string; readonly problem: string};

/** What is known around servers. */
export type Surroundings = {
  /** Undefined where we may not list them. */
  readonly services: readonly ComputeService[] | undefined;
  /** By the host's name in Nova. */
  readonly hosts: ReadonlyMap<string, SeenHost>;
  /** Why hosts could not be looked at, by their names in Nova. One that was seen before may be among them. */
  readonly unseen: ReadonlyMap<string, string>;
  readonly assumedSeconds: number | undefined;
};

/** Where an interval comes from: the host itself, what was said beforehand, or nowhere. */
export type IntervalSource = 'host' | 'assumed' | 'none';

/** A soft-deleted server with all that decides about it. */
export type ListedServer = {
  readonly server: WaitingServer;
  readonly deleted: DeleteTime;
  readonly interval: IntervalReading;
  readonly intervalSource: IntervalSource;
  /** Why its host could not be looked at; absent where it was, or where nobody tried. */
  readonly unseen?: string;
  readonly standing: Standing;
};

/** Names of projects and users by id, as far as they are known. New names make a new object. */
export type Names = {
  readonly projects: ReadonlyMap<string, string>;
  readonly users: ReadonlyMap<string, string>;
};

/** The soft-deleted servers at a moment. */
export type WaitingList = {
  readonly cloud: string;
  readonly scope: ServerScope;
  /** In no order. */
  readonly servers: readonly ListedServer[];
  /** How many there are besides that were not asked for. */
  readonly others: number;
  /** Epoch milliseconds by the API's clock. */
  readonly now: number;
  /** Why some may be missing; undefined where these are all. */
  readonly problem: string | undefined;
  /** Why delete times are estimated that were asked for; undefined where they are not. */
  readonly timesProblem: string | undefined;
  /** Those that were waited for, as far as Keystone tells them. */
  readonly names: Names;
  /** Hosts of these servers that could not be looked at. */
  readonly unseen: readonly UnseenHost[];
  /** Whether nodes are known that could be looked at. */
  readonly hasNodes: boolean;
};
