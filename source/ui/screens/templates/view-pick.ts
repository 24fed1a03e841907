import type {Template} from '../../../app/template/template-types.js';
import {dayAndTime} from '../../../text/point-in-time.js';
import {fieldLine} from '../../components/field-view.js';
import type {Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {
  beside,
  type Draft,
  drawn,
  EMPTY,
  heading,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import {sourcesOf} from './form.js';
import {pickedTemplate, pickGroups} from './pick.js';
import type {TemplatesState} from './state.js';

const NAME_CELLS = 14;
const LABEL_CELLS = 15;
/** From so many columns on a template is told beside the list. */
const WIDE = 110;

/** The list of templates by group, and beside it what is known of the one with the cursor. */
export function pickLines(
  state: TemplatesState,
  size: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const {columns, rows} = size;
  const isWide = columns >= WIDE;
  const side = Math.min(66, Math.max(42, Math.round(columns * 0.42)));
  const left = isWide ? columns - side - 1 : columns;
  const list = listRows(state, theme, left, hasFocus);
  const troubles = troublesOf(state, theme, left);
  const room = Math.max(3, rows - troubles.length);
  const shown = [...(list.length <= room ? list : inSight(list, room)), ...troubles].slice(0, rows);
  const lines = drawn(theme, shown, left, hasFocus);
  if (!isWide) return lines;
  return beside(theme, lines, detailLines(state, side - 2), [left, side], rows);
}

function listRows(state: TemplatesState, theme: Theme, cells: number, hasFocus: boolean): readonly Draft[] {
  const {found, filter, list} = state;
  if (found.kind === 'failed') return [EMPTY, ...troubleRows(theme, found.trouble, cells)];
  if (found.kind !== 'ready') return [EMPTY, row(muted('Reading the templates.'))];
  const head: readonly Draft[] = filter.isTyping
    ? [row('/ ', ...fieldLine(theme, filter.field, {cells: 30, hasFocus})), EMPTY]
    : filter.field.text === ''
      ? []
      : [row('/ ', filter.field.text), EMPTY];
  const groups = pickGroups(state);
  if (groups.length === 0) {
    return [
      ...head,
      row(muted(filter.field.text === '' ? 'There are no templates.' : 'No template fits; esc shows all.')),
    ];
  }
  const rows = groups.flatMap(({name, templates}, index): readonly Draft[] => [
    ...(index === 0 ? [] : [EMPTY]),
    row(heading(name.toUpperCase())),
    ...templates.map((template) => ({line: pickLine(template), isSelected: template.name === list.cursor})),
  ]);
  return [...head, ...rows];
}

function pickLine({name, title, origin}: Template): UiLine {
  const own = origin.isShipped ? [] : [muted(' (yours)')];
  return [' ', name.padEnd(NAME_CELLS), ' ', muted(title), ...own];
}

/** Templates that cannot be read: they are told, the others work. */
function troublesOf({found}: TemplatesState, theme: Theme, cells: number): readonly Draft[] {
  if (found.kind !== 'ready' || found.value.problems.length === 0) return [];
  const [first, ...others] = found.value.problems;
  if (first === undefined) return [];
  const more =
    others.length === 0
      ? []
      : [row('  ', muted(`and ${others.length} more that cannot be read: reprieve template list`))];
  return [EMPTY, ...troubleRows(theme, first, cells), ...more];
}

/** Beside the list: what a template is for, where its values come from, and when it was used. */
function detailLines(state: TemplatesState, cells: number): readonly UiLine[] {
  const picked = pickedTemplate(state);
  if (picked === undefined) return [];
  const fact = (label: string, text: string): readonly UiLine[] =>
    text === ''
      ? []
      : wrapped(text, cells - LABEL_CELLS).map((line, index): UiLine => [
          ' ',
          muted((index === 0 ? label : '').padEnd(LABEL_CELLS)),
          line,
        ]);
  const use = state.uses.get(picked.name);
  const purpose = picked.purpose
    .trim()
    .split(/\n{2,}/)
    .flatMap((part): readonly UiLine[] => [
      [],
      ...wrapped(part.replaceAll('\n', ' '), cells - 1).map((line): UiLine => [' ', line]),
    ]);
  return [
    [' ', strong(picked.name)],
    ...wrapped(picked.title, cells - 1).map((line): UiLine => [' ', line]),
    [],
    ...fact('written from', writtenFrom(state, picked)),
    ...fact('used with', picked.tool),
    ...fact('asks for', picked.values.map(({name}) => name.replaceAll('_', ' ')).join(', ')),
    ...fact('last used', use === undefined ? '' : `${dayAndTime(use.at, state.now)}, ${use.folder}`),
    ...(picked.origin.isShipped ? [] : fact('yours', picked.origin.folder)),
    ...purpose,
  ];
}

/** What of its values is known: `run 20261120-1620, flavor db.large`. */
export function writtenFrom(state: TemplatesState, {values}: Template): string {
  const words = new Set(values.flatMap(({from}) => from.map((path) => path.split('.')[0])));
  const known = new Map(sourcesOf(state).map(({word, origin}) => [word as string, origin]));
  return [...words].flatMap((word) => known.get(word ?? '') ?? []).join(', ');
}
