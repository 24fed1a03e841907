import type {DeleteTime} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {ServerRow} from '../../domain/fleet/compute-api.js';
import type {FlavorCopy, FlavorImage} from '../flavor/flavor-ports.js';
import type {Listing} from '../ports.js';

/** Whose servers a listing is about. */
export type ServerScope = 'all-projects' | 'own-project';

/** Servers that wait to be reclaimed, as far as who is signed in may see them. Rejects as `Cloud` does. */
export interface WaitingServers {
  /**
   * Those of all projects where the account may list them, else those of its own. Never ones that are gone.
   *
   * @param tellPage told of the rows of each page as it comes; some may come twice
   */
  present(
    signal: AbortSignal,
    tellPage?: (rows: readonly WaitingServer[]) => void,
  ): Promise<Listing<WaitingServer> & {readonly scope: ServerScope}>;
  /**
   * Every server that was touched since, whatever its status; one that is gone has the status DELETED.
   *
   * @param since epoch milliseconds by the API's clock
   */
  changes(scope: ServerScope, since: number, signal: AbortSignal): Promise<Listing<WaitingServer>>;
  /** One server in any status; undefined where Nova has none with this id any more. */
  show(id: string, signal: AbortSignal): Promise<WaitingServer | undefined>;
  /**
   * When its running wait began, by its actions; those of a server that is gone are told too, as long as Nova has
   * them. Rejects with reason `not-found` where it has none.
   */
  deleteTime(id: string, signal: AbortSignal): Promise<DeleteTime>;
}

/** A flavor that a server of one's own can have. */
export type FlavorRow = {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly isDisabled: boolean;
  /** Whether it asks for something special; undefined where Nova does not say (below 2.61). */
  readonly hasExtraSpecs: boolean | undefined;
};

/** An image that is active. */
export type ImageRow = {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly minDiskGib: number;
  readonly minMemoryMib: number;
  /** Glance's words: `qcow2`, `raw`, `iso`, `aki`. */
  readonly diskFormat: string | undefined;
  /** Made of a server, by somebody, for something. */
  readonly isSnapshot: boolean;
  /** Whether a server can be started from it alone: volumes and kernels are none that can. */
  readonly isWhole: boolean;
};

/** A server of the own project, as far as who made it needs to know. */
export type OwnServer = {
  readonly id: string;
  readonly name: string;
  /** Nova's status, upper case. */
  readonly status: string;
  readonly taskState: string | undefined;
  readonly host: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number | undefined;
  readonly metadata: ReadonlyMap<string, string>;
  /** Why it is in ERROR, in Nova's words; only where one server was asked for. */
  readonly fault: string | undefined;
};

/** A server that is made without a network: nobody can reach it, and it takes no port. */
export type NewServer = {
  readonly name: string;
  readonly flavorId: string;
  readonly imageId: string;
  readonly metadata: Readonly<Record<string, string>>;
};

/** What became of making a server. `unknown`: no answer came, and it may be there all the same. */
export type Creation =
  {readonly kind: 'created'; readonly id: string} | {readonly kind: 'unknown'; readonly problem: string};

/**
 * Servers of one's own in the project that is signed in to. Everything that changes one acts on its id. Rejects as
 * `Cloud` does; what changes something is sent once.
 */
export interface OwnServers {
  /** The flavors that the project may use. */
  flavors(signal: AbortSignal): Promise<readonly FlavorRow[]>;
  /** Active images, the smallest of them where there are very many. */
  images(signal: AbortSignal): Promise<readonly ImageRow[]>;
  /** Rejects only where surely nothing was made. */
  create(wanted: NewServer, signal: AbortSignal): Promise<Creation>;
  /** Undefined where there is none with this id. */
  show(id: string, signal: AbortSignal): Promise<OwnServer | undefined>;
  /** Those whose names begin so, the soft-deleted ones too where we may see them. */
  find(prefix: string, signal: AbortSignal): Promise<readonly OwnServer[]>;
  /** The ordinary delete: soft or final, as nova-api is set up. */
  delete(id: string, signal: AbortSignal): Promise<void>;
  restore(id: string, signal: AbortSignal): Promise<void>;
  /** Destroys for good, in any state. */
  forceDelete(id: string, signal: AbortSignal): Promise<void>;
}

