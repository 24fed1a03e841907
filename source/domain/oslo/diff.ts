import {applyEdits} from './apply-edits.js';
import {decode, toLatin1} from './bytes.js';
import type {Document, Line} from './document.js';
import type {Edit} from './edit.js';
import {maskLines} from './mask.js';

const CONTEXT_LINES = 3;

/** A run of lines that differs: indexes into the known lines of both documents, ends excluded. */
type Range = {readonly from: number; readonly to: number; readonly newFrom: number; readonly newTo: number};

/** With the numbers of the first line in both documents: of a pure insertion, where that line would be. */
type Change = Range & {readonly at: number; readonly newAt: number};

/**
 * The difference that edits make to a file, in the unified form. Values and comments are shown only of the
 * option that is changed and of a few harmless ones (mask.ts); everything else is `***`. Lines of a condensed
 * file that are not known are left out of the context. Empty where there are no edits. Text of the file is
 * decoded but not made safe for a terminal.
 */
export function unifiedDiff(
  file: string,
  before: Document,
  edits: readonly Edit[],
  changed: {readonly group: string; readonly option: string},
): string {
  if (edits.length === 0) return '';
  const known = diffs.get(before) ?? new Map<string, string>();
  diffs.set(before, known);
  const key = JSON.stringify([
    file,
    edits.map(({offset, length, replacement}) => [offset, length, toLatin1(replacement)]),
    changed,
  ]);
  const diff = known.get(key) ?? makeDiff(file, before, edits, changed);
  known.set(key, diff);
  return diff;
}

/** What was made of a document: the nodes of a fleet share theirs, and their edits are the same. */
const diffs = new WeakMap<Document, Map<string, string>>();

function makeDiff(
  file: string,
  before: Document,
  edits: readonly Edit[],
  changed: {readonly group: string; readonly option: string},
): string {
  const after = applyEdits(before, edits);
  const changes = joinNear(findChanges(before, after, edits));
  const oldText = linePrinter(before, changed);
  const newText = linePrinter(after, changed);
  const hunks = changes.map((group) => printHunk(group, before, after, oldText, newText));
  return `--- ${file}\n+++ ${file}\n${hunks.join('')}`;
}

/** Lines that differ, in order. */
function findChanges(before: Document, after: Document, edits: readonly Edit[]): Change[] {
  const changes: Change[] = [];
  let lineShift = 0;
  for (const touched of touchedRanges(before, after, edits)) {
    for (const {from, to, newFrom, newTo} of differing(touched, before, after)) {
      const old = to > from ? before.lines[from]?.number : undefined;
      const at = old ?? (after.lines[newFrom]?.number ?? after.lineCount + 1) - lineShift;
      changes.push({from, to, newFrom, newTo, at, newAt: at + lineShift});
      lineShift += newTo - newFrom - (to - from);
    }
  }
  return changes;
}

/** Runs of lines that edits touch, in order, none twice. */
function touchedRanges(before: Document, after: Document, edits: readonly Edit[]): Range[] {
  const ranges: Range[] = [];
  let shift = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    const newStart = edit.offset + shift;
    const next = {
      ...range(before, edit.offset, edit.offset + edit.length, 'from', 'to'),
      ...range(after, newStart, newStart + edit.replacement.length, 'newFrom', 'newTo'),
    };
    shift += edit.replacement.length - edit.length;
    const last = ranges.at(-1);
    if (last === undefined || next.from >= last.to) ranges.push(next);
    else ranges.splice(-1, 1, {...last, to: next.to, newTo: next.newTo});
  }
  return ranges;
}

/** What differs in a touched run: line by line where their number is the same, else all but the same ends. */
function differing(touched: Range, before: Document, after: Document): Range[] {
  const count = touched.to - touched.from;
  if (count !== touched.newTo - touched.newFrom) return [trim(touched, before, after)];
  const ranges: Range[] = [];
  for (let index = 0; index < count; index += 1) {
    const [from, newFrom] = [touched.from + index, touched.newFrom + index];
    if (isSameLine(before.lines[from], after.lines[newFrom])) continue;
    const last = ranges.at(-1);
    if (last?.to === from) ranges.splice(-1, 1, {...last, to: from + 1, newTo: newFrom + 1});
    else ranges.push({from, to: from + 1, newFrom, newTo: newFrom + 1});
  }
  return ranges;
}

