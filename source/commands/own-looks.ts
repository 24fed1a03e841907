import {UserError} from '../app/errors.js';
import {ACTIONS, type ActionName} from '../ui/actions.js';
import type {Key} from '../ui/keys.js';
import {parseOwnColour} from '../ui/own-colours.js';
import {findClash, parseActionName, parseOwnKeys, type OwnKeys} from '../ui/own-keys.js';
import {COLOUR_NAMES, type OwnColours} from '../ui/theme.js';
import type {ProfileLooks} from './looks.js';

/** Colours of the operator's own. Throws `UserError` (usage) with the profile's line. */
export function coloursOf(held: ProfileLooks['colors']): OwnColours {
  return new Map(
    [...held].map(([key, {value, place}]) => {
      const where = `profile ${place}: colors.${key}`;
      const name = COLOUR_NAMES.find((one) => plain(one) === plain(key));
      if (name === undefined) {
        throw new UserError('usage', `${where} is no colour of the screens: ${COLOUR_NAMES.join(', ')}`);
      }
      return [name, saying(`${where}: `, () => parseOwnColour(String(value)))] as const;
    }),
  );
}

/** Keys of the operator's own. Throws `UserError` (usage) with the profile's line. */
export function ownKeysOf(held: ProfileLooks['keys']): OwnKeys {
  const own = new Map<ActionName, {readonly keys: readonly Key[]; readonly where: string}>();
  for (const [text, {value, place}] of held) {
    const where = `profile ${place}: keys.${text}`;
    const name = saying(`${where} `, () => parseActionName(text));
    if (own.has(name)) throw new UserError('usage', `${where}: ${name} is there twice`);
    own.set(name, {keys: saying(`${where}: `, () => parseOwnKeys(name, value)), where});
  }
  const keys = new Map([...own].map(([name, one]) => [name, one.keys]));
  const clash = findClash(keys);
  if (clash === undefined) return keys;
  const {key, name, other, place} = clash;
  const taken =
    other === undefined ? 'has a meaning there that stays' : `is ${other} there too, ${ACTIONS[other].does}`;
  throw new UserError('usage', `${own.get(name)?.where ?? 'keys'}: ${key} ${taken} (${place})`, {
    remedy: other === undefined ? `give ${name} another key` : `give ${name} or ${other} another key`,
  });
}

/** The same, with a sentence before what is wrong. */
function saying<Value>(where: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('usage', `${where}${error.message}`, {cause: error});
  }
}

/** `okDim`, `ok-dim` and `ok_dim` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