/** A server of any project, as far as restoring and destroying it needs to know. */
export type KnownServer = ServerRow & {
  /** Undefined where nobody gave a reason, and where Nova does not tell reasons (below 2.73). */
  readonly lockedReason: string | undefined;
  /** What its flavor takes; undefined where Nova does not say. */
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
  /** Why it is in ERROR, in Nova's words; only where one server was asked for. */
  readonly fault: string | undefined;
};

/** What a server was made of: an image, or volumes. */
export type GuestImage =
  | {
      readonly kind: 'image';
      readonly id: string;
      /** As the server keeps them; undefined where Nova does not tell (below 2.98). */
      readonly properties: Readonly<Record<string, string>> | undefined;
    }
  /** It starts from one of its volumes: Nova keeps properties of that volume's image, and does not tell them. */
  | {
      readonly kind: 'volume';
      readonly volumeIds: readonly string[];
      /** `/dev/vda`; undefined where Nova does not tell. */
      readonly rootDevice: string | undefined;
    };

/** What Nova believes of the guest: its `power_state`. */
export type PowerState = 'running' | 'paused' | 'shutdown' | 'crashed' | 'suspended' | 'none' | 'unknown';

/** A server with what its guest is to be like. */
export type GuestServer = KnownServer & {
  readonly powerState: PowerState;
  /** The domain's name on the host; undefined where we may not see it. */
  readonly instanceName: string | undefined;
  /** What the hypervisor calls itself; undefined where we may not see it. */
  readonly hypervisorHostname: string | undefined;
  /** The copy of its flavor; undefined where Nova does not tell it (below 2.47). */
  readonly copy: FlavorCopy | undefined;
  /** Undefined where Nova does not say. */
  readonly image: GuestImage | undefined;
};

/** Which servers of a name are meant. */
export type NamedKind = 'soft-deleted' | 'others';

/** Servers and what is to be like their guests. Nothing of them is changed. Rejects as `Cloud` does. */
export interface GuestServers {
  /** Undefined where there is none with this id. */
  show(id: string, signal: AbortSignal): Promise<GuestServer | undefined>;
  /** Those with exactly this name: the soft-deleted ones, or the others that are there. */
  named(name: string, which: NamedKind, signal: AbortSignal): Promise<Listing<GuestServer>>;
  /** All that are not deleted. */
  all(signal: AbortSignal): Promise<Listing<GuestServer>>;
  /** Nova's properties of an image as they are today, and its name; undefined where it is gone or hidden. */
  image(id: string, signal: AbortSignal): Promise<FlavorImage | undefined>;
  /** The same of the image that a server's first volume was made of, as Cinder keeps them; undefined where it has none. */
  volumeImage(server: GuestServer, signal: AbortSignal): Promise<VolumeImage | undefined>;
}

/** What a project may have of something and what it has; `limit` is undefined where there is none. */
export type QuotaUse = {readonly limit: number | undefined; readonly used: number};

/** What counts when a server is restored. */
export type ProjectQuota = {
  readonly instances: QuotaUse;
  readonly cores: QuotaUse;
  readonly memoryMib: QuotaUse;
};

/**
 * Servers that somebody named: of all projects where the account may see them, else of its own. Everything that
 * changes one acts on its id. Rejects as `Cloud` does; what changes something is sent once.
 */
