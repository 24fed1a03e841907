import {readPropertiesText} from './properties-text.js';
import {isObject, valueWords} from './value-words.js';
import {WrittenNumber} from './written-number.js';

type Texts = {
  readonly texts: Readonly<Record<string, string>>;
  /** What leaves nothing to judge, as sentences without an end. */
  readonly problems: readonly string[];
  /** What Nova would not take, and can be judged. */
  readonly flaws: readonly string[];
};

const NONE: Texts = {texts: {}, problems: [], flaws: []};

/** Nova takes 255 characters; a mask that counts many CPUs one by one is seen as one by its first thousands. */
const MAX_LENGTH = 4096;
/** More problems of one flavor are not told one by one. */
const MAX_PROBLEMS = 5;
/** No host has so many CPUs. */
const MAX_CPU = 65_535;

const CONTROL = /\p{Cc}/u;
const MASK = /^hw(?::cpu_dedicated_mask|[:_]cpu_realtime_mask|[:_]numa_cpus\.\d+)$/;

/**
 * Extra specs or image properties: an object, or the text that the openstack client makes of one. Numbers become the
 * text that Nova makes of them.
 *
 */
export function decodeTexts(
  field: {readonly key: string; readonly value: unknown} | undefined,
  role: 'specs' | 'image',
): Texts {
  if (field === undefined) return NONE;
  const {key, value} = field;
  // Without any, the client prints null or nothing in the column of properties; an image need not be there.
  if (value === null && (role === 'image' || key.toLowerCase() === 'properties')) return NONE;
  if (typeof value === 'string' && role === 'specs') {
    const texts = readPropertiesText(value);
    if (texts !== undefined) return decodeEntries(texts, role);
  }
  if (isObject(value)) return decodeEntries(value, role);
  const cure = value === null ? ': leave it out, or write {}' : '';
  return {...NONE, problems: [`${key} is ${valueWords(value)}, and must be an object${cure}`]};
}

function decodeEntries(value: Readonly<Record<string, unknown>>, role: 'specs' | 'image'): Texts {
  const what = role === 'specs' ? 'extra spec' : 'image property';
  const problems: string[] = [];
  const flaws: string[] = [];
  const entries: [string, string][] = [];
  for (const name of Object.keys(value)) {
    const one = value[name];
    const text = typeof one === 'string' ? one : textOf(one, role);
    if (text === undefined) problems.push(`${what} "${name}" is ${valueWords(one)}${cureOf(one)}`);
    else {
      const problem = textProblem(name, text);
      if (problem !== undefined) problems.push(`${what} "${name}" ${problem}`);
      if (CONTROL.test(text)) flaws.push(`${what} "${name}" has a control character in its value`);
      entries.push([name, text]);
    }
    if (CONTROL.test(name)) flaws.push(`${what} "${name}" has a control character in its name`);
  }
  return {texts: Object.fromEntries(entries), problems: shortened(problems), flaws: shortened(flaws)};
}

/** Nova refuses a boolean as an extra spec; properties are texts in Glance, whatever wrote them down. */
function textOf(value: unknown, role: 'specs' | 'image'): string | undefined {
  if (typeof value === 'number' || (role === 'image' && typeof value === 'boolean')) return String(value);
  return value instanceof WrittenNumber ? value.text : undefined;
}

function cureOf(value: unknown): string {
  if (typeof value === 'boolean') {
    return ', which Nova refuses: write the word in quotes (in YAML yes, no, on and off need them, too)';
  }
  return value === null ? ', which Nova refuses: leave it out, or write its value' : ', and must be a text';
}

function textProblem(name: string, text: string): string | undefined {
  if (text.length > MAX_LENGTH) return `has ${text.length} characters, and Nova takes 255`;
  if (!MASK.test(name)) return undefined;
  const largest = text.match(/\d{5,}/g)?.find((digits) => Number(digits) > MAX_CPU);
  if (largest === undefined) return undefined;
  return `names CPU ${largest.length > 20 ? `of ${largest.length} digits` : largest}, and no guest has so many`;
}

function shortened(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= MAX_PROBLEMS) return sentences;
  return [...sentences.slice(0, MAX_PROBLEMS), `and ${sentences.length - MAX_PROBLEMS} more are like this`];
}
