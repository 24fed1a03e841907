import {MAX_FLAVOR_NUMBER} from './flavor.js';

/** Requests that change flavors, by the microversion from which on their form holds. */
export type RequestSchema =
  | 'flavor_create_2.1'
  | 'flavor_create_2.55'
  | 'flavor_create_2.102'
  | 'flavor_update_2.55'
  | 'extra_specs_create'
  | 'extra_specs_update'
  | 'flavor_access_add'
  | 'flavor_access_remove';

/** What Nova's API answers 400 for: where in the body, and why. */
export type BodyProblem = {readonly path: string; readonly detail: string};

/** Why a value does not fit; undefined if it does. */
type Check = (value: unknown) => string | undefined;
type Fields = Readonly<Record<string, Check>>;

/** nova/db/constants.py, SQL_SP_FLOAT_MAX. */
const MAX_FACTOR = 3.40282e38;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Characters as Python counts them. */
function lengthOf(text: string): number {
  return text.length < 256 ? text.length : Array.from(text).length;
}

// Nova's ranges of printable characters end with the first plane.
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}\u{10000}-\u{10FFFF}]*$/u;
/** Python's `$` also matches before a line end that ends the text. */
const withoutLastLineEnd = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text);

const name: Check = (value) => {
  if (typeof value !== 'string') return 'must be a text';
  const length = lengthOf(value);
  if (length < 1 || length > 255) return 'must have 1 to 255 characters';
  const text = withoutLastLineEnd(value);
  if (text === '' || !PRINTABLE.test(text)) return 'must have printable characters only';
  return /^\p{Zs}|\p{Zs}$/u.test(text) ? 'must not begin or end with a blank' : undefined;
};

/** Why Nova does not take it for the name of a flavor; undefined if it does. */
export function flavorNameProblem(text: string): string | undefined {
  return name(text);
}

const id: Check = (value) => {
  if (value === null || typeof value === 'number') return undefined;
  if (typeof value !== 'string') return 'must be a text or null';
  const text = withoutLastLineEnd(value);
  return value.length <= 255 && /^(?! )[a-zA-Z0-9. _-]+$/.test(text) && !text.endsWith(' ')
    ? undefined
    : 'must have 1 to 255 of letters, digits, blanks and . _ - without blanks around';
};

function size(min: number): Check {
  return (value) => {
    const isText = typeof value === 'string';
    if (!isText && !(typeof value === 'number' && Number.isInteger(value))) return 'must be a whole number';
    if (isText && !/^[0-9]+$/.test(withoutLastLineEnd(value))) return 'must be a whole number';
    const number = Number(value);
    return number >= min && number <= MAX_FLAVOR_NUMBER
      ? undefined
      : `must be from ${min} to ${MAX_FLAVOR_NUMBER}`;
  };
}

const factor: Check = (value) => {
  if (typeof value !== 'number' && typeof value !== 'string') return 'must be a number';
  if (typeof value === 'string' && !/^[0-9]+(?:\.[0-9]+)?$/.test(withoutLastLineEnd(value)))
    return 'must be a number';
  const number = Number(value);
  return number > 0 && number <= MAX_FACTOR ? undefined : 'must be above 0';
};

const WORDS = 'True TRUE true 1 ON On on YES Yes yes False FALSE false 0 OFF Off off NO No no'.split(' ');
const flag: Check = (value) =>
  typeof value === 'boolean' || (typeof value === 'string' && WORDS.includes(value))
    ? undefined
    : 'must be true or false';

const description: Check = (value) => {
  if (value === null) return undefined;
  if (typeof value !== 'string') return 'must be a text or null';
  if (lengthOf(value) > 65_535) return 'must have at most 65535 characters';
  return PRINTABLE.test(withoutLastLineEnd(value)) ? undefined : 'must have printable characters only';
};

const project: Check = (value) =>
  typeof value === 'string' && value !== '' && lengthOf(value) <= 255
    ? undefined
    : 'must be the id of a project';

