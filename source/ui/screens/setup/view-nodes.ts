import {countOf, formatCount, formatElapsed} from '../../../text/elapsed.js';
import type {NodeRow} from '../../../app/setup/nodes.js';
import {fieldLine} from '../../components/field-view.js';
import {signSpan} from '../../meaning.js';
import {columns, spread, type UiLine} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  coloured,
  type Draft,
  drawn,
  EMPTY,
  endOf,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import {allRows, keyIn, type NodeItem, nodeCounts, nodeItems} from './selectors.js';
import type {SetupState} from './state.js';
import {readingWords} from './words.js';

/** Rows that stand around the list. */
const ROWS_AROUND = 8;

/** How many rows of nodes and groups are in sight; a word above a part of them takes two. */
export function nodeRoom(state: SetupState, {rows}: Size): number {
  return listRoom(rows) - (nodeCounts(state).notChosen === 0 ? 2 : 4);
}

const listRoom = (rows: number): number => Math.max(3, rows - ROWS_AROUND);

/** Nodes: what is wrong one by one, what is alike as one row. */
export function nodeLines(state: SetupState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const {nodes} = state;
  if (nodes.kind === 'failed' && nodes.trouble !== undefined) {
    const again = row('  ', muted(`${keyIn(state, 'again')} looks again`));
    return drawn(
      theme,
      [EMPTY, ...troubleRows(theme, nodes.trouble, size.columns), again],
      size.columns,
      hasFocus,
    );
  }
  const items = nodeItems(state);
  const list = listRows(state, items, size, theme);
  const rows = [
    EMPTY,
    {line: summary(state, size, theme)},
    EMPTY,
    {line: header(size)},
    ...inSight(list, listRoom(size.rows)),
    EMPTY,
    ...noteRows(state, size, theme),
  ];
  return drawn(theme, rows, size.columns, hasFocus);
}

function summary(state: SetupState, {columns: cells}: Size, theme: Theme): UiLine {
  const counts = nodeCounts(state);
  const {nodes} = state;
  const left: UiLine =
    nodes.kind === 'looking'
      ? [
          signSpan(theme, 'working'),
          ' ',
          ...(nodes.total === 0
            ? ['nodes are being listed   ']
            : [
                strong(`${formatCount(counts.looked)} of ${formatCount(nodes.total)}`),
                ' nodes looked at   ',
              ]),
          muted(formatElapsed((state.now - nodes.since) / 1000)),
        ]
      : [
          strong(formatCount(counts.computes)),
          ` ${counts.computes === 1 ? 'compute' : 'computes'}, `,
          strong(formatCount(counts.apis)),
          ` API ${counts.apis === 1 ? 'node' : 'nodes'}   `,
          strong(formatCount(counts.usable)),
          ' can be changed',
        ];
  const right = [
    ...(counts.unreachable === 0
      ? []
      : [coloured(`${theme.signs.failed} ${counts.unreachable} unreachable`, 'danger')]),
    ...(counts.hostKeys === 0
      ? []
      : [coloured(`${theme.signs.warning} ${countOf(counts.hostKeys, 'host key')}`, 'overdue')]),
    ...(counts.leftOut === 0 ? [] : [`${theme.signs.none} ${counts.leftOut} left out`]),
    ...(counts.notChosen === 0 ? [] : [`${theme.signs.none} ${counts.notChosen} not chosen`]),
  ];
  const parted = right.flatMap((part, index) => (index === 0 ? [part] : ['  ', part]));
  return spread(left, parted, cells - 2, theme.signs.cut);
}

type Widths = Readonly<Record<'host' | 'kind' | 'file' | 'now', number>>;

/** KIND is the first column to leave. */
function widthsOf(cells: number): Widths {
  if (cells >= 150) return {host: 32, kind: 26, file: 40, now: 11};
  return cells >= 110 ? {host: 18, kind: 25, file: 26, now: 11} : {host: 16, kind: 0, file: 19, now: 7};
}

/** The sign, ROLE, the spaces between columns, and the columns at both edges, which stay free. */
const CELLS_BETWEEN = 20;

/** What is left for the state: everything else has its width. */
function stateCells(cells: number): number {
  const {host, kind, file, now} = widthsOf(cells);
  return Math.max(8, cells - host - file - now - (kind === 0 ? 0 : kind + 2) - CELLS_BETWEEN);
}

function header({columns: cells}: Size): UiLine {
  const {host, kind, file, now} = widthsOf(cells);
  return [
    '  ',
    ...columns([
      {cells: host, line: [muted('HOST')]},
      {cells: 8, line: [muted('ROLE')]},
      {cells: kind, line: [muted('KIND')]},
      {cells: file, line: [muted('FILE THAT DECIDES')]},
      {cells: now, line: [muted('NOW')]},
      {cells: stateCells(cells), line: [muted('STATE')]},
    ]),
  ];
}

