import {flavorOf, readDraft, type FlavorDraft} from '../../../app/flavor/draft.js';
import {cloudLimits, fittingHosts, type FittingHosts} from '../../../app/flavor/fitting-hosts.js';
import type {CloudFlavor, FlavorHost, FlavorUse} from '../../../app/flavor/flavor-ports.js';
import {replacingImages, type ReplacingImages} from '../../../app/flavor/replacing-images.js';
import type {Edit, Finding} from '../../../domain/flavor/finding.js';
import {judgeFlavor, type Judgement} from '../../../domain/flavor/judge.js';
import type {CloudLimits} from '../../../domain/flavor/judged.js';
import {NEWEST_RELEASE, type NovaRelease} from '../../../domain/flavor/nova-release.js';
import type {NumaTopology} from '../../../domain/flavor/numa.js';
import {Refusal} from '../../../domain/flavor/refusal.js';
import type {Topology} from '../../../domain/flavor/topology.js';
import {countOf} from '../../../text/elapsed.js';
import {remembered} from '../../remembered.js';
import {formProblems} from './form-problems.js';
import {readyOf} from './known.js';
import type {FlavorState, StepName} from './state.js';

/** The Nova whose rules count: the one that was asked for, that of the cloud, else the newest that is known. */
export function releaseOf({options, facts}: Pick<FlavorState, 'options' | 'facts'>): NovaRelease {
  return options.release ?? readyOf(facts.release) ?? NEWEST_RELEASE;
}

/** Whether somebody said which Nova it is: the command line, or the cloud. */
export function isReleaseKnown({options, facts}: Pick<FlavorState, 'options' | 'facts'>): boolean {
  return options.release !== undefined || facts.release.kind === 'ready';
}

const judged = remembered(
  (
    draft: FlavorDraft,
    release: NovaRelease,
    hosts: readonly FlavorHost[] | undefined,
  ): Judgement | undefined => {
    const flavor = flavorOf(draft);
    if (flavor === undefined) return undefined;
    return judgeFlavor(flavor, {release, limits: hosts === undefined ? undefined : limitsOf(hosts)});
  },
);
const limitsOf = remembered((hosts: readonly FlavorHost[]): CloudLimits | undefined => cloudLimits(hosts));

/** What Nova makes of the draft; undefined as long as it has no size. */
export function judgementOf(state: FlavorState): Judgement | undefined {
  return judged(state.draft, releaseOf(state), hostsOf(state));
}

/** Hosts, as far as all of them are known: a part of them says nothing about the largest. */
function hostsOf({facts}: FlavorState): readonly FlavorHost[] | undefined {
  const listing = readyOf(facts.hosts);
  return listing?.isComplete === true ? listing.rows : undefined;
}

/** The topology that the guest gets. */
export function topologyOf(judgement: Judgement | undefined): Topology | undefined {
  const topology = judgement?.topology;
  return topology === undefined || topology instanceof Refusal || 'refusal' in topology
    ? undefined
    : topology;
}

/** The NUMA nodes that the guest gets. */
export function numaOf(judgement: Judgement | undefined): NumaTopology | undefined {
  return judgement?.numa instanceof Refusal ? undefined : judgement?.numa;
}

const TOPOLOGY = /cpu_(?:max_)?(?:sockets|cores|threads)$/;

/** What infos are about, by step; warnings and errors are told everywhere. */
const INFOS: Readonly<Record<StepName, (finding: Finding) => boolean>> = {
  size: ({code}) => code === 'GuestSocketLimit',
  // What the guest has to do is told there at length.
  watchdog: ({property, code}) => /watchdog/.test(property) && code !== 'WatchdogNeedsDaemon',
  topology: ({property}) => TOPOLOGY.test(property),
  // The drawing has a sentence of its own for a core of two kinds.
  NUMA: ({property, code}) =>
    code !== 'CorePartlyPinned' && !/watchdog/.test(property) && !TOPOLOGY.test(property),
  access: () => false,
  review: () => true,
};

/** What there is to say in the step that is open, worst first. */
export function findingsOf(state: FlavorState): readonly Finding[] {
  const findings = judgementOf(state)?.findings ?? [];
  return findings.filter((finding) => finding.severity !== 'info' || INFOS[state.step](finding));
}

