import {nearestNames} from '../nearest-names.js';
import {decodeFlavor} from './decode-flavor.js';
import {ROLES, UNREAD, UNREAD_BESIDE_LIST} from './fields.js';
import type {FlavorInput} from './flavor-reading.js';
import type {RawValue} from './raw-value.js';
import {isObject} from './value-words.js';

/** Where in an input something stands: its line, which flavor it is, both from 1, and the name of the flavor. */
export type Place = {
  readonly line: number;
  readonly number: number | undefined;
  readonly name: string | undefined;
};

/** What is found in an input, in its order. Details are sentences without an end. */
export type FlavorEvent =
  | {
      readonly kind: 'flavor';
      readonly place: Place;
      readonly input: FlavorInput;
      /** All that it was read from, for what the judge does not read. */
      readonly value: unknown;
    }
  /** Bad input; the flavor follows if it can be judged all the same. */
  | {readonly kind: 'problem'; readonly place: Place; readonly detail: string}
  | {readonly kind: 'warning'; readonly place: Place; readonly detail: string};

/** Something with so many problems is no list of flavors. */
const MAX_PROBLEMS = 10_000;
/** Names of unknown fields that are told; each is told once. */
const MAX_UNKNOWN = 20;

/** Flavors with what is wrong with them. */
export function* readFlavors(values: Iterable<RawValue>): Generator<FlavorEvent> {
  const reader = new Reader();
  for (const value of values) {
    yield* reader.read(value);
    if (reader.problems > MAX_PROBLEMS) {
      const detail = `more than ${MAX_PROBLEMS} problems: the rest is not read`;
      yield {kind: 'problem', place: {line: value.line, number: undefined, name: undefined}, detail};
      return;
    }
  }
}

class Reader {
  problems = 0;
  #count = 0;
  #lacksSpecs = false;
  /** Lines by name. */
  readonly #names = new Map<string, number>();
  readonly #unknown = new Set<string>();

  *read(raw: RawValue): Generator<FlavorEvent> {
    const {line} = raw;
    switch (raw.kind) {
      case 'problem': {
        this.problems += 1;
        if (raw.isFlavor) this.#count += 1;
        const number = raw.isFlavor ? this.#count : undefined;
        yield {kind: 'problem', place: {line, number, name: undefined}, detail: raw.detail};
        break;
      }
      case 'beside':
        yield* this.#warnOf(
          raw.names.filter((name) => !UNREAD_BESIDE_LIST.has(name)),
          {line, number: undefined, name: undefined},
        );
        break;
      case 'value': {
        const list = isObject(raw.value) ? raw.value['flavors'] : undefined;
        if (isObject(raw.value) && Array.isArray(list)) {
          const names = Object.keys(raw.value).filter((name) => name !== 'flavors');
          yield* this.read({kind: 'beside', line, names});
          for (const value of list as readonly unknown[]) yield* this.#flavor(line, value, raw.repeated);
        } else yield* this.#flavor(line, raw.value, raw.repeated);
        break;
      }
      default:
        return raw;
    }
  }

  *#flavor(line: number, value: unknown, repeated: string | undefined): Generator<FlavorEvent> {
    this.#count += 1;
    const {input, name: text, problems, unknown, lacksSpecs} = decodeFlavor(value);
    const name = text === '' ? undefined : text;
    const place = {line, number: this.#count, name};
    if (unknown.length > 0) yield* this.#warnOf(unknown, place);
    if (lacksSpecs && !this.#lacksSpecs) {
      this.#lacksSpecs = true;
      const detail =
        'it comes without its extra specs, so only its sizes are judged: list flavors with --long, or ask Nova at microversion 2.61 or later';
      yield {kind: 'warning', place, detail};
    }
    for (const detail of problems) yield this.#problem(place, detail);
    if (repeated !== undefined)
      yield this.#problem(place, `"${repeated}" stands in it twice; the last one counts`);
    if (name !== undefined) {
      const before = this.#names.get(name);
      if (before === undefined) this.#names.set(name, line);
      else
        yield this.#problem(
          place,
          `line ${before} has a flavor of that name already, and Nova takes it once`,
        );
    }
    if (input !== undefined) yield {kind: 'flavor', place, input, value};
  }

  #problem(place: Place, detail: string): FlavorEvent {
    this.problems += 1;
    return {kind: 'problem', place, detail};
  }

  *#warnOf(unknown: readonly string[], place: Place): Generator<FlavorEvent> {
    for (const name of unknown) {
      if (this.#unknown.has(name) || this.#unknown.size > MAX_UNKNOWN) continue;
      this.#unknown.add(name);
      if (this.#unknown.size > MAX_UNKNOWN) {
        yield {kind: 'warning', place, detail: 'more fields are not known, and are ignored'};
        return;
      }
      const [near] = nearestNames(name.slice(0, 60), [...ROLES.keys(), ...UNREAD], 1);
      const hint = near === undefined || near === name ? '' : `; is ${near} meant?`;
      const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
      yield {kind: 'warning', place, detail: `the field "${shown}" is not known, and is ignored${hint}`};
    }
  }
}
