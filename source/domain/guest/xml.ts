/** An element of an XML document: what is in it besides elements and text is left out. */
export type XmlElement = {
  /** With its prefix, as it is written. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly in it. */
  readonly text: string;
};

/** Text that is not the XML that a hypervisor prints. */
export class XmlProblem extends Error {
  override readonly name = 'XmlProblem';
}

/** Deeper than any domain is. */
const MOST_DEPTH = 64;
const NAME = /[A-Za-z_:][\w:.-]*/y;
const SPACE = /\s*/y;
const ENTITIES: Readonly<Record<string, string>> = {lt: '<', gt: '>', amp: '&', quot: '"', apos: "'"};

type Open = {name: string; attributes: Map<string, string>; children: XmlElement[]; text: string};

/**
 * Reads a small XML document, strictly: what is cut or not well formed throws `XmlProblem`. A document type is refused,
 * because it could define entities; libvirt prints none.
 */
export function readXml(document: string): XmlElement {
  return new Reader(document).read();
}

class Reader {
  readonly #all: string;
  #at = 0;

  constructor(all: string) {
    this.#all = all;
  }

  read(): XmlElement {
    const top: Open = {name: '', attributes: new Map(), children: [], text: ''};
    const open: Open[] = [top];
    while (this.#at < this.#all.length) {
      const inner = open.at(-1) ?? top;
      if (this.#all[this.#at] !== '<') inner.text += this.#text();
      else if (this.#take('<!--')) this.#until('-->');
      else if (this.#take('<![CDATA[')) inner.text += this.#until(']]>');
      else if (this.#take('<?')) this.#until('?>');
      else if (this.#take('</')) {
        const name = this.#name();
        this.#space();
        if (!this.#take('>') || open.length === 1 || inner.name !== name) throw this.#problem();
        open.pop();
      } else if (this.#take('<')) {
        const element = this.#begin();
        inner.children.push(element.value);
        if (element.isOpen) open.push(element.value);
        if (open.length > MOST_DEPTH) throw this.#problem();
      }
    }
    const [root, ...more] = top.children;
    if (root === undefined || more.length > 0 || open.length > 1 || top.text.trim() !== '')
      throw this.#problem();
    return root;
  }

  #begin(): {readonly value: Open; readonly isOpen: boolean} {
    const value: Open = {name: this.#name(), attributes: new Map(), children: [], text: ''};
    for (;;) {
      const hasSpace = this.#space();
      if (this.#take('/>')) return {value, isOpen: false};
      if (this.#take('>')) return {value, isOpen: true};
      if (!hasSpace) throw this.#problem();
      const name = this.#name();
      this.#space();
      if (!this.#take('=')) throw this.#problem();
      this.#space();
      const quote = this.#take('"') ? '"' : this.#take("'") ? "'" : undefined;
      if (quote === undefined) throw this.#problem();
      const raw = this.#until(quote);
      if (raw.includes('<') || value.attributes.has(name)) throw this.#problem();
      value.attributes.set(name, this.#decode(raw));
    }
  }

  #text(): string {
    const end = this.#all.indexOf('<', this.#at);
    const raw = this.#all.slice(this.#at, end === -1 ? undefined : end);
    this.#at += raw.length;
    return this.#decode(raw);
  }

  #decode(raw: string): string {
    return raw.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
      const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
      const number =
        code === null
          ? undefined
          : Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16);
      const known = number === undefined ? ENTITIES[name] : undefined;
      if (!whole.endsWith(';') || (known === undefined && (number === undefined || number > 0x10_ff_ff)))
        throw this.#problem();
      return known ?? String.fromCodePoint(number ?? 0);
    });
  }

  #take(text: string): boolean {
    if (!this.#all.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #until(end: string): string {
    const found = this.#all.indexOf(end, this.#at);
    if (found === -1) throw this.#problem();
    const text = this.#all.slice(this.#at, found);
    this.#at = found + end.length;
    return text;
  }

  #space(): boolean {
    SPACE.lastIndex = this.#at;
    const length = SPACE.exec(this.#all)?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#all)?.[0];
    if (name === undefined) throw this.#problem();
    this.#at += name.length;
    return name;
  }

  #problem(): XmlProblem {
    const line = this.#all.slice(0, this.#at).split('\n').length;
    return new XmlProblem(`it is not well-formed XML at line ${line}`);
  }
}

/** The first element at the end of a path of names; undefined where there is none. */
export function elementAt(element: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** Every child of this name. */
export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}
