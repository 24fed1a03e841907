/**
 * A reader of what the templates write of HCL: blocks, attributes, texts with escapes, lists, objects, a function with
 * one argument, references. It is for tests where no Terraform is installed; anything else throws.
 */
export type HclValue = string | number | boolean | readonly HclValue[] | {readonly [name: string]: HclValue};
export type HclBody = {readonly [name: string]: HclValue | HclBody};

const TOKEN = /\s*(?:(#[^\n]*)|("(?:[^"\\\n]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.-]*)|([{}[\](),=]))/y;

type Token = {readonly kind: 'text' | 'number' | 'name' | 'sign' | 'end'; readonly text: string};

/** The blocks of a file: `{resource: {'type name': {…}}}`, a block without labels as its body. */
export function readHcl(source: string): HclBody {
  const tokens = tokensOf(source);
  let at = 0;
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? {kind: 'end', text: ''};
  const take = (text?: string): Token => {
    const token = peek();
    if (text !== undefined && token.text !== text)
      throw new SyntaxError(`${text} is wanted, not ${token.text}`);
    at += 1;
    return token;
  };
  const itemsUntil = <Item>(end: string, item: () => Item): Item[] => {
    const items: Item[] = [];
    while (peek().text !== end) {
      items.push(item());
      if (peek().text === ',') take();
    }
    take(end);
    return items;
  };
  const value = (): HclValue => {
    const token = take();
    if (token.kind === 'text') return textOf(token.text);
    if (token.kind === 'number') return Number(token.text);
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    if (token.text === '[') return itemsUntil(']', value);
    if (token.text === '{') {
      const entry = (): [string, HclValue] => {
        const key = take();
        take('=');
        return [key.kind === 'text' ? textOf(key.text) : key.text, value()];
      };
      return Object.fromEntries(itemsUntil('}', entry));
    }
    if (token.kind !== 'name') throw new SyntaxError(`${token.text} is no value`);
    if (peek().text !== '(') return {reference: token.text};
    take('(');
    const argument = value();
    take(')');
    return {[token.text]: argument};
  };
  const body = (end: Token['text']): HclBody => {
    const found: Record<string, HclValue | HclBody> = {};
    const labelled: Record<string, Record<string, HclBody>> = {};
    while (peek().text !== end) {
      const {kind, text: name} = take();
      if (kind !== 'name') throw new SyntaxError(`${name} begins nothing`);
      if (peek().text === '=') {
        take();
        if (name in found) throw new SyntaxError(`${name} is there twice`);
        found[name] = value();
        continue;
      }
      const labels: string[] = [];
      while (peek().kind === 'text') labels.push(textOf(take().text));
      take('{');
      const inner = body('}');
      take('}');
      const label = labels.join(' ');
      if (label === '') found[name] = inner;
      else (found[name] = labelled[name] ??= {})[label] = inner;
    }
    return found;
  };
  return body('');
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(source);
    if (found === null) throw new SyntaxError(`no HCL: ${source.slice(from, from + 40)}`);
    const [, comment, text, number, name, sign] = found;
    if (comment !== undefined) continue;
    if (text !== undefined) tokens.push({kind: 'text', text});
    else if (number !== undefined) tokens.push({kind: 'number', text: number});
    else if (name !== undefined) tokens.push({kind: 'name', text: name});
    else tokens.push({kind: 'sign', text: sign ?? ''});
  }
  return tokens;
}

/** Escapes, and `$${` and `%%{`, which keep HCL from looking for an expression. */
function textOf(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (/[$%]\{/.test(inner.replaceAll('$${', '').replaceAll('%%{', ''))) {
    throw new SyntaxError(`${quoted} has an expression in it`);
  }
  const escapes = /\\(?:u[\da-f]{4}|U[\da-f]{8}|[nrt"\\])|[$%]{2}(?=\{)/gi;
  return inner.replaceAll(escapes, (escape) => {
    if (!escape.startsWith('\\')) return escape[0] ?? '';
    const letter = escape[1] ?? '';
    if (letter.toLowerCase() === 'u') return String.fromCodePoint(Number.parseInt(escape.slice(2), 16));
    return {n: '\n', r: '\r', t: '\t'}[letter] ?? letter;
  });
}
