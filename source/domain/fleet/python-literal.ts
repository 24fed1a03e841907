/**
 * The value of a text that is a Python literal, else the text itself. Ansible's INI inventories take every value
 * this way (`ast.literal_eval`): `22` is a number, `022` is a text, `[1, 'a']` a list, `True` is true and `true`
 * a text. Numbers that JSON cannot hold, sets, bytes and complex numbers stay texts: no setting of ours is one.
 */
export function readPythonLiteral(text: string): unknown {
  const reader = new Reader(text);
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof NotALiteral) return text;
    throw error;
  }
}

class NotALiteral extends Error {}

const NUMBER = /^[+-]?(?:(?:\d+(?:_\d+)*)?\.\d+(?:e[+-]?\d+)?|\d+(?:_\d+)*\.?(?:e[+-]?\d+)?)(?![\w.])/i;
const RADIX = /^([+-]?)(0x[\da-f]+|0o[0-7]+|0b[01]+)(?!\w)/i;
const WORD = /^(?:True|False|None)(?!\w)/;
const WORDS: Readonly<Record<string, unknown>> = {True: true, False: false, None: null};
const ESCAPES: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"'};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): unknown {
    this.#space();
    const first = this.#value();
    const items = [first];
    let isTuple = false;
    this.#space();
    while (this.#take(',')) {
      isTuple = true;
      this.#space();
      if (this.#isAtEnd()) break;
      items.push(this.#value());
      this.#space();
    }
    if (!this.#isAtEnd()) throw new NotALiteral();
    return isTuple ? items : first;
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length || this.#text[this.#at] === '#';
  }

  #space(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.#text.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #value(): unknown {
    const char = this.#text[this.#at];
    if (char === '"' || char === "'") return this.#strings();
    if (char === '[') return this.#items(']');
    if (char === '(') return this.#tuple();
    if (char === '{') return this.#mapping();
    const word = this.#match(WORD);
    if (word !== undefined) return WORDS[word[0]];
    const radix = this.#match(RADIX);
    if (radix !== undefined) return this.#safe(Number(radix[2]) * (radix[1] === '-' ? -1 : 1));
    const number = this.#match(NUMBER);
    if (number === undefined) throw new NotALiteral();
    const plain = number[0].replaceAll('_', '');
    // Python refuses a decimal integer with a leading zero, except zero itself.
    if (/^[+-]?0\d*[1-9]\d*$/.test(plain)) throw new NotALiteral();
    return this.#safe(Number(plain));
  }

  #safe(value: number): number {
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new NotALiteral();
    }
    return value;
  }

  #strings(): string {
    let result = '';
    for (;;) {
      const quote = this.#text[this.#at];
      if (quote !== '"' && quote !== "'") return result;
      this.#at++;
      while (!this.#take(quote)) {
        const char = this.#text[this.#at];
        if (char === undefined) throw new NotALiteral();
        this.#at++;
        if (char !== '\\') {
          result += char;
          continue;
        }
        const next = this.#text[this.#at];
        if (next === undefined || /[xuUN0-7abfv]/.test(next)) throw new NotALiteral();
        this.#at++;
        result += ESCAPES[next] ?? `\\${next}`;
      }
      this.#space();
    }
  }

  #items(end: string): unknown[] {
    this.#at++;
    const items: unknown[] = [];
    this.#space();
    while (!this.#take(end)) {
      items.push(this.#value());
      this.#space();
      if (!this.#take(',') && this.#text[this.#at] !== end) throw new NotALiteral();
      this.#space();
    }
    return items;
  }

  #tuple(): unknown {
    const start = this.#at;
    const items = this.#items(')');
    const hasComma = this.#text.slice(start, this.#at).trimEnd().includes(',');
    return items.length === 1 && !hasComma ? items[0] : items;
  }

  #mapping(): unknown {
    this.#at++;
    const entries: [string, unknown][] = [];
    this.#space();
    while (!this.#take('}')) {
      const key = this.#value();
      this.#space();
      if (!this.#take(':')) throw new NotALiteral();
      this.#space();
      entries.push([String(key), this.#value()]);
      this.#space();
      if (!this.#take(',') && this.#text[this.#at] !== '}') throw new NotALiteral();
      this.#space();
    }
    return Object.fromEntries(entries);
  }
}
