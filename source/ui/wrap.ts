import {paragraph} from '../text/paragraph.js';
import {spansOf} from '../text/line.js';
import type {UiLine} from './spans.js';
import type {Style} from './theme.js';

/** Text broken at spaces into lines of at most so many cells, each begun with an indent. */
export function wrapText(text: string, cells: number, indent: number, style: Style = {}): readonly UiLine[] {
  const space = ' '.repeat(indent);
  return paragraph(text, 0, '', Math.max(1, cells - indent)).map((line) => [
    space,
    {
      text: spansOf(line)
        .map((span) => (typeof span === 'string' ? span : span.text))
        .join(''),
      ...style,
    },
  ]);
}
