import type {ReactNode} from 'react';
import type {Title} from '../screen.js';
import {fit, lineCells, plainText, withStyle, type UiLine} from '../spans.js';
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
  const middle = middleOf(title.middle ?? [], marks);
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

/** Cloud and scope, and the marks. Where the first word is a mark's own it is not said twice. */
function middleOf(middle: UiLine, marks: readonly string[]): UiLine {
  const text = plainText(middle);
  const named = marks.find((mark) => text === mark || text.startsWith(`${mark} `));
  const rest = marks.filter((mark) => mark !== named);
  const place: UiLine =
    named === undefined
      ? withStyle(middle, {colour: 'muted'})
      : [
          {text: named, colour: 'accent'},
          {text: text.slice(named.length), colour: 'muted'},
        ];
  return [
    ...place,
    ...rest.map((mark, index) => ({
      text: index === 0 && text === '' ? mark : `  ${mark}`,
      colour: 'accent' as const,
    })),
  ];
}
