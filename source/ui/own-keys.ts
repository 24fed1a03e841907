import {nearestNames} from '../domain/nearest-names.js';
import {graphemesOf} from '../text/graphemes.js';
import {sanitize} from '../text/sanitize.js';
import {ACTIONS, PLACES, type ActionFacts, type ActionName, type Place} from './actions.js';
import {EMPTY_FIELD, typeKey} from './components/field.js';
import {NAMED_KEYS, type Binding, type Key} from './keys.js';

/** Keys of the operator's own, by the action that they are for; they take the place of the usual ones. */
export type OwnKeys = ReadonlyMap<string, readonly Key[]>;

/** Who has no keys of their own. */
export const NO_OWN_KEYS: OwnKeys = new Map();

/** Why nothing can be moved to these. */
const RESERVED: Readonly<Record<Key, string>> = {
  'ctrl-c': 'always ends the program',
  tab: 'always goes to the next button',
  'shift-tab': 'always goes to the button before',
  'ctrl-h': 'is sent as backspace by many terminals',
  'ctrl-i': 'is sent as tab by terminals',
  'ctrl-j': 'is sent as enter by terminals',
  'ctrl-m': 'is sent as enter by terminals',
};

const KEY_NAMES = `one character, ctrl-a to ctrl-z, f1 to f12, ${NAMED_KEYS.filter((key) => !/^f\d/.test(key) && RESERVED[key] === undefined).join(', ')}`;

/** The action that a profile means. Throws `RangeError` with the nearest names. */
export function parseActionName(text: string): ActionName {
  const names = actionNames();
  const wanted = text.toLowerCase().replaceAll('_', '-');
  const name = names.find((one) => one === wanted);
  if (name !== undefined) return name;
  const nearest = nearestNames(wanted, names);
  const help =
    nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : `: there are ${names.join(', ')}`;
  throw new RangeError(`is no action of the screens${help}`);
}

/** The keys that a profile gives an action: a key, or a list of them. Throws `RangeError` with what can be said. */
export function parseOwnKeys(name: ActionName, value: unknown): readonly Key[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (given.length === 0) throw new RangeError(`a key is wanted, or a list of them: ${KEY_NAMES}`);
  return given.map((one) => parseKey(name, one));
}

/** Two actions that one key would mean at the same time. */
export type Clash = {
  readonly key: Key;
  /** Has an own key. */
  readonly name: ActionName;
  /** `undefined`: a key that nothing moves. */
  readonly other: ActionName | undefined;
  /** Where both would work. */
  readonly place: string;
};

/** The first key with two meanings in one place; `undefined` where each key has one. */
export function findClash(own: OwnKeys): Clash | undefined {
  for (const place of PLACES) {
    const held = new Map<Key, ActionName | undefined>(place.fixed?.map((key) => [key, undefined]));
    // What has no own keys comes first, so that the action that is named first is one of the profile's.
    for (const name of place.actions.toSorted(
      (one, other) => Number(own.has(one)) - Number(own.has(other)),
    )) {
      for (const key of new Set(keysAt(place, name, own))) {
        if (held.has(key)) return {key, name, other: held.get(key), place: place.name};
        held.set(key, name);
      }
    }
  }
  return undefined;
}

/** An action's keys: the operator's own, else the usual ones. */
export function keysOfAction(name: ActionName, own: OwnKeys): readonly Key[] {
  return own.get(name) ?? ACTIONS[name].keys;
}

/** The key by which sentences name an action: its first. */
export function keyOf(name: ActionName, own: OwnKeys | undefined): Key {
  return keysOfAction(name, own ?? NO_OWN_KEYS)[0] ?? '';
}

/**
 * Bindings with the operator's own keys in place of the usual ones. `isTyped`: whether a text field takes a key: those
 * do not count, and where no own key is left, the usual ones stay.
 */
export function withOwnKeys<Action>(
  bindings: readonly Binding<Action>[],
  own: OwnKeys,
  isTyped: (key: Key) => boolean = () => false,
): readonly Binding<Action>[] {
  if (own.size === 0) return bindings;
  const moved = (name: string | undefined, usual: readonly Key[]): readonly Key[] =>
    movedKeys(name, usual, own, isTyped);
  return bindings.map((binding) => {
    const keys = moved(binding.name, binding.keys);
    const also = binding.also?.map((other) => ({...other, keys: moved(other.name, other.keys)}));
    const second = binding.shown?.includes(' ') === true ? also?.[0] : undefined;
    const isMoved =
      keys !== binding.keys || (second !== undefined && second.keys !== binding.also?.[0]?.keys);
    return {
      ...binding,
      keys,
      ...(also === undefined ? {} : {also}),
      ...(isMoved ? {shown: [keys[0], second?.keys[0]].filter((key) => key !== undefined).join(' ')} : {}),
    };
  });
}

function movedKeys(
  name: string | undefined,
  usual: readonly Key[],
  own: OwnKeys,
  isTyped: (key: Key) => boolean,
): readonly Key[] {
  const given = name === undefined ? undefined : own.get(name)?.filter((key) => !isTyped(key));
  return given === undefined || given.length === 0 ? usual : given;
}

function keysAt({typed}: Place, name: ActionName, own: OwnKeys): readonly Key[] {
  const isTyped = (key: Key): boolean =>
    typed !== undefined && typeKey(EMPTY_FIELD, key, (grapheme) => typed.test(grapheme)) !== undefined;
  return movedKeys(name, ACTIONS[name].keys, own, isTyped);
}

function parseKey(name: ActionName, given: unknown): Key {
  if (typeof given !== 'string' && typeof given !== 'number') {
    // What YAML makes of a bare key.
    if (typeof given === 'boolean') throw new RangeError('y and n need quotes: "y", "n"');
    const quotes = given === null ? ' (~ and # need quotes)' : '';
    throw new RangeError(`a key is wanted${quotes}: ${KEY_NAMES}`);
  }
  const key = String(given);
  const reason = RESERVED[key];
  if (reason !== undefined) throw new RangeError(`${key} ${reason}: take another key`);
  if (!isKey(key)) throw new RangeError(`"${sanitize(key)}" is no key: ${KEY_NAMES}`);
  if (key === 'esc' && name !== 'back') throw new RangeError('esc is for back only: take another key');
  const {isDangerous}: ActionFacts = ACTIONS[name];
  if (isDangerous === true && !key.startsWith('ctrl-')) {
    throw new RangeError(`"${key}" is pressed too easily for what puts back or destroys: take a ctrl- key`);
  }
  return key;
}

function isKey(key: string): boolean {
  if (NAMED_KEYS.includes(key) || /^ctrl-[a-z]$/.test(key)) return true;
  return Array.from(graphemesOf(key)).length === 1 && key.trim() === key && sanitize(key) === key;
}

function actionNames(): readonly ActionName[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The table has no other keys than its own.
  return Object.keys(ACTIONS) as ActionName[];
}
