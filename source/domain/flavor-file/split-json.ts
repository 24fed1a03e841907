/**
 * A piece of JSON text; `start` and `end` are bytes, lines count from 1. `value` is one flavor, as far as brackets
 * tell; `broken` cannot be one, and runs to where the next may begin; `flaw` is something wrong between two;
 * `rest` is what stands behind the list in `{"flavors": […], …}`, from behind its bracket to the closing brace.
 */
export type JsonPiece =
  | {
      readonly kind: 'value';
      readonly line: number;
      readonly start: number;
      readonly end: number;
      /** Colons outside texts: as many as there are members, those of objects inside included. */
      readonly members: number;
    }
  | {
      readonly kind: 'broken';
      readonly line: number;
      readonly start: number;
      readonly end: number;
      readonly detail: string;
    }
  | {readonly kind: 'flaw'; readonly line: number; readonly detail: string}
  | {readonly kind: 'rest'; readonly line: number; readonly start: number; readonly end: number};

/** A flavor of Nova's API is some hundred bytes long, and never nested more than three levels deep. */
const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 32;

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const CUT_OFF = 'it is cut off: a closing bracket is missing';

/**
 * Splits JSON into flavors without reading them: one after the other, in a list, or in Nova's `{"flavors": […]}`. So
 * one that is damaged does not take the others with it, and nothing is held but what was fed. Bytes that JSON gives a
 * meaning are ASCII, which no other character of UTF-8 contains. One pass, whatever the text.
 */
export function splitJson(bytes: Uint8Array): Generator<JsonPiece> {
  return new Splitter(bytes).pieces();
}

