import {nearestNames} from '../../domain/nearest-names.js';
import {UserError} from '../errors.js';
import type {NameInText, NamesInText} from './template-ports.js';
import {placeWords, type TextPlace} from './text-place.js';

/** What a text, a list, a row of a table and a loop have. */
const PARTS: readonly string[] = [
  'name',
  'value',
  'size',
  'first',
  'last',
  'index',
  'index0',
  'rindex',
  'rindex0',
  'length',
];

/**
 * Throws `UserError` (usage), with file and line, for a name that no value has. In a condition such a name would be
 * false without a word, and in a loop an empty list.
 */
export function refuseUnknownNames(place: TextPlace, used: NamesInText, known: readonly string[]): void {
  const found = [
    ...refused(used.values, known, 'the template has no value'),
    ...refused(used.parts, PARTS, 'neither a value, a row nor a loop has'),
  ];
  const [first] = found.toSorted((a, b) => a.line - b.line);
  if (first === undefined) return;
  const {name, line, words, near} = first;
  throw new UserError('usage', `${placeWords(place, line)}${words} ${JSON.stringify(name)}`, {
    remedy:
      near === undefined
        ? 'name one of its values; what another tool shall read stands between {% raw %} and {% endraw %}'
        : `did you mean ${near}?`,
  });
}

type Unknown = NameInText & {readonly words: string; readonly near: string | undefined};

function refused(used: readonly NameInText[], known: readonly string[], words: string): readonly Unknown[] {
  return used
    .filter(({name}) => !known.includes(name))
    .map((one) => ({...one, words, near: nearestNames(one.name, known)[0]}));
}
