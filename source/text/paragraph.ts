import {cellWidth} from './cells.js';
import {graphemesOf} from './graphemes.js';
import {type Line, type Span, spansOf} from './line.js';
import {sanitize} from './sanitize.js';

/** How wide plain text is made; what is wider is wrapped, never cut. */
export const TEXT_WIDTH = 80;

/**
 * Text as lines of at most `width` cells, broken at spaces; a word that is longer stands alone and is not broken,
 * so that paths and commands can be copied. Each line begins with `indent` cells of space, the first with `first`
 * in their place.
 */
export function paragraph(
  text: string,
  indent: number,
  first: Line = ' '.repeat(indent),
  width = TEXT_WIDTH,
): Line[] {
  const space = ' '.repeat(indent);
  return wrap(sanitize(text), Math.max(1, width - indent)).map((part, index) =>
    index === 0 ? [...spansOf(first), part] : [space, part],
  );
}

/** A sign, a space and a text, the text's further lines below its first. */
export function signed(sign: Span, text: string, indent = 2, width = TEXT_WIDTH): Line[] {
  return paragraph(text, indent + 2, [' '.repeat(indent), sign, ' '], width);
}

/** Text with a space wherever a word would not fit into so many cells: for places where nothing may run over. */
export function withBreaks(text: string, cells: number): string {
  return sanitize(text)
    .split(' ')
    .map((word) => {
      if (cellWidth(word) <= cells) return word;
      let used = 0;
      let broken = '';
      for (const grapheme of graphemesOf(word)) {
        const width = cellWidth(grapheme);
        if (used + width > cells) {
          broken += ' ';
          used = 0;
        }
        broken += grapheme;
        used += width;
      }
      return broken;
    })
    .join(' ');
}

/** A line further to the right. */
export function indented(line: Line, cells: number): Line {
  return [' '.repeat(cells), ...spansOf(line)];
}

/** The heading of a section, after an empty line. */
export function heading(text: string): Line[] {
  return ['', {text: text.toUpperCase(), tone: 'strong'}];
}

/** The first of some names and how many there are besides: `a, b, c and 484 more`. */
export function someOf(names: readonly string[], most = 4): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (cellWidth(line) + 1 + cellWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line.replace(/ +$/, ''));
      line = word;
    }
  }
  return [...lines, line];
}
