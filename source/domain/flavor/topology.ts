import type {Flavor} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import {readInteger} from './python-values.js';
import {counted, quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** Sockets, cores of a socket, threads of a core. In a preference or limit 0 is "not said". */
export type Triple = readonly [sockets: number, cores: number, threads: number];

export type TopologyConstraints = {readonly preferred: Triple; readonly maximum: Triple};

export type Topology = TopologyConstraints & {
  /** Every topology that keeps the limits, as Nova sorts them: few threads first, then many sockets. */
  readonly possible: readonly Triple[];
  /** The same, those that carry more of the preferred values first. */
  readonly desired: readonly Triple[];
  readonly best: Triple;
};

/** No topology keeps the limits: the server goes to ERROR on the compute node. */
export type ImpossibleTopology = TopologyConstraints & {readonly refusal: Refusal};

/** What Nova takes for a limit that nobody set. */
export const UNLIMITED = 65536;

/** The parts of a triple, in its order. */
export const TOPOLOGY_PARTS = ['sockets', 'cores', 'threads'] as const;
const PARTS = TOPOLOGY_PARTS;
const NONE: Triple = [0, 0, 0];

/**
 * Preferences and limits of flavor and image, in the order of Nova's checks. Source: nova/virt/hardware.py,
 * `get_cpu_topology_constraints`; unchanged from Ussuri to 2026.1.
 */
export function topologyConstraints(flavor: Flavor, image: ImageMeta): TopologyConstraints | Refusal {
  const flavorLimit = flavorTriple(flavor, 'hw:cpu_max_');
  if (flavorLimit instanceof Refusal) return flavorLimit;
  const imageLimit = imageTriple(image, 'hw_cpu_max_');
  for (let at = 0; at < 3; at++) {
    const limit = flavorLimit[at] ?? 0;
    const wanted = imageLimit[at] ?? 0;
    if (limit !== 0 && wanted > limit) {
      const detail =
        limit < 0
          ? `must be 1 or more, not ${limit}`
          : `is ${limit}, and the image has hw_cpu_max_${PARTS[at]} ${wanted}; an image can only lower it`;
      return new Refusal('ImageVCPULimitsRangeExceeded', `hw:cpu_max_${PARTS[at]}`, detail);
    }
  }
  const maximum: Triple = [
    imageLimit[0] || flavorLimit[0] || UNLIMITED,
    imageLimit[1] || flavorLimit[1] || UNLIMITED,
    imageLimit[2] || flavorLimit[2] || UNLIMITED,
  ];
  let wish = flavorTriple(flavor, 'hw:cpu_');
  if (wish instanceof Refusal) return wish;
  const imageWish = imagePreference(image);
  if (exceeds(wish, maximum) !== undefined) wish = NONE;
  const tooMuch = exceeds(imageWish, maximum);
  if (tooMuch !== undefined) {
    return new Refusal(
      'ImageVCPUTopologyRangeExceeded',
      `hw_cpu_${PARTS[tooMuch]}`,
      `asks for ${imageWish[tooMuch]}, and the limit is ${maximum[tooMuch]}`,
    );
  }
  return {preferred: isSaid(imageWish) ? imageWish : wish, maximum};
}

/** Whether a preference says anything. */
export function isSaid([sockets, cores, threads]: Triple): boolean {
  return sockets !== 0 || cores !== 0 || threads !== 0;
}

/** `2 sockets, 1 thread`: what a triple says, without what is not said. */
export function tripleWords(triple: Triple): string {
  const parts = PARTS.flatMap((part, at) => {
    const value = triple[at] ?? 0;
    return value === 0 || value === UNLIMITED ? [] : [counted(value, part.slice(0, -1))];
  });
  return parts.join(', ');
}

/** The topology that an image prefers. */
export function imagePreference(image: ImageMeta): Triple {
  return imageTriple(image, 'hw_cpu_');
}

function exceeds(wish: Triple, maximum: Triple): 0 | 1 | 2 | undefined {
  if (wish[0] > maximum[0]) return 0;
  if (wish[1] > maximum[1]) return 1;
  return wish[2] > maximum[2] ? 2 : undefined;
}

function flavorTriple({extraSpecs}: Flavor, prefix: string): Triple | Refusal {
  const sockets = extraSpecs[`${prefix}sockets`];
  const cores = extraSpecs[`${prefix}cores`];
  const threads = extraSpecs[`${prefix}threads`];
  if (sockets === undefined && cores === undefined && threads === undefined) return NONE;
  const s = sockets === undefined ? 0 : readInteger(sockets);
  if (s === undefined) return notAnInteger(`${prefix}sockets`, sockets);
  const c = cores === undefined ? 0 : readInteger(cores);
  if (c === undefined) return notAnInteger(`${prefix}cores`, cores);
  const t = threads === undefined ? 0 : readInteger(threads);
  if (t === undefined) return notAnInteger(`${prefix}threads`, threads);
  return [s, c, t];
}

function notAnInteger(name: string, text = ''): Refusal {
  return new Refusal('InvalidRequest', name, `must be an integer, not ${quoted(text)}`);
}

function imageTriple({integers}: ImageMeta, prefix: string): Triple {
  const sockets = integers[`${prefix}sockets`] ?? 0;
  const cores = integers[`${prefix}cores`] ?? 0;
  const threads = integers[`${prefix}threads`] ?? 0;
  return sockets === 0 && cores === 0 && threads === 0 ? NONE : [sockets, cores, threads];
}

/**
 * The topology that the guest gets. Source: nova/virt/hardware.py, `_get_possible_cpu_topologies`,
 * `_sort_possible_cpu_topologies` and `get_best_cpu_topology`.
 *
 * @param allowThreads false for hypervisors without threads; libvirt always has them
 */
export function chooseTopology(
  vcpus: number,
  {preferred, maximum}: TopologyConstraints,
  allowThreads = true,
): Topology | ImpossibleTopology {
  const possible = possibleTopologies(vcpus, allowThreads ? maximum : [maximum[0], maximum[1], 1]);
  const [first] = possible;
  if (first === undefined) {
    const limits = PARTS.map((part, at) =>
      counted(Math.min(vcpus, maximum[at] ?? 0), part.slice(0, -1)),
    ).join(', ');
    const refusal = new Refusal(
      'ImageVCPULimitsRangeImpossible',
      blamedLimit(maximum),
      `allows at most ${limits}: no topology of ${vcpus} vCPUs fits`,
      'possible',
    );
    return {preferred, maximum, refusal};
  }
  const desired = sortByScore(possible, preferred);
  return {preferred, maximum, possible, desired, best: desired[0] ?? first};
}

/** The tightest limit: the one to raise. */
function blamedLimit(maximum: Triple): string {
  const least = Math.min(...maximum);
  return `hw:cpu_max_${PARTS[maximum.indexOf(least)] ?? 'sockets'}`;
}

/**
 * Sorted descending by (sockets × cores, sockets, threads): as the product with the threads is fixed, that is by
 * threads ascending, then by sockets descending. Made in that order from the divisors, where Nova tries all triples.
 */
function possibleTopologies(vcpus: number, [maxSockets, maxCores, maxThreads]: Triple): Triple[] {
  const found: Triple[] = [];
  const divisors = divisorsOf(vcpus);
  for (const threads of divisors) {
    if (threads > maxThreads) break;
    const rest = vcpus / threads;
    for (let at = divisors.length - 1; at >= 0; at--) {
      const sockets = divisors[at] ?? 1;
      if (sockets > maxSockets || rest % sockets !== 0) continue;
      const cores = rest / sockets;
      if (cores > maxCores) break;
      found.push([sockets, cores, threads]);
    }
  }
  return found;
}

/** Ascending. */
function divisorsOf(number: number): number[] {
  const low: number[] = [];
  const high: number[] = [];
  for (let divisor = 1; divisor * divisor <= number; divisor++) {
    if (number % divisor !== 0) continue;
    low.push(divisor);
    if (divisor * divisor !== number) high.push(number / divisor);
  }
  return low.concat(high.toReversed());
}

/** How many of the preferred values a topology carries, 0 to 3. */
export function topologyScore(topology: Triple, preferred: Triple): number {
  let score = 0;
  if (preferred[0] !== 0 && topology[0] === preferred[0]) score += 1;
  if (preferred[1] !== 0 && topology[1] === preferred[1]) score += 1;
  if (preferred[2] !== 0 && topology[2] === preferred[2]) score += 1;
  return score;
}

function sortByScore(possible: readonly Triple[], preferred: Triple): readonly Triple[] {
  if (preferred[0] === 0 && preferred[1] === 0 && preferred[2] === 0) return possible;
  const byScore: Triple[][] = [[], [], [], []];
  for (const topology of possible) byScore[3 - topologyScore(topology, preferred)]?.push(topology);
  return byScore.flat();
}