/**
 * The rows of the list that can be in sight of the cursor: each item has at least one, so that items which are further
 * from it than there are rows never are.
 */
function listRows(
  state: SetupState,
  items: readonly NodeItem[],
  {rows, columns: cells}: Size,
  theme: Theme,
): readonly Draft[] {
  const {nodes} = state;
  const cursor = Math.max(
    0,
    items.findIndex(({id}) => id === nodes.list.cursor),
  );
  const firstGroup = items.findIndex(({kind, isChosen}) => kind === 'group' && isChosen);
  const firstOther = items.findIndex(({isChosen}) => !isChosen);
  const first = Math.max(0, cursor - rows);
  return items.slice(first, cursor + rows + 1).flatMap((item, offset): Draft[] => {
    const index = first + offset;
    const drafts: Draft[] = [];
    if (index === firstGroup && index > 0) drafts.push(EMPTY, row(muted('alike')));
    if (index === firstOther) drafts.push(EMPTY, row(muted('not chosen by --hosts: these stay as they are')));
    drafts.push({line: itemLine(item, cells, theme), isSelected: item.id === nodes.list.cursor});
    if (item.kind === 'node' && nodes.opened === item.id) {
      const {details} = item.row;
      const texts = details.length === 0 ? ['nothing is wrong with it'] : details;
      drafts.push(
        ...texts.flatMap((text) => wrapped(text, cells - 8)).map((text) => row('    ', muted(text))),
      );
    }
    return drafts;
  });
}

function itemLine(item: NodeItem, cells: number, theme: Theme): UiLine {
  const [first] = item.kind === 'node' ? [item.row] : item.group.rows;
  if (first === undefined) return [];
  const {isChosen} = item;
  const isOut = item.kind === 'node' ? item.isLeftOut : item.leftOut === item.group.rows.length;
  const {host, kind, file, now} = widthsOf(cells);
  const name =
    item.kind === 'node'
      ? `${item.isMember ? '    ' : ''}${item.row.host}`
      : `${String(item.group.rows.length).padStart(3)} ${first.roles.includes('api') ? 'control' : 'computes'}`;
  const partly = item.kind === 'group' && item.leftOut > 0 && !isOut ? `, ${item.leftOut} left out` : '';
  return [
    signOf(first, isOut || !isChosen, theme),
    ' ',
    ...columns([
      {cells: host, line: [name]},
      {cells: 8, line: [muted(first.roles.join('+'))]},
      {cells: kind, line: [muted(first.kind ?? '')]},
      {
        cells: file,
        line: [muted(endOf(first.file ?? (first.value === undefined ? '' : 'not set'), file))],
      },
      {cells: now, line: [readingWords(first.value)]},
      {
        cells: stateCells(cells),
        line: [!isChosen ? muted('not chosen') : isOut ? 'left out' : `${first.state}${partly}`],
      },
    ]),
  ];
}

function signOf({sign}: NodeRow, isOut: boolean, theme: Theme) {
  if (isOut) return coloured(theme.signs.none, 'muted');
  switch (sign) {
    case 'ok':
      return coloured(theme.signs.ok, 'ok');
    case 'warning':
      return coloured(theme.signs.warning, 'overdue');
    case 'failed':
      return coloured(theme.signs.failed, 'danger');
  }
}

/** Of a few seconds the tenths count too. */
function tookWords(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)} s` : formatElapsed(seconds);
}

function noteRows(state: SetupState, size: Size, theme: Theme): readonly Draft[] {
  const {nodes} = state;
  if (nodes.isFiltering || nodes.filter.text !== '') {
    // A group stands for its members, also where they have rows of their own.
    const shown = nodeItems(state).reduce(
      (sum, item) => sum + (item.kind === 'group' ? item.group.rows.length : item.isMember ? 0 : 1),
      0,
    );
    const hidden = allRows(state).length - shown;
    const field = fieldLine(theme, nodes.filter, {cells: 30, hasFocus: nodes.isFiltering});
    return [
      row(
        'filter  ',
        ...field,
        muted(`  ${hidden} hidden, ${nodes.isFiltering ? 'esc' : keyIn(state, 'back')} shows all`),
      ),
    ];
  }
  if (nodes.kind !== 'seen')
    return [row(muted(`Nodes come as they answer; go on meanwhile with ${keyIn(state, 'set-up.next')}.`))];
  const notes: string[] = [`Nodes that are alike are shown as one group; ${keyIn(state, 'open')} opens it.`];
  if (size.rows >= 24) {
    notes.push(
      nodes.onlyNova.length === 0
        ? 'Every compute that Nova lists was found.'
        : `Nova lists ${countOf(nodes.onlyNova.length, 'compute')} that no node is: ${nodes.onlyNova.slice(0, 3).join(', ')}`,
      `Read over SSH in ${tookWords(nodes.tookSeconds ?? 0)}, one exec each. Nothing was written.`,
    );
  }
  return notes.map((text) => row(muted(text)));
}
