import {MARK, type Place} from '../format.js';
import {offsetsOf, placesOf} from './line-places.js';

type Heredoc = {readonly word: string; readonly hasTabs: boolean};

/** What ends a word. */
const END = /[\s;&|()]/;

/**
 * Places as a shell reads the text. Between quotes of the template, in a here-document, in backquotes, in `${…}` and in
 * `$((…))` nothing can be quoted for good; neither can it in `$(…)` between double quotes.
 */
export function shellPlaces(text: string): Place[] {
  const reader = new ShellReader(text);
  reader.commands('');
  return placesOf(text, reader.found);
}

class ShellReader {
  readonly found = new Map<number, Place>();
  readonly #text: string;
  #at = 0;
  #heredocs: Heredoc[] = [];
  /** How many double quotes are open around a substitution. */
  #quotes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end of the text, or past the bracket that ends a substitution. */
  commands(end: '' | ')'): void {
    const open: ('(' | 'case')[] = [];
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === ')') {
        this.#at++;
        if (open.at(-1) === '(') open.pop();
        else if (open.length === 0 && end === ')') return;
      } else if (character === '(') {
        open.push('(');
        this.#at++;
      } else if (this.#isWordStart() && this.#isWord('case')) {
        open.push('case');
        this.#at += 4;
      } else if (this.#isWordStart() && this.#isWord('esac')) {
        if (open.at(-1) === 'case') open.pop();
        this.#at += 4;
      } else this.#part(character);
    }
  }

  #part(character: string): void {
    switch (character) {
      case MARK:
        return this.#mark();
      case '\\':
        this.#at += 2;
        return;
      case '#':
        return this.#isWordStart() ? this.#comment() : this.#skip();
      case "'":
        return this.#single();
      case '"':
        return this.#double();
      case '`':
        return this.#upTo('`');
      case '$':
        return this.#dollar(true);
      case '<':
        return this.#redirection();
      case '\n':
        this.#at++;
        return this.#hereDocuments();
      default:
        this.#skip();
    }
  }

  #skip(): void {
    this.#at++;
  }

  #mark(): void {
    const isEnd = END.test(this.#text[this.#at + 1] ?? ' ');
    this.#note(this.#at, this.#isWordStart() && isEnd ? 'whole' : 'part');
    this.#at++;
  }

  #note(offset: number, place: Place): void {
    if (this.#quotes === 0) this.found.set(offset, place);
  }

  #comment(): void {
    const end = this.#endOfLine(this.#at);
    // The first line names a program.
    if (this.#at > 0 || this.#text[1] !== '!') {
      for (const offset of offsetsOf(this.#text.slice(this.#at, end))) {
        this.#note(this.#at + offset, 'comment');
      }
    }
    this.#at = end;
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    this.#at = end === -1 ? this.#text.length : end + 1;
  }

  #double(): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at++;
        return;
      }
      if (character === '\\') this.#at += 2;
      else if (character === '`') this.#upTo('`');
      else if (character === '$') this.#dollar(false);
      else this.#at++;
    }
  }

  /** Past the sign that ends what begins here; a backslash hides one. */
  #upTo(sign: string): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      this.#at += character === '\\' ? 2 : 1;
      if (character === sign) return;
    }
  }

  /** `isOpen`: not between double quotes, so that values can be quoted in a substitution. */
  #dollar(isOpen: boolean): void {
    const rest = this.#text.slice(this.#at + 1, this.#at + 3);
    this.#at += 1;
    if (rest === '((') this.#arithmetic();
    else if (rest.startsWith('(')) {
      this.#at++;
      if (!isOpen) this.#quotes++;
      this.commands(')');
      if (!isOpen) this.#quotes--;
    } else if (rest.startsWith('{')) this.#parameter(isOpen);
    else if (isOpen && rest.startsWith("'")) this.#upTo("'");
    // With a dollar sign before them quotes are others.
    else if (rest.startsWith(MARK)) this.#at++;
  }

  #arithmetic(): void {
    let depth = 0;
    do {
      const character = this.#text[this.#at];
      if (character === '(') depth++;
      else if (character === ')') depth--;
      this.#at++;
    } while (depth > 0 && this.#at < this.#text.length);
  }

  #parameter(isOpen: boolean): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '}') {
        this.#at++;
        return;
      }
      if (character === '\\') this.#at += 2;
      else if (character === '"') this.#double();
      else if (character === "'" && isOpen) this.#single();
      else if (character === '$') this.#dollar(false);
      else if (character === '`') this.#upTo('`');
      else this.#at++;
    }
  }

  #redirection(): void {
    const rest = this.#text.slice(this.#at, this.#endOfLine(this.#at));
    if (rest.startsWith('<<<')) {
      this.#at += 3;
      return;
    }
    const begun = /^<<(-?)[ \t]*((?:'[^']*'|"[^"]*"|\\.|[^\s;&|<>()'"\\])+)/.exec(rest);
    if (begun === null) {
      this.#at++;
      return;
    }
    const [all, hyphen, quoted = ''] = begun;
    this.#heredocs.push({word: quoted.replace(/['"\\]/g, ''), hasTabs: hyphen === '-'});
    this.#at += all.length;
  }

  #hereDocuments(): void {
    const waiting = this.#heredocs;
    this.#heredocs = [];
    for (const {word, hasTabs} of waiting) {
      while (this.#at < this.#text.length) {
        const end = this.#endOfLine(this.#at);
        const line = this.#text.slice(this.#at, end);
        this.#at = end + 1;
        if ((hasTabs ? line.replace(/^\t+/, '') : line) === word) break;
      }
    }
  }

  #isWordStart(): boolean {
    return this.#at === 0 || END.test(this.#text[this.#at - 1] ?? '');
  }

  #isWord(word: string): boolean {
    return this.#text.startsWith(word, this.#at) && END.test(this.#text[this.#at + word.length] ?? ' ');
  }

  #endOfLine(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end === -1 ? this.#text.length : end;
  }
}
