import {toLatin1} from './bytes.js';
import {documentOf, type Document, type Piece} from './document.js';
import {recall} from './recall.js';

// The condensed form of a configuration file, as source/node/condense.sh prints it:
//
//   reprieve-condensed 1 SIZE NEWLINES LASTBYTE SHA256
//   LINE:OFFSET:content            every line that is not plain comment or blank
//   +
//   LINE:OFFSET:content            the first line, and commented defaults of the options asked for
//   =SHA256                        the digest again: another one means that the file changed meanwhile
//
// LINE counts newline characters from 1, OFFSET counts bytes from 0; content has every byte up to the newline,
// which it lacks itself. LASTBYTE is the file's last byte in decimal, or `-` for an empty file. What is between
// two lines is a run of comments or blank lines: its lines and bytes follow from the numbers.

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

const HEADER = /^reprieve-condensed 1 (\d+) (\d+) (\d+|-) ([0-9a-f]{64})$/;

/**
 * Reads a condensed file. The document has the same options, values, line numbers and byte offsets as the
 * whole file, and the same edits come of it for the options that `condense` was given. Files with the same
 * content give the same document: the nodes of a fleet are alike.
 */
export function decodeCondensed(bytes: Uint8Array): Condensed {
  return decodeText(toLatin1(bytes));
}

const decodeText = recall(ALIKE_FILES, (text: string): Condensed => {
  const rows = text.split('\n');
  const header = HEADER.exec(rows[0] ?? '');
  if (header === null) return damaged('it does not begin with a header');
  if (rows.pop() !== '') return damaged('it breaks off');
  if (rows.at(-1)?.[0] !== '=') return damaged('it breaks off');
  if (rows.at(-1)?.slice(1) !== header[4]) return damaged('the file changed while it was read');

  const kept = new Map<number, KeptLine>();
  for (const row of rows.slice(1, -1)) {
    if (row === '+') continue;
    const match = /^(\d+):(\d+):/.exec(row);
    if (match === null) return damaged('a line has no number');
    const number = Number(match[1]);
    kept.set(number, {number, offset: Number(match[2]), content: row.slice(match[0].length)});
  }
  const last = header[3] === '-' ? undefined : Number(header[3]);
  const size = Number(header[1]);
  // Lines that end in a newline, and the last one without.
  const total = Number(header[2]) + (last === undefined || last === 10 ? 0 : 1);
  const pieces = joinPieces(
    [...kept.values()].toSorted((a, b) => a.number - b.number),
    size,
    total,
  );
  if (pieces === undefined) return damaged('its numbers contradict each other');
  const isGapTerminated = last === undefined || last === 10 || last === 13;
  return {kind: 'file', document: documentOf(pieces, isGapTerminated), digest: header[4] ?? ''};
});

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
