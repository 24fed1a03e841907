import {Tokenizer, TokenKind, type Liquid, type TagToken, type TopLevelToken} from './liquid-package.js';

/** Tags that stand for a value, or for a text that is left as it is. */
const INLINE: ReadonlySet<string> = new Set(['quote', 'endquote']);

/**
 * The parts of a template. A line with nothing in it but a tag leaves nothing behind, as in Ansible's templates; what is
 * between `{% raw %}` and `{% endraw %}` is text like any other.
 */
export function readTokens(text: string, liquid: Liquid): TopLevelToken[] {
  const tokens = new Tokenizer(text, liquid.options.operators).readTopLevelTokens(liquid.options);
  const kept: TopLevelToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const first = tokens[index];
    if (first === undefined) break;
    const start = index;
    let last = first;
    if (isTag(first) && first.name === 'comment') {
      const end = tokens.findIndex((token, at) => at > start && isTag(token) && token.name === 'endcomment');
      index = Math.max(end, start);
      last = tokens[index] ?? first;
    }
    if (isTag(first) && !INLINE.has(first.name) && isAlone(text, first.begin, last.end)) {
      trim(tokens[start - 1], /[ \t]*$/, 'trimRight');
      trim(tokens[index + 1], /^[ \t]*\n?/, 'trimLeft');
    }
    // A comment that does not end is refused where it is parsed.
    if (last === first && !(isTag(first) && (first.name === 'raw' || first.name === 'endraw')))
      kept.push(first);
  }
  return kept;
}

function isTag(token: TopLevelToken): token is TagToken {
  return token.kind === TokenKind.Tag;
}

function isAlone(text: string, begin: number, end: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', begin - 1) + 1, begin);
  const next = text.indexOf('\n', end);
  return (
    (begin === 0 || before.trim() === '') && text.slice(end, next === -1 ? undefined : next).trim() === ''
  );
}

function trim(token: TopLevelToken | undefined, blanks: RegExp, side: 'trimLeft' | 'trimRight'): void {
  if (token?.kind !== TokenKind.HTML || !('trimLeft' in token) || !('trimRight' in token)) return;
  token[side] = Math.max(Number(token[side]), blanks.exec(token.getText())?.[0].length ?? 0);
}
