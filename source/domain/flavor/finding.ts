import type {Flavor, ImageProperties} from './flavor.js';
import {quoted} from './quoted.js';

/** `error`: no server can boot; `warning`: Nova does something else than was asked; `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** A change that cures a finding; a value of null takes the spec or property away. */
export type Edit = {
  readonly target: 'flavor' | 'image';
  readonly property: string;
  readonly value: string | null;
};

export function setSpec(property: string, value: string): Edit {
  return {target: 'flavor', property, value};
}

export function removeSpec(property: string): Edit {
  return {target: 'flavor', property, value: null};
}

export function setProperty(property: string, value: string | null): Edit {
  return {target: 'image', property, value};
}

/** What there is to say about a flavor. Its cure is looked for when it is first asked for, as most are never read. */
export class Finding {
  readonly severity: Severity;
  /** Nova's exception class where Nova refuses, else a name of ours. */
  readonly code: string;
  /** The extra spec, image property or field of the flavor that it is about. */
  readonly property: string;
  readonly message: string;
  readonly #advice: string | (() => readonly Edit[]);
  #edits: readonly Edit[] | undefined;

  /** @param advice the edits that cure it, or a sentence where no edit does */
  constructor(
    severity: Severity,
    code: string,
    property: string,
    message: string,
    advice: string | (() => readonly Edit[]),
  ) {
    this.severity = severity;
    this.code = code;
    this.property = property;
    this.message = message;
    this.#advice = advice;
  }

  /** Empty where there is nothing to edit. */
  get edits(): readonly Edit[] {
    if (typeof this.#advice === 'string') return [];
    this.#edits ??= this.#advice();
    return this.#edits;
  }

  /** A sentence. */
  get suggestion(): string {
    return typeof this.#advice === 'string' ? this.#advice : describeEdits(this.edits);
  }
}

/** A finding as the plain object that every `--json` prints. */
export function findingFields({severity, code, property, message, suggestion}: Finding) {
  return {severity, code, property, message, suggestion};
}

/** Edits as a sentence, removals of the same kind together. */
function describeEdits(edits: readonly Edit[]): string {
  const shown = edits.slice(0, 6).map(({target, property, value}) => {
    const name = target === 'image' ? `${property} of the image` : property;
    return value === null ? `remove ${name}` : `set ${name} to ${quoted(value)}`;
  });
  if (edits.length > shown.length) shown.push(`and ${edits.length - shown.length} more`);
  const text = shown.join(', ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Flavor and image with the edits made. */
export function applyEdits(
  flavor: Flavor,
  image: ImageProperties,
  edits: readonly Edit[],
): {readonly flavor: Flavor; readonly image: ImageProperties} {
  return {
    flavor: {...flavor, extraSpecs: edited(flavor.extraSpecs, edits, 'flavor')},
    image: edited(image, edits, 'image'),
  };
}

function edited(
  texts: Readonly<Record<string, string>>,
  edits: readonly Edit[],
  target: Edit['target'],
): Readonly<Record<string, string>> {
  const mine = edits.filter((edit) => edit.target === target);
  if (mine.length === 0) return texts;
  const copy: Record<string, string> = {...texts};
  for (const {property, value} of mine) {
    if (value === null) Reflect.deleteProperty(copy, property);
    // An assignment would take `__proto__` for something else.
    else Object.defineProperty(copy, property, {value, enumerable: true, configurable: true, writable: true});
  }
  return copy;
}
