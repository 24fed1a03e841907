import {countCpus, formatCpuSet, intersection, union, type CpuSet} from '../cpu-set.js';
import {Finding, removeSpec, setProperty, setSpec, type Edit} from '../finding.js';
import {flavorPreference, lostPart} from '../image-replacements.js';
import {numaOf, topologyOf, type Judged} from '../judged.js';
import {readInteger} from '../python-values.js';
import {MAX_SPEC_TEXT} from '../store-verdict.js';
import {
  imagePreference,
  isSaid,
  TOPOLOGY_PARTS as PARTS,
  topologyScore,
  tripleWords as shown,
  UNLIMITED,
  type Topology,
  type Triple,
} from '../topology.js';

/** The limits that somebody set, else Nova's own. */
function shownLimits(maximum: Triple): string {
  return shown(maximum) || `${UNLIMITED} of each`;
}

/** The parts that are wished for, as another topology has them. */
function wishAs(wish: Triple, topology: Triple, edit: (part: string, value: string) => Edit): Edit[] {
  return PARTS.flatMap((part, at) => (wish[at] === 0 ? [] : [edit(part, String(topology[at] ?? 1))]));
}

const inFlavor = (part: string, value: string): Edit => setSpec(`hw:cpu_${part}`, value);
const inImage = (part: string, value: string): Edit => setProperty(`hw_cpu_${part}`, value);

/** The possible topology that is nearest to the wish, by the ratios of the parts wished for. */
function nearestTopology({possible, best}: Topology, wish: Triple): Triple {
  let nearest = best;
  let least = Infinity;
  for (const triple of possible) {
    let distance = 0;
    for (let at = 0; at < 3; at++) {
      const wanted = wish[at] ?? 0;
      if (wanted !== 0) distance += Math.abs(Math.log((triple[at] ?? 1) / Math.max(wanted, 0.5)));
    }
    if (distance < least) {
      least = distance;
      nearest = triple;
    }
  }
  return nearest;
}

/** A preference is never an error and never forced: what becomes of it quietly. */
function preferenceFindings(judged: Judged, topology: Topology): Finding[] {
  const wish = flavorPreference(judged.flavor.extraSpecs);
  const {preferred, best, maximum} = topology;
  const got = shown(best);
  if (isSaid(imagePreference(judged.image))) {
    const lost = lostPart(wish, preferred);
    const findings =
      lost === undefined
        ? []
        : [
            new Finding(
              'warning',
              'TopologyReplacedByImage',
              `hw:cpu_${lost}`,
              `The flavor prefers ${shown(wish)}; the image prefers ${shown(preferred)}, which replaces all of it.`,
              () => PARTS.flatMap((part, at) => replaceWish(part, wish[at] ?? 0, preferred[at] ?? 0)),
            ),
          ];
    return isMet(best, preferred) ? findings : [...findings, notMet(topology, preferred, 'hw_cpu_', inImage)];
  }
  if (isSaid(wish) && !isSaid(preferred)) {
    return [
      new Finding(
        'warning',
        'TopologyPreferenceDropped',
        `hw:cpu_${PARTS.find((_, at) => (wish[at] ?? 0) > (maximum[at] ?? 0)) ?? 'sockets'}`,
        `The flavor prefers ${shown(wish)}, which is more than the limits allow (${shownLimits(maximum)}): ` +
          `Nova drops all of it, and the guest gets ${got}.`,
        () => wishAs(wish, nearestTopology(topology, wish), inFlavor),
      ),
    ];
  }
  return isMet(best, preferred) ? [] : [notMet(topology, preferred, 'hw:cpu_', inFlavor)];
}

/** A wish of the flavor as the image has it, or none. */
function replaceWish(part: string, mine: number, theirs: number): Edit[] {
  if (mine === 0 || mine === theirs) return [];
  return [theirs > 0 ? inFlavor(part, String(theirs)) : removeSpec(`hw:cpu_${part}`)];
}

