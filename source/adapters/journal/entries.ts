import type {JournalEntry} from '../../app/rollout/journal.js';

const NEWLINE = 0x0a;

/** What each kind of entry cannot be without; the rest was written by this program and is trusted. */
const SCHEMA: {
  readonly [type in JournalEntry['type']]: (entry: Record<string, unknown>) => boolean;
} = {
  begin: (entry) => isText(entry['run']) && isObject(entry['wish']) && isObject(entry['operator']),
  plan: (entry) => isObject(entry['plan']) && Array.isArray(entry['plan']['targets']),
  confirmed: (entry) => typeof entry['destroy'] === 'number' && typeof entry['strand'] === 'number',
  intent: (entry) => isText(entry['target']) && isText(entry['action']),
  result: (entry) => isText(entry['target']) && isText(entry['state']) && isText(entry['message']),
  event: (entry) => isObject(entry['event']) && isText(entry['event']['kind']),
  resumed: (entry) => isObject(entry['operator']),
};

/** One entry as a line, with its end. */
export function toLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** A line without its end; undefined where it is no entry. */
export function fromLine(line: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isEntry(value) ? value : undefined;
}

/** A journal as far as it is whole. */
export type JournalContent = {
  readonly entries: readonly JournalEntry[];
  /** Length in bytes up to and with the last whole line; what follows is torn. */
  readonly wholeLength: number;
  /** Number, from 1, of an unreadable line that whole lines follow: no crash leaves such a one. */
  readonly brokenLine: number | undefined;
};

/**
 * Reads the bytes of a journal. Only the end may be unreadable, torn by a crash or a full disk: a line was on
 * disk for sure only if everything before it was.
 */
export function readEntries(bytes: Uint8Array): JournalContent {
  const decoder = new TextDecoder();
  const entries: JournalEntry[] = [];
  let wholeLength = 0;
  let brokenLine: number | undefined;
  let start = 0;
  for (let line = 1; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) break;
    const entry = fromLine(decoder.decode(bytes.subarray(start, end)));
    start = end + 1;
    if (entry === undefined) {
      brokenLine ??= line;
    } else if (brokenLine === undefined) {
      entries.push(entry);
      wholeLength = start;
    } else {
      return {entries, wholeLength, brokenLine};
    }
  }
  return {entries, wholeLength, brokenLine: undefined};
}

function isEntry(value: unknown): value is JournalEntry {
  if (!isObject(value) || !isText(value['type'])) return false;
  if (value['type'] !== 'event' && typeof value['time'] !== 'number') return false;
  return isType(value['type']) && SCHEMA[value['type']](value);
}

function isType(word: string): word is JournalEntry['type'] {
  return Object.hasOwn(SCHEMA, word);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
