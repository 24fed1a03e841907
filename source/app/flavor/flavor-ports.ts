import type {ExtraSpecs, Flavor} from '../../domain/flavor/flavor.js';
import type {FlavorSize, NewFlavor} from '../../domain/flavor/new-flavor.js';
import type {CloudLabel} from '../home/home-ports.js';
import type {CloudAccount, Listing} from '../ports.js';
import type {ServerScope} from '../servers/server-ports.js';

/** A flavor as the cloud has it. `extraSpecs` are undefined where Nova does not let us read them. */
export type CloudFlavor = FlavorSize & {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
  readonly isDisabled: boolean;
  /** Undefined where it has none, and where Nova is too old for one (below 2.55). */
  readonly description: string | undefined;
  readonly extraSpecs: ExtraSpecs | undefined;
};

/** A server and the copy of its flavor that it carries since it was made or last resized. */
export type FlavorUse = {
  readonly id: string;
  readonly name: string;
  readonly projectId: string | undefined;
  /** Nova's status, upper case. */
  readonly status: string;
  readonly host: string | undefined;
  /**
   * The copy: `name` is what the flavor was called then, as Nova tells no id of it from 2.47 on. Undefined where Nova
   * is too old to show it (below 2.47); `extraSpecs` of it are undefined where we may not read them.
   */
  readonly copy: FlavorCopy | undefined;
};

/** A flavor as a server carries it; what Nova does not tell of the local disks is absent. */
export type FlavorCopy = Omit<Flavor, 'extraSpecs'> &
  Partial<Pick<FlavorSize, 'ephemeralGib' | 'swapMib'>> & {
    readonly extraSpecs: ExtraSpecs | undefined;
  };

/** What a host of the cloud has, as far as a guest could get it. */
export type FlavorHost = {
  readonly host: string;
  readonly vcpus: number;
  readonly vcpusUsed: number;
  readonly memoryMib: number;
  readonly memoryMibUsed: number;
  /** The service is up and enabled. */
  readonly isUsable: boolean;
  /** `QEMU`, `ironic`: Nova's `hypervisor_type`. */
  readonly type: string;
};

/** An image, as far as it changes what Nova makes of a flavor. */
export type FlavorImage = {
  readonly id: string;
  readonly name: string;
  /** Those of Nova: `hw_`, `os_`, `img_`, `trait:`, and old names such as `architecture`. */
  readonly properties: Readonly<Record<string, string>>;
};

/**
 * Flavors of a cloud, all of them where the account may see them. Rejects as `Cloud` does. Lists are of everything that
 * could be read, and say what is missing.
 */
export interface Flavors {
  /** Public and private ones, by name. */
  all(signal: AbortSignal): Promise<Listing<CloudFlavor>>;
  /** With this id, else with exactly this name; undefined where there is none. */
  find(nameOrId: string, signal: AbortSignal): Promise<CloudFlavor | undefined>;
  /** Ids of the projects that may use a private flavor. Rejects with reason `not-found` for a public one. */
  access(id: string, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Servers that are there, of all projects where we may see them; soft-deleted ones are not among them. Servers with
   * equal copies may share one object.
   *
   * @param flavorId those of this flavor alone: Nova knows it even where another one had the same name
   */
  uses(signal: AbortSignal, flavorId?: string): Promise<Listing<FlavorUse> & {readonly scope: ServerScope}>;
  /** Undefined where only an administrator may look. */
  hosts(signal: AbortSignal): Promise<Listing<FlavorHost> | undefined>;
  /** Active images. */
  images(signal: AbortSignal): Promise<Listing<FlavorImage>>;
  /** The newest microversion of this Nova, as N of 2.N: tells its release. */
  newestMicroversion(signal: AbortSignal): Promise<number>;
}

/**
 * What changes flavors; each is one call, sent once. Rejects as `Cloud` does; where no answer came, with what says that
 * it may be done all the same (`NoAnswer`, as for servers).
 */
export interface FlavorChanges {
  create(flavor: NewFlavor, signal: AbortSignal): Promise<CloudFlavor>;
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** Adds and replaces specs, all or none. `unchecked`: asks an older microversion, which does not check them. */
  setSpecs(
    id: string,
    specs: ExtraSpecs,
    options: {readonly unchecked: boolean},
    signal: AbortSignal,
  ): Promise<void>;
  removeSpec(id: string, name: string, signal: AbortSignal): Promise<void>;
  setDescription(id: string, description: string | undefined, signal: AbortSignal): Promise<void>;
  addAccess(id: string, projectId: string, signal: AbortSignal): Promise<void>;
  removeAccess(id: string, projectId: string, signal: AbortSignal): Promise<void>;
}

export type {FlavorSize, NewFlavor};

/** What Placement answers the scheduler's question. */
export type Candidates =
  /** Names of hosts, in order; not all of them where there are more than were asked for. */
  | {
      readonly kind: 'hosts';
      readonly hosts: readonly string[];
      /** Those of them that have PCPUs, free or not: they have `cpu_dedicated_set`. */
      readonly dedicating: readonly string[];
      readonly isComplete: boolean;
    }
  /** It refuses the question, as it would refuse Nova's: there is no such trait or resource class, for example. */
  | {
      readonly kind: 'refused';
      readonly unknown: 'trait' | 'resource class' | undefined;
      /** The names that it does not know. */
      readonly names: readonly string[];
      /** Its own words. */
      readonly message: string;
    }
  /** This account may not ask, the cloud's catalogue has no Placement, or it is too old for the question. */
  | {readonly kind: 'unavailable'; readonly why: 'forbidden' | 'absent' | 'too-old'};

/** Who could take a server. Rejects as `Cloud` does, where nothing answered that could. */
export interface Placement {
  /** Answers `GET /allocation_candidates` with this query, which needs microversion 1.36. */
  candidates(query: readonly (readonly [string, string])[], signal: AbortSignal): Promise<Candidates>;
}

/** The flavors of one cloud, and who is signed in to it. */
export type FlavorCloud = {
  readonly label: CloudLabel;
  readonly account: CloudAccount;
  readonly flavors: Flavors;
  readonly changes: FlavorChanges;
  readonly placement: Placement;
};
