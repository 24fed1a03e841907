import {decode, fromLatin1, toLatin1} from '../oslo/bytes.js';

/** What a program of a node printed: the fields of each line, by the line's key. */
export type Lines = ReadonlyMap<string, readonly (readonly string[])[]>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A line and the condensed file that follows it, in the format of `domain/oslo/condensed.ts`. */
const BLOCK = /^([^\t\n]+\t[^\n]*)\n(reprieve-condensed \d+\n(?:[^=\n][^\n]*\n)*=[^\n]*\n)/gm;

/**
 * Reads lines of key, tab, fields. What a login shell or sudo said before the program began is skipped. A condensed
 * file is one field more of the line that it follows, one character for each byte: `blockOf` gives it back.
 *
 * Throws `Error` where the output is not that program's, or was cut: the program's last line is missing.
 */
export function decodeLines(stdout: Uint8Array, program: string): Lines {
  const text = toLatin1(stdout);
  const begin = `begin\t${program}\n`;
  const start = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1;
  if (start === 0 && !text.startsWith(begin)) {
    throw new Error(`The ${program} program did not begin; the node printed ${excerpt(charactersOf(text))}.`);
  }
  if (!text.endsWith(`\nend\t${program}\n`)) {
    throw new Error(
      `The output of the ${program} program was cut after ${excerpt(charactersOf(text.slice(-80)))}.`,
    );
  }
  const lines = new Map<string, string[][]>();
  const add = (line: string, ...block: readonly string[]): void => {
    const [key = '', ...fields] = charactersOf(line).split('\t');
    const rows = lines.get(key);
    if (rows === undefined) lines.set(key, [[...fields, ...block]]);
    else rows.push([...fields, ...block]);
  };
  const rest = text.slice(start).replace(BLOCK, (_, line: string, block: string) => {
    add(line, block);
    return '';
  });
  for (const line of rest.split('\n')) add(line);
  return lines;
}

/** The characters that bytes stand for; what is no UTF-8 becomes U+FFFD. */
function charactersOf(latin1: string): string {
  return decode(latin1, 'utf-8');
}

/** All lines with a key, in order. */
export function rowsOf(lines: Lines, key: string): readonly (readonly string[])[] {
  return lines.get(key) ?? [];
}

/** The first field of the only line with that key. Throws `Error` where there is none. */
export function valueOf(lines: Lines, key: string): string {
  const value = lines.get(key)?.[0]?.[0];
  if (value === undefined) throw new Error(`The node did not print "${key}".`);
  return value;
}

/** Throws `Error` where the field is missing or no base64. */
export function bytesOf(field: string | undefined, what: string): Uint8Array {
  if (field === undefined || !BASE64.test(field)) throw new Error(`The node printed an odd ${what}.`);
  return Uint8Array.from(Buffer.from(field, 'base64'));
}

/** The bytes of a condensed file that followed a line. Throws `Error` where there is none. */
export function blockOf(field: string | undefined, what: string): Uint8Array {
  if (field === undefined || !field.endsWith('\n')) throw new Error(`The node did not print the ${what}.`);
  return fromLatin1(field);
}

/** Text after an equals sign, or base64 of it. Bytes that are no UTF-8 become U+FFFD. */
export function textOf(field: string | undefined, what: string): string {
  if (field?.startsWith('=') === true) return field.slice(1);
  return new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytesOf(field, what));
}

/** The same for files on the node that may be damaged: empty where it is missing or neither of the two. */
export function damagedTextOf(field: string | undefined): string {
  return field !== undefined && (field.startsWith('=') || BASE64.test(field)) ? textOf(field, 'text') : '';
}

/** The same for numbers: 0 where it is none. */
export function damagedNumberOf(field: string | undefined): number {
  return field !== undefined && /^\d{1,15}$/.test(field) ? Number(field) : 0;
}

/** A number of at least 0. Throws `Error` for anything else. */
export function numberOf(field: string | undefined, what: string): number {
  if (field === undefined || !/^\d+(\.\d*)?$/.test(field)) {
    throw new Error(`The node printed ${excerpt(field ?? '')} for ${what}.`);
  }
  return Number(field);
}

/** Throws `Error` for what is no SHA-256 in lower-case hex. */
export function digestOf(field: string | undefined, what: string): string {
  if (field === undefined || !/^[0-9a-f]{64}$/.test(field)) {
    throw new Error(`The node printed ${excerpt(field ?? '')} as digest of ${what}.`);
  }
  return field;
}

/** The value where it is one of the words. Throws `Error` otherwise. */
export function wordOf<Word extends string>(
  field: string | undefined,
  words: readonly Word[],
  what: string,
): Word {
  const word = words.find((candidate) => candidate === field);
  if (word === undefined) throw new Error(`The node printed ${excerpt(field ?? '')} for ${what}.`);
  return word;
}

function excerpt(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.slice(0, 80));
}
