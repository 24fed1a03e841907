import {outcomeOf} from './all-refusals.js';
import {Finding, setProperty} from './finding.js';
import {hostFindings} from './findings/host-findings.js';
import {memoryFindings} from './findings/memory-findings.js';
import {nameFindings} from './findings/name-findings.js';
import {numaFindings} from './findings/numa-findings.js';
import {partnerFindings} from './findings/partner-findings.js';
import {refusalFinding} from './findings/refusal-findings.js';
import {topologyFindings} from './findings/topology-findings.js';
import {valueFindings} from './findings/value-findings.js';
import {watchdogFindings} from './findings/watchdog-findings.js';
import {MAX_FLAVOR_NUMBER, NO_IMAGE, type Flavor, type ImageProperties} from './flavor.js';
import {cpuXml, watchdogXml} from './guest-xml.js';
import {readImageMeta, type ImageMeta} from './image-meta.js';
import type {CloudLimits, Judged} from './judged.js';
import {NEWEST_RELEASE, type NovaRelease} from './nova-release.js';
import type {NumaTopology} from './numa.js';
import {Refusal} from './refusal.js';
import {readBoolean} from './python-values.js';
import {flavorNameProblem} from './request-body.js';
import {storeProblem, type StoreProblem} from './store-verdict.js';
import type {ImpossibleTopology, Topology} from './topology.js';
import type {Watchdog} from './watchdog.js';

/** `error`: no server can boot; `warning`: Nova does something else than was asked; infos do not count. */
export type Verdict = 'ok' | 'warning' | 'error';

export type Judgement = {
  readonly flavor: Flavor;
  /** Those that were given. */
  readonly imageProperties: ImageProperties;
  /** Those that it was judged with: where none are known, of an image that Nova can use. */
  readonly judgedImage: ImageProperties;
  readonly release: NovaRelease;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  /** Extra specs that Nova's API does not store from 2.86 on; what is not here is accepted. */
  readonly storeProblems: ReadonlyMap<string, StoreProblem>;
  /** The first error of the API when a server is made; undefined if it takes the request. */
  readonly boot: Refusal | undefined;
  readonly topology: Topology | ImpossibleTopology | Refusal;
  readonly numa: NumaTopology | undefined | Refusal;
  readonly watchdog: Watchdog | undefined | Refusal;
  /** Elements of the guest's XML; undefined where Nova does not get that far, or adds none. */
  readonly xml: {readonly cpu: string | undefined; readonly watchdog: string | undefined};
};

export type JudgeOptions = {
  /** Undefined: not known, so that one is taken that Nova can use; an empty one is an image without properties. */
  readonly image?: ImageProperties | undefined;
  /** The newest known by default. */
  readonly release?: NovaRelease | undefined;
  readonly limits?: CloudLimits | undefined;
};

/**
 * What Nova makes of a flavor, alone or with an image: whether it stores the extra specs, whether a server boots, with
 * which topology, NUMA nodes and watchdog, and what happens otherwise than was asked. Nothing is looked up.
 */
export function judgeFlavor(flavor: Flavor, options: JudgeOptions = {}): Judgement {
  const {image, release = NEWEST_RELEASE, limits} = options;
  const imageProperties = image ?? NO_IMAGE;
  const judgedImage = image ?? usableImage(flavor);
  const storeProblems = findStoreProblems(flavor, release);
  const meta = checkSizes(flavor, judgedImage) ?? readImageMeta(judgedImage, release);
  if (meta instanceof Refusal) {
    const findings = [refusedAltogether(meta)];
    const all = {topology: meta, numa: meta, watchdog: meta, boot: meta};
    const xml = {cpu: undefined, watchdog: undefined};
    return {
      flavor,
      imageProperties,
      judgedImage,
      release,
      verdict: 'error',
      findings,
      storeProblems,
      ...all,
      xml,
    };
  }
  const judged = gather(flavor, judgedImage, meta, release, storeProblems, limits);
  const findings = findAll(judged, judgedImage === UEFI_IMAGE);
  const {topology, numa, watchdog} = judged;
  return {
    flavor,
    imageProperties,
    judgedImage,
    release,
    verdict: verdictOf(findings),
    findings: firstOf(findings),
    storeProblems,
    boot: judged.checks.first,
    topology,
    numa,
    watchdog,
    xml: {
      cpu:
        topology instanceof Refusal || 'refusal' in topology || numa instanceof Refusal
          ? undefined
          : cpuXml(topology.best, numa),
      watchdog: watchdog === undefined || watchdog instanceof Refusal ? undefined : watchdogXml(watchdog),
    },
  };
}

const UEFI_IMAGE: ImageProperties = {hw_firmware_type: 'uefi'};

/** An image for any server of the flavor: encrypted memory works with those alone that start by UEFI. */
function usableImage({extraSpecs}: Flavor): ImageProperties {
  const text = extraSpecs['hw:mem_encryption'];
  return text !== undefined && readBoolean(text) ? UEFI_IMAGE : NO_IMAGE;
}

const NO_PROBLEMS: ReadonlyMap<string, StoreProblem> = new Map();

