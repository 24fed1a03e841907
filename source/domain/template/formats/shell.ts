import {shellQuote} from '../../shell-quote.js';
import type {Format, TextPlace} from '../format.js';
import {shellPlaces} from './shell-places.js';

/** Signs that no shell takes for anything else. */
const BARE = /^[A-Za-z0-9_./:@%+,-]+$/;
/** Words that mean something where a command begins. */
const KEYWORDS: ReadonlySet<string> = new Set(
  'case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
);

function word(value: string, place: TextPlace = 'whole'): string {
  // Digits before a sign of redirection would be the number of a file.
  const isBare = BARE.test(value) && !KEYWORDS.has(value) && (place === 'whole' || !/^\d+$/.test(value));
  return isBare ? value : shellQuote(value);
}

/** A script of POSIX sh or bash. */
export const shell: Format = {
  name: 'shell',
  endings: ['.sh', '.bash'],
  comment: (line) => `# ${line}`.trimEnd(),
  remark: (line) => line,
  firstLine: /^#!/,
  places: shellPlaces,
  text: word,
  takesParts: true,
  list: (items) => items.map((item) => word(item)).join(' '),
  table: undefined,
  embed: (text) => shellQuote(text),
};

/** Commands in the middle of sentences, for people who copy them: an apostrophe in a sentence is no quote. */
export const commands: Format = {
  ...shell,
  name: 'commands',
  endings: [],
  comment: undefined,
  firstLine: undefined,
  places: (text) => shellPlaces(text.replace(/(?<=[\p{L}\p{N}])'/gu, '-')),
};
