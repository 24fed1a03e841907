import {readStrictBoolean} from '../flavor/python-values.js';
import {isObject, valueWords} from './value-words.js';
import {WrittenNumber} from './written-number.js';

/** What a file says about a flavor besides what the judge reads; undefined where it says nothing. */
export type FlavorSettings = {
  readonly id: string | undefined;
  /** An empty text takes the description away. */
  readonly description: string | undefined;
  readonly ephemeralGib: number | undefined;
  readonly swapMib: number | undefined;
  readonly rxtxFactor: number | undefined;
  readonly isPublic: boolean | undefined;
  /** Names or ids of the projects that may use it. */
  readonly projects: readonly string[] | undefined;
};

export const NO_SETTINGS: FlavorSettings = {
  id: undefined,
  description: undefined,
  ephemeralGib: undefined,
  swapMib: undefined,
  rxtxFactor: undefined,
  isPublic: undefined,
  projects: undefined,
};

/** Names of the fields in one's own form, Nova's API, and what the openstack client prints. */
const NAMES = {
  id: ['id', 'ID'],
  description: ['description', 'Description'],
  ephemeral: ['ephemeral', 'Ephemeral', 'OS-FLV-EXT-DATA:ephemeral'],
  swap: ['swap', 'Swap'],
  factor: ['rxtx_factor', 'RXTX Factor', 'RXTX factor'],
  isPublic: ['is_public', 'Is Public', 'os-flavor-access:is_public'],
  projects: ['projects', 'access_project_ids'],
} as const;

type Fields = Readonly<Record<string, unknown>>;
type Field = {readonly key: string; readonly value: unknown};

/**
 * Reads the rest of a flavor of a file that the judge has read. Problems are ends of sentences that begin with the
 * flavor; null stands for nothing said, as the client prints it.
 */
export function decodeSettings(value: unknown): {
  readonly settings: FlavorSettings;
  readonly problems: readonly string[];
} {
  const outer: Fields = isObject(value) ? value : {};
  const fields = isObject(outer['flavor']) ? outer['flavor'] : outer;
  const problems: string[] = [];
  const read = <Value>(
    names: readonly string[],
    decode: (value: unknown) => Value | undefined,
    wanted: string,
  ): Value | undefined => {
    const field = fieldOf(fields, names);
    if (field === undefined) return undefined;
    const decoded = decode(field.value);
    if (decoded === undefined)
      problems.push(`${field.key} is ${valueWords(field.value)}, and must be ${wanted}`);
    return decoded;
  };
  const id = read(NAMES.id, readId, 'a text');
  const settings: FlavorSettings = {
    // The client's word for an id that Nova gives: Nova itself would take it for the id.
    id: id === 'auto' ? undefined : id,
    description: read(NAMES.description, (one) => (typeof one === 'string' ? one : undefined), 'a text'),
    ephemeralGib: read(NAMES.ephemeral, readWhole, 'a whole number of GiB'),
    swapMib: read(NAMES.swap, readWhole, 'a whole number of MiB'),
    rxtxFactor: read(NAMES.factor, readFactor, 'a number above 0'),
    isPublic: read(NAMES.isPublic, readSwitch, 'true or false'),
    projects: read(NAMES.projects, readProjects, 'a list of names or ids of projects'),
  };
  return {settings, problems};
}

function fieldOf(fields: Fields, names: readonly string[]): Field | undefined {
  const key = names.find((name) => Object.hasOwn(fields, name) && fields[name] !== null);
  return key === undefined ? undefined : {key, value: fields[key]};
}

/** Old clouds have numbers for ids. */
function readId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Nova shows no swap as an empty text below 2.75. */
function readWhole(value: unknown): number | undefined {
  if (value === '') return 0;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** Nova shows an empty text where there is none. */
function readFactor(value: unknown): number | undefined {
  if (value === '') return 1;
  const text = value instanceof WrittenNumber ? value.text : String(value);
  const isNumber = typeof value === 'number' || typeof value === 'string' || value instanceof WrittenNumber;
  const number = Number(text);
  return isNumber && text.trim() !== '' && Number.isFinite(number) && number > 0 ? number : undefined;
}

function readSwitch(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? readStrictBoolean(value) : undefined;
}

function readProjects(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const words: unknown[] = value;
  const texts = words.filter((word): word is string => typeof word === 'string' && word.trim() !== '');
  return texts.length === words.length ? [...new Set(texts)] : undefined;
}
