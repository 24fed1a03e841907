import type {ReactNode} from 'react';
import type {Title} from '../screen.js';
import {fit, lineCells, withStyle, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {Lines} from './row.js';

export type TitleBarProps = {
  readonly theme: Theme;
  readonly title: Title;
  readonly cells: number;
  /** What stands after the cloud: `read-only`, `demo`. */
  readonly marks: readonly string[];
};

/** A band: product, screen and object left, cloud and scope in the middle, clock and freshness right. */
export function TitleBar({theme, title, cells, marks}: TitleBarProps): ReactNode {
  return <Lines theme={theme} lines={[titleLine(theme, title, cells, marks)]} />;
}

/** The title in so many cells. What is in the middle moves aside for the right end, and is cut before the left one. */
export function titleLine(theme: Theme, title: Title, cells: number, marks: readonly string[]): UiLine {
  const {cut} = theme.signs;
  const left: UiLine = [
    {text: ' reprieve', isBold: true},
    '  ',
    {text: title.screen, colour: 'accent', isBold: true},
    ...(title.object === undefined
      ? []
      : [{text: ` ${theme.isAscii ? '>' : '›'} `, colour: 'muted'} as const, title.object]),
  ];
  const middle: UiLine = [
    ...withStyle(title.middle ?? [], {colour: 'muted'}),
    ...marks.map((mark, index) => ({
      text: index === 0 && title.middle === undefined ? mark : `  ${mark}`,
      colour: 'accent' as const,
    })),
  ];
  const right = withStyle(title.right, {colour: 'muted'});
  const rightStart = Math.max(0, cells - lineCells(right) - 1);
  const leftCells = Math.min(lineCells(left), Math.max(0, rightStart - 1));
  const room = Math.max(0, rightStart - leftCells - 4);
  const middleCells = Math.min(lineCells(middle), room);
  const centred = Math.floor((cells - middleCells) / 2);
  const middleStart = Math.min(Math.max(centred, leftCells + 2), rightStart - middleCells - 2);
  const line: UiLine = [
    ...fit(left, leftCells, 'left', cut),
    ' '.repeat(Math.max(0, middleStart - leftCells)),
    ...fit(middle, middleCells, 'left', cut),
  ];
  return withStyle([...fit(line, rightStart), ...fit(right, cells - rightStart, 'left', cut)], {
    background: 'bar',
  });
}
