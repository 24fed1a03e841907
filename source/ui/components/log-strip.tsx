import type {ReactNode} from 'react';
import {spread, withStyle, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {Lines} from './row.js';

export type LogStripProps = {
  readonly theme: Theme;
  readonly line: UiLine;
  /** `2 of 41`. */
  readonly position: string | undefined;
  readonly cells: number;
};

/** The newest event, or the command that does the same; where the cursor is at the right. */
export function LogStrip({theme, line, position, cells}: LogStripProps): ReactNode {
  const left: UiLine = [' ', ...withStyle(line, {colour: 'muted'})];
  const right: UiLine = position === undefined ? [] : [' ', {text: position, colour: 'muted'}];
  return <Lines theme={theme} lines={[[...spread(left, right, cells - 1, theme.signs.cut), ' ']]} />;
}
