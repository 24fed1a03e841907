import {cellWidth} from '../../text/cells.js';
import {graphemesOf} from '../../text/graphemes.js';
import {fit, type UiLine, type UiSpan} from '../spans.js';
import type {Style, Theme} from '../theme.js';
import {shownGraphemes, type Field} from './field.js';

export type FieldLineOptions = {
  readonly cells: number;
  readonly hasFocus: boolean;
  /** A word that has to be typed: what is missing of it is shown faint behind what is there. */
  readonly ghost?: string;
  /** Seen as a field although it has a ghost. */
  readonly isBox?: boolean;
};

/** A field in so many cells, with its cursor. A text that is longer moves, so that the cursor is in sight. */
export function fieldLine(theme: Theme, field: Field, options: FieldLineOptions): UiLine {
  const {cells, hasFocus, ghost, isBox = ghost === undefined} = options;
  const typed = shownGraphemes(field);
  const rest =
    ghost?.startsWith(field.text) === true ? Array.from(graphemesOf(ghost)).slice(typed.length) : [];
  // The cursor stands before what is missing, not on it: that is not typed yet.
  const all = [...typed, ...(typed.length === field.cursor ? [' '] : []), ...rest];
  const first = firstInSight(all, field.cursor, cells);
  const ground = isBox ? groundOf(theme) : {};
  const line = all.slice(first).map((text, index): UiSpan => {
    const at = first + index;
    const isGhost = at >= typed.length && text !== ' ';
    return {
      text,
      ...ground,
      ...(isGhost ? {colour: 'faint', isDim: true} : {isBold: true}),
      ...(hasFocus && at === field.cursor ? {isInverse: true, colour: 'text', isUnderlined: false} : {}),
    };
  });
  return fit(line, cells, 'left', theme.signs.cut).map((span) =>
    typeof span === 'string' ? {text: span, ...ground} : span,
  );
}

/** Where no background can be had, a line below the text shows where the field is. */
function groundOf(theme: Theme): Style {
  return theme.depth === '16' || theme.depth === 'none' ? {isUnderlined: true} : {background: 'selection'};
}

/** The first grapheme that is shown: the latest one with which the cursor is in sight, counted from the start. */
function firstInSight(graphemes: readonly string[], cursor: number, cells: number): number {
  let first = 0;
  let width = graphemes.slice(0, cursor + 1).reduce((sum, grapheme) => sum + cellWidth(grapheme), 0);
  while (width > cells && first < cursor) {
    width -= cellWidth(graphemes[first] ?? '');
    first++;
  }
  return first;
}
