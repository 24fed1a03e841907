import type {Flavor, ImageProperties} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import type {NovaRelease} from './nova-release.js';
import type {NumaTopology} from './numa.js';
import {Refusal} from './refusal.js';
import type {ServerChecks} from './server-checks.js';
import type {StoreProblem} from './store-verdict.js';
import type {ImpossibleTopology, Topology} from './topology.js';
import type {Watchdog} from './watchdog.js';

/** What is known of the cloud that the flavor is for. */
export type CloudLimits = {
  /** Most vCPUs that a host has, without overcommitment: a guest cannot have more. */
  readonly largestHostVcpus: number;
  readonly largestHostMemoryMib: number;
};

/** A flavor whose image could be read, with everything that Nova makes of it: what findings are made from. */
export type Judged = {
  readonly flavor: Flavor;
  readonly imageProperties: ImageProperties;
  readonly image: ImageMeta;
  readonly release: NovaRelease;
  readonly checks: ServerChecks;
  readonly topology: Topology | ImpossibleTopology | Refusal;
  readonly numa: NumaTopology | undefined | Refusal;
  readonly watchdog: Watchdog | undefined | Refusal;
  /** All that stands in a server's way. */
  readonly refusals: readonly Refusal[];
  /** By name of the spec. */
  readonly storeProblems: ReadonlyMap<string, StoreProblem>;
  readonly limits: CloudLimits | undefined;
};

/** The topology if there is one. */
export function topologyOf({topology}: Judged): Topology | undefined {
  return topology instanceof Refusal || 'refusal' in topology ? undefined : topology;
}

/** The NUMA topology if there is one. */
export function numaOf({numa}: Judged): NumaTopology | undefined {
  return numa instanceof Refusal ? undefined : numa;
}
