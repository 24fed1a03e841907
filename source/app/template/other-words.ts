import {nearestNames} from '../../domain/nearest-names.js';

/** What descriptions of other tools call the same, each with what may be meant here. */
const ELSEWHERE: ReadonlyMap<string, readonly string[]> = new Map([
  ['src', ['source']],
  ['file', ['source']],
  ['template', ['source']],
  ['dest', ['path']],
  ['dst', ['path']],
  ['target', ['path']],
  ['output', ['path']],
  ['loop', ['each']],
  ['foreach', ['each']],
  ['for', ['each']],
  ['if', ['when']],
  ['mode', ['executable']],
  ['description', ['help', 'purpose']],
  ['desc', ['help', 'purpose']],
  ['name', ['title']],
  ['min', ['least']],
  ['max', ['most']],
  ['regex', ['pattern']],
  ['options', ['choices']],
  ['enum', ['choices', 'choice']],
  ['inputs', ['values']],
  ['variables', ['values']],
  ['vars', ['values']],
  ['string', ['text']],
  ['str', ['text']],
  ['float', ['number']],
  ['duration', ['interval']],
  ['array', ['list']],
  ['dict', ['table']],
  ['map', ['table']],
  ['object', ['table']],
]);

/** The one of these words that is meant by another: of another tool, or mistyped; undefined where none is near. */
export function wordMeant(word: string, known: readonly string[]): string | undefined {
  const same = ELSEWHERE.get(word.toLowerCase())?.find((one) => known.includes(one));
  return same ?? nearestNames(word, known)[0];
}
