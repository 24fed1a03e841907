import type {ReactNode} from 'react';
import {columns, type UiLine, type UiSpan} from '../spans.js';
import type {Theme} from '../theme.js';
import {middleTop, type ListState} from './list.js';
import {Lines, rowLine} from './row.js';

/** One of a few things to choose from. */
export type Option = {
  readonly id: string;
  readonly label: string;
  /** What is said about it. */
  readonly note?: string;
  /** Before it; where not said, the one that was taken has a sign and the others have none. */
  readonly sign?: UiSpan;
};

export type SelectProps = {
  readonly theme: Theme;
  readonly options: readonly Option[];
  /** Where the cursor stands. */
  readonly list: ListState;
  /** What was taken, if anything. */
  readonly chosen: string | undefined;
  readonly labelCells: number;
  /** Between label and note; 2 where not said. */
  readonly gap?: number;
  readonly cells: number;
  readonly rows: number;
  readonly hasFocus?: boolean;
};

/** A list of options, one of which is taken. */
export function Select(props: SelectProps): ReactNode {
  return <Lines theme={props.theme} lines={selectLines(props)} />;
}

/** Its rows, as many as there is room for, with the cursor among them. */
export function selectLines(props: SelectProps): readonly UiLine[] {
  const {theme, options, list, chosen, labelCells, gap = 2, cells, rows, hasFocus = true} = props;
  const cursor = options.findIndex(({id}) => id === list.cursor);
  const top = middleTop(cursor, options.length, rows);
  return options.slice(top, top + rows).map((option) => {
    const line = optionLine(theme, option, option.id === chosen, labelCells, cells, gap);
    return rowLine(theme, line, cells, option.id === list.cursor, hasFocus);
  });
}

function optionLine(
  theme: Theme,
  {sign, label, note = ''}: Option,
  isChosen: boolean,
  labelCells: number,
  cells: number,
  gap: number,
): UiLine {
  const own = sign ?? (isChosen ? ({text: theme.signs.ok, colour: 'ok'} as const) : ' ');
  const room = Math.max(0, cells - 3 - labelCells - gap);
  const parts = [
    {cells: labelCells, line: [label]},
    {cells: room, line: [{text: note, colour: 'muted' as const}]},
  ];
  return [own, ' ', ...columns(parts, gap)];
}
