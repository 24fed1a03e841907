import {applyEdits, type Edit} from '../../domain/flavor/finding.js';
import {MAX_FLAVOR_NUMBER, NO_IMAGE, type ExtraSpecs, type Flavor} from '../../domain/flavor/flavor.js';
import {PRESETS, type PresetName, type PresetSize} from '../../domain/flavor/presets.js';
import {flavorNameProblem} from '../../domain/flavor/request-body.js';
import type {CloudFlavor, FlavorSize, NewFlavor} from './flavor-ports.js';

/** Sizes that are typed. Memory and swap take a unit, `64g`; without one they are MiB. Disks are GiB. */
export const SIZE_NAMES = ['vcpus', 'memory', 'disk', 'ephemeral', 'swap'] as const;
export type SizeName = (typeof SIZE_NAMES)[number];

/** What a flavor is designed from. */
export type DraftStart =
  /** `madeFor`: the size that its specs fit. */
  | {readonly kind: 'preset'; readonly name: PresetName; readonly madeFor: PresetSize}
  | {readonly kind: 'clone'; readonly of: CloudFlavor};

/** A flavor while it is designed: sizes as they are typed, everything else in extra specs. */
export type FlavorDraft = {
  readonly name: string;
  readonly sizes: Readonly<Record<SizeName, string>>;
  readonly rxtxFactor: number;
  readonly isPublic: boolean;
  /** Names or ids of the projects that may use it if it is private, with commas between them. */
  readonly projects: string;
  readonly description: string;
  readonly extraSpecs: ExtraSpecs;
  readonly start: DraftStart;
};

/** What the texts of a draft say. */
export type ReadDraft = {
  /** Undefined where one of the sizes is none. */
  readonly size: FlavorSize | undefined;
  /** By field: the end of a sentence that begins with its name. */
  readonly problems: ReadonlyMap<SizeName | 'name', string>;
};

const SMALL: PresetSize = {vcpus: 2, memoryMib: 4096};

/** A small flavor without a name and without extra specs. */
export function newDraft(): FlavorDraft {
  return {
    name: '',
    sizes: {
      vcpus: String(SMALL.vcpus),
      memory: String(SMALL.memoryMib),
      disk: '20',
      ephemeral: '0',
      swap: '0',
    },
    rxtxFactor: 1,
    isPublic: true,
    projects: '',
    description: '',
    extraSpecs: {},
    start: {kind: 'preset', name: 'general', madeFor: SMALL},
  };
}

/** The draft with the extra specs of a preset in place of its own. */
export function withPreset(draft: FlavorDraft, name: PresetName): FlavorDraft {
  const madeFor = presetSize(draft) ?? SMALL;
  return {...draft, extraSpecs: presetSpecs(name, madeFor), start: {kind: 'preset', name, madeFor}};
}

/**
 * A flavor of the cloud as a draft of another one, with everything that it has but its name and its id.
 *
 * @param taken names that are no longer free
 */
export function cloneOf(flavor: CloudFlavor, taken: ReadonlySet<string>): FlavorDraft {
  return {
    name: freeName(flavor.name, taken),
    sizes: {
      vcpus: String(flavor.vcpus),
      memory: String(flavor.memoryMib),
      disk: String(flavor.diskGib),
      ephemeral: String(flavor.ephemeralGib),
      swap: String(flavor.swapMib),
    },
    rxtxFactor: flavor.rxtxFactor,
    isPublic: flavor.isPublic,
    projects: '',
    description: flavor.description ?? '',
    extraSpecs: flavor.extraSpecs ?? {},
    start: {kind: 'clone', of: flavor},
  };
}

/** `m1.large-2`, or the next number that is free. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const [, stem = name, number] = /^(.*)-(\d{1,3})$/.exec(name) ?? [];
  for (let next = Number(number ?? 1) + 1; ; next += 1) {
    const free = `${stem}-${next}`;
    if (!taken.has(free)) return free;
  }
}

/** The draft with another size. The specs of a preset that nobody changed are made anew, so that they fit it. */
export function withSize(draft: FlavorDraft, name: SizeName, text: string): FlavorDraft {
  const next = {...draft, sizes: {...draft.sizes, [name]: text}};
  const size = presetSize(next);
  const {start} = draft;
  if (start.kind === 'clone' || size === undefined) return next;
  if (!isSameSpecs(draft.extraSpecs, presetSpecs(start.name, start.madeFor))) return next;
  return {...next, extraSpecs: presetSpecs(start.name, size), start: {...start, madeFor: size}};
}

/** The draft with an extra spec, or without it where the value is empty. */
export function withSpec(draft: FlavorDraft, name: string, value: string): FlavorDraft {
  return withSpecs(draft, {[name]: value});
}

/** The same with several at once. */
export function withSpecs(draft: FlavorDraft, changes: ExtraSpecs): FlavorDraft {
  const specs = new Map(Object.entries(draft.extraSpecs));
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') specs.delete(name);
    else specs.set(name, value);
  }
  return {...draft, extraSpecs: Object.fromEntries(specs)};
}

