import {MARK, type Place} from '../format.js';
import {offsetsOf, placesOf} from './line-places.js';

/** Places as YAML reads the text; between quotes of the template and in a block of text nothing can be quoted. */
export function yamlPlaces(text: string): Place[] {
  const reader = new YamlReader(text);
  reader.read();
  return placesOf(text, reader.found);
}

/** Before a text whose lines follow. */
const BLOCK = /^[|>][+\-\d]*(?=[ \t]*(?:[ \t]#.*)?$)/;

/** What a line begins as: `block`: it belongs to a text whose node is so far in; `plain`: it goes on with one. */
type Open = {readonly kind: 'block' | 'plain'; readonly indent: number} | undefined;

class YamlReader {
  readonly found = new Map<number, Place>();
  readonly #text: string;
  #at = 0;
  #lineStart = 0;
  /** How many brackets are open. */
  #flow = 0;
  /** How far in the node is whose value comes next. */
  #indent = -1;
  #open: Open;

  constructor(text: string) {
    this.#text = text;
  }

  read(): void {
    while (this.#at < this.#text.length) this.#line();
  }

  /** A line outside of brackets, and what goes over its end. */
  #line(): void {
    this.#lineStart = this.#at;
    const end = this.#endOfLine();
    const line = this.#text.slice(this.#at, end);
    const indent = line.search(/[^ ]/);
    const isBlank = line.trim() === '';
    if (this.#open !== undefined && (isBlank || indent > this.#open.indent)) {
      if (this.#open.kind === 'block' || isBlank) this.#at = end + 1;
      else this.#plain(this.#open.indent);
      return;
    }
    this.#open = undefined;
    // A text that begins here goes on where lines are as far in.
    this.#indent = indent - 1;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) this.#at += 3;
    this.#node();
  }

  /** What may begin here: entries, keys, a value; up to the end of the line, or past it where a value goes over it. */
  #node(): void {
    for (;;) {
      this.#blanks();
      const rest = this.#text.slice(this.#at, this.#endOfLine());
      const [first = ''] = rest;
      if (first === '') return this.#nextLine();
      if (first === '#') return this.#comment();
      if (/^[-?:](?:\s|$)/.test(rest)) {
        this.#indent = this.#at - this.#lineStart;
        this.#at++;
      } else if (first === '&' || first === '!') this.#at += /^\S+/.exec(rest)?.[0].length ?? 1;
      else if (BLOCK.test(rest)) {
        this.#open = {kind: 'block', indent: this.#indent};
        this.#at += BLOCK.exec(rest)?.[0].length ?? 1;
        return this.#rest();
      } else if (first === '[' || first === '{') {
        this.#inFlow();
        if (!this.#isKey()) return this.#rest();
      } else if (first === '"' || first === "'") {
        const column = this.#at - this.#lineStart;
        this.#quoted(first);
        if (!this.#isKey()) return this.#rest();
        this.#indent = column;
      } else if (!this.#scalar(rest)) return;
    }
  }

  /** A plain text or a mark; whether it was a key. */
  #scalar(rest: string): boolean {
    const column = this.#at - this.#lineStart;
    if (rest.startsWith(MARK)) {
      const after = rest.slice(1);
      const isKey = /^[ \t]*:(?:\s|$)/.test(after);
      if (isKey || /^[ \t]*(?:$|[ \t]#)/.test(after)) {
        this.found.set(this.#at, isKey ? 'key' : after.trim() === '' ? 'whole' : 'inline');
        this.#at++;
        if (isKey && this.#isKey()) {
          this.#indent = column;
          return true;
        }
        this.#open = {kind: 'plain', indent: this.#indent};
        this.#rest();
        return false;
      }
    }
    const key = /^(?:[^:#]|:(?=\S)|(?<=\S)#)*?:(?=\s|$)/.exec(rest)?.[0];
    if (key === undefined) {
      this.#plain(this.#indent);
      return false;
    }
    this.#parts(this.#at, this.#at + key.length);
    this.#at += key.length;
    this.#indent = column;
    return true;
  }

  /** The rest of a line as a text without quotes. */
  #plain(indent: number): void {
    const end = this.#endOfLine();
    const line = this.#text.slice(this.#at, end);
    const comment = line.search(/(?:^|\s)#/);
    if (comment === -1) {
      this.#parts(this.#at, end);
      this.#open = {kind: 'plain', indent};
      return this.#nextLine();
    }
    this.#parts(this.#at, this.#at + comment);
    this.#at += comment;
    this.#open = undefined;
    this.#rest();
  }

  #parts(from: number, to: number): void {
    for (const offset of offsetsOf(this.#text.slice(from, to))) this.found.set(from + offset, 'part');
  }

  /** Past the bracket that ends what begins here. */
  #inFlow(): void {
    let mayBegin = true;
    do {
      const character = this.#text[this.#at] ?? '';
      const before = this.#text[this.#at - 1] ?? '\n';
      if (character === MARK) {
        const after = /^\s*(?:$|[\],}]|:(?=\s)|(?<=\s)#)/.test(
          this.#text.slice(this.#at + 1, this.#at + 200),
        );
        this.found.set(this.#at, mayBegin && after ? (this.#isFlowKey() ? 'key' : 'inline') : 'part');
        mayBegin = false;
      } else if (character === '#' && /\s/.test(before)) {
        this.#comment();
        continue;
      } else if (mayBegin && (character === '"' || character === "'")) {
        this.#quoted(character);
        mayBegin = false;
        continue;
      } else if (character === '[' || character === '{') {
        this.#flow++;
        mayBegin = true;
      } else if (character === ']' || character === '}') {
        this.#flow--;
        mayBegin = false;
      } else if (character === ',') mayBegin = true;
      else if (
        character === ':' &&
        (/[\s"'\]}]/.test(before) || /\s/.test(this.#text[this.#at + 1] ?? ' '))
      ) {
        mayBegin = true;
      } else if (/\S/.test(character)) mayBegin = false;
      this.#at++;
    } while (this.#flow > 0 && this.#at < this.#text.length);
    this.#lineStart = this.#text.lastIndexOf('\n', this.#at - 1) + 1;
  }

  #isFlowKey(): boolean {
    return /^[ \t]*:\s/.test(this.#text.slice(this.#at + 1, this.#at + 200));
  }

  #quoted(quote: string): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '\\' && quote === '"') this.#at += 2;
      else if (character !== quote) this.#at++;
      else if (quote === "'" && this.#text[this.#at + 1] === "'") this.#at += 2;
      else break;
    }
    this.#at++;
  }

  /** Past the colon of a key. */
  #isKey(): boolean {
    const colon = /^[ \t]*:(?=\s|$)/.exec(this.#text.slice(this.#at, this.#endOfLine()));
    if (colon === null) return false;
    this.#at += colon[0].length;
    return true;
  }

  /** What comes after a value: nothing, or a comment. */
  #rest(): void {
    this.#blanks();
    if (this.#text[this.#at] === '#') this.#comment();
    else this.#nextLine();
  }

  #comment(): void {
    const end = this.#endOfLine();
    for (const offset of offsetsOf(this.#text.slice(this.#at, end))) {
      this.found.set(this.#at + offset, 'comment');
    }
    this.#at = end;
    this.#nextLine();
  }

  #blanks(): void {
    while (/[ \t]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #nextLine(): void {
    this.#at = this.#endOfLine() + 1;
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }
}
