import {SMALLEST_COLUMNS, SMALLEST_ROWS, type Size} from './screen.js';
import {lineCells, wrap, type UiLine} from './spans.js';

/**
 * What a window says that is too small to draw in: how small it is and what is needed, commands that do without, and
 * what goes on meanwhile. In the middle, no frame; the narrower, the less.
 */
export function tooSmallLines(
  {columns, rows}: Size,
  commands: readonly string[],
  meanwhile: string | undefined,
): readonly UiLine[] {
  const needed = `${SMALLEST_COLUMNS} x ${SMALLEST_ROWS}`;
  if (rows < 3) return [[`${needed} needed`]];
  const sentence = `This window is ${columns} x ${rows}. reprieve needs ${needed}.`;
  if (columns < 40) return wrap([sentence], columns).slice(0, rows);
  const hint = commands.length === 0 ? 'Make it larger.' : 'Make it larger, or use a command:';
  const text: readonly string[] = [
    sentence,
    '',
    hint,
    ...(commands.length === 0 ? [] : ['', ...commands.map((command) => `  ${command}`)]),
    ...(meanwhile === undefined ? [] : ['', meanwhile]),
  ];
  const kept = text.length <= rows ? text : [sentence, ...(meanwhile === undefined ? [] : [meanwhile])];
  const widest = Math.max(...kept.map((line) => lineCells([line])));
  const left = ' '.repeat(Math.max(0, Math.floor((columns - widest) / 2)));
  const above = Math.max(0, Math.floor((rows - kept.length) / 2));
  return [
    ...Array.from({length: above}, (): UiLine => [' ']),
    ...kept.flatMap((line) => wrap([left, line], columns, left.length)),
  ].slice(0, rows);
}
