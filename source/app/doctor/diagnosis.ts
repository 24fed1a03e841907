import type {Clock, Cloud, CloudAccount, Shell} from '../ports.js';
import type {LoadFleet} from '../rollout/plan.js';
import type {NodePrograms} from '../rollout/rollout-ports.js';
import type {NamedServers, ServerDetails, WaitingServers} from '../servers/server-ports.js';
import type {Chart, Finding, UnseenNode} from './doctor-types.js';
import type {Remains} from './remains-ports.js';

/** Everything outside that a diagnosis needs. Nothing of it is changed. */
export type DoctorPorts = {
  readonly cloud: Cloud;
  readonly account: CloudAccount;
  readonly shell: Shell;
  readonly clock: Clock;
  readonly programs: NodePrograms;
  readonly waitingServers: WaitingServers;
  readonly namedServers: NamedServers;
  readonly serverDetails: ServerDetails;
  readonly remains: Remains;
};

export type DoctorOptions = {
  readonly loadFleet: LoadFleet;
  /** How many nodes are looked at at the same time. */
  readonly parallel: number;
  /** Names or ids of servers of the complaint; none: every soft-deleted one that is late or will never go. */
  readonly servers: readonly string[];
  /** The interval that is assumed for hosts that cannot be looked at, seconds. */
  readonly assumedSeconds: number | undefined;
  /** Codes that are wanted; undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  /** Codes that are not told. */
  readonly ignored: ReadonlySet<string>;
};

/** A group of what was looked at and is well: `480 computes`, `2 h, process newer than file, clocks agree`. */
export type Well = {readonly who: string; readonly what: string};

/** What was looked at, for the line above the findings. */
export type Extent = {
  readonly nodes: number;
  /** Nodes that were to be looked at. */
  readonly nodesInAll: number;
  readonly servers: number;
  readonly causes: number;
};

/** What a diagnosis knows so far, and in the end. */
export type Diagnosis = {
  /** By harm: errors, warnings, information; in each those that hold up most servers first. */
  readonly findings: readonly Finding[];
  readonly wells: readonly Well[];
  readonly unseen: readonly UnseenNode[];
  /** What could not be seen and why, a line each. */
  readonly blind: readonly string[];
  /** How many findings `ignored` kept back. */
  readonly ignored: number;
  readonly extent: Extent;
  /** The API's clock when it was asked, epoch milliseconds. */
  readonly now: number;
  /** Undefined until everything was read. */
  readonly chart: Chart | undefined;
};

/** Told whenever something is known that was not: the whole diagnosis so far. */
export type DiagnosisSink = (diagnosis: Diagnosis) => void;
