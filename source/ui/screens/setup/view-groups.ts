import type {ChangeGroup, Changes} from '../../../app/setup/changes.js';
import {countOf, formatElapsed} from '../../../text/elapsed.js';
import {diffLines, parseUnifiedDiff} from '../../components/diff.js';
import {cellWidth} from '../../../text/cells.js';
import {columns, type UiLine} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {type Draft, EMPTY, endOf, inSight, muted, row, strong, wrapped} from '../../components/draft.js';
import {keyIn} from './selectors.js';
import type {ChangesState, Proposed, SetupState} from './state.js';
import {WIDE} from './view-impact.js';
import {changeWords} from './words.js';

/** One row for each different change. */
export function groupRows(
  {groups, isApiLast}: Changes,
  {list}: ChangesState,
  cells: number,
  theme: Theme,
): readonly Draft[] {
  const values = groups.map(
    ({before, after, role}) =>
      changeWords(before, after, theme.signs.arrow) + (role === 'api' && isApiLast ? ', last' : ''),
  );
  // What it becomes is never cut: of a long path the end says more than the beginning.
  const valueCells = Math.max(0, ...values.map((text) => cellWidth(text)));
  const placeCells = Math.max(12, cells - 19 - valueCells);
  return groups.map((group, index): Draft => {
    const {hosts, role, file = '', line, isInsertion, needsRestart} = group;
    const where =
      line === undefined
        ? needsRestart
          ? '  right already, restart'
          : ''
        : isInsertion
          ? `  + after line ${line - 1}`
          : `:${line}`;
    return {
      line: columns(
        [
          {cells: 5, align: 'right', line: [String(hosts.length)]},
          {cells: 9, line: [`${role === 'api' ? 'API node' : 'compute'}${hosts.length === 1 ? '' : 's'}`]},
          {cells: placeCells, line: [`${endOf(file, Math.max(8, placeCells - where.length))}${where}`]},
          {cells: valueCells, line: [values[index] ?? '']},
        ],
        1,
      ),
      isSelected: group.id === list.cursor,
    };
  });
}

/** The change that the cursor is on. */
export function selectedGroup({changes}: Proposed, {list}: ChangesState): ChangeGroup | undefined {
  return changes.groups.find(({id}) => id === list.cursor) ?? changes.groups[0];
}

/** The diff of the change that the cursor is on. */
export function shownDiff(
  value: Proposed,
  changes: ChangesState,
  cells: number,
  theme: Theme,
): readonly Draft[] {
  const group = selectedGroup(value, changes);
  if (group === undefined) return [];
  const lines = diffLines(theme, parseUnifiedDiff(group.diff), cells - 1);
  return lines.length === 0
    ? [row(muted('its file is right already and is not touched'))]
    : lines.map((line) => ({line}));
}

/** How many of those who would be destroyed are in sight. */
export function victimRoom({rows}: Pick<Size, 'rows'>): number {
  return Math.max(1, rows - 4);
}

/** Everybody who would be destroyed. */
export function victimRows(
  {changes}: Proposed,
  state: SetupState,
  {rows, columns: cells}: Size,
): readonly Draft[] {
  const wide = cells >= WIDE;
  const lineOf = (name: UiLine, project: UiLine, host: UiLine, ago: UiLine): UiLine => [
    '  ',
    ...columns([
      {cells: wide ? 40 : 24, line: name},
      {cells: wide ? 24 : 14, line: project},
      {cells: wide ? 24 : 16, line: host},
      {cells: 13, align: 'right', line: ago},
    ]),
  ];
  const list = changes.victims.map(({id, name, project, host, ageSeconds}): Draft => ({
    line: lineOf(
      [name],
      [muted(project)],
      [host],
      [ageSeconds === undefined ? 'unknown' : formatElapsed(ageSeconds)],
    ),
    isSelected: id === state.changes.victims.cursor,
  }));
  return [
    EMPTY,
    row(
      strong(`${countOf(changes.victims.length, 'server')} that would be destroyed`),
      muted(`  oldest first; ${keyIn(state, 'set-up.export')} writes them to a file`),
    ),
    EMPTY,
    {line: lineOf([muted('NAME')], [muted('PROJECT')], [muted('HOST')], [muted('DELETED, AGO')])},
    ...inSight(list, victimRoom({rows})),
  ];
}

/** The diff with the nodes that get it. */
export function diffRows(
  value: Proposed,
  changes: ChangesState,
  cells: number,
  rows: number,
  theme: Theme,
): readonly Draft[] {
  const group = selectedGroup(value, changes);
  if (group === undefined) return [EMPTY, row(muted('nothing has to be changed'))];
  const names = wrapped(group.hosts.join(', '), cells - 4);
  const diff = shownDiff(value, changes, cells - 2, theme);
  const room = Math.max(1, rows - diff.length - 5);
  return [
    EMPTY,
    row(
      strong(countOf(group.hosts.length, group.role === 'api' ? 'API node' : 'compute')),
      muted(`  ${group.file ?? ''}`),
    ),
    ...names
      .slice(0, room)
      .map((text, index) => row(muted(index === room - 1 && names.length > room ? `${text} …` : text))),
    EMPTY,
    ...diff,
  ];
}