function isSameLine(line: Line | undefined, other: Line | undefined): boolean {
  return line?.text === other?.text && line?.end === other?.end;
}

/** Known lines that a range of bytes touches, the ones that it only borders on included. */
function range<From extends string, To extends string>(
  document: Document,
  start: number,
  end: number,
  from: From,
  to: To,
) {
  const {lines} = document;
  const first = lines.findIndex((line) => endOf(line) >= start);
  const after = lines.findIndex((line) => line.offset > end);
  const last = after === -1 ? lines.length : after;
  const begin = first === -1 ? lines.length : first;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return {[from]: begin, [to]: Math.max(begin, last)} as Record<From | To, number>;
}

function trim(change: Range, before: Document, after: Document): Range {
  let {from, to, newFrom, newTo} = change;
  const isSame = (index: number, newIndex: number): boolean =>
    isSameLine(before.lines[index], after.lines[newIndex]);
  while (from < to && newFrom < newTo && isSame(from, newFrom)) {
    from += 1;
    newFrom += 1;
  }
  while (from < to && newFrom < newTo && isSame(to - 1, newTo - 1)) {
    to -= 1;
    newTo -= 1;
  }
  return {from, to, newFrom, newTo};
}

/** Changes whose context would touch or overlap go into one hunk, unless unknown lines are between them. */
function joinNear(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    const between = last === undefined ? Number.POSITIVE_INFINITY : change.from - last.to;
    const isGapless = last !== undefined && change.at - (last.at + last.to - last.from) === between;
    if (isGapless && between <= 2 * CONTEXT_LINES) groups.at(-1)?.push(change);
    else groups.push([change]);
  }
  return groups;
}

type LinePrinter = (line: Line) => string;

function printHunk(
  changes: readonly Change[],
  before: Document,
  after: Document,
  oldText: LinePrinter,
  newText: LinePrinter,
): string {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return '';
  const above = first.from - linesAbove(before, first);
  const below = last.to + linesBelow(before, last);
  const body: string[] = [];
  let cursor = above;
  let [oldCount, newCount] = [0, 0];
  const keep = (until: number): void => {
    for (const line of before.lines.slice(cursor, until)) {
      body.push(` ${oldText(line)}`);
      oldCount += 1;
      newCount += 1;
    }
  };
  for (const change of changes) {
    keep(change.from);
    const [gone, added] = [
      before.lines.slice(change.from, change.to),
      after.lines.slice(change.newFrom, change.newTo),
    ];
    body.push(...gone.map((line) => `-${oldText(line)}`), ...added.map((line) => `+${newText(line)}`));
    oldCount += gone.length;
    newCount += added.length;
    cursor = change.to;
  }
  keep(below);
  const context = first.from - above;
  const start = (number: number, count: number): string =>
    // An empty hunk is counted from the line before it.
    `${count === 0 ? number - 1 : number - context},${count}`;
  return `@@ -${start(first.at, oldCount)} +${start(first.newAt, newCount)} @@\n${body.join('')}`;
}

/** How many known lines, up to three, stand directly above a change. */
function linesAbove(document: Document, {from, at}: Change): number {
  let count = 0;
  while (count < CONTEXT_LINES && document.lines[from - 1 - count]?.number === at - 1 - count) count += 1;
  return count;
}

/** How many known lines, up to three, stand directly below a change. */
function linesBelow(document: Document, {from, to, at}: Change): number {
  let count = 0;
  const next = at + to - from;
  while (count < CONTEXT_LINES && document.lines[to + count]?.number === next + count) count += 1;
  return count;
}

function linePrinter(document: Document, changed: {group: string; option: string}): LinePrinter {
  const show = maskLines(document, changed);
  return (line) => {
    const text = decode(show(line), document.encoding);
    return line.end === '' ? `${text}\n\\ No newline at end of file\n` : `${text}\n`;
  };
}

function endOf(line: Line): number {
  return line.offset + line.text.length + line.end.length;
}
