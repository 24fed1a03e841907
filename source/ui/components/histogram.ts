import type {UiLine, UiSpan} from '../spans.js';
import type {ColourName, Theme} from '../theme.js';

export type HistogramOptions = {
  /** One number for each column. */
  readonly values: readonly number[];
  /** How high the highest column is. */
  readonly rows: number;
  colourOf(index: number): ColourName;
  /** A rule stands before this column. */
  readonly cutBefore?: number;
  /** How wide a column is, and how far from the next one. */
  readonly columnCells?: number;
  readonly gap?: number;
};

/** A cell of a column by its height. */
const UNICODE_LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_LEVELS = ['_', '.', ':', '#'];

/**
 * Numbers as columns, the highest as high as there are rows. Every column with anything in it is seen. Not for exact
 * reading: the numbers that matter stand beside it.
 */
export function histogram(theme: Theme, options: HistogramOptions): readonly UiLine[] {
  const {values, rows, colourOf, cutBefore, columnCells = 1, gap = 0} = options;
  const levels = theme.isAscii ? ASCII_LEVELS : UNICODE_LEVELS;
  const highest = Math.max(0, ...values);
  const heights = values.map((value) =>
    value <= 0 ? 0 : Math.max(1, Math.round((value / highest) * rows * levels.length)),
  );
  const rule: UiSpan = {text: theme.signs.rule, colour: 'muted'};
  return Array.from({length: rows}, (_, row) => {
    const below = (rows - 1 - row) * levels.length;
    return heights.flatMap((height, index): UiSpan[] => {
      const level = Math.min(levels.length, height - below);
      const sign = level <= 0 ? ' ' : (levels[level - 1] ?? ' ');
      return [
        ...(index === cutBefore ? [rule] : []),
        {text: sign.repeat(columnCells) + ' '.repeat(gap), colour: colourOf(index)},
      ];
    });
  });
}
