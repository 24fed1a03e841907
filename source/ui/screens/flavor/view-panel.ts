import type {CloudFlavor} from '../../../app/flavor/flavor-ports.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {formatDisk, formatMemory} from '../../../text/sizes.js';
import {fieldLine} from '../../components/field-view.js';
import {middleTop} from '../../components/list.js';
import {rowLine} from '../../components/row.js';
import type {Size} from '../../screen.js';
import {columns as columnsOf, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {heading, muted, wrapped} from '../../components/draft.js';
import {guestLines} from './guest-half.js';
import {cloneRows, findingsTitle, judgementOf, usesOf} from './judged.js';
import {allXml} from './panel-rows.js';
import {findingRows} from './parts.js';
import type {FlavorState} from './state.js';

/** A group of lines that the cursor takes as one. */
type Group = {readonly id: string; readonly lines: readonly UiLine[]};

/** What was opened in the place of the form. */
export function panelLines(
  state: FlavorState,
  {columns, rows}: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const cells = columns - 3;
  switch (state.panel) {
    case undefined:
      return [];
    case 'findings': {
      const findings = judgementOf(state)?.findings ?? [];
      const head = `FINDINGS  ${findingsTitle(state)}`;
      return listed(head, findingRows(findings, {theme, cells}), state, {columns, rows}, theme, hasFocus);
    }
    case 'xml': {
      const groups = allXml(state).map((line, index): Group => ({
        id: String(index),
        lines: wrapped(line, cells - 4).map((one, at): UiLine => [
          at === 0 ? indentOf(line) : `${indentOf(line)}    `,
          one.trim(),
        ]),
      }));
      const head = `XML  what these specs add to the guest${groups.length === 0 ? ': nothing comes of it' : '; host CPUs are chosen at boot'}`;
      return listed(head, groups, state, {columns, rows}, theme, hasFocus);
    }
    case 'guest': {
      const groups = guestLines(state).map((line, index): Group => ({id: String(index), lines: [[line]]}));
      const head = 'GUEST HALF  user data for cloud-init: Debian, Ubuntu, EL, SUSE';
      const lines = listed(head, groups, state, {columns, rows}, theme, hasFocus);
      return [...lines, ...guestTrouble(state, cells)];
    }
    case 'clone':
      return cloneLines(state, {columns, rows}, theme, hasFocus);
  }
}

/** Why there is no guest half to be seen. */
function guestTrouble({guest}: FlavorState, cells: number): readonly UiLine[] {
  if (guest.kind !== 'failed') return [];
  const {message, remedy} = guest.trouble;
  return [message, ...(remedy === undefined ? [] : [remedy])].flatMap((text) =>
    wrapped(text, cells).map((line): UiLine => [' ', line]),
  );
}

function indentOf(line: string): string {
  return ' '.repeat(line.length - line.trimStart().length);
}

/** A heading and groups below it, the one with the cursor in sight. */
function listed(
  head: string,
  groups: readonly Group[],
  {list}: FlavorState,
  {columns, rows}: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const [title = '', ...rest] = head.split('  ');
  const lines = groups.flatMap(({id, lines: own}) =>
    own.map((line) => rowLine(theme, [' ', ...line], columns, id === list.cursor, hasFocus)),
  );
  const room = rows - 3;
  const before = groups.slice(
    0,
    groups.findIndex(({id}) => id === list.cursor),
  );
  const cursor = before.reduce((sum, {lines: own}) => sum + own.length, 0);
  const top = middleTop(cursor, lines.length, room);
  return [[], [' ', heading(title), '  ', muted(rest.join('  '))], [], ...lines.slice(top, top + room)];
}

function cloneLines(
  state: FlavorState,
  {columns, rows}: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const {filter} = state;
  const found = cloneRows(state);
  const head: UiLine = filter.isTyping
    ? [' / ', ...fieldLine(theme, filter.field, {cells: 30, hasFocus})]
    : filter.field.text === ''
      ? [' ', heading('BEGIN WITH A COPY OF'), '  ', muted(countOf(found.length, 'flavor'))]
      : [' / ', filter.field.text, '  ', muted(countOf(found.length, 'flavor'))];
  const name = columns >= 110 ? 40 : 24;
  const groups = found.map((flavor): Group => ({
    id: flavor.id,
    lines: [cloneLine(state, flavor, name, columns)],
  }));
  const titles: UiLine = [
    '   ',
    ...cloneColumns(
      [muted('NAME')],
      [muted('vCPU')],
      [muted('MEMORY')],
      [muted('DISK')],
      [muted('SERVERS')],
      [muted('EXTRA SPECS')],
      name,
      columns,
    ),
  ];
  const room = rows - 4;
  const at = groups.findIndex(({id}) => id === state.list.cursor);
  const top = middleTop(at, groups.length, room);
  return [
    [],
    head,
    [],
    titles,
    ...groups
      .slice(top, top + room)
      .flatMap(({id, lines}) =>
        lines.map((line) => rowLine(theme, line, columns, id === state.list.cursor, hasFocus)),
      ),
    ...(found.length === 0 ? [[' ', muted('no flavor holds that')] as UiLine] : []),
  ];
}

function cloneLine(state: FlavorState, flavor: CloudFlavor, name: number, columns: number): UiLine {
  const uses = usesOf(state, flavor.name);
  const specs = flavor.extraSpecs;
  const words =
    specs === undefined
      ? 'not shown to you'
      : Object.entries(specs)
          .map(([key, value]) => `${key}=${value}`)
          .join(' ');
  return [
    '  ',
    ...cloneColumns(
      [flavor.name],
      [formatCount(flavor.vcpus)],
      [formatMemory(flavor.memoryMib)],
      [formatDisk(flavor.diskGib)],
      [uses === undefined ? '?' : formatCount(uses)],
      [muted(words)],
      name,
      columns,
    ),
  ];
}

function cloneColumns(
  name: UiLine,
  vcpus: UiLine,
  memory: UiLine,
  disk: UiLine,
  servers: UiLine,
  specs: UiLine,
  nameCells: number,
  columns: number,
): UiLine {
  const rest = Math.max(0, columns - nameCells - 4 - 4 - 9 - 9 - 7 - 10 - 1);
  return columnsOf([
    {cells: nameCells, line: name},
    {cells: 4, align: 'right', line: vcpus},
    {cells: 9, align: 'right', line: memory},
    {cells: 9, align: 'right', line: disk},
    {cells: 7, align: 'right', line: servers},
    {cells: rest, line: specs},
  ]);
}
