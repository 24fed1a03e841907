/** An element of plain XML: no comments, no sections, no processing instructions but the first line. */
export type XmlElement = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
};

const TOKEN = /<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+)/y;

/** Reads a document that is exactly well formed. Throws with the place where it is not. */
export function readXml(document: string): XmlElement {
  const [declaration = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document) ?? [];
  if (declaration === '') throw new Error('no declaration');
  const root = {name: '', attributes: {}, children: [] as XmlElement[], text: ''};
  const open = [root];
  TOKEN.lastIndex = declaration.length;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(document);
    if (token === null) throw new Error(`not well formed at ${at}: ${document.slice(at, at + 60)}`);
    const [, closing, name = '', attributes = '', empty, text] = token;
    const current = open.at(-1) ?? root;
    if (text !== undefined) {
      if (/[>]/.test(text)) throw new Error(`a bare > in: ${text.slice(0, 60)}`);
      current.text += decoded(text);
    } else if (closing === '/') {
      if (current.name !== name) throw new Error(`</${name}> closes <${current.name}>`);
      if (current.children.length > 0 && current.text.trim() !== '')
        throw new Error(`text between children of ${name}`);
      open.pop();
    } else {
      const element = {name, attributes: attributesOf(attributes), children: [] as XmlElement[], text: ''};
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [only] = root.children;
  if (open.length > 1 || only === undefined || root.children.length > 1) throw new Error('not one element');
  return only;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = Array.from(
    text.matchAll(/ ([\w-]+)="([^"]*)"/g),
    ([, name = '', value = '']) => [name, value] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    throw new Error(`an attribute twice: ${text}`);
  return Object.fromEntries(pairs.map(([name, value]) => [name, decoded(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"'};

function decoded(text: string): string {
  return text.replaceAll(/&(\w*);?/g, (whole, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !whole.endsWith(';')) throw new Error(`no entity: ${whole}`);
    return character;
  });
}
