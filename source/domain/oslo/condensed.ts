import {toLatin1} from './bytes.js';
import {documentOf, type Document, type Piece} from './document.js';
import {recall} from './recall.js';

// The condensed form of a configuration file, as source/node/condense.sh prints it:
//
//   reprieve-condensed 2
//   LINE:OFFSET:content            every line that is not plain comment or blank, and commented defaults of the
//                                  options asked for
//   LINE:OFFSET:content MARK       the end: what the last line holds after the last newline, and the mark
//   +
//   1:0:content                    the first line, where it may have been left out
//   =SHA256                        of the bytes that the lines are from
//
// LINE counts newline characters from 1, OFFSET counts bytes from 0; content has every byte up to the newline,
// which it lacks itself. The mark follows the file's last byte at once. What is between two lines is a run of
// comments or blank lines: its lines and bytes follow from the numbers.

export type Condensed =
  | {
      readonly kind: 'file';
      readonly document: Document;
      /** SHA-256 of the whole file, hexadecimal. */
      readonly digest: string;
    }
  | {readonly kind: 'damaged'; readonly reason: string};

type KeptLine = {readonly number: number; readonly offset: number; readonly content: string};

/** How many different files are remembered. */
const ALIKE_FILES = 32;

const HEADER = 'reprieve-condensed 2';
const MARK = '\u00ffend-of-file';
const DIGEST = /\n=([0-9a-f]{64})\n$/;

/**
 * Reads a condensed file. The document has the same options, values, line numbers and byte offsets as the
 * whole file, and the same edits come of it for the options that `condense` was given. Files with the same
 * content give the same document: the nodes of a fleet are alike.
 */
export function decodeCondensed(bytes: Uint8Array): Condensed {
  return decodeText(toLatin1(bytes));
}

const decodeText = recall(ALIKE_FILES, (text: string): Condensed => {
  const digest = DIGEST.exec(text)?.[1];
  if (digest === undefined) return damaged('it breaks off');
  const rows = text.split('\n').slice(0, -2);
  if (rows.shift() !== HEADER) return damaged('it does not begin with a header');
  const plus = rows.lastIndexOf('+');
  const lines: KeptLine[] = [];
  for (const row of rows.filter((_, index) => index !== plus)) {
    const match = /^(\d+):(\d+):/.exec(row);
    if (match === null) return damaged('a line has no number');
    lines.push({number: Number(match[1]), offset: Number(match[2]), content: row.slice(match[0].length)});
  }
  const end = lines[plus - 1];
  if (end?.content.endsWith(MARK) !== true) return damaged('the file could not be read to its end');
  const tail = end.content.slice(0, -MARK.length);
  const size = end.offset + tail.length;
  // Lines that end in a newline, and the last one without.
  const total = end.number - (tail === '' ? 1 : 0);
  const kept = new Map(
    [...lines.slice(plus), ...lines.slice(0, plus - 1), {...end, content: tail}]
      .filter(({number}) => number <= total)
      .map((line) => [line.number, line]),
  );
  const pieces = joinPieces(
    [...kept.values()].toSorted((a, b) => a.number - b.number),
    size,
    total,
  );
  if (pieces === undefined) return damaged('its numbers contradict each other');
  return {kind: 'file', document: documentOf(pieces), digest};
});

/** The digest that a condensed file carries; undefined where it breaks off before it. */
export function digestOfCondensed(bytes: Uint8Array): string | undefined {
  return DIGEST.exec(toLatin1(bytes.subarray(-67)))?.[1];
}

/** Pieces of the file, or undefined where lines and bytes do not add up. */
function joinPieces(kept: readonly KeptLine[], size: number, total: number): Piece[] | undefined {
  const pieces: Piece[] = [];
  let offset = 0;
  let lines = 0;
  let text = '';
  const skipTo = (nextOffset: number, nextLines: number): boolean => {
    const gap = {kind: 'gap', bytes: nextOffset - offset, lines: nextLines - lines} as const;
    if (gap.bytes < gap.lines || gap.lines < 0) return false;
    if (gap.lines === 0) return gap.bytes === 0;
    if (text !== '') pieces.push({kind: 'text', text});
    text = '';
    pieces.push(gap);
    return true;
  };
  for (const line of kept) {
    if (!skipTo(line.offset, line.number - 1)) return undefined;
    const isLast = line.offset + line.content.length === size;
    text += isLast ? line.content : `${line.content}\n`;
    offset = line.offset + line.content.length + (isLast ? 0 : 1);
    lines = line.number;
  }
  if (!skipTo(size, total)) return undefined;
  if (text !== '') pieces.push({kind: 'text', text});
  return pieces;
}

function damaged(reason: string): Condensed {
  return {kind: 'damaged', reason: `the condensed file cannot be read: ${reason}`};
}
