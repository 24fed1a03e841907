import {fromLatin1, toLatin1, isUtf8} from './bytes.js';
import {parseLines, type Assignment, type Header, type ParseFailure} from './parse.js';

/**
 * A part of a file: text that is known, one UTF-16 unit per byte, or a run of comments and blank lines of
 * which only the size is known (see condensed.ts). Pieces end where lines end; the last line of a gap has an end.
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
  /** Every known line, comments too. Made when first asked for. */
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
  return documentOf([{kind: 'text', text: toLatin1(bytes)}]);
}

/** Builds a document from pieces. */
export function documentOf(pieces: readonly Piece[]): Document {
  const significant: Line[] = [];
  // Indexes of lines that do not follow directly the one before: what is between ends a value.
  const breaks = new Set<number>();
  let offset = 0;
  let lineCount = 0;
  let isTerminated = true;
  let encoding: Encoding = 'utf-8';
  for (const piece of pieces) {
    breaks.add(significant.length);
    if (piece.kind === 'gap') {
      offset += piece.bytes;
      lineCount += piece.lines;
      if (piece.lines > 0) isTerminated = true;
      continue;
    }
    const {text} = piece;
    let position = 0;
    for (const match of text.matchAll(SIGNIFICANT_LINE)) {
      if (match.index > position) {
        lineCount += countLineEnds(text.slice(position, match.index));
        breaks.add(significant.length);
      }
      position = match.index + match[0].length;
      const end = lineEndAt(text, position);
      lineCount += 1;
      significant.push({number: lineCount, offset: offset + match.index, text: match[0], end});
      position += end.length;
    }
    const rest = text.slice(position);
    const isRestTerminated = /[\r\n]$/.test(rest);
    lineCount += countLineEnds(rest) + (rest === '' || isRestTerminated ? 0 : 1);
    if (text !== '') isTerminated = /[\r\n]$/.test(text);
    offset += text.length;
    if (!isUtf8(text)) encoding = 'latin-1';
  }
  let lines: readonly Line[] | undefined;
  return {
    pieces,
    get lines() {
      return (lines ??= allLines(pieces));
    },
    ...parseLines(significant, breaks, encoding),
    size: offset,
    lineCount,
    isTerminated,
    encoding,
    undecodableLine:
      encoding === 'utf-8' ? undefined : allLines(pieces).find((line) => !isUtf8(line.text))?.number,
  };
}

/** A line that is neither empty nor a comment; of 10,000 lines of a usual file these are some hundred. */
const SIGNIFICANT_LINE = /^[^#;\r\n][^\r\n]*/gm;

function countLineEnds(text: string): number {
  if (text.includes('\r')) return text.match(/\r\n|\n|\r/g)?.length ?? 0;
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function lineEndAt(text: string, position: number): LineEnd {
  const character = text.charAt(position);
  if (character === '\n') return '\n';
  if (character !== '\r') return '';
  return text.charAt(position + 1) === '\n' ? '\r\n' : '\r';
}

/** The bytes of a document that was read whole. Throws for one with gaps. */
export function documentBytes(document: Document): Uint8Array {
  const texts = document.pieces.map((piece) => {
    if (piece.kind === 'gap') throw new Error('the bytes of a condensed file are not known');
    return piece.text;
  });
  return fromLatin1(texts.join(''));
}

/** The known lines that hold some text, which has no line end: found without looking at every other line. */
export function linesWith({pieces}: Document, wanted: string): readonly Line[] {
  const lines: Line[] = [];
  let offset = 0;
  let number = 0;
  let rest = '';
  for (const piece of pieces) {
    number += countLineEnds(rest);
    rest = '';
    if (piece.kind === 'gap') {
      offset += piece.bytes;
      number += piece.lines;
      continue;
    }
    const {text} = piece;
    let position = 0;
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, position)) {
      const start = Math.max(text.lastIndexOf('\n', at), text.lastIndexOf('\r', at)) + 1;
      const stops = [text.indexOf('\n', at), text.indexOf('\r', at)].filter((stop) => stop !== -1);
      const stop = Math.min(...stops, text.length);
      const end = lineEndAt(text, stop);
      number += countLineEnds(text.slice(position, start)) + 1;
      lines.push({number, offset: offset + start, text: text.slice(start, stop), end});
      position = stop + end.length;
    }
    rest = text.slice(position);
    offset += text.length;
  }
  return lines;
}

/** All known lines. Python's universal newlines: LF, CR LF and CR end a line; nothing else does. */
function allLines(pieces: readonly Piece[]): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  let number = 0;
  for (const piece of pieces) {
    if (piece.kind === 'gap') {
      offset += piece.bytes;
      number += piece.lines;
      continue;
    }
    for (const match of piece.text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)) {
      if (match[0] === '') continue;
      const text = match[1] ?? '';
      number += 1;
      lines.push({
        number,
        offset: offset + match.index,
        text,
        end: lineEndAt(match[0], text.length),
      });
    }
    offset += piece.text.length;
  }
  return lines;
}
