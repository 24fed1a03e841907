/** What a screen draws, as text. */
import {stripVTControlCharacters} from 'node:util';
import {lineCells, paint, plainText, type UiLine} from '../../source/ui/spans.js';
import type {Theme} from '../../source/ui/theme.js';

/** The rows of a body of this size as text; throws where they do not fit. */
export function bodyText(
  lines: readonly UiLine[],
  {columns, rows}: {readonly columns: number; readonly rows: number},
  theme: Theme,
): readonly string[] {
  for (const line of lines) {
    if (lineCells(line) > columns) throw new Error(`too wide: ${plainText(line)}`);
  }
  if (lines.length > rows) throw new Error(`too high: ${lines.length}`);
  return lines.map((line) =>
    (theme.isAscii ? stripVTControlCharacters(paint(theme, line)) : plainText(line)).trimEnd(),
  );
}
