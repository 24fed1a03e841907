import type {ExtraSpecs, Flavor, ImageProperties} from './flavor.js';

/** One flavor of an input: read, or why it cannot be. */
export type DecodedFlavor =
  | {
      readonly kind: 'flavor';
      readonly flavor: Flavor;
      /** Undefined where the input says nothing of an image. */
      readonly image: ImageProperties | undefined;
      /** Fields that mean nothing here. */
      readonly ignored: readonly string[];
    }
  | {
      readonly kind: 'problem';
      /** Where in the input: `flavors[2].vcpus`. */
      readonly place: string;
      readonly reason: string;
    };

type Fields = Readonly<Record<string, unknown>>;

/** Names that a field has in our own form, Nova's API, `openstack flavor show` and `openstack flavor list --long`. */
const NAME = ['name', 'Name', 'original_name'];
const VCPUS = ['vcpus', 'VCPUs'];
const MEMORY = ['ram', 'RAM', 'memory_mb'];
const DISK = ['disk', 'Disk'];
const SPECS = ['extra_specs', 'properties', 'Properties'];
const IMAGE = ['image_properties', 'image_props'];
const READ = new Set([...NAME, ...VCPUS, ...MEMORY, ...DISK, ...SPECS, ...IMAGE]);

/** Fields of Nova's API and of the client that are right and change nothing in a judgement. */
const UNUSED = new Set([
  'id',
  'ID',
  'links',
  'description',
  'Description',
  'swap',
  'Swap',
  'ephemeral',
  'Ephemeral',
  'OS-FLV-EXT-DATA:ephemeral',
  'OS-FLV-DISABLED:disabled',
  'disabled',
  'rxtx_factor',
  'RXTX Factor',
  'os-flavor-access:is_public',
  'is_public',
  'Is Public',
  'access_project_ids',
  'location',
]);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

class Unreadable extends Error {
  readonly place: string;

  constructor(place: string, reason: string) {
    super(reason);
    this.place = place;
  }
}

/**
 * Flavors of a parsed JSON or YAML document: one object, a list, what Nova's API answers (`flavor`, `flavors`), and
 * what `openstack flavor list --long -f json` and `flavor show -f json` print. A flavor that cannot be read does not
 * keep the others from being read.
 */
export function decodeFlavors(input: unknown): DecodedFlavor[] {
  if (Array.isArray(input)) return input.map((one, index) => decodeFlavor(one, `[${index}]`));
  if (isFields(input) && Array.isArray(input['flavors'])) {
    return input['flavors'].map((one: unknown, index) => decodeFlavor(one, `flavors[${index}]`));
  }
  if (isFields(input) && isFields(input['flavor']) && field(input, VCPUS) === undefined) {
    return [decodeFlavor(input['flavor'], 'flavor')];
  }
  return [decodeFlavor(input, '')];
}

function decodeFlavor(input: unknown, place: string): DecodedFlavor {
  try {
    if (!isFields(input)) throw new Unreadable(place, `must be a flavor, not ${shown(input)}`);
    const image = field(input, IMAGE);
    return {
      kind: 'flavor',
      flavor: {
        name: readName(input, place),
        vcpus: readNumber(input, VCPUS, place),
        memoryMib: readNumber(input, MEMORY, place),
        diskGib: readNumber(input, DISK, place, 0),
        extraSpecs: readSpecs(input, place),
      },
      image: image === undefined ? undefined : readTexts(image.value, at(place, image.name), true),
      ignored: Object.keys(input).filter((name) => !READ.has(name) && !UNUSED.has(name)),
    };
  } catch (error) {
    if (error instanceof Unreadable) return {kind: 'problem', place: error.place, reason: error.message};
    throw error;
  }
}

function at(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

/** The first of the names that the input has. */
function field(
  input: Fields,
  names: readonly string[],
): {readonly name: string; readonly value: unknown} | undefined {
  const name = names.find((one) => Object.hasOwn(input, one));
  return name === undefined ? undefined : {name, value: input[name]};
}

function readName(input: Fields, place: string): string {
  const found = field(input, NAME);
  if (found === undefined) return '';
  if (typeof found.value === 'string') return found.value;
  if (typeof found.value === 'number') return String(found.value);
  throw new Unreadable(at(place, found.name), `must be a text, not ${shown(found.value)}`);
}

/** A whole number, or digits as text, as Nova's API takes both. Whether it fits a flavor is for the judge. */
function readNumber(input: Fields, names: readonly string[], place: string, missing?: number): number {
  const found = field(input, names);
  if (found === undefined) {
    if (missing !== undefined) return missing;
    throw new Unreadable(at(place, names[0] ?? ''), 'is missing');
  }
  const {name, value} = found;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && /^[0-9]{1,15}$/.test(value)) return Number(value);
  throw new Unreadable(at(place, name), `must be a whole number, not ${shown(value)}`);
}

function readSpecs(input: Fields, place: string): ExtraSpecs {
  const found = field(input, SPECS);
  if (found === undefined || found.value === null) return {};
  const where = at(place, found.name);
  return typeof found.value === 'string'
    ? readPairs(found.value, where)
    : readTexts(found.value, where, false);
}

/** @param takesBooleans Glance has texts only; what writes them down may have made booleans of some */
function readTexts(value: unknown, place: string, takesBooleans: boolean): Readonly<Record<string, string>> {
  if (!isFields(value)) throw new Unreadable(place, `must be names and values, not ${shown(value)}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (typeof one === 'string') return [name, one];
      if (typeof one === 'number' || (takesBooleans && typeof one === 'boolean')) return [name, String(one)];
      throw new Unreadable(at(place, name), `must be a text or a number, not ${shown(one)}`);
    }),
  );
}

/** `hw:cpu_policy='dedicated', hw:numa_nodes='2'`, as older clients print the extra specs. */
function readPairs(text: string, place: string): ExtraSpecs {
  const specs: [string, string][] = [];
  let from = 0;
  while (from < text.length) {
    const start = text.indexOf("='", from);
    const next = /'(?:$|, (?=[a-zA-Z0-9\-_:. ]+='))/g;
    next.lastIndex = start + 2;
    const end = start === -1 ? null : next.exec(text);
    if (end === null)
      throw new Unreadable(place, `must be pairs such as hw:cpu_policy='dedicated', not ${shown(text)}`);
    specs.push([text.slice(from, start), text.slice(start + 2, end.index)]);
    from = end.index + end[0].length;
  }
  return Object.fromEntries(specs);
}

/** A value in a few characters, whatever it is. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