/** Steps with an answer that cannot stay: what is no number or name, and what no server boots from. */
export function wrongSteps(state: FlavorState): ReadonlySet<StepName> {
  const {draft} = state;
  const errors = judgementOf(state)?.findings.filter(({severity}) => severity === 'error') ?? [];
  // A name that is missing is told in the review: nobody has to begin with it.
  const isSizeWrong = formProblems(draft).some(({field}) => field !== 'name' || draft.name !== '');
  return new Set([...(isSizeWrong ? (['size'] as const) : []), ...errors.map(stepOf)]);
}

/** Where the answer is given that a finding is about. */
function stepOf({property}: Finding): StepName {
  // A spec that no step asks for comes with a copy.
  if (!property.startsWith('hw:')) return property.includes(':') ? 'review' : 'size';
  if (/watchdog/.test(property)) return 'watchdog';
  return TOPOLOGY.test(property) ? 'topology' : 'NUMA';
}

/** What stands above the list of findings: how many there are, or why there is none. */
export function findingsTitle(state: FlavorState): string {
  const findings = judgementOf(state)?.findings;
  if (findings === undefined) {
    const [first] = formProblems(state.draft).filter(({field}) => field !== 'name');
    return `nothing is judged: ${first?.text ?? 'there is no size'}`;
  }
  return findings.length === 0 ? 'none: Nova does what is asked' : countOf(findings.length, 'finding');
}

/** The edits of a finding that the flavor can have; those of an image are not ours. */
export function curesOf(finding: Finding): readonly Edit[] {
  const {edits} = finding;
  return edits.every(({target}) => target === 'flavor') ? edits : [];
}

/** The finding that `i` cures: the first that an edit of the flavor can. */
export function curable(findings: readonly Finding[]): Finding | undefined {
  return findings.find((finding) => curesOf(finding).length > 0);
}

const fits = remembered((vcpus: number, memoryMib: number, hosts: readonly FlavorHost[]): FittingHosts =>
  fittingHosts({vcpus, memoryMib}, hosts),
);

/** Hosts that could take it; undefined where they are not known, or the draft has no size. */
export function fittingOf({draft, facts}: FlavorState): FittingHosts | undefined {
  const {size} = readDraft(draft);
  const listing = readyOf(facts.hosts);
  if (size === undefined || listing === undefined) return undefined;
  return fits(size.vcpus, size.memoryMib, listing.rows);
}

const replaced = remembered(replacingImages);

/** Images that replace what the draft says; undefined where they are not known, or the draft has no size. */
export function replacingOf(state: FlavorState): ReplacingImages | undefined {
  const listing = readyOf(state.facts.images);
  const flavor = judgementOf(state)?.flavor;
  if (listing === undefined || flavor === undefined) return undefined;
  return replaced(listing.rows, flavor, releaseOf(state));
}

/** The flavor of the cloud that has the draft's name. */
export function existingOf({draft, facts}: FlavorState): CloudFlavor | undefined {
  return readyOf(facts.flavors)?.rows.find(({name}) => name === draft.name);
}

const countUses = remembered((uses: readonly FlavorUse[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const {copy} of uses) {
    if (copy !== undefined) counts.set(copy.name, (counts.get(copy.name) ?? 0) + 1);
  }
  return counts;
});

/** How many servers carry a flavor of this name; undefined where not all of them can be seen. */
export function usesOf({facts}: FlavorState, name: string): number | undefined {
  const uses = readyOf(facts.uses);
  if (uses === undefined || !uses.isComplete || uses.scope === 'own-project') return undefined;
  return countUses(uses.rows).get(name) ?? 0;
}

/** Flavors to begin with, those that hold the filter, by name. */
export function cloneRows({facts, filter}: FlavorState): readonly CloudFlavor[] {
  const wanted = filter.field.text.trim().toLowerCase();
  const rows = readyOf(facts.flavors)?.rows ?? [];
  return wanted === ''
    ? rows
    : rows.filter(({name, id}) => name.toLowerCase().includes(wanted) || id.toLowerCase().startsWith(wanted));
}
