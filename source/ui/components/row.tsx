import {Text} from 'ink';
import type {ReactNode} from 'react';
import {fit, lineCells, paint, plainText, type UiLine, type UiSpan} from '../spans.js';
import type {Theme} from '../theme.js';

export type RowProps = {
  readonly theme: Theme;
  /** From column 1 on: column 0 is the cursor's. */
  readonly line: UiLine;
  /** How wide the row is, with column 0. */
  readonly cells: number;
  readonly isSelected?: boolean;
  /** A dialog that is open has the focus: then the bar stays and the background goes. */
  readonly hasFocus?: boolean;
};

/** One row of the screen as one piece of text: cut and filled up to its cells, with the cursor before it. */
export function Row({theme, line, cells, isSelected = false, hasFocus = true}: RowProps): ReactNode {
  return <PaintedLine theme={theme} line={rowLine(theme, line, cells, isSelected, hasFocus)} />;
}

/** Lines below each other, each one row high. They are not cut: make them fit. */
export function Lines({theme, lines}: {readonly theme: Theme; readonly lines: readonly UiLine[]}): ReactNode {
  if (lines.length === 0) return null;
  return <Text wrap="truncate-end">{lines.map((line) => paint(theme, line) || ' ').join('\n')}</Text>;
}

function PaintedLine({theme, line}: {readonly theme: Theme; readonly line: UiLine}): ReactNode {
  return <Text wrap="truncate-end">{paint(theme, line)}</Text>;
}

/** A row with its cursor: the bar in column 0, the background on all of it, and a bold name. */
export function rowLine(
  theme: Theme,
  line: UiLine,
  cells: number,
  isSelected: boolean,
  hasFocus: boolean,
): UiLine {
  const {cut, selected} = theme.signs;
  const isCut = lineCells([plainText(line).trimEnd()]) > cells - 1;
  // What is cut leaves the column at the right edge free; spaces at its end are nothing to be cut.
  const rest = isCut ? [...fit(line, cells - 2, 'left', cut), ' '] : fit(line, cells - 1, 'left', ' ');
  if (!isSelected) return [' ', ...rest];
  const hasGround = hasFocus && theme.depth !== '16' && theme.depth !== 'none';
  const bar: UiSpan = {text: selected, colour: 'accent', ...(hasGround ? {background: 'selection'} : {})};
  const named = withBoldName(rest);
  return [bar, ...(hasFocus ? named.map(onSelection) : named)];
}

/** The name of a row is its first words that have no colour of their own. */
function withBoldName(line: UiLine): UiLine {
  const index = line.findIndex(
    (span) =>
      (typeof span === 'string' ? span : span.text).trim() !== '' &&
      (typeof span === 'string' || span.colour === undefined || span.colour === 'text'),
  );
  return line.map((span, at) =>
    at === index ? {...(typeof span === 'string' ? {text: span} : span), isBold: true} : span,
  );
}

function onSelection(span: UiSpan): UiSpan {
  return {background: 'selection', ...(typeof span === 'string' ? {text: span} : span)};
}
