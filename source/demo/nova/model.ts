import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Port, Volume} from './belongings.js';

export type Project = {readonly id: string; readonly name: string};
export type User = {readonly id: string; readonly name: string};

/** Never changed: what is edited is put in the place of the old one, which servers keep. */
export type Flavor = {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ram: number;
  readonly disk: number;
  readonly ephemeral: number;
  readonly swap: number;
  readonly rxtxFactor: number;
  readonly isPublic: boolean;
  readonly description: string | undefined;
  readonly extraSpecs: Readonly<Record<string, string>>;
  /** Ids of the projects that may use it where it is private. */
  readonly access: readonly string[];
};

export type Image = {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly minDiskGib: number;
  /** Those of Nova. */
  readonly properties: Readonly<Record<string, string>>;
};

/** Nova's words for `vm_state`, as far as they occur here (nova: nova/compute/vm_states.py). */
export type VmState =
  'building' | 'active' | 'stopped' | 'soft-delete' | 'error' | 'shelved_offloaded' | 'deleted';

export type ActionEvent = {
  readonly name: string;
  readonly startedAt: number;
  finishedAt: number | undefined;
  result: 'Success' | 'Error' | undefined;
  readonly host: string | undefined;
};

/** An entry of os-instance-actions. Times are epoch milliseconds. */
export type Action = {
  readonly action: string;
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string;
  readonly startedAt: number;
  updatedAt: number;
  readonly events: ActionEvent[];
};

/** A row of `instances`. Times are epoch milliseconds. */
export type Server = {
  readonly id: string;
  readonly number: number;
  name: string;
  readonly projectId: string;
  readonly userId: string;
  /** Undefined where no host has it: never launched, or shelved and offloaded. */
  host: string | undefined;
  readonly flavor: Flavor;
  readonly image: Image;
  readonly createdAt: number;
  updatedAt: number;
  launchedAt: number | undefined;
  /** When its DELETE came; what the age test of the reclaim reads. In no answer of the API. */
  deletedAt: number | undefined;
  terminatedAt: number | undefined;
  vmState: VmState;
  taskState: string | undefined;
  isPoweredOn: boolean;
  isLocked: boolean;
  lockedReason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly volumes: readonly Volume[];
  readonly ports: readonly Port[];
  /** Why it is in ERROR. */
  fault: string | undefined;
  /** The row is destroyed: only listings of deleted servers still show it. */
  isDestroyed: boolean;
  /** Newest last. */
  readonly actions: Action[];
};

/** The process of a nova-compute. */
export type ComputeProcess = {
  /** When it begins to report, epoch milliseconds. */
  readonly since: number;
  /** What it read from its files when it started. */
  readonly reading: IntervalReading;
  /** It runs, and nothing is heard of it. */
  readonly isMute: boolean;
};

export type Compute = {
  readonly host: string;
  readonly id: string;
  readonly number: number;
  readonly hypervisorId: string;
  status: 'enabled' | 'disabled';
  disabledReason: string | undefined;
  isForcedDown: boolean;
  process: ComputeProcess | undefined;
  /** The last report of a process that runs no more, epoch milliseconds. */
  lastBeat: number;
  /** Messages that wait for a process. */
  readonly inbox: (() => void)[];
  /** Servers that are restored here do not start. */
  readonly failsRestores: boolean;
};

export type MigrationRow = {
  readonly id: number;
  readonly uuid: string;
  readonly serverId: string;
  readonly source: string;
  readonly destination: string;
  readonly createdAt: number;
  updatedAt: number;
  status: string;
};

/** Who asks. */
export type Caller = {
  readonly user: User;
  readonly project: Project;
  readonly isAdmin: boolean;
};

/** A refusal as Nova words it (nova: nova/api/openstack/wsgi.py, `Fault`). */
export class Fault extends Error {
  override readonly name: string = 'Fault';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
