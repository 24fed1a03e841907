import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {NodeFacts, Role} from '../../domain/fleet/node-facts.js';
import type {NodeSigns} from '../../domain/fleet/node-signs.js';
import type {DeleteTime, Standing} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {CloudIdentity} from '../ports.js';
import type {SeenRole} from '../rollout/plan-target.js';
import type {ProjectQuota, ServerAction, ServerScope} from '../servers/server-ports.js';
import type {GoneRow, SizedServer, VolumeAttachment} from './remains-ports.js';

/**
 * `error`: servers stay for ever, are lost, or deletes fail. `warning`: not as it should be, and it may come to that.
 * `info`: explains, and nothing is wrong.
 */
export type Severity = 'error' | 'warning' | 'info';

/**
 * `certain`: what was read proves it. `likely`: it explains what was read, and hardly anything else would. `possible`:
 * one of several that would explain it, and not all could be looked at.
 */
export type Certainty = 'certain' | 'likely' | 'possible';

/** What evidence was read from; the word is shown before it. */
export type EvidenceSource =
  'file' | 'environment' | 'log' | 'unit' | 'process' | 'clock' | 'ssh' | 'nova' | 'cinder' | 'quota';

/** Something as it was read: quoted, never retold. Secrets are taken out, and what a terminal would act on. */
export type Evidence = {
  readonly from: EvidenceSource;
  /** The node that it was read on; absent where that is the one that the finding is about, or none. */
  readonly host?: string;
  /** Where: `/etc/nova/nova.conf:14`, `os-services`; undefined where the source says it all. */
  readonly place: string | undefined;
  readonly lines: readonly string[];
  /** The part of one of the lines that proves it; undefined where all of it does. */
  readonly proof: string | undefined;
};

/** What this program can do about it itself: it leads to the plan, the impact and the questions of that command. */
export type RemedyAct =
  /**
   * Writes an interval on these nodes and restarts, or only restarts where the file is right already. Without one nobody
   * knows which is meant: it is asked for.
   */
  | {
      readonly kind: 'apply';
      readonly hosts: readonly string[];
      readonly intervalSeconds: number | undefined;
    }
  | {readonly kind: 'purge'; readonly serverId: string}
  | {readonly kind: 'restore'; readonly serverId: string}
  /** Shows all servers that wait. Changes nothing. */
  | {readonly kind: 'watch'};

/** One that changes something. */
export type ChangingAct = Exclude<RemedyAct, {kind: 'watch'}>;

export type Remedy = {
  /** What to do, one line. */
  readonly text: string;
  /** What does it, ready to be typed; undefined where no single command does. */
  readonly command: string | undefined;
  readonly act: RemedyAct | undefined;
};

export type ServerReference = {readonly id: string; readonly name: string};

/** Whom a finding is about. A host is named as the inventory names it, or as Nova does where no inventory has it. */
export type Subject =
  /** `hosts`: those of its nodes that are not as they should be. */
  | {readonly kind: 'cloud'; readonly hosts: readonly string[]}
  /** `role`: of its services the one; absent where it is about the node itself. */
  | {readonly kind: 'node'; readonly host: string; readonly role?: Role}
  | {readonly kind: 'server'; readonly server: ServerReference; readonly host: string | undefined};

/** One thing that is wrong, or that explains. */
export type Finding = {
  /** The cause's code, `IntervalUnreadable`: stable, for scripts, `--only` and `--ignore`. */
  readonly code: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** Why it is as certain as that, a sentence. */
  readonly because: string;
  readonly subject: Subject;
  /** What is wrong, without the subject's name, for one line: `its interval "2h" is no number`. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Why that is so and what it does, in plain sentences. */
  readonly cause: string;
  readonly remedies: readonly Remedy[];
  /** Soft-deleted servers that wait longer than they should, or go sooner, because of it. */
  readonly servers: readonly ServerReference[];
};

/** A node as it was looked at. */
export type NodeChart = {
  readonly node: InventoryHost;
  readonly facts: NodeFacts;
  /** What its logs say, and the like. */
  readonly signs: NodeSigns;
  /** One for each role that it has. */
  readonly roles: readonly SeenRole[];
  /** Milliseconds that its clock is ahead of the API's, and how far that may be wrong either way. */
  readonly clock: {readonly aheadMs: number; readonly errorMs: number};
  /** How Nova lists its nova-compute; undefined where it is no compute, where Nova has none, and where we may not see. */
  readonly service: ComputeService | undefined;
};

