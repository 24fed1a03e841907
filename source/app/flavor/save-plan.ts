import type {ExtraSpecs, Flavor} from '../../domain/flavor/flavor.js';
import type {CloudLimits} from '../../domain/flavor/judged.js';
import {judgeFlavor, type Judgement} from '../../domain/flavor/judge.js';
import {isGoodLimit} from '../../domain/flavor/catalogue/topology-limits.js';
import {releaseOfMicroversion} from '../../domain/flavor/microversion-release.js';
import {newFlavorBody, type NewFlavor} from '../../domain/flavor/new-flavor.js';
import {bodyProblems} from '../../domain/flavor/request-body.js';
import {CloudError, UserError, withoutStop} from '../errors.js';
import {cloudLimits} from './fitting-hosts.js';
import type {CloudFlavor, Flavors} from './flavor-ports.js';
import {findProjects} from './save-projects.js';
import type {
  ImmutableField,
  ProjectRef,
  SavePlan,
  SavePorts,
  SaveRefusal,
  SaveStep,
  SaveWish,
  UncheckedSpec,
} from './save-types.js';

/** From 2.N on: a description, and a look at extra specs. */
const DESCRIPTIONS = 55;
const CHECKED_SPECS = 86;

/** What of a cloud has to be known before flavors are saved there. */
export type SaveLook = {
  readonly flavors: readonly CloudFlavor[];
  /** N of 2.N. */
  readonly newestMicroversion: number;
  /** Undefined where only administrators may know, and where there is no host. */
  readonly limits: CloudLimits | undefined;
  /** Why the hosts could not be looked at, though this account may; without a full stop. */
  readonly hostsProblem: string | undefined;
  /** Names of projects by id, as far as Keystone tells them. */
  readonly projects: ReadonlyMap<string, string>;
};

/** Looks at a cloud. Rejects with `CloudError`, and with `UserError` where not every flavor could be listed. */
export async function lookForSave({flavors, account}: SavePorts, signal: AbortSignal): Promise<SaveLook> {
  const [listing, newestMicroversion, hosts, projects] = await Promise.all([
    flavors.all(signal),
    flavors.newestMicroversion(signal),
    lookAtHosts(flavors, signal),
    account.projectNames(signal),
  ]);
  if (!listing.isComplete) {
    throw new UserError(
      'unreachable',
      `Nova did not list every flavor, so which of them exist is not known: ${listing.problem ?? 'no reason given'}`,
      {remedy: 'nothing was done; try again'},
    );
  }
  return {
    flavors: listing.rows,
    newestMicroversion,
    ...hosts,
    projects,
  };
}

/** What no host could hold is worth to be told, and no reason to save nothing where it is not known. */
async function lookAtHosts(
  flavors: Flavors,
  signal: AbortSignal,
): Promise<Pick<SaveLook, 'limits' | 'hostsProblem'>> {
  try {
    const hosts = await flavors.hosts(signal);
    if (hosts === undefined) return {limits: undefined, hostsProblem: undefined};
    // The largest one may be among those that are missing.
    return {
      limits: hosts.isComplete ? cloudLimits(hosts.rows) : undefined,
      hostsProblem: hosts.problem,
    };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return {limits: undefined, hostsProblem: withoutStop(error.message)};
  }
}

/**
 * What it takes to have a flavor in the cloud as it is wished for: calls, what stands against them, what Nova would make
 * of the flavor, and the servers that would not get it. Only reads. Rejects with `CloudError`.
 */
