import {fromLatin1, toLatin1, isUtf8} from './bytes.js';
import {parseLines, type Assignment, type Header, type ParseFailure} from './parse.js';

/**
 * A part of a file: text that is known, one UTF-16 unit per byte, or a run of comments and blank lines of
 * which only the size is known (see condensed.ts). Pieces end where lines end.
 */
export type Piece =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'gap'; readonly bytes: number; readonly lines: number};

/** How text is decoded: as Python would in a UTF-8 locale or, where the bytes are no UTF-8, in a Latin-1 one. */
export type Encoding = 'utf-8' | 'latin-1';

export type LineEnd = '' | '\n' | '\r\n' | '\r';

/** A known line. `text` has one unit per byte and no line end; `offset` counts bytes; `number` counts from 1. */
export type Line = {
  readonly number: number;
  readonly offset: number;
  readonly text: string;
  readonly end: LineEnd;
};

/**
 * A configuration file as oslo.config reads it, without losing a byte. Where `failure` is set, oslo.config
 * refuses the file and what follows that line was not read.
 */
export type Document = {
  readonly pieces: readonly Piece[];
  readonly lines: readonly Line[];
  readonly headers: readonly Header[];
  readonly assignments: readonly Assignment[];
  readonly failure: ParseFailure | undefined;
  /** Bytes. */
  readonly size: number;
  readonly lineCount: number;
  /** False where the last line has no line end. True for an empty file. */
  readonly isTerminated: boolean;
  readonly encoding: Encoding;
  /**
   * First line with bytes that are no UTF-8. In a UTF-8 locale, the rule for services, Python then raises
   * UnicodeDecodeError, even where it is in a comment, and the service does not start.
   */
  readonly undecodableLine: number | undefined;
};

/** Reads a whole file. Never throws: what oslo.config would refuse is in `failure`. */
export function readDocument(bytes: Uint8Array): Document {
  return documentOf([{kind: 'text', text: toLatin1(bytes)}], true);
}

/**
 * Builds a document from pieces. `isGapTerminated` tells whether the file's last line has a line end where
 * that line is in a gap.
 */
export function documentOf(pieces: readonly Piece[], isGapTerminated: boolean): Document {
  const lines: Line[] = [];
  const breaks: number[] = [];
  let offset = 0;
  let lineCount = 0;
  let isTerminated = true;
  let encoding: Encoding = 'utf-8';
  for (const piece of pieces) {
    if (piece.kind === 'gap') {
      if (piece.lines === 0) continue;
      breaks.push(lines.length);
      offset += piece.bytes;
      lineCount += piece.lines;
      isTerminated = isGapTerminated;
      continue;
    }
    for (const line of splitLines(piece.text, offset, lineCount)) lines.push(line);
    const last = lines.at(-1);
    if (piece.text !== '' && last !== undefined) {
      lineCount = last.number;
      isTerminated = last.end !== '';
    }
    offset += piece.text.length;
    if (!isUtf8(piece.text)) encoding = 'latin-1';
  }
  const undecodable = encoding === 'utf-8' ? undefined : lines.find((line) => !isUtf8(line.text));
  return {
    pieces,
    lines,
    ...parseLines(lines, new Set(breaks), encoding),
    size: offset,
    lineCount,
    isTerminated,
    encoding,
    undecodableLine: undecodable?.number,
  };
}

/** The bytes of a document that was read whole. Throws for one with gaps. */
export function documentBytes(document: Document): Uint8Array {
  const texts = document.pieces.map((piece) => {
    if (piece.kind === 'gap') throw new Error('the bytes of a condensed file are not known');
    return piece.text;
  });
  return fromLatin1(texts.join(''));
}

/** Python's universal newlines: LF, CR LF and CR end a line; nothing else does. */
function splitLines(text: string, offset: number, before: number): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let number = before;
  // Looking for a CR anew after each line would read a file without any again and again.
  let nextReturn = text.indexOf('\r');
  while (start < text.length) {
    let stop = text.indexOf('\n', start);
    if (stop === -1) stop = text.length;
    if (nextReturn !== -1 && nextReturn < start) nextReturn = text.indexOf('\r', start);
    let end: LineEnd = stop === text.length ? '' : '\n';
    if (nextReturn !== -1 && nextReturn < stop) {
      end = nextReturn + 1 === stop && stop < text.length ? '\r\n' : '\r';
      stop = nextReturn;
    }
    number += 1;
    lines.push({number, offset: offset + start, text: text.slice(start, stop), end});
    start = stop + end.length;
  }
  return lines;
}
