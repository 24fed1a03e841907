import {useState, type ReactNode} from 'react';
import type {UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {topRow, type ListState} from './list.js';
import {Row} from './row.js';

export type ListViewProps<Item> = {
  readonly theme: Theme;
  readonly items: readonly Item[];
  idOf(item: Item): string;
  /** A row from column 1 on. Called for rows in sight only. */
  lineOf(item: Item): UiLine;
  readonly list: ListState;
  readonly cells: number;
  readonly rows: number;
  readonly hasFocus?: boolean;
};

/**
 * The rows of a list that are in sight, however many there are. It moves no further than the cursor needs, and not at
 * all while the cursor stays in sight.
 */
export function ListView<Item>(props: ListViewProps<Item>): ReactNode {
  const {theme, items, list, cells, rows, hasFocus} = props;
  const cursor = items.findIndex((item) => props.idOf(item) === list.cursor);
  const [lastTop, setTop] = useState(0);
  const top = topRow(lastTop, cursor, items.length, rows);
  // The place to go on from; it is set while rendering because nothing else is to be painted for it.
  if (top !== lastTop) setTop(top);
  return items.slice(top, top + rows).map((item) => {
    const id = props.idOf(item);
    return (
      <Row
        key={id}
        theme={theme}
        line={props.lineOf(item)}
        cells={cells}
        isSelected={id === list.cursor}
        hasFocus={hasFocus ?? true}
      />
    );
  });
}