/** The draft with those edits made that are about a flavor. */
export function withEdits(draft: FlavorDraft, edits: readonly Edit[]): FlavorDraft {
  const flavor = {name: '', vcpus: 1, memoryMib: 1, diskGib: 0, extraSpecs: draft.extraSpecs};
  return {...draft, extraSpecs: applyEdits(flavor, NO_IMAGE, edits).flavor.extraSpecs};
}

/** What the texts say, and what is wrong with those that say nothing. */
export function readDraft({name, sizes, rxtxFactor}: FlavorDraft): ReadDraft {
  const problems = new Map<SizeName | 'name', string>();
  const nameProblem = name === '' ? 'is missing' : flavorNameProblem(name);
  if (nameProblem !== undefined) problems.set('name', nameProblem);
  const read = (size: SizeName, min: number, parse: (text: string) => number | undefined): number => {
    const number = sizes[size] === '' ? undefined : parse(sizes[size]);
    const isFit = number !== undefined && number >= min && number <= MAX_FLAVOR_NUMBER;
    if (isFit) return number;
    problems.set(
      size,
      sizes[size] === '' ? 'is missing' : `must be a whole number from ${min} to ${MAX_FLAVOR_NUMBER}`,
    );
    return 0;
  };
  const vcpus = read('vcpus', 1, parseWhole);
  const memoryMib = read('memory', 1, parseMebibytes);
  const diskGib = read('disk', 0, parseWhole);
  const ephemeralGib = read('ephemeral', 0, parseWhole);
  const swapMib = read('swap', 0, parseMebibytes);
  const isRead = SIZE_NAMES.every((size) => !problems.has(size));
  return {
    size: isRead ? {vcpus, memoryMib, diskGib, ephemeralGib, swapMib, rxtxFactor} : undefined,
    problems,
  };
}

/** The draft as it is judged: with a name or without one, and undefined as long as its sizes are none. */
export function flavorOf(draft: FlavorDraft): Flavor | undefined {
  const {size} = readDraft(draft);
  if (size === undefined) return undefined;
  const {vcpus, memoryMib, diskGib} = size;
  return {name: draft.name, vcpus, memoryMib, diskGib, extraSpecs: draft.extraSpecs};
}

/** The draft as it is made in a cloud; Nova gives the id. Undefined as long as it has no name or no size. */
export function newFlavorOf(draft: FlavorDraft): NewFlavor | undefined {
  const {size, problems} = readDraft(draft);
  if (size === undefined || problems.size > 0) return undefined;
  const {name, isPublic, description} = draft;
  return {...size, id: undefined, name, isPublic, description: description === '' ? undefined : description};
}

/** What was typed as projects, one by one. */
export function projectWords(draft: FlavorDraft): readonly string[] {
  const words = draft.projects.split(',').map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

/** The projects by their names in the place of their ids, where no other project has the name. */
export function withProjectNames(draft: FlavorDraft, names: ReadonlyMap<string, string>): FlavorDraft {
  const all = Array.from(names.values());
  const words = projectWords(draft).map((one) => {
    const name = names.get(one);
    return name !== undefined && all.indexOf(name) === all.lastIndexOf(name) ? name : one;
  });
  const projects = words.join(', ');
  return projects === draft.projects ? draft : {...draft, projects};
}

/** How many extra specs one of two drafts has otherwise than the other, or alone. */
export function changedSpecs({extraSpecs: one}: FlavorDraft, {extraSpecs: other}: FlavorDraft): number {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Array.from(names).filter((name) => one[name] !== other[name]).length;
}

/** Whether two drafts say the same, whatever they began with. */
export function isSameDraft(one: FlavorDraft, other: FlavorDraft): boolean {
  return (
    one.name === other.name &&
    SIZE_NAMES.every((size) => one.sizes[size] === other.sizes[size]) &&
    one.rxtxFactor === other.rxtxFactor &&
    one.isPublic === other.isPublic &&
    one.projects === other.projects &&
    one.description === other.description &&
    isSameSpecs(one.extraSpecs, other.extraSpecs)
  );
}

/** Whether two flavors have the same extra specs, in whatever order. */
export function isSameSpecs(one: ExtraSpecs, other: ExtraSpecs): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

const UNITS: Readonly<Record<string, number>> = {'': 1, m: 1, g: 1024, t: 1024 * 1024};

/** `65536`, `64g`, `1.5 GiB`: whole MiB; undefined for what is none. */
function parseMebibytes(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?) ?(?:([mgt])(?:i?b)?)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const mebibytes = Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1);
  return Number.isInteger(mebibytes) ? mebibytes : undefined;
}

function parseWhole(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function presetSize(draft: FlavorDraft): PresetSize | undefined {
  const {size} = readDraft(draft);
  return size === undefined ? undefined : {vcpus: size.vcpus, memoryMib: size.memoryMib};
}

function presetSpecs(name: PresetName, size: PresetSize): ExtraSpecs {
  return PRESETS.find((preset) => preset.name === name)?.specsFor(size) ?? {};
}