function isMet(best: Triple, preferred: Triple): boolean {
  return topologyScore(best, preferred) === preferred.filter((value) => value !== 0).length;
}

function notMet(
  topology: Topology,
  wish: Triple,
  prefix: string,
  edit: (part: string, value: string) => Edit,
): Finding {
  const part = lostPart(wish, topology.best) ?? 'sockets';
  return new Finding(
    'warning',
    'TopologyPreferenceNotMet',
    `${prefix}${part}`,
    `${prefix === 'hw_cpu_' ? 'The image' : 'The flavor'} prefers ${shown(wish)}: no topology has that, and the ` +
      `guest gets ${shown(topology.best)}.`,
    () => wishAs(wish, nearestTopology(topology, wish), edit),
  );
}

/** Desktop editions of Windows use at most two sockets. */
const DESKTOP_SOCKETS = 2;
/** Those for servers use 64; they are called by their year: `2022`, `win2k19`. */
const SERVER_EDITION = /server|2k\d|20\d\d/i;

function socketLimit(judged: Judged, {best}: Topology): Finding[] {
  if (best[0] <= DESKTOP_SOCKETS) return [];
  const {imageProperties: properties} = judged;
  const system = (properties['os_type'] ?? '').toLowerCase();
  if (system !== '' && system !== 'windows') return [];
  if (SERVER_EDITION.test(`${properties['os_distro'] ?? ''} ${properties['os_version'] ?? ''}`)) return [];
  const isWindows = system === 'windows';
  const seen = DESKTOP_SOCKETS * best[1] * best[2];
  return [
    new Finding(
      isWindows ? 'warning' : 'info',
      'GuestSocketLimit',
      'hw:cpu_sockets',
      `Desktop Windows uses at most ${DESKTOP_SOCKETS} sockets and would see ${seen} of ${judged.flavor.vcpus} CPUs.`,
      () => fewerSockets(judged),
    ),
  ];
}

/** What of image and flavor keeps a guest from this topology: all that the image says, and limits that are lower. */
function outOfTheWay({flavor, image}: Judged, wanted: Triple): Edit[] {
  const limits = PARTS.flatMap((part, at) => {
    const name = `hw:cpu_max_${part}`;
    const limit = readInteger(flavor.extraSpecs[name] ?? '') ?? 0;
    return limit > 0 && limit < (wanted[at] ?? 0) ? [removeSpec(name)] : [];
  });
  const properties = PARTS.flatMap((part) => [`hw_cpu_${part}`, `hw_cpu_max_${part}`])
    .filter((name) => image.integers[name] !== undefined)
    .map((name) => setProperty(name, null));
  return [...limits, ...properties];
}

/** One socket, or two if the CPUs divide; the threads that are wished for stay where they divide the CPUs of a socket. */
function fewerSockets(judged: Judged): Edit[] {
  const {vcpus, extraSpecs} = judged.flavor;
  const sockets = vcpus % DESKTOP_SOCKETS === 0 ? DESKTOP_SOCKETS : 1;
  const [, , wish] = flavorPreference(extraSpecs);
  const threads = wish > 0 && (vcpus / sockets) % wish === 0 ? wish : 1;
  const others = ['hw:cpu_cores', ...(threads === wish ? [] : ['hw:cpu_threads'])];
  return [
    setSpec('hw:cpu_sockets', String(sockets)),
    ...others.filter((name) => name in extraSpecs).map(removeSpec),
    ...outOfTheWay(judged, [sockets, vcpus / sockets / threads, threads]),
  ];
}

/** Whether a set ends inside a core of the guest; CPUs of a core are numbered in a row. */
function cutCore(cpus: CpuSet, threads: number): number | undefined {
  for (const {first, last} of cpus) {
    if (first % threads !== 0) return Math.floor(first / threads);
    if ((last + 1) % threads !== 0) return Math.floor(last / threads);
  }
  return undefined;
}

