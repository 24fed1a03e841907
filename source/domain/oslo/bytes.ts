import type {Encoding} from './document.js';

// Inside, bytes are strings with one UTF-16 unit per byte: an index is a byte offset, and search is fast.

const NOT_ASCII = /[^\u0000-\u007f]/;

export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function fromLatin1(text: string): Uint8Array {
  const {buffer, byteOffset, byteLength} = Buffer.from(text, 'latin1');
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether the bytes are valid UTF-8 as Python's strict decoder sees it. */
export function isUtf8(text: string): boolean {
  if (!NOT_ASCII.test(text)) return true;
  try {
    new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(fromLatin1(text));
    return true;
  } catch {
    // A TypeError is the decoder's only way to say no.
    return false;
  }
}

/** The characters that bytes stand for. */
export function decode(text: string, encoding: Encoding): string {
  if (encoding === 'latin-1' || !NOT_ASCII.test(text)) return text;
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** Bytes for characters, undefined where the encoding has none. */
export function encode(text: string, encoding: Encoding): string | undefined {
  if (!NOT_ASCII.test(text)) return text;
  if (encoding === 'latin-1') return undefined;
  return text.isWellFormed() ? Buffer.from(text, 'utf8').toString('latin1') : undefined;
}

/** How many bytes characters take that were decoded with `decode`. */
export function encodedLength(text: string, encoding: Encoding): number {
  return encoding === 'latin-1' || !NOT_ASCII.test(text) ? text.length : Buffer.byteLength(text, 'utf8');
}