export async function planSave(
  {flavors}: Pick<SavePorts, 'flavors'>,
  look: SaveLook,
  wish: SaveWish,
  signal: AbortSignal,
): Promise<SavePlan> {
  const {settings} = wish;
  const {newestMicroversion: newest} = look;
  const wantsProjects = (settings.projects?.length ?? 0) > 0;
  const guessed = wish.release === undefined ? releaseOfMicroversion(newest) : undefined;
  const release = wish.release ?? guessed?.release ?? releaseOfMicroversion(newest).release;
  const {existing, refusals} = findExisting(wish, look.flavors);
  const found = findProjects(settings.projects ?? [], look.projects);
  const isPublic = existing?.isPublic ?? settings.isPublic ?? !wantsProjects;
  const isTaken = isPublic && wantsProjects;
  const specs = specChanges(wish, existing);
  const after: Flavor = {...wish.flavor, extraSpecs: specs.after};
  const judgement = judgeFlavor(after, {
    image: Object.keys(wish.image).length === 0 ? undefined : wish.image,
    release,
    limits: look.limits,
  });
  const knowsDescriptions = newest >= DESCRIPTIONS;
  const access =
    existing === undefined || isPublic || settings.projects === undefined
      ? []
      : await flavors.access(existing.id, signal);
  const steps =
    existing === undefined
      ? [
          {kind: 'create', flavor: newFlavor(wish, isPublic, knowsDescriptions)} as const,
          ...specs.steps,
          ...(isPublic ? [] : accessSteps(found.projects, [], false)),
        ]
      : [
          ...describeSteps(wish, existing, knowsDescriptions),
          ...specs.steps,
          ...(isPublic ? [] : accessSteps(found.projects, access, wish.isExact)),
        ];
  const changesServers = existing !== undefined && specs.steps.length > 0;
  return {
    wish,
    release,
    guessed,
    existing,
    after,
    judgement,
    steps,
    refusals: [
      ...refusals,
      ...(existing !== undefined && existing.extraSpecs === undefined ? [{kind: 'unreadable'} as const] : []),
      ...(isTaken ? [{kind: 'public-access'} as const] : []),
      ...found.refusals,
      ...steps.flatMap((step) => formRefusals(step, knowsDescriptions)),
    ],
    unchecked: newest >= CHECKED_SPECS ? uncheckedSpecs(specs.set, judgement) : [],
    kept: specs.kept,
    uses: changesServers ? await flavors.uses(signal, existing.id) : undefined,
    leftOut: !knowsDescriptions && (settings.description ?? '') !== '' ? ['description'] : [],
    hostsProblem: look.hostsProblem,
    projectNames: look.projects,
    isForNobody: existing === undefined && !isPublic && found.projects.length === 0,
  };
}

/** The flavor that the wish is about, with what of it never changes and is wished for otherwise. */
function findExisting(
  {flavor, settings}: SaveWish,
  rows: readonly CloudFlavor[],
): {readonly existing: CloudFlavor | undefined; readonly refusals: readonly SaveRefusal[]} {
  const named = rows.find(({name}) => name === flavor.name);
  const {id} = settings;
  const other = id === undefined ? undefined : rows.find((row) => row.id === id && row !== named);
  if (named === undefined) {
    // With the id of another one it is that one under another name.
    return {
      existing: other,
      refusals: other === undefined ? [] : immutables(flavor, settings, other),
    };
  }
  const refusals = immutables(flavor, settings, named);
  return {
    existing: named,
    refusals:
      id === undefined || other === undefined ? refusals : [{kind: 'id-taken', id, by: other}, ...refusals],
  };
}

function immutables(
  {name, vcpus, memoryMib, diskGib}: Flavor,
  {id, ephemeralGib, swapMib, rxtxFactor, isPublic}: SaveWish['settings'],
  has: CloudFlavor,
): readonly SaveRefusal[] {
  const fields: readonly (readonly [
    ImmutableField,
    string | number | boolean,
    string | number | boolean | undefined,
  ])[] = [
    ['id', has.id, id],
    ['name', has.name, name],
    ['vcpus', has.vcpus, vcpus],
    ['ram', has.memoryMib, memoryMib],
    ['disk', has.diskGib, diskGib],
    ['ephemeral', has.ephemeralGib, ephemeralGib],
    ['swap', has.swapMib, swapMib],
    ['rxtx_factor', has.rxtxFactor, rxtxFactor],
    ['is_public', has.isPublic, isPublic],
  ];
  return fields.flatMap(([field, value, wanted]) =>
    wanted === undefined || wanted === value ? [] : [{kind: 'immutable', field, has: value, wanted} as const],
  );
}

type SpecChanges = {
  readonly after: ExtraSpecs;
  readonly set: ExtraSpecs;
  readonly kept: ExtraSpecs;
  readonly steps: readonly SaveStep[];
};

