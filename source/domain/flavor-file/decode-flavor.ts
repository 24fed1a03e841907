import {MAX_FLAVOR_NUMBER} from '../flavor/flavor.js';
import {nearestNames} from '../nearest-names.js';
import {decodeTexts} from './decode-texts.js';
import {isPrintedField, ROLES, UNREAD, type FieldRole} from './fields.js';
import type {FlavorReading} from './flavor-reading.js';
import {isObject, valueWords} from './value-words.js';
import {WrittenNumber} from './written-number.js';

/** More vCPUs than any guest has: QEMU 10 stops at 4096. */
const MAX_VCPUS = 16_384;

type Found = Partial<Record<FieldRole, {readonly key: string; readonly value: unknown}>>;

/**
 * Reads a flavor in any form that it is printed in: what Nova's API answers, what the openstack client lists and shows,
 * what people write. Fields that no server depends on are passed over.
 */
export function decodeFlavor(value: unknown): FlavorReading {
  if (!isObject(value)) {
    const problem = `it is ${valueWords(value)}, and a flavor is an object`;
    return {input: undefined, name: undefined, problems: [problem], unknown: [], lacksSpecs: false};
  }
  const inner = value['flavor'];
  if (isObject(inner)) {
    const beside = Object.keys(value).filter((key) => key !== 'flavor');
    const reading = decodeFields(inner);
    return beside.length === 0 ? reading : {...reading, unknown: [...reading.unknown, ...beside]};
  }
  return decodeFields(value);
}

function decodeFields(value: Readonly<Record<string, unknown>>): FlavorReading {
  const found: Found = {};
  const problems: string[] = [];
  let unknown: string[] | undefined;
  let isPrinted = false;
  for (const key in value) {
    const role = ROLES.get(key);
    if (role === undefined) {
      if (isPrintedField(key)) isPrinted = true;
      if (!UNREAD.has(key)) (unknown ??= []).push(key);
      continue;
    }
    if (key === 'VCPUs') isPrinted = true;
    const other = found[role];
    if (other === undefined) found[role] = {key, value: value[key]};
    else if (role !== 'name') problems.push(`${other.key} and ${key} say the same; leave one out`);
  }
  const extras = unknown ?? [];
  if (found.vcpus === undefined && found.ram === undefined && nearestNames('vcpus', extras, 1).length === 0) {
    const text = found.name?.value;
    const problem = 'it has neither vcpus nor ram, and a flavor has both';
    return {
      input: undefined,
      name: typeof text === 'string' ? text : undefined,
      problems: [problem],
      unknown: [],
      lacksSpecs: false,
    };
  }
  const name = readName(found, problems);
  const vcpus = readSize(found, 'vcpus', 1, MAX_VCPUS, extras, problems);
  const memoryMib = readSize(found, 'ram', 1, MAX_FLAVOR_NUMBER, extras, problems);
  const diskGib =
    found.disk === undefined ? 0 : readSize(found, 'disk', 0, MAX_FLAVOR_NUMBER, extras, problems);
  const specs = decodeTexts(found.specs, 'specs');
  const image = decodeTexts(found.image, 'image');
  problems.push(...specs.problems, ...image.problems);
  const lacksSpecs = isPrinted && found.specs === undefined;
  const isWhole =
    problems.length === 0 &&
    name !== undefined &&
    vcpus !== undefined &&
    memoryMib !== undefined &&
    diskGib !== undefined;
  if (!isWhole) return {input: undefined, name, problems, unknown: extras, lacksSpecs};
  const flavor = {name, vcpus, memoryMib, diskGib, extraSpecs: specs.texts};
  const nameFlaws = /\p{Cc}/u.test(name) ? ['it has a control character in its name'] : [];
  const flaws = [...nameFlaws, ...specs.flaws, ...image.flaws];
  return {input: {flavor, image: image.texts}, name, problems: flaws, unknown: extras, lacksSpecs};
}

/** A flavor need not have a name to be judged. */
function readName({name: field}: Found, problems: string[]): string | undefined {
  if (field === undefined) return '';
  const {key, value} = field;
  if (typeof value === 'string') return value;
  problems.push(
    `${key} is ${valueWords(value)}, and must be a text${value === null ? '' : ': write it in quotes'}`,
  );
  return undefined;
}

function readSize(
  found: Found,
  role: 'vcpus' | 'ram' | 'disk',
  least: number,
  most: number,
  unknown: readonly string[],
  problems: string[],
): number | undefined {
  const field = found[role];
  if (field === undefined) {
    problems.push(missing(role, unknown));
    return undefined;
  }
  const {key, value} = field;
  const why = role === 'vcpus' ? ': no guest has more' : '';
  if (value instanceof WrittenNumber && /^\d+$/.test(value.text)) {
    problems.push(`${key} is ${valueWords(value)}, and must be from ${least} to ${most}${why}`);
    return undefined;
  }
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    const isDigits = typeof value === 'string' && /^\d+$/.test(value);
    const cure = isDigits ? ': write it without quotes' : '';
    problems.push(`${key} is ${valueWords(value)}, and must be a whole number${cure}`);
    return undefined;
  }
  if (value >= least && value <= most) return value;
  problems.push(`${key} is ${value}, and must be from ${least} to ${most}${value > most ? why : ''}`);
  return undefined;
}

function missing(field: string, unknown: readonly string[]): string {
  const [near] = nearestNames(field, unknown, 1);
  return near === undefined ? `${field} is missing` : `${field} is missing; is "${near}" meant to be it?`;
}