/** A node that could not be looked at. */
export type UnseenNode = {readonly node: InventoryHost; readonly problem: string};

/** A server of the complaint. Times are epoch milliseconds by the API's clock. */
export type ServerChart = {
  /** Soft-deleted ones, and those that were named on the command line whatever their status is. */
  readonly server: WaitingServer;
  readonly deleted: DeleteTime;
  /** How it stands, by its own host's interval and clock; unknown without a cause where it is not soft-deleted. */
  readonly standing: Standing;
  /** Whether it was named by whoever complains. */
  readonly isNamed: boolean;
  /** What was asked of it, the newest first; undefined where Nova did not tell, or nobody needed it. */
  readonly actions: readonly ServerAction[] | undefined;
};

/** A server that was named and that Nova does not show any more. */
export type GoneServer = {
  /** As it was named on the command line. */
  readonly word: string;
  /** Its destroyed row; undefined where Nova's database has none, or we may not see such rows. */
  readonly row: GoneRow | undefined;
  /** The newest first; undefined where Nova tells none. */
  readonly actions: readonly ServerAction[] | undefined;
  /** What Cinder still counts as attached to it; undefined where Cinder could not be asked. */
  readonly attachments: readonly VolumeAttachment[] | undefined;
  /** Whether Nova showed us destroyed rows. */
  readonly areGoneShown: boolean;
};

/** A project with soft-deleted servers. */
export type HoldingProject = {
  readonly id: string;
  /** Undefined where Keystone does not tell. */
  readonly name: string | undefined;
  readonly servers: readonly SizedServer[];
  /** Undefined where it could not be read, or nobody asked for it. */
  readonly quota: ProjectQuota | undefined;
};

/** What was asked of the cloud besides services, nodes and soft-deleted servers. */
export type Inquiry = {
  readonly gone: readonly GoneServer[];
  /** Those that hold most first; undefined where sizes could not be had. */
  readonly projects: readonly HoldingProject[] | undefined;
};

/** Everything that causes are looked for in. A part that could not be had is absent, and `blind` says so. */
export type Chart = {
  readonly cloud: CloudIdentity;
  /** The API's clock when it was asked. */
  readonly now: number;
  /** All binaries; undefined where we may not see them. */
  readonly services: readonly ComputeService[] | undefined;
  readonly scope: ServerScope;
  readonly nodes: readonly NodeChart[];
  readonly unseen: readonly UnseenNode[];
  /** Names of computes that Nova lists and no node of the inventory is. */
  readonly unseenComputes: readonly string[];
  /** Whether a running nova-api was looked at. */
  readonly isApiSeen: boolean;
  readonly servers: readonly ServerChart[];
  /** Names and ids of the complaint that Nova has no server for. */
  readonly missing: readonly string[];
  /** The interval that the operator takes for the right one, seconds; undefined where none was given. */
  readonly believedSeconds: number | undefined;
  readonly inquiry: Inquiry;
  /** What could not be seen and why, a line each: no SSH, no admin right, a service that is missing. */
  readonly blind: readonly string[];
};

/**
 * One known cause, in a file of its own below `causes`, and in the list there. It reads a chart and asks nothing.
 *
 * `node` causes are asked as soon as a node was looked at, so they must not depend on other nodes or on servers; which
 * servers a finding holds up is added later by `host`. `server` causes are asked in the order of the list: the first one
 * that hits explains the server, those after it contribute. `cloud` causes are asked once, with all of it.
 */
export type Cause = {
  readonly code: string;
  /** What it looks for, one line, as the list of causes in the docs has it. */
  readonly title: string;
} & (
  | {
      readonly about: 'node';
      /** Whether soft-deleted servers of the node wait longer, or for ever, because of it. */
      readonly holdsServers: boolean;
      readonly find: (node: NodeChart, chart: CloudChart) => readonly Finding[];
    }
  | {
      readonly about: 'server';
      readonly find: (server: ServerChart, host: NodeChart | undefined, chart: Chart) => readonly Finding[];
    }
  | {readonly about: 'cloud'; readonly find: (chart: Chart) => readonly Finding[]}
);

/** What is known of the cloud before any node was looked at. */
export type CloudChart = Pick<Chart, 'cloud' | 'now' | 'services'>;

/** A role of a node in a chart; undefined where it does not have it. */
export function roleOf({roles}: NodeChart, role: Role): SeenRole | undefined {
  return roles.find((one) => one.role === role);
}
