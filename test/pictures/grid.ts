/** The screen of a terminal emulator as plain data. */
import type xterm from '@xterm/headless';

/** `default`: the terminal's own; a number of the palette of 256; `#rrggbb`. */
export type Colour = 'default' | number | `#${string}`;

export type Cell = {
  /** A grapheme, a space where nothing is. */
  readonly text: string;
  /** Columns that it takes: 2 for wide characters. The cell after a wide one is left out. */
  readonly width: number;
  readonly colour: Colour;
  readonly background: Colour;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isInverse: boolean;
};

export type Grid = {readonly columns: number; readonly rows: readonly (readonly Cell[])[]};

/** The screen as it is shown now. */
export function readGrid(emulator: xterm.Terminal): Grid {
  const buffer = emulator.buffer.active;
  const rows = Array.from({length: emulator.rows}, (_, row) => {
    const line = buffer.getLine(buffer.viewportY + row);
    const cells = Array.from({length: emulator.cols}, (__, column) => line?.getCell(column));
    return cells.flatMap((cell) => (cell === undefined || cell.getWidth() === 0 ? [] : [readCell(cell)]));
  });
  return {columns: emulator.cols, rows};
}

/** The same without empty rows at its end. */
export function withoutEmptyEnd({columns, rows}: Grid): Grid {
  const last = rows.findLastIndex((row) =>
    row.some(({text, background, isInverse}) => text.trim() !== '' || background !== 'default' || isInverse),
  );
  return {columns, rows: rows.slice(0, last + 1)};
}

/** Its text, without spaces at the ends of rows. */
export function gridText({rows}: Grid): string {
  return rows
    .map((row) =>
      row
        .map(({text}) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

function readCell(cell: xterm.IBufferCell): Cell {
  return {
    text: cell.getChars() || ' ',
    width: cell.getWidth(),
    colour: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isItalic: cell.isItalic() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
    isInverse: cell.isInverse() !== 0,
  };
}

function colourOf(isDefault: boolean, isRgb: boolean, value: number): Colour {
  if (isDefault) return 'default';
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : value;
}
