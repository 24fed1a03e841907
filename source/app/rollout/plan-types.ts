import type {ChangeKind, IntervalReading, RunStep} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {CloudIdentity} from '../ports.js';

/** `error` keeps a plan from being carried out; `warning` is for people. */
export type Problem = {
  readonly severity: 'error' | 'warning';
  /** A stable word. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string | undefined;
};

/** One byte range of a file and what replaces it. Bytes are Latin-1 text, one character a byte. */
export type PlannedEdit = {
  readonly offset: number;
  readonly length: number;
  readonly before: string;
  readonly after: string;
};

/**
 * What is done to the file. `restore` puts the backup of a run back; `none` leaves it, since it is right already
 * or shared with another role of the same node that edits it.
 */
export type PlannedWrite =
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly edit: PlannedEdit;
      readonly digestBefore: string;
    }
  | {
      readonly kind: 'restore';
      readonly file: string;
      readonly sourceRun: string;
      /** The other role of the node, where that one kept the backup of a file that both read. */
      readonly sourceRole?: Role;
      readonly digestBefore: string;
      readonly digestAfter: string;
    }
  | {readonly kind: 'none'};

/** One role of one node: what it has, what it shall have, and how. */
export type PlannedTarget = {
  /** `HOST/ROLE`: unique within a plan. */
  readonly id: string;
  /** The inventory's name. */
  readonly host: string;
  /** Nova's name of a compute. */
  readonly novaHost: string | undefined;
  readonly role: Role;
  /** Effective value by the files, now and afterwards. */
  readonly before: IntervalReading;
  readonly after: IntervalReading;
  /** What the process runs with now. */
  readonly running: IntervalReading;
  readonly change: ChangeKind;
  /** Undefined where nothing is to be done. */
  readonly step: RunStep | undefined;
  readonly write: PlannedWrite;
  /** Raw values of the option in the edited place, for the record on the node; empty where not set. */
  readonly rawBefore: string;
  readonly rawAfter: string;
  readonly needsRestart: boolean;
  readonly unit: string;
  readonly stopTimeoutSeconds: number;
  /** The file that decides after the change. */
  readonly file: string | undefined;
  /** Unified diff, masked. */
  readonly diff: string;
  /** Seconds that the node's clock is ahead of the API's; undefined where unknown. */
  readonly clockOffset: number | undefined;
  readonly problems: readonly Problem[];
};

/** A server that the plan does something to. */
export type ImpactServer = {
  readonly id: string;
  readonly name: string;
  readonly project_id: string | undefined;
  readonly host: string;
  /** ISO 8601; the newest delete, where known. */
  readonly deleted_at: string | undefined;
};

/** What a plan does to servers. `isKnown` false: nothing that could destroy is carried out. */
export type Impact = {
  readonly isKnown: boolean;
  /** Why it is not known. */
  readonly problem: string | undefined;
  readonly destroyed: readonly ImpactServer[];
  /** Soft-deleted servers on computes that are switched off. */
  readonly stranded: readonly ImpactServer[];
  /** Seconds; undefined where no interval below the present one spares everybody. */
  readonly harmlessInterval: number | undefined;
  /** Computes that have servers with a task or migrations now. */
  readonly busyHosts: readonly string[];
  /** Computes whose nova-compute is down: a delete there is final. */
  readonly downHosts: readonly string[];
};

/** A whole plan. It is a wish and what was seen, never instructions: applying it plans anew and compares. */
export type Plan = {
  readonly version: 1;
  readonly reprieve: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly cloud: CloudIdentity;
  readonly intervalSeconds: number | undefined;
  readonly hosts: string | undefined;
  readonly sourceRun: string | undefined;
  readonly computesOnly: boolean;
  readonly targets: readonly PlannedTarget[];
  /** Hosts that could not be used, with why. */
  readonly leftOut: readonly {readonly host: string; readonly problem: Problem}[];
  /** Computes that Nova lists and that nobody looked at. */
  readonly unseenComputes: readonly string[];
  readonly isApiUnseen: boolean;
  readonly impact: Impact;
  readonly expectedSeconds: number;
  readonly problems: readonly Problem[];
};
