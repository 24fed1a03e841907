import {flavorDifferences} from '../../domain/flavor/flavor-differences.js';
import {judgeFlavor, type Judgement} from '../../domain/flavor/judge.js';
import {ifAllowed} from '../errors.js';
import type {ServerScope} from '../servers/server-ports.js';
import {askPlacement, type PlacementVerdict} from './ask-placement.js';
import {fittingHosts, type FittingHosts} from './fitting-hosts.js';
import type {FlavorCloud, FlavorImage} from './flavor-ports.js';
import type {FlavorReference} from './flavor-reference.js';
import {lookAround, tried, type LookOptions, type Surroundings} from './look-around.js';
import {findFlavor, type NamedFlavor, type NamingPorts} from './named-flavor.js';

/** Servers that carry a copy of a flavor. */
export type FlavorServers = {
  readonly total: number;
  /** Those whose copy is another than the flavor is today; undefined where Nova does not tell all copies in full. */
  readonly old: number | undefined;
  readonly scope: ServerScope;
  readonly isComplete: boolean;
};

/** A flavor with everything that there is to show of it. */
export type ShownFlavor = NamedFlavor & {
  readonly judgement: Judgement;
  /** The image of the cloud that it is judged with. */
  readonly withImage: FlavorImage | undefined;
  /** Undefined for a flavor of a file, and where it could not be asked. */
  readonly servers: FlavorServers | undefined;
  /** Ids of the projects that may use a private flavor; undefined for others, and where only an administrator may ask. */
  readonly projects: readonly string[] | undefined;
  /** Undefined where Nova shows no hosts, or no cloud is asked. */
  readonly fitting: FittingHosts | undefined;
  /** Undefined where no cloud is asked, where it did not answer, and where Nova refuses the server before it asks. */
  readonly placement: PlacementVerdict | undefined;
  /** What could not be asked, for people. */
  readonly problems: readonly string[];
};

/** Finds a flavor and judges it, with the cloud's rules, hosts and servers where the cloud is asked. */
export async function showFlavor(
  reference: FlavorReference,
  ports: NamingPorts,
  options: LookOptions,
  signal: AbortSignal,
): Promise<ShownFlavor> {
  const named = await findFlavor(reference, ports, signal);
  const cloud = reference.kind === 'cloud' || options.image !== undefined ? await ports.cloud() : undefined;
  const problems: string[] = [];
  const [around, servers, projects] = await Promise.all([
    lookAround(cloud, options, signal),
    cloud === undefined ? undefined : tried(problems, 'servers', async () => serversOf(named, cloud, signal)),
    cloud === undefined
      ? undefined
      : tried(problems, 'projects', async () => projectsOf(named, cloud, signal)),
  ]);
  const {hosts} = around;
  const judgement = judgeNamed(named, around);
  const placement =
    cloud === undefined || judgement.boot !== undefined
      ? undefined
      : await tried(problems, 'Placement', async () => placementOf(named, judgement, cloud, signal));
  return {
    ...named,
    judgement,
    withImage: around.image,
    servers,
    projects,
    fitting: hosts === undefined ? undefined : fittingHosts(named.flavor, hosts),
    placement,
    problems: [...around.problems, ...problems],
  };
}

/** An image that is named takes the place of properties in the file. */
export function judgeNamed({flavor, image}: NamedFlavor, around: Surroundings): Judgement {
  return judgeFlavor(flavor, {
    image: around.image?.properties ?? image,
    release: around.release,
    limits: around.limits,
  });
}

async function placementOf(
  {origin}: NamedFlavor,
  {flavor, judgedImage, release}: Judgement,
  {placement}: FlavorCloud,
  signal: AbortSignal,
): Promise<PlacementVerdict | undefined> {
  // A file that is judged has no other disks than the root disk.
  const {ephemeralGib, swapMib} = origin.kind === 'cloud' ? origin.row : {ephemeralGib: 0, swapMib: 0};
  return askPlacement(placement, {...flavor, ephemeralGib, swapMib}, {image: judgedImage, release}, signal);
}

async function projectsOf(
  {origin}: NamedFlavor,
  {flavors}: FlavorCloud,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  if (origin.kind !== 'cloud' || origin.row.isPublic) return undefined;
  return ifAllowed(async () => flavors.access(origin.row.id, signal));
}

/** Undefined for a flavor that no server can have, as it is in a file only. */
export async function serversOf(
  {flavor, origin}: NamedFlavor,
  cloud: FlavorCloud,
  signal: AbortSignal,
): Promise<FlavorServers | undefined> {
  if (origin.kind !== 'cloud') return undefined;
  const {rows, scope, isComplete} = await cloud.flavors.uses(signal, origin.row.id);
  const today = {...flavor, extraSpecs: origin.row.extraSpecs};
  const old = rows.filter(({copy}) => copy !== undefined && flavorDifferences(copy, today).length > 0);
  const isTold =
    rows.length === old.length ||
    (today.extraSpecs !== undefined && rows.every(({copy}) => copy?.extraSpecs !== undefined));
  return {total: rows.length, old: isTold ? old.length : undefined, scope, isComplete};
}