class Splitter {
  readonly #bytes: Uint8Array;
  #at = 0;
  #line = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  *pieces(): Generator<JsonPiece> {
    for (let first = this.#skipBlank(); first !== undefined; first = this.#skipBlank()) {
      if (first === OPEN_LIST) {
        this.#at += 1;
        yield* this.#list();
      } else if (first === OPEN_OBJECT && this.#enterFlavors()) {
        yield* this.#list();
        yield this.#rest();
      } else yield this.#value(false);
    }
  }

  /** Behind the opening bracket, to behind the closing one. */
  *#list(): Generator<JsonPiece> {
    let before: 'nothing' | 'value' | 'comma' | 'damage' = 'nothing';
    for (;;) {
      const first = this.#skipBlank();
      const line = this.#line;
      if (first === undefined) {
        yield {kind: 'flaw', line, detail: 'the list is cut off: its ] is missing'};
        return;
      }
      if (first === CLOSE_LIST) {
        this.#at += 1;
        if (before === 'comma')
          yield {kind: 'flaw', line, detail: 'a comma stands behind the last flavor of the list'};
        return;
      }
      if (first === COMMA) {
        this.#at += 1;
        if (before === 'nothing' || before === 'comma') {
          yield {kind: 'flaw', line, detail: 'a comma stands where a flavor should'};
        }
        before = 'comma';
        continue;
      }
      if (before === 'value') yield {kind: 'flaw', line, detail: 'a comma is missing before this flavor'};
      const piece = this.#value(true);
      yield piece;
      before = piece.kind === 'value' ? 'value' : 'damage';
    }
  }

  /** Steps into the list of `{"flavors": […`, if that is what stands here. */
  #enterFlavors(): boolean {
    const head = String.fromCharCode(...this.#bytes.subarray(this.#at, this.#at + 200));
    const match = /^\{\s*"flavors"\s*:\s*\[/.exec(head);
    if (match === null) return false;
    this.#line += match[0].split('\n').length - 1;
    this.#at += match[0].length;
    return true;
  }

  #rest(): JsonPiece {
    const start = this.#at;
    const line = this.#line;
    const piece = this.#container([OPEN_OBJECT], false, CLOSE_LIST);
    return piece.kind === 'value' ? {kind: 'rest', line, start, end: piece.end} : piece;
  }

  #value(isInList: boolean): JsonPiece {
    const first = this.#bytes[this.#at];
    return first === OPEN_OBJECT || first === OPEN_LIST
      ? this.#container([], isInList, COLON)
      : this.#scalar(isInList);
  }

  /**
   * Reads to the bracket that closes what is open. An object that begins a line where none may begin is the next
   * flavor, and this one is half.
   *
   * @param open brackets that are open already
   * @param before the last byte with a meaning
   */
  #container(open: number[], isInList: boolean, before: number): JsonPiece {
    const bytes = this.#bytes;
    const start = this.#at;
    const line = this.#line;
    let members = 0;
    let isTooDeep = false;
    let isLineStart = false;
    let depth = open.length;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at] ?? 0;
      if (byte === LF) {
        this.#line += 1;
        isLineStart = true;
        continue;
      }
      if (byte <= 0x20) continue;
      switch (byte) {
        case QUOTE:
          if (!this.#skipText()) {
            this.#skipDamage(isInList);
            return this.#broken(start, line, 'a text has no closing quote');
          }
          break;
        case OPEN_OBJECT:
        case OPEN_LIST:
          if (isLineStart && byte === OPEN_OBJECT && depth > 0 && depth <= MAX_DEPTH) {
            const isAllowed =
              before === COLON || before === OPEN_LIST || (before === COMMA && open[depth - 1] === OPEN_LIST);
            if (!isAllowed) return this.#broken(start, line, CUT_OFF);
          }
          if (depth < MAX_DEPTH) open[depth] = byte;
          else isTooDeep = true;
          depth += 1;
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST: {
          depth -= 1;
          const opened = depth < MAX_DEPTH ? open[depth] : undefined;
          if (opened !== undefined && (opened === OPEN_OBJECT) !== (byte === CLOSE_OBJECT)) {
            this.#skipDamage(isInList);
            return this.#broken(start, line, 'its brackets do not match');
          }
          if (depth === 0) {
            this.#at += 1;
            if (isTooDeep)
              return this.#broken(start, line, `it is nested more than ${MAX_DEPTH} levels deep`);
            if (this.#at - start > MAX_BYTES) return this.#broken(start, line, 'it is longer than 1 MiB');
            return {kind: 'value', line, start, end: this.#at, members};
          }
          break;
        }
        case COLON:
          members += 1;
          break;
        default:
      }
      before = byte;
      isLineStart = false;
    }
    return this.#broken(start, line, isTooDeep ? `it is nested more than ${MAX_DEPTH} levels deep` : CUT_OFF);
  }

  /** A word, a number or a text: to the comma or bracket behind it, outside a list to the end of the line. */
  #scalar(isInList: boolean): JsonPiece {
    const bytes = this.#bytes;
    const start = this.#at;
    const line = this.#line;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at] ?? 0;
      if (byte === LF || (isInList && this.#at > start && (byte === COMMA || byte === CLOSE_LIST))) break;
      if (byte === QUOTE && !this.#skipText()) {
        this.#skipDamage(isInList);
        return this.#broken(start, line, 'a text has no closing quote');
      }
    }
    if (this.#at - start > MAX_BYTES) return this.#broken(start, line, 'it is longer than 1 MiB');
    return {kind: 'value', line, start, end: this.#at, members: 0};
  }

  #broken(start: number, line: number, detail: string): JsonPiece {
    return {kind: 'broken', line, start, end: this.#at, detail};
  }

  /** From the opening quote to the closing one; false where the line or the input ends before it. */
  #skipText(): boolean {
    const bytes = this.#bytes;
    for (let at = this.#at + 1; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.#at = at;
        return true;
      }
      if (byte === BACKSLASH) at += 1;
      if (bytes[at] === LF) {
        this.#at = at;
        return false;
      }
    }
    this.#at = bytes.length;
    return false;
  }

  /** To the next line that begins with an object, or that closes the list. */
  #skipDamage(isInList: boolean): void {
    const bytes = this.#bytes;
    for (;;) {
      while (this.#at < bytes.length && bytes[this.#at] !== LF) this.#at += 1;
      const first = this.#skipBlank();
      if (first === undefined || first === OPEN_OBJECT || (isInList && first === CLOSE_LIST)) return;
    }
  }

  /** The next byte that is not blank; undefined at the end. */
  #skipBlank(): number | undefined {
    const bytes = this.#bytes;
    for (; this.#at < bytes.length; this.#at++) {
      const byte = bytes[this.#at];
      if (byte === LF) this.#line += 1;
      else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return byte;
    }
    return undefined;
  }
}
