import type {ReactNode} from 'react';
import {columns, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {ListView} from './list-view.js';
import type {ListState} from './list.js';

/** One of a few things to choose from. */
export type Option = {
  readonly id: string;
  readonly label: string;
  /** What is said about it. */
  readonly note?: string;
};

export type SelectProps = {
  readonly theme: Theme;
  readonly options: readonly Option[];
  /** Where the cursor stands. */
  readonly list: ListState;
  /** What was taken, if anything. */
  readonly chosen: string | undefined;
  readonly labelCells: number;
  readonly cells: number;
  readonly rows: number;
  readonly hasFocus?: boolean;
};

/** A list of options, one of which is taken. */
export function Select(props: SelectProps): ReactNode {
  const {theme, options, chosen, labelCells, ...rest} = props;
  return (
    <ListView
      theme={theme}
      items={options}
      idOf={({id}) => id}
      lineOf={(option) => optionLine(theme, option, option.id === chosen, labelCells)}
      {...rest}
    />
  );
}

function optionLine(theme: Theme, option: Option, isChosen: boolean, labelCells: number): UiLine {
  const sign: UiLine = isChosen ? [{text: theme.signs.ok, colour: 'ok'}] : [' '];
  const label = columns([{cells: labelCells, line: [option.label]}]);
  return [...sign, ' ', ...label, '  ', {text: option.note ?? '', colour: 'muted'}];
}
