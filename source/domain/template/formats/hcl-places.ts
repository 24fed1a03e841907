import {MARK, type Place} from '../format.js';
import {lineAround, offsetsOf, placesOf} from './line-places.js';

/** Places as Terraform reads the text; between quotes, in here-documents and long comments nothing can be quoted. */
export function hclPlaces(text: string): Place[] {
  const reader = new HclReader(text);
  reader.read('');
  return placesOf(text, reader.found);
}

/** Before a value, or between the labels of a block. */
const BEFORE = /(?:^\s*|[=:([,{?]\s*|^\s*\w+(?:\s+(?:"[^"]*"|\w+|\uE000))*\s+)$/;
const AFTER = /^\s*(?:$|[\])},:=?#"{\uE000]|\/[/*])/;

class HclReader {
  readonly found = new Map<number, Place>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the text, or past the brace that ends an expression between quotes. */
  read(end: '' | '}'): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      const isPair = (pair: string): boolean => this.#text.startsWith(pair, this.#at);
      if (character === MARK) {
        if (end === '') this.found.set(this.#at, this.#place());
        this.#at++;
      } else if (character === '"') this.#quoted();
      else if (character === '#' || isPair('//')) this.#comment(end === '');
      else if (isPair('/*')) this.#past('*/');
      else if (isPair('<<')) this.#hereDocument();
      else {
        this.#at++;
        if (character === '{') depth++;
        else if (character === '}' && depth > 0) depth--;
        else if (character === '}' && end === '}') return;
      }
    }
  }

  #place(): Place {
    const {before, after} = lineAround(this.#text, this.#at);
    return BEFORE.test(before) && AFTER.test(after) ? 'whole' : 'part';
  }

  #quoted(): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      const rest = this.#text.slice(this.#at, this.#at + 3);
      if (character === '"') break;
      if (character === '\\') this.#at += 2;
      else if (/^(?:\$\$\{|%%\{)/.test(rest)) this.#at += 3;
      else if (/^[$%]\{/.test(rest)) {
        this.#at += 2;
        this.read('}');
      } else this.#at++;
    }
    this.#at++;
  }

  #comment(isOpen: boolean): void {
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end === -1 ? this.#text.length : end);
    if (isOpen) for (const offset of offsetsOf(line)) this.found.set(this.#at + offset, 'comment');
    this.#at += line.length;
  }

  #past(sign: string): void {
    const end = this.#text.indexOf(sign, this.#at + sign.length);
    this.#at = end === -1 ? this.#text.length : end + sign.length;
  }

  #hereDocument(): void {
    const begun = /^<<-?([\w-]+)[ \t]*\n/.exec(this.#text.slice(this.#at, this.#at + 200));
    if (begun === null) {
      this.#at += 2;
      return;
    }
    const [all, word] = begun;
    this.#at += all.length;
    while (this.#at < this.#text.length) {
      const end = this.#text.indexOf('\n', this.#at);
      const line = this.#text.slice(this.#at, end === -1 ? this.#text.length : end);
      this.#at += line.length + 1;
      if (line.trim() === word) return;
    }
  }
}
