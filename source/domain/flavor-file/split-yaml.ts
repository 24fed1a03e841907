/**
 * A part of a YAML text that can be read alone: a document, an item of the list that a document is, or the fields
 * beside the list of flavors. Lines count from 1.
 */
export type YamlPart = {
  readonly kind: 'document' | 'item' | 'beside';
  readonly line: number;
  readonly text: string;
};

const ITEM = /^-(?:[ \t]|$)/;
const SEPARATOR = /^(?:---|\.\.\.)(?:[ \t]|$)/;
const NOTHING = /^\s*(?:#|$)/;

/**
 * Splits YAML where lines begin without a blank: at `---`, and at each `- ` of a document that is a list, or that is
 * `flavors:` with a list below. So one flavor that is no YAML does not take the others with it.
 */
export function splitYaml(text: string): YamlPart[] {
  const parts: YamlPart[] = [];
  let lines: string[] = [];
  let begun = 1;
  const flush = (until: number): void => {
    for (const part of splitDocument(lines, begun)) parts.push(part);
    lines = [];
    begun = until;
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (SEPARATOR.test(line)) {
      flush(index + 1);
      // What stands behind the dashes belongs to the document.
      lines.push(line.replace(/^(?:---|\.\.\.)/, '   '));
    } else if (!line.startsWith('%')) lines.push(line);
    else lines.push('');
  }
  flush(0);
  return parts;
}

function splitDocument(lines: readonly string[], begun: number): YamlPart[] {
  const first = lines.findIndex((line) => !NOTHING.test(line));
  if (first === -1) return [];
  const isWrapped = /^(?:"flavors"|flavors):\s*(?:#.*)?$/.test(lines[first] ?? '');
  const list = isWrapped ? lines.findIndex((line, index) => index > first && !NOTHING.test(line)) : first;
  const indent = /^( *)-(?:[ \t]|$)/.exec(lines[list] ?? '')?.[1];
  if (indent === undefined || (!isWrapped && indent !== '')) {
    return [{kind: 'document', line: begun + first, text: lines.slice(first).join('\n')}];
  }
  const parts: YamlPart[] = [];
  let start = list;
  let kind: 'item' | 'beside' = 'item';
  const push = (end: number): void => {
    parts.push({kind, line: begun + start, text: lines.slice(start, end).join('\n')});
    start = end;
  };
  for (let index = list + 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (NOTHING.test(line)) continue;
    if (kind === 'item' && line.startsWith(indent) && ITEM.test(line.slice(indent.length))) push(index);
    else if (isWrapped && kind === 'item' && /^[^\s-]/.test(line)) {
      push(index);
      kind = 'beside';
    }
  }
  push(lines.length);
  return parts;
}
