import type {Flavor, ImageProperties} from '../../domain/flavor/flavor.js';
import {decodeSettings, type FlavorSettings} from '../../domain/flavor-file/decode-settings.js';
import type {Place} from '../../domain/flavor-file/read-flavors.js';
import {nearestNames} from '../../domain/nearest-names.js';
import {UserError} from '../errors.js';
import type {CloudFlavor, FlavorCloud} from './flavor-ports.js';
import type {FlavorReference} from './flavor-reference.js';
import {readInputs, type InputEvent, type InputPorts} from './read-inputs.js';

/** What is wrong with a file, beside the flavor that was asked for. */
export type FileNotice = Exclude<InputEvent, {kind: 'flavor'}>;

/** Where a flavor comes from. */
export type FlavorOrigin =
  | {readonly kind: 'cloud'; readonly cloud: string; readonly row: CloudFlavor}
  | {readonly kind: 'file'; readonly source: string; readonly place: Place};

export type NamedFlavor = {
  readonly flavor: Flavor;
  /** The rest of it; the projects of one of the cloud are not asked for. */
  readonly settings: FlavorSettings;
  /** Properties of an image that stand beside it in a file. */
  readonly image: ImageProperties | undefined;
  readonly origin: FlavorOrigin;
  readonly notices: readonly FileNotice[];
};

/** What flavors are looked for in; the cloud is opened when first needed. */
export type NamingPorts = {
  readonly inputs: InputPorts;
  readonly cloud: () => Promise<FlavorCloud>;
};

/** Names that an error lists. */
const MOST_NAMES = 8;

/** The flavor that is named. Throws `UserError` (usage) where there is none, or where there are several. */
export async function findFlavor(
  reference: FlavorReference,
  ports: NamingPorts,
  signal: AbortSignal,
): Promise<NamedFlavor> {
  if ((reference.kind === 'file' ? reference.file : reference.word) === '') {
    throw new UserError('usage', 'an empty word names no flavor', {
      remedy: 'give the id or name of one of the cloud, or a file',
    });
  }
  if (reference.kind === 'file') return fromFile(reference, ports.inputs);
  return fromCloud(reference.word, await cloudFor(reference.word, ports), signal);
}

/** The cloud; where none is known the word may have been meant for a file. */
async function cloudFor(word: string, ports: NamingPorts): Promise<FlavorCloud> {
  try {
    return await ports.cloud();
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'usage') throw error;
    const before = error.remedy === undefined ? '' : `${error.remedy.replace(/\.$/, '')}. `;
    throw new UserError('usage', error.message, {
      cause: error,
      remedy: `${before}A file is named with a slash, as ./${word}, or by its ending.`,
    });
  }
}

async function fromCloud(word: string, cloud: FlavorCloud, signal: AbortSignal): Promise<NamedFlavor> {
  const row = await cloud.flavors.find(word, signal);
  const {name: cloudName} = cloud.label;
  if (row === undefined) {
    const {rows} = await cloud.flavors.all(signal);
    const near = nearestNames(
      word,
      rows.map(({name}) => name),
    );
    const meant = near.length === 0 ? '' : `is ${near.map((name) => `"${name}"`).join(' or ')} meant? `;
    throw new UserError('usage', `${cloudName} has no flavor with the id or name "${word}"`, {
      remedy: `${meant}a file is named with a slash, as ./${word}, or by its ending`,
    });
  }
  const {name, vcpus, memoryMib, diskGib, extraSpecs = {}} = row;
  const {id, description, ephemeralGib, swapMib, rxtxFactor, isPublic} = row;
  return {
    flavor: {name, vcpus, memoryMib, diskGib, extraSpecs},
    settings: {id, description, ephemeralGib, swapMib, rxtxFactor, isPublic, projects: undefined},
    image: undefined,
    origin: {kind: 'cloud', cloud: cloudName, row},
    notices: [],
  };
}

type Found = Extract<InputEvent, {kind: 'flavor'}>;

async function fromFile(
  {file, name}: Extract<FlavorReference, {kind: 'file'}>,
  inputs: InputPorts,
): Promise<NamedFlavor> {
  const names: string[] = [];
  const notices: FileNotice[] = [];
  let count = 0;
  let found: Found | undefined;
  for await (const event of readInputs([file], inputs)) {
    if (event.kind !== 'flavor') {
      notices.push(event);
      continue;
    }
    const isMeant = name === undefined || event.input.flavor.name === name;
    if (names.length < MOST_NAMES) names.push(event.input.flavor.name);
    // Of two with a name Nova takes the first.
    if (isMeant) found ??= event;
    count += 1;
  }
  const source = file === '-' ? 'stdin' : file;
  if (found === undefined) throw nothingFound(source, name, {names, count, notices});
  if (name === undefined && count > 1) {
    throw new UserError('usage', `${source} has ${count} flavors, and one is to be named`, {
      remedy: `name it as ${file === '-' ? 'file:-' : file}#NAME: ${listed(names, count)}`,
    });
  }
  const {flavor, image} = found.input;
  const {number} = found.place;
  return {
    flavor,
    settings: decodeSettings(found.value).settings,
    image: Object.keys(image).length === 0 ? undefined : image,
    origin: {kind: 'file', source, place: found.place},
    // Of a flavor that is named the others are of no interest; without a name one of them may have been meant.
    notices: notices.filter(
      (event) =>
        name === undefined ||
        !('place' in event) ||
        event.place.number === undefined ||
        event.place.number === number,
    ),
  };
}

/** Why there is no such flavor: the file is of no use, the flavor has a mistake, or it is not there. */
function nothingFound(
  source: string,
  name: string | undefined,
  {
    names,
    count,
    notices,
  }: {readonly names: readonly string[]; readonly count: number; readonly notices: readonly FileNotice[]},
): UserError {
  for (const event of notices) {
    if (event.kind === 'unusable') return new UserError('usage', `${source}: ${event.detail}`);
    if (event.kind === 'problem' && (name === undefined || event.place.name === name)) {
      const which = event.place.name === undefined ? '' : `, flavor "${event.place.name}"`;
      return new UserError('usage', `${source}:${event.place.line}${which}: ${event.detail}`);
    }
  }
  if (name === undefined || count === 0) return new UserError('usage', `${source} has no flavor`);
  return new UserError('usage', `${source} has no flavor with the name "${name}"`, {
    remedy: `it has ${listed(names, count)}`,
  });
}

function listed(names: readonly string[], count: number): string {
  const shown = names.map((name) => (name === '' ? 'one without a name' : name)).join(', ');
  return count > names.length ? `${shown} and ${count - names.length} more` : shown;
}
