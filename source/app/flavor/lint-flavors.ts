import {judgeFlavor} from '../../domain/flavor/judge.js';
import type {CloudLimits} from '../../domain/flavor/judged.js';
import {releaseOfMicroversion, type GuessedRelease} from '../../domain/flavor/microversion-release.js';
import {NEWEST_RELEASE, type NovaRelease} from '../../domain/flavor/nova-release.js';
import {CloudError, withoutStop} from '../errors.js';
import type {Listing} from '../ports.js';
import {cloudLimits} from './fitting-hosts.js';
import type {CloudFlavor, FlavorHost, Flavors} from './flavor-ports.js';
import {lintImages} from './lint-images.js';
import {lintServers} from './lint-servers.js';
import type {LintedFlavor, LintPart, LintReport, Unread} from './lint-types.js';

export type LintOptions = {
  /** Undefined: the one that the cloud's newest microversion tells. */
  readonly release: NovaRelease | undefined;
  /** What is not looked at. */
  readonly skip: ReadonlySet<LintPart>;
};

/** What each part leaves open where it cannot be read. */
const LEAVES_OPEN = {
  servers: 'which of them carry an old copy of their flavor is not known',
  hosts: 'whether one is large enough for each flavor is not known',
  images: 'which of them replace the watchdog or the topology of a flavor is not known',
} as const;

/**
 * Judges every flavor of a cloud with the sizes of its hosts, and compares the copies that its servers carry. Rejects as
 * `Flavors.all` does where no flavor can be had; what else cannot be read is told in the report.
 */
export async function lintFlavors(
  flavors: Flavors,
  options: LintOptions,
  signal: AbortSignal,
): Promise<LintReport> {
  const listing = await flavors.all(signal);
  const unread: Unread[] = [];
  const wants = (part: LintPart): boolean => !options.skip.has(part);
  const [guessed, uses, hosts, images] = await Promise.all([
    options.release === undefined ? readRelease(flavors, unread, signal) : undefined,
    wants('servers') ? readPart('servers', unread, async () => flavors.uses(signal)) : undefined,
    wants('hosts') ? readPart('hosts', unread, async () => flavors.hosts(signal)) : undefined,
    wants('images') ? readPart('images', unread, async () => flavors.images(signal)) : undefined,
  ]);
  const release = options.release ?? guessed?.release ?? NEWEST_RELEASE;
  const limits = limitsOf(hosts, unread);
  const servers = uses && lintServers(listing, uses.rows);
  const isOfOne = uses?.scope === 'own-project' || (wants('hosts') && hosts === undefined);
  tellFlavors(listing, isOfOne, unread);
  if (uses !== undefined && servers !== undefined) tellServers(uses, servers.figures.unknown, unread);
  tellPart('images', images, unread);
  const linted = listing.rows.map((flavor) => {
    return judgeOne(flavor, release, limits, servers && (servers.byFlavor.get(flavor.name) ?? []));
  });
  return {
    release,
    guessed,
    limits,
    flavors: linted.toSorted(byRank),
    servers: servers?.figures,
    groups: servers?.groups ?? [],
    replacements: images === undefined ? [] : lintImages(listing.rows, images.rows, release),
    skipped: [...options.skip],
    unread,
  };
}

/** A part, or undefined where the cloud does not give it. */
async function readPart<Value>(
  part: LintPart,
  unread: Unread[],
  read: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    const value = await read();
    if (value === undefined) {
      const problem = `Nova lists ${part} to administrators only; ${LEAVES_OPEN[part]}`;
      unread.push({part, isAll: true, problem});
    }
    return value;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    unread.push({part, isAll: true, problem: `${withoutStop(error.message)}; ${LEAVES_OPEN[part]}`});
    return undefined;
  }
}

async function readRelease(
  flavors: Flavors,
  unread: Unread[],
  signal: AbortSignal,
): Promise<GuessedRelease | undefined> {
  try {
    return releaseOfMicroversion(await flavors.newestMicroversion(signal));
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const problem = `${withoutStop(error.message)}; the rules of ${NEWEST_RELEASE.name} are taken: --release names another`;
    unread.push({part: 'release', isAll: true, problem});
    return undefined;
  }
}