/** What it takes to have the specs that are wished for. New ones are set before others go: a guest is never without. */
function specChanges({flavor, isExact}: SaveWish, existing: CloudFlavor | undefined): SpecChanges {
  const before = existing?.extraSpecs ?? {};
  const wanted = flavor.extraSpecs;
  const set = only(wanted, (name) => !Object.hasOwn(before, name) || before[name] !== wanted[name]);
  const others = only(before, (name) => !Object.hasOwn(wanted, name));
  const kept = isExact ? {} : others;
  // Apart, so that what is refused with good reason is not stored unchecked with them.
  const limits = only(set, (name) => isGoodLimit(name, set[name] ?? ''));
  const checked = only(set, (name) => !Object.hasOwn(limits, name));
  const gone = isExact ? Object.keys(others) : [];
  return {
    after: {...kept, ...wanted},
    set,
    kept,
    steps: [
      ...(Object.keys(checked).length === 0 ? [] : [{kind: 'set-specs', specs: checked} as const]),
      ...(Object.keys(limits).length === 0
        ? []
        : [{kind: 'set-specs', specs: limits, areLimits: true} as const]),
      ...gone.map((name) => ({kind: 'remove-spec', name}) as const),
    ],
  };
}

function only(specs: ExtraSpecs, isWanted: (name: string) => boolean): ExtraSpecs {
  return Object.fromEntries(Object.entries(specs).filter(([name]) => isWanted(name)));
}

function newFlavor({flavor, settings}: SaveWish, isPublic: boolean, knowsDescriptions: boolean): NewFlavor {
  const description = settings.description === '' || !knowsDescriptions ? undefined : settings.description;
  return {
    id: settings.id,
    name: flavor.name,
    vcpus: flavor.vcpus,
    memoryMib: flavor.memoryMib,
    diskGib: flavor.diskGib,
    ephemeralGib: settings.ephemeralGib ?? 0,
    swapMib: settings.swapMib ?? 0,
    rxtxFactor: settings.rxtxFactor ?? 1,
    isPublic,
    description,
  };
}

function describeSteps(
  {settings}: SaveWish,
  existing: CloudFlavor,
  knowsDescriptions: boolean,
): readonly SaveStep[] {
  if (settings.description === undefined || !knowsDescriptions) return [];
  const description = settings.description === '' ? undefined : settings.description;
  return description === existing.description ? [] : [{kind: 'describe', description}];
}

function accessSteps(
  projects: readonly ProjectRef[],
  has: readonly string[],
  isExact: boolean,
): readonly SaveStep[] {
  const wanted = new Set(projects.map(({id}) => id));
  const gone = isExact ? has.filter((id) => !wanted.has(id)) : [];
  return [
    ...projects
      .filter(({id}) => !has.includes(id))
      .map((project) => ({kind: 'add-access', project}) as const),
    ...gone.map((id) => ({kind: 'remove-access', project: {id, name: undefined}}) as const),
  ];
}

/** What Nova answers 400 for whatever the values mean. */
function formRefusals(step: SaveStep, knowsDescriptions: boolean): readonly SaveRefusal[] {
  const problems =
    step.kind === 'create'
      ? bodyProblems(
          knowsDescriptions ? 'flavor_create_2.55' : 'flavor_create_2.1',
          newFlavorBody(step.flavor),
        )
      : step.kind === 'set-specs'
        ? bodyProblems('extra_specs_create', {extra_specs: step.specs})
        : step.kind === 'describe'
          ? bodyProblems('flavor_update_2.55', {flavor: {description: step.description ?? null}})
          : [];
  return problems.map(({path, detail}) => ({kind: 'form', path: path.replace(/^flavor\./, ''), detail}));
}

/** Those that Nova's API looks at and refuses. What is already in the cloud is not looked at again. */
function uncheckedSpecs(set: ExtraSpecs, {storeProblems}: Judgement): readonly UncheckedSpec[] {
  return [...storeProblems]
    .filter(([name, {kind}]) => Object.hasOwn(set, name) && kind !== 'form')
    .map(([name, problem]) => ({name, problem, isLimit: isGoodLimit(name, set[name] ?? '')}));
}

/** Whether a flavor would come to be, or to be changed, from which no server boots. */
export function isUnbootable({judgement, existing, steps}: SavePlan): boolean {
  const changesGuests =
    existing === undefined || steps.some(({kind}) => kind === 'set-specs' || kind === 'remove-spec');
  return changesGuests && judgement.verdict === 'error';
}