const SIZES: Fields = {
  name,
  id,
  ram: size(1),
  vcpus: size(1),
  disk: size(0),
  'OS-FLV-EXT-DATA:ephemeral': size(0),
  swap: size(0),
  'os-flavor-access:is_public': flag,
};
const REQUIRED = ['name', 'ram', 'vcpus', 'disk'];

/** An object with these fields and no others. */
function checkFields(
  value: unknown,
  path: string,
  fields: Fields,
  required: readonly string[],
): BodyProblem[] {
  if (!isObject(value)) return [{path, detail: 'must be an object'}];
  const problems: BodyProblem[] = [];
  for (const key of required) {
    if (!Object.hasOwn(value, key)) problems.push({path: at(path, key), detail: 'is missing'});
  }
  for (const [key, one] of Object.entries(value)) {
    const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const detail = check === undefined ? 'is not known' : check(one);
    if (detail !== undefined) problems.push({path: at(path, key), detail});
  }
  return problems;
}

function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** The one key that a body consists of, and what is in it. */
function checkWrapped(
  body: unknown,
  key: string,
  check: (inner: unknown, path: string) => BodyProblem[],
): BodyProblem[] {
  const problems = checkFields(body, '', {[key]: () => undefined}, [key]);
  return isObject(body) && Object.hasOwn(body, key) ? [...problems, ...check(body[key], key)] : problems;
}

/** Names and values of extra specs; numbers are taken as well. */
function checkSpecs(value: unknown, path: string): BodyProblem[] {
  if (!isObject(value)) return [{path, detail: 'must be an object'}];
  return Object.entries(value).flatMap(([key, one]): BodyProblem[] => {
    if (!/^[a-zA-Z0-9\-_:. ]{1,255}\n?$/.test(key)) {
      return [{path: at(path, key), detail: 'must be 1 to 255 of letters, digits, blanks and - _ : .'}];
    }
    if (typeof one === 'number') return [];
    if (typeof one === 'string' && lengthOf(one) <= 255) return [];
    return [{path: at(path, key), detail: 'must be a text of at most 255 characters or a number'}];
  });
}

/**
 * What Nova's API has against a request's body; empty if its form is right. Source:
 * nova/api/openstack/compute/schemas/flavor_manage.py (since 2025 flavors.py), flavors_extraspecs.py, flavor_access.py
 * and nova/api/validation/parameter_types.py. Whether a number has a fraction of zero is no longer known here.
 */
export function bodyProblems(schema: RequestSchema, body: unknown): BodyProblem[] {
  switch (schema) {
    case 'flavor_create_2.1':
      return checkFlavor(body, {...SIZES, rxtx_factor: factor});
    case 'flavor_create_2.55':
      return checkFlavor(body, {...SIZES, rxtx_factor: factor, description});
    case 'flavor_create_2.102':
      return checkFlavor(body, {...SIZES, description});
    case 'flavor_update_2.55':
      return checkWrapped(body, 'flavor', (inner, path) =>
        checkFields(inner, path, {description}, ['description']),
      );
    case 'extra_specs_create':
      return checkWrapped(body, 'extra_specs', checkSpecs);
    case 'extra_specs_update': {
      const count = isObject(body) ? Object.keys(body).length : 1;
      const extra = count === 1 ? [] : [{path: '', detail: `must have exactly one spec, not ${count}`}];
      return [...extra, ...checkSpecs(body, '')];
    }
    case 'flavor_access_add':
      return checkAccess(body, 'addTenantAccess');
    case 'flavor_access_remove':
      return checkAccess(body, 'removeTenantAccess');
    default:
      return schema;
  }
}

function checkFlavor(body: unknown, fields: Fields): BodyProblem[] {
  return checkWrapped(body, 'flavor', (inner, path) => checkFields(inner, path, fields, REQUIRED));
}

function checkAccess(body: unknown, key: string): BodyProblem[] {
  return checkWrapped(body, key, (inner, path) => checkFields(inner, path, {tenant: project}, ['tenant']));
}
