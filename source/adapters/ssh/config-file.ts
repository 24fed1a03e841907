import {readFile, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {visible} from '../../domain/fleet/names.js';
import {matchesPattern} from './patterns.js';

/** One line of an ssh_config file, or an Include with what its files hold. */
export type ConfigItem =
  | {
      readonly kind: 'line';
      /** Lower case. */
      readonly keyword: string;
      readonly words: readonly string[];
      /** For messages: file and line. */
      readonly place: string;
    }
  | {readonly kind: 'include'; readonly files: readonly (readonly ConfigItem[])[]};

export type ConfigPlaces = {
  readonly home: string;
  /** Where a relative Include of the user's file starts, and of the system's. */
  readonly userFolder: string;
  readonly systemFolder: string;
};

const MAX_DEPTH = 16;

/**
 * Reads an ssh_config file and everything that it includes. A missing file is an empty one. Rejects with
 * `UserError` for a file that cannot be read, that others may write (as ssh does, for the user's own file) or
 * whose quotes do not match.
 */
export async function readConfigFile(
  file: string,
  places: ConfigPlaces,
  options: {readonly isUserFile: boolean; readonly isChecked: boolean},
  depth = 0,
): Promise<readonly ConfigItem[]> {
  const text = await readIfThere(file, options.isChecked);
  if (text === undefined) return [];
  const items: ConfigItem[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    const parsed = splitLine(line, place);
    if (parsed === undefined) continue;
    if (parsed.keyword !== 'include') {
      items.push({kind: 'line', ...parsed, place});
      continue;
    }
    if (depth >= MAX_DEPTH) throw new UserError('usage', `${place}: files include each other without end.`);
    const files: (readonly ConfigItem[])[] = [];
    for (const word of parsed.words) {
      const folder = options.isUserFile ? places.userFolder : places.systemFolder;
      const wanted = /^~(?=\/|$)/.test(word) ? places.home + word.slice(1) : path.resolve(folder, word);
      for (const found of await expandGlob(wanted)) {
        files.push(await readConfigFile(found, places, options, depth + 1));
      }
    }
    items.push({kind: 'include', files});
  }
  return items;
}

async function readIfThere(file: string, isChecked: boolean): Promise<string | undefined> {
  try {
    if (isChecked) {
      const {mode} = await stat(file);
      if ((mode & 0o022) !== 0) {
        throw new UserError('usage', `${visible(file)} can be written by others, so it is not trusted.`, {
          remedy: `chmod go-w ${visible(file)}`,
        });
      }
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    if (error instanceof UserError) throw error;
    throw new UserError('usage', `${visible(file)} cannot be read: ${String(error)}`, {cause: error});
  }
}

/** Splits a line as ssh does: a keyword, blanks or one `=`, then words, quoted or not; `#` begins a comment. */
export function splitLine(
  line: string,
  place: string,
): {readonly keyword: string; readonly words: readonly string[]} | undefined {
  const match = /^\s*([^\s=#"]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(line.replace(/\r$/, ''));
  const keyword = match?.[1]?.toLowerCase();
  if (match === null || keyword === undefined) return undefined;
  const words = splitWords(match[2] ?? '');
  if (words === undefined) throw new UserError('usage', `${place}: a quote is not closed.`);
  return {keyword, words};
}

/** Words of a line; undefined where a quote is not closed. */
function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === '\\' && (`'"\\`.includes(next) || (quote === '' && next === ' ')) && next !== '') {
      word = (word ?? '') + next;
      index += 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '#' && word === undefined) {
      break;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

/** Existing files that an Include pattern names, in the order of their names, as glob(3) gives them. */
async function expandGlob(pattern: string): Promise<readonly string[]> {
  let found = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    if (!/[*?]/.test(segment)) {
      found = found.map((folder) => path.join(folder, segment));
      continue;
    }
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch(() => []);
      const fitting = names.filter(
        (name) => (!name.startsWith('.') || segment.startsWith('.')) && matchesPattern(name, segment),
      );
      next.push(...fitting.toSorted().map((name) => path.join(folder, name)));
    }
    found = next;
  }
  return found;
}