function findStoreProblems({extraSpecs}: Flavor, release: NovaRelease): ReadonlyMap<string, StoreProblem> {
  let problems: Map<string, StoreProblem> | undefined;
  for (const name in extraSpecs) {
    const problem = storeProblem(name, extraSpecs[name] ?? '', release);
    if (problem !== undefined) (problems ??= new Map()).set(name, problem);
  }
  return problems ?? NO_PROBLEMS;
}

/** Longest text of a spec, and most specs or properties, that are still judged; those that Nova gets are far below. */
const MAX_JUDGED_TEXT = 4096;
const MAX_JUDGED_SPECS = 1000;
/** Findings that are told; who has more wants to cure these first. */
const MAX_FINDINGS = 100;

/** Numbers that no flavor can have (nova/compute/flavors.py, `create`), and texts that none of its specs can be. */
function checkSizes(
  {vcpus, memoryMib, diskGib, extraSpecs}: Flavor,
  image: ImageProperties,
): Refusal | undefined {
  const range = `to ${MAX_FLAVOR_NUMBER}`;
  const isSize = (number: number, min: number): boolean =>
    Number.isInteger(number) && number >= min && number <= MAX_FLAVOR_NUMBER;
  if (!isSize(vcpus, 1)) return unfit('vcpus', `must be a whole number from 1 ${range}, not ${vcpus}`);
  if (!isSize(memoryMib, 1)) return unfit('ram', `must be a whole number from 1 ${range}, not ${memoryMib}`);
  if (!isSize(diskGib, 0)) return unfit('disk', `must be a whole number from 0 ${range}, not ${diskGib}`);
  const specs = Object.keys(extraSpecs).length;
  if (specs > MAX_JUDGED_SPECS)
    return unfit('extra_specs', `are ${specs}, and at most ${MAX_JUDGED_SPECS} are judged`);
  const properties = Object.keys(image).length;
  if (properties > MAX_JUDGED_SPECS) {
    return unfit('image_properties', `are ${properties}, and at most ${MAX_JUDGED_SPECS} are judged`);
  }
  for (const name in extraSpecs) {
    const {length} = extraSpecs[name] ?? '';
    if (length > MAX_JUDGED_TEXT) return unfit(name, `has ${length} characters, and Nova takes 255`);
  }
  return undefined;
}

function unfit(property: string, detail: string): Refusal {
  return new Refusal('ValidationError', property, detail, 'flavor');
}

function refusedAltogether({error, property, detail, stage}: Refusal): Finding {
  if (stage === 'flavor') {
    const message = `${property} ${detail}: there is no such flavor.`;
    return new Finding('error', error, property, message, `Give ${property} a value that fits.`);
  }
  const message = `${property} of the image ${detail}: Nova's API refuses every server (${error}).`;
  return new Finding('error', error, property, message, () => [setProperty(property, null)]);
}

/** An input may leave the name out. */
function checkName({name}: Flavor): Finding[] {
  const problem = name === '' ? undefined : flavorNameProblem(name);
  if (problem === undefined) return [];
  return [new Finding('error', 'ValidationError', 'name', `The name ${problem}.`, 'Give it another name.')];
}

function gather(
  flavor: Flavor,
  imageProperties: ImageProperties,
  image: ImageMeta,
  release: NovaRelease,
  storeProblems: ReadonlyMap<string, StoreProblem>,
  limits: CloudLimits | undefined,
): Judged {
  const outcome = outcomeOf(flavor, image);
  return {
    flavor,
    imageProperties,
    image,
    release,
    ...outcome,
    numa: outcome.checks.numa,
    storeProblems,
    limits,
  };
}

function needsUefi(): Finding {
  const message =
    'Encrypted memory needs an image with hw_firmware_type uefi: from any other Nova refuses a server ' +
    '(FlavorImageConflict).';
  return new Finding('info', 'EncryptionNeedsUefi', 'hw:mem_encryption', message, 'Have such images for it.');
}

/** Errors first; what Nova refuses before what it does otherwise. */
function findAll(judged: Judged, isUefiAssumed: boolean): Finding[] {
  const {refusals} = judged;
  const stopped = new Set(refusals.map(({property}) => property));
  const findings = [
    ...checkName(judged.flavor),
    ...refusals.map((refusal) => refusalFinding(judged, refusal)),
    ...hostFindings(judged),
    ...nameFindings(judged),
    ...valueFindings(judged, stopped),
    ...topologyFindings(judged),
    ...numaFindings(judged),
    ...memoryFindings(judged),
    ...watchdogFindings(judged),
    ...partnerFindings(judged),
    ...(isUefiAssumed ? [needsUefi()] : []),
  ];
  return findings.length < 2 ? findings : findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}

function firstOf(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_FINDINGS) return findings;
  const more = `${findings.length - MAX_FINDINGS} more findings are not told.`;
  const last = new Finding('info', 'MoreFindings', '', more, 'Cure the others first, and judge again.');
  return [...findings.slice(0, MAX_FINDINGS), last];
}

const RANK = {error: 0, warning: 1, info: 2} as const;

function verdictOf(findings: readonly Finding[]): Verdict {
  const worst = findings[0]?.severity;
  return worst === undefined || worst === 'info' ? 'ok' : worst;
}