export interface NamedServers {
  /** Undefined where there is none with this id. */
  show(id: string, signal: AbortSignal): Promise<KnownServer | undefined>;
  /** Those with exactly this name: the soft-deleted ones, or the others that are there. */
  named(name: string, which: NamedKind, signal: AbortSignal): Promise<Listing<KnownServer>>;
  /** Rejects with reason `forbidden` where it is another project and we may not look. */
  quota(projectId: string | undefined, signal: AbortSignal): Promise<ProjectQuota>;
  restore(id: string, signal: AbortSignal): Promise<void>;
  /** The ordinary delete: soft or final, as the nova-api that serves it and the host's service have it. */
  delete(id: string, signal: AbortSignal): Promise<void>;
  /** Destroys for good, in any state. */
  forceDelete(id: string, signal: AbortSignal): Promise<void>;
  /** `os-resetState`: changes what Nova believes, nothing on the host. Takes an admin. */
  resetState(id: string, state: 'error', signal: AbortSignal): Promise<void>;
  stop(id: string, signal: AbortSignal): Promise<void>;
  /** Gives whether the reason was kept: below 2.73 a lock has none. */
  lock(id: string, reason: string, signal: AbortSignal): Promise<boolean>;
}

/** Something that was asked of a server, as Nova records it. */
export type ServerAction = {
  /** Nova's word: `delete`, `stop`, `live-migration`. */
  readonly action: string;
  readonly requestId: string;
  /** Who asked for it. */
  readonly userId: string | undefined;
  /** Epoch milliseconds by the API's clock. */
  readonly startedAt: number | undefined;
  /** `unknown` where Nova shows no events of it, or nobody asked for them; a failure is told all the same. */
  readonly result: 'succeeded' | 'failed' | 'under-way' | 'unknown';
  /** Why it failed, in Nova's words (from 2.84 on). */
  readonly problem: string | undefined;
};

/** A volume as Nova knows it. */
export type AttachedVolume = {
  readonly id: string;
  /** Whether it is deleted when the server is destroyed; undefined where Nova does not say (below 2.3). */
  readonly isDeletedWithServer: boolean | undefined;
};

/** A volume as Cinder knows it. */
export type VolumeRow = {
  /** Undefined where it has none. */
  readonly name: string | undefined;
  readonly sizeGib: number | undefined;
  /** Where servers have it, by their ids: `/dev/vda`. */
  readonly devices: ReadonlyMap<string, string>;
  /** Undefined where it was not made of an image. */
  readonly image: VolumeImage | undefined;
};

/** What Cinder keeps of the image that a volume was made of; properties as far as they are Nova's. */
export type VolumeImage = {
  readonly name: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
};

/** An address of a server's. */
export type ServerAddress = {readonly address: string; readonly isFloating: boolean};

/** A port of a server's. */
export type ServerPort = {readonly id: string; readonly addresses: readonly string[]};

/** A server with what belongs to it. */
export type DescribedServer = KnownServer & {
  /** The flavor's name; its id where Nova tells only that (below 2.47). */
  readonly flavor: string | undefined;
  readonly diskGib: number | undefined;
  readonly volumes: readonly AttachedVolume[];
  /** Whether one of the volumes is its root disk. */
  readonly isBootedFromVolume: boolean;
  /** `/dev/vda`; undefined where we may not see it. */
  readonly rootDevice: string | undefined;
  /** As Nova's own memory has them. */
  readonly addresses: readonly ServerAddress[];
};

/**
 * What there is to know about one server, each part for itself. Rejects as `Cloud` does; what the catalogue has no
 * service for with reason `configuration`.
 */
export interface ServerDetails {
  /** Undefined where there is none with this id. */
  describe(id: string, signal: AbortSignal): Promise<DescribedServer | undefined>;
  /** What was asked of it, the newest first, without what only events tell. */
  actions(id: string, signal: AbortSignal): Promise<readonly ServerAction[]>;
  /** One action with its result. */
  action(id: string, requestId: string, signal: AbortSignal): Promise<ServerAction>;
  volume(volumeId: string, signal: AbortSignal): Promise<VolumeRow>;
  /** Its ports in Neutron. */
  ports(id: string, signal: AbortSignal): Promise<readonly ServerPort[]>;
  /** Floating addresses by the port that they lead to. */
  floatingAddresses(
    portIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
}