/** Nova aligns neither sockets nor cores with NUMA nodes. */
function tornCores(judged: Judged, {best}: Topology): Finding[] {
  const numa = numaOf(judged);
  const threads = best[2];
  if (numa === undefined || threads === 1) return [];
  for (const {id, shared, pinned} of numa.cells) {
    const core = cutCore(union([shared, pinned]), threads);
    if (core === undefined) continue;
    return [
      new Finding(
        'warning',
        'CoreTornByNuma',
        'hw:cpu_threads',
        `The edge of NUMA node ${id} cuts core ${core}, whose ${threads} threads are in several nodes: the guest's ` +
          'scheduler is misled.',
        () => wholeCores(judged),
      ),
    ];
  }
  return [];
}

/** A thread for each core, in the sockets that are wished for, else in one for each node, where they divide the CPUs. */
function wholeCores(judged: Judged): Edit[] {
  const {vcpus, extraSpecs} = judged.flavor;
  const sockets = [flavorPreference(extraSpecs)[0], numaOf(judged)?.cells.length ?? 1].find(
    (count) => count > 0 && vcpus % count === 0 && Math.max(count, vcpus / count) <= UNLIMITED,
  );
  if (sockets === undefined) {
    const others = ['hw:cpu_sockets', 'hw:cpu_cores'].filter((name) => name in extraSpecs);
    return [inFlavor('threads', '1'), ...others.map(removeSpec), ...outOfTheWay(judged, [vcpus, vcpus, 1])];
  }
  const wanted: Triple = [sockets, vcpus / sockets, 1];
  return [
    ...PARTS.map((part, at) => inFlavor(part, String(wanted[at]))),
    ...outOfTheWay(judged, wanted),
  ].filter(
    ({target, property, value}) => target === 'image' || value === null || extraSpecs[property] !== value,
  );
}

/** A mask pins vCPUs one by one: what of a core is pinned and what is shared are no siblings on the host. */
function mixedCores(judged: Judged, {best}: Topology): Finding[] {
  const numa = numaOf(judged);
  const threads = best[2];
  if (numa?.cpuPolicy !== 'mixed' || threads === 1) return [];
  const shared = union(numa.cells.map((cell) => cell.shared));
  const pinned = union(numa.cells.map((cell) => cell.pinned));
  const sharedCores = coresWith(shared, threads);
  const [partly] = intersection(sharedCores, pinned);
  if (partly === undefined) return [];
  const start = partly.first - (partly.first % threads);
  const {flavor, image} = judged;
  const isRealtime = (flavor.extraSpecs['hw:cpu_dedicated_mask'] ?? '') === '';
  const name = isRealtime ? 'hw:cpu_realtime_mask' : 'hw:cpu_dedicated_mask';
  const mask = formatCpuSet(sharedCores).replaceAll(/(?<=^|,)/g, '^');
  const isCurable =
    countCpus(sharedCores) < flavor.vcpus &&
    mask.length <= MAX_SPEC_TEXT &&
    (!isRealtime || image.properties['hw_cpu_realtime_mask'] === undefined);
  const text =
    `Core ${start / threads} has pinned and shared vCPUs (${start} to ${start + threads - 1}): on the host these are ` +
    'no siblings.';
  const advice = isCurable ? () => [setSpec(name, mask)] : `Let ${name} take whole cores.`;
  return [new Finding('info', 'CorePartlyPinned', name, text, advice)];
}

/** The vCPUs of every core that has one of these. */
function coresWith(cpus: CpuSet, threads: number): CpuSet {
  return union(
    cpus.map(({first, last}) => [
      {first: first - (first % threads), last: last - (last % threads) + threads - 1},
    ]),
  );
}

/** What becomes of sockets, cores and threads. */
export function topologyFindings(judged: Judged): Finding[] {
  const topology = topologyOf(judged);
  if (topology === undefined) return [];
  return [
    ...preferenceFindings(judged, topology),
    ...socketLimit(judged, topology),
    ...tornCores(judged, topology),
    ...mixedCores(judged, topology),
  ];
}
