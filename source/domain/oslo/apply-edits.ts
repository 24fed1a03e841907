import {fromLatin1, toLatin1} from './bytes.js';
import {documentOf, type Document, type Piece} from './document.js';
import type {Edit} from './edit.js';

/** The document after the edits, read again from its bytes. Also works where comments are condensed away. */
export function applyEdits(document: Document, edits: readonly Edit[]): Document {
  let pieces = document.pieces;
  // From the end, so that offsets of the edits still to come stay right.
  for (const edit of edits.toSorted((a, b) => b.offset - a.offset)) {
    pieces = applyEdit(pieces, edit);
  }
  return documentOf(pieces);
}

/** The bytes that an edit takes away. Throws where they are in a run of which only the size is known. */
export function originalBytes(document: Document, edit: Edit): Uint8Array {
  let start = 0;
  for (const piece of document.pieces) {
    const end = start + sizeOf(piece);
    if (piece.kind === 'text' && edit.offset >= start && edit.offset + edit.length <= end) {
      return fromLatin1(piece.text.slice(edit.offset - start, edit.offset - start + edit.length));
    }
    start = end;
  }
  if (edit.length === 0) return new Uint8Array();
  throw new Error(`no known text at byte ${edit.offset}`);
}

function sizeOf(piece: Piece): number {
  return piece.kind === 'gap' ? piece.bytes : piece.text.length;
}

function applyEdit(pieces: readonly Piece[], edit: Edit): Piece[] {
  const added = toLatin1(edit.replacement);
  const result: Piece[] = [];
  let start = 0;
  let isDone = false;
  for (const piece of pieces) {
    const end = start + sizeOf(piece);
    if (!isDone && piece.kind === 'text' && edit.offset >= start && edit.offset + edit.length <= end) {
      const from = edit.offset - start;
      const text = piece.text.slice(0, from) + added + piece.text.slice(from + edit.length);
      result.push({kind: 'text', text});
      isDone = true;
    } else {
      result.push(piece);
    }
    start = end;
  }
  if (isDone) return result;
  if (edit.offset !== start || edit.length > 0) throw new Error(`no known text at byte ${edit.offset}`);
  return [...result, {kind: 'text', text: added}];
}
