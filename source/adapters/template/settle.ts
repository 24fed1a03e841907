import {TemplateProblem} from '../../app/template/template-ports.js';
import {MARK, printed, type Format, type Place} from '../../domain/template/format.js';

/** What stands for a mark: a value, or a text of another language. */
export type Print = {
  /** Of the template, from 1. */
  readonly line: number;
  readonly content:
    | {readonly kind: 'value'; readonly value: unknown}
    | {readonly kind: 'quote'; readonly text: string; readonly language: Format};
};

/** A text with what stands for its marks, in order, quoted for its place. Throws `TemplateProblem`. */
export function settled(text: string, prints: readonly Print[], format: Format): string {
  if (prints.length === 0) return text;
  const places = format.places(text);
  const [first = '', ...rest] = text.split(MARK);
  const parts = [first];
  let line = first.slice(first.lastIndexOf('\n') + 1);
  for (const [index, print] of prints.entries()) {
    const next = rest[index] ?? '';
    parts.push(written(print, {format, place: places[index] ?? 'closed', indent: indentOf(line)}), next);
    const end = next.lastIndexOf('\n');
    line = end === -1 ? `${line}${MARK}${next}` : next.slice(end + 1);
  }
  return parts.join('');
}

/** How far in a line's content is; what follows a dash is as far in as the dash and its blank. */
function indentOf(line: string): number {
  return /^\s*(?:- +)*/.exec(line)?.[0].length ?? 0;
}

type At = {readonly format: Format; readonly place: Place; readonly indent: number};

function written({content, line}: Print, {format, place, indent}: At): string {
  try {
    if (content.kind === 'value') return printed(format, content.value, place);
    if (place === 'comment' || place === 'closed') {
      throw new RangeError('{% quote %} makes a value, and here none can stand: write no quotes around it');
    }
    return format.embed(content.text, {place, indent, language: content.language.name});
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TemplateProblem(error.message, line);
  }
}