/** The part is there, and does not hold all that it should. */
function tellPart(part: LintPart, listing: Listing<unknown> | undefined, unread: Unread[]): void {
  if (listing === undefined || listing.isComplete) return;
  const why = withoutStop(listing.problem ?? 'Nova did not list all of them');
  unread.push({part, isAll: false, problem: `${why}; ${LEAVES_OPEN[part]}`});
}

function tellFlavors(listing: Listing<CloudFlavor>, isOfOne: boolean, unread: Unread[]): void {
  if (!listing.isComplete) {
    const why = withoutStop(listing.problem ?? 'Nova did not list all of them');
    unread.push({part: 'flavors', isAll: false, problem: `${why}; the others were not judged`});
  }
  if (isOfOne) {
    const problem = 'the account is no administrator, so private flavors of other projects may be missing';
    unread.push({part: 'flavors', isAll: false, problem});
  }
  const hidden = listing.rows.filter(({extraSpecs}) => extraSpecs === undefined).length;
  if (hidden === 0) return;
  const of = hidden === listing.rows.length ? 'any flavor' : `${hidden} of the flavors`;
  const problem = `Nova does not let this account read the extra specs of ${of}; only their sizes were judged`;
  unread.push({part: 'extra-specs', isAll: hidden === listing.rows.length, problem});
}

function tellServers(uses: Awaited<ReturnType<Flavors['uses']>>, unknown: number, unread: Unread[]): void {
  tellPart('servers', uses, unread);
  if (uses.scope === 'own-project') {
    const problem =
      'the account may list those of its own project only; the servers of all others were not looked at';
    unread.push({part: 'servers', isAll: false, problem});
  }
  if (unknown === 0) return;
  const isOld = uses.rows.every(({copy}) => copy === undefined);
  const problem = isOld
    ? 'this Nova does not tell which copy of a flavor a server has (below microversion 2.47)'
    : `the copy of ${unknown} of them, or today's flavor, is not told in full; whether it is an old one is not known`;
  unread.push({part: 'servers', isAll: unknown === uses.rows.length, problem});
}

/** The largest host; undefined where one that is not listed may be larger. */
function limitsOf(hosts: Listing<FlavorHost> | undefined, unread: Unread[]): CloudLimits | undefined {
  tellPart('hosts', hosts, unread);
  return hosts?.isComplete === true ? cloudLimits(hosts.rows) : undefined;
}

function judgeOne(
  flavor: CloudFlavor,
  release: NovaRelease,
  limits: CloudLimits | undefined,
  servers: LintedFlavor['servers'],
): LintedFlavor {
  const {name, vcpus, memoryMib, diskGib, extraSpecs} = flavor;
  const size = {name, vcpus, memoryMib, diskGib};
  if (extraSpecs !== undefined) {
    const {verdict, findings} = judgeFlavor({...size, extraSpecs}, {release, limits});
    return {flavor, verdict, findings, servers};
  }
  // They may ask for another size than the flavor's, or for any topology: only what no spec changes can be said.
  const {findings} = judgeFlavor({...size, extraSpecs: {}}, {release});
  const errors = findings.filter(({severity}) => severity === 'error');
  return {flavor, verdict: errors.length === 0 ? 'unknown' : 'error', findings: errors, servers};
}

const VERDICT_RANK: Readonly<Record<LintedFlavor['verdict'], number>> = {
  error: 0,
  warning: 1,
  unknown: 2,
  ok: 3,
};

function byRank(one: LintedFlavor, other: LintedFlavor): number {
  const rank = VERDICT_RANK[one.verdict] - VERDICT_RANK[other.verdict];
  if (rank !== 0) return rank;
  if (one.flavor.name !== other.flavor.name) return one.flavor.name < other.flavor.name ? -1 : 1;
  return one.flavor.id < other.flavor.id ? -1 : 1;
}
