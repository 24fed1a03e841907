import {fit, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';

/** A line of a difference: its number in the file, whether it goes or comes, its text. */
export type DiffLine = {
  readonly number: number;
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
};

/** The lines of a difference in the unified form, with their numbers; the names of the files are left out. */
export function parseUnifiedDiff(diff: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let oldNumber = 0;
  let newNumber = 0;
  let isInside = false;
  for (const line of diff.split('\n')) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (head !== null) {
      oldNumber = Number(head[1]);
      newNumber = Number(head[2]);
      isInside = true;
      continue;
    }
    const sign = line[0];
    if (!isInside || (sign !== '-' && sign !== '+' && sign !== ' ')) continue;
    lines.push({number: sign === '-' ? oldNumber : newNumber, sign, text: line.slice(1)});
    if (sign !== '+') oldNumber++;
    if (sign !== '-') newNumber++;
  }
  return lines;
}

const COLOURS = {'-': 'danger', '+': 'ok', ' ': 'muted'} as const;

/** A difference in so many cells: number, sign, text; what goes is red and what comes green, each with its sign. */
export function diffLines(theme: Theme, diff: readonly DiffLine[], cells: number): readonly UiLine[] {
  return diff.map(({number, sign, text}) =>
    fit(
      [
        {text: String(number).padStart(4), colour: sign === ' ' ? 'faint' : COLOURS[sign]},
        {text: `  ${sign}${text.replaceAll('\t', '  ')}`, colour: COLOURS[sign]},
      ],
      cells,
      'left',
      theme.signs.cut,
    ),
  );
}
