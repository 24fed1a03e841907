import {findSpec, isKnownNamespace} from './catalogue/extra-specs.js';
import {valueProblem, type SpecDefinition} from './catalogue/spec-definition.js';
import type {NovaRelease} from './nova-release.js';

/** Most characters of a name and of a value at every microversion. */
export const MAX_SPEC_TEXT = 255;

const NAME = /^[a-zA-Z0-9\-_:. ]{1,255}\n?$/;

/** Why Nova's API refuses an extra spec. */
export type StoreProblem = {
  /** `form` is refused at every microversion, the others from 2.86 on. */
  readonly kind: 'form' | 'name' | 'value';
  /** The end of a sentence that begins with the name. */
  readonly detail: string;
  readonly spec: SpecDefinition | undefined;
};

/**
 * What stands against storing an extra spec through Nova's API at microversion 2.86 or later; undefined if it is
 * accepted. Each spec is checked alone. Source: nova/api/openstack/compute/schemas/flavors_extraspecs.py and
 * nova/api/validation/extra_specs/validators.py, `validate`.
 */
export function storeProblem(name: string, value: string, release: NovaRelease): StoreProblem | undefined {
  if (!NAME.test(name)) {
    const detail =
      'is no name for Nova, which takes 1 to 255 letters, digits, blanks, dots, colons, hyphens and underscores';
    return {kind: 'form', detail, spec: undefined};
  }
  // Nova counts characters, JavaScript those outside the first plane as two.
  if (
    value.length > MAX_SPEC_TEXT &&
    Array.from(value.slice(0, 2 * MAX_SPEC_TEXT + 1)).length > MAX_SPEC_TEXT
  ) {
    return {kind: 'form', detail: `has a value of more than ${MAX_SPEC_TEXT} characters`, spec: undefined};
  }
  const spec = findSpec(name, release);
  if (spec !== undefined) {
    const detail = valueProblem(value, spec.value);
    return detail === undefined ? undefined : {kind: 'value', detail, spec};
  }
  const colon = name.indexOf(':');
  if (colon === -1 || !isKnownNamespace(name.slice(0, colon), release)) return undefined;
  return {kind: 'name', detail: `is not known to Nova ${release.name}`, spec: undefined};
}
