import {encode, fromLatin1} from './bytes.js';
import {type Document, type Line, linesWith} from './document.js';
import {assignmentsOf, normalizeGroup, type Assignment} from './parse.js';
import {strip} from './python-text.js';

/** Replaces `length` bytes at `offset` of the file as it was before any edit of the same list. */
export type Edit = {readonly offset: number; readonly length: number; readonly replacement: Uint8Array};

/**
 * What an edit does, in words for people and journals:
 * - `replaced`: the value of the last effective line was replaced
 * - `added`: one line was added
 * - `added-after-continuation`: one line was added below a value of several lines, which it overrides
 * - `added-section`: the section was missing and was added with the line, at the end
 * - `commented-out`: every line that sets the option became a comment
 */
export type EditAction =
  'replaced' | 'added' | 'added-after-continuation' | 'added-section' | 'commented-out';

export type OptionEdit =
  | {
      readonly kind: 'edit';
      readonly action: EditAction;
      readonly edits: readonly Edit[];
      /** Text of the option in this file before and after; undefined where the file does not set it. */
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | {readonly kind: 'unchanged'}
  | {readonly kind: 'refused'; readonly reason: string};

/**
 * The smallest edit after which this file gives `value` to the option; `undefined` takes the option out of the
 * file by commenting it out. `value` is what follows the `=` in a file: references and quotes keep their
 * meaning. White space around it is kept by quotes. At most one line changes or is added, except that a missing
 * section needs its header, and that commenting out touches every line of the option.
 */
export function setOption(
  document: Document,
  group: string,
  option: string,
  value: string | undefined,
): OptionEdit {
  if (document.failure !== undefined) {
    return refused(`line ${document.failure.line}: ${document.failure.reason}`);
  }
  const problem = nameProblem(group, option) ?? (value === undefined ? undefined : valueProblem(value));
  if (problem !== undefined) return refused(problem);
  const existing = assignmentsOf(document.assignments, group, option);
  const last = existing.at(-1);
  if (value === undefined) return commentOut(document, existing);
  const wanted = rawOf(value);
  if (last?.raw === wanted) return {kind: 'unchanged'};
  const bytes = encode(writtenValue(value), document.encoding);
  const name = encode(option, document.encoding);
  const header = encode(group, document.encoding);
  if (bytes === undefined || name === undefined || header === undefined) {
    return refused('the file is not UTF-8, so only ASCII can be written into it; convert it to UTF-8 first');
  }
  const done = (
    action: EditAction,
    edit: {offset: number; length: number; replacement: string},
  ): OptionEdit => ({
    kind: 'edit',
    action,
    edits: [{...edit, replacement: fromLatin1(edit.replacement)}],
    before: last?.raw,
    after: wanted,
  });
  const text = `${name} = ${bytes}`;
  if (last !== undefined) {
    if (last.firstLine !== last.lastLine) {
      return done('added-after-continuation', insertBelow(document, last.lastLine, text));
    }
    return done('replaced', replaceValue(last, bytes));
  }
  const anchor = findCommentedDefault(document, group, option) ?? firstHeader(document, group);
  if (anchor !== undefined) return done('added', insertBelow(document, anchor, text));
  const end = lineEnd(document);
  const added = document.isTerminated ? `[${header}]${end}${text}${end}` : `${end}[${header}]${end}${text}`;
  return done('added-section', {offset: document.size, length: 0, replacement: added});
}

/**
 * The first line inside the group's sections that shows the option commented out with one value, as
 * oslo.config's sample files do (`#reclaim_instance_interval = 0`).
 */
export function findCommentedDefault(document: Document, group: string, option: string): Line | undefined {
  const wanted = normalizeGroup(group);
  const headers = document.headers.map((header) => ({
    number: header.line.number,
    isWanted: normalizeGroup(header.name) === wanted,
  }));
  return linesWith(document, option).find(
    (line) =>
      isCommentedDefault(line.text, option) &&
      headers.findLast((header) => header.number < line.number)?.isWanted === true,
  );
}

/** `#name = value`, perhaps with one space after the sign; more words after the value make it prose. */
function isCommentedDefault(text: string, option: string): boolean {
  if (!/^[#;]/.test(text)) return false;
  const start = /[ \t]/.test(text.charAt(1)) ? 2 : 1;
  return (
    text.startsWith(option, start) && /^[ \t]*[=:][ \t]*\S*[ \t]*$/.test(text.slice(start + option.length))
  );
}

/** Why a group or an option cannot be written to a file, undefined where it can. */
export function nameProblem(group: string, option: string): string | undefined {
  if (!isPlain(group)) return `"${group}" cannot be a section's name`;
  if (!isPlain(option) || /[=:]/.test(option) || /^[[#;]/.test(option)) {
    return `"${option}" cannot be an option's name`;
  }
  return undefined;
}

function isPlain(name: string): boolean {
  return name !== '' && strip(name) === name && !/\p{Cc}/u.test(name);
}

/** Why a value cannot stand on one line, undefined where it can. */
export function valueProblem(value: string): string | undefined {
  if (/[\n\r]/.test(value)) return 'a value of several lines is not written; put it on one line';
  if (/(?!\t)\p{Cc}/u.test(value)) return 'the value holds control characters';
  return undefined;
}

/** How a value is written after the `=`. Quotes keep white space that oslo.config would strip. */
function writtenValue(value: string): string {
  return strip(value) === value ? value : `"${value}"`;
}

/** What oslo.config gives to the option when `value` is written: one pair of quotes is taken off. */
export function rawOf(value: string): string {
  const isQuoted = /^["']/.test(value) && value.at(-1) === value[0] && strip(value) === value;
  return isQuoted ? value.slice(1, -1) : value;
}

function replaceValue(last: Assignment, bytes: string) {
  if (last.valueStart < last.valueEnd) {
    return {offset: last.valueStart, length: last.valueEnd - last.valueStart, replacement: bytes};
  }
  const beforeSeparator = last.firstLine.text.at(last.separatorEnd - last.firstLine.offset - 2) ?? '';
  const replacement = /[ \t]/.test(beforeSeparator) ? ` ${bytes}` : bytes;
  return {offset: last.separatorEnd, length: 0, replacement};
}

function insertBelow(document: Document, anchor: Line, text: string) {
  const offset = anchor.offset + anchor.text.length + anchor.end.length;
  const replacement = anchor.end === '' ? lineEnd(document) + text : text + anchor.end;
  return {offset, length: 0, replacement};
}

function firstHeader(document: Document, group: string): Line | undefined {
  const wanted = normalizeGroup(group);
  return document.headers.find((header) => normalizeGroup(header.name) === wanted)?.line;
}

/** The line end for a line that has no neighbour to take it from: the first line's. */
function lineEnd(document: Document): string {
  const first = document.pieces[0];
  return (first?.kind === 'text' ? /\r\n|\n|\r/.exec(first.text)?.[0] : undefined) ?? '\n';
}

/** A comment sign before each line, continuations too: an indented line with no value to continue is fatal. */
function commentOut(document: Document, existing: readonly Assignment[]): OptionEdit {
  if (existing.length === 0) return {kind: 'unchanged'};
  const replacement = fromLatin1('#');
  const edits = document.lines
    .filter((line) =>
      existing.some((one) => line.number >= one.firstLine.number && line.number <= one.lastLine.number),
    )
    .map((line) => ({offset: line.offset, length: 0, replacement}));
  return {kind: 'edit', action: 'commented-out', edits, before: existing.at(-1)?.raw, after: undefined};
}

function refused(reason: string): OptionEdit {
  return {kind: 'refused', reason};
}
