import type {TriedValue} from '../../../app/template/fill-values.js';
import {formatInterval} from '../../../domain/duration.js';
import {fieldLine} from '../../components/field-view.js';
import {buttonsLine} from '../../components/dialog-view.js';
import {openDialog} from '../../components/dialog.js';
import {signSpan} from '../../meaning.js';
import {fit, lineCells, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {
  coloured,
  type Draft,
  EMPTY,
  endOf,
  heading,
  inSight,
  muted,
  row,
  strong,
  wrapped,
} from '../../components/draft.js';
import {currentRow, formRows, isOutdated, originWord, sourcesOf, writtenText, type FormRow} from './form.js';
import type {TemplatesState} from './state.js';
import {fileSign} from './words.js';

/** What the form is drawn in: `cells` with column 0. */
type Room = {
  readonly theme: Theme;
  readonly cells: number;
  readonly rows: number;
  readonly hasFocus: boolean;
};

/** The left half: values with where they come from, files, and what can be done with them. */
export function formLines(state: TemplatesState, room: Room): readonly Draft[] {
  const {form} = state;
  if (form === undefined) return [];
  const rows = formRows(state);
  const current = currentRow(state);
  const label = labelCells(rows, room.cells);
  const fields = rows.flatMap((one) => fieldDrafts(state, one, current, label, room));
  const files = rows.flatMap((one): readonly Draft[] =>
    one.kind === 'file' ? [fileDraft(one, {current, isOutdated: isOutdated(state)}, room)] : [],
  );
  const head: readonly Draft[] = [row(' ', strong(form.template.name)), EMPTY];
  const legend = isOutdated(state) ? [] : legendDraft(files.length, rows, room.theme);
  const tail: readonly Draft[] = [EMPTY, ...legend, buttonsDraft(rows, current)];
  // Values have what files leave, and files at least three rows.
  const left = room.rows - head.length - tail.length;
  const fileRoom = files.length === 0 ? 0 : Math.min(files.length, Math.max(3, left - fields.length - 2));
  const fieldRoom = Math.max(3, left - (fileRoom === 0 ? 0 : fileRoom + 2));
  const isOnFile = current?.kind === 'file';
  return [
    ...head,
    ...windowed(fields, fieldRoom, isOnFile || current?.kind === 'button'),
    ...(fileRoom === 0
      ? []
      : [
          EMPTY,
          row(heading('FILES'), ...(isOutdated(state) ? [muted(`  ${OUTDATED_WORDS}`)] : [])),
          ...windowed(files, fileRoom, false),
        ]),
    ...tail,
  ];
}

/** Of files that were made with other values. */
export const OUTDATED_WORDS = 'of the last good values';

/** The rows around the cursor, the last ones where it is further down; what is out of sight is counted. */
function windowed(drafts: readonly Draft[], rows: number, isBelow: boolean): readonly Draft[] {
  if (drafts.length <= rows) return drafts;
  const room = Math.max(1, rows - 1);
  const shown = isBelow ? drafts.slice(drafts.length - room) : inSight(drafts, room);
  const [first] = shown;
  const above = first === undefined ? 0 : drafts.indexOf(first);
  const below = drafts.length - above - shown.length;
  const words = [above > 0 ? `${above} above` : '', below > 0 ? `${below} below` : ''];
  return [...shown, row('   ', muted(words.filter((word) => word !== '').join(', ')))];
}

function labelCells(rows: readonly FormRow[], cells: number): number {
  const isWide = cells >= 45;
  const longest = Math.max(
    isWide ? 13 : 6,
    ...rows.map((one) => (one.kind === 'value' ? one.tried.definition.name.length : 0)),
  );
  return Math.min(longest, isWide ? 20 : 13);
}

/** A value or the folder, and below it what is wrong with it. */
function fieldDrafts(
  state: TemplatesState,
  one: FormRow,
  current: FormRow | undefined,
  label: number,
  room: Room,
): readonly Draft[] {
  if (one.kind !== 'value' && one.kind !== 'folder') return [];
  const isSelected = one.id === current?.id;
  const name = one.kind === 'folder' ? 'folder' : one.tried.definition.name.replaceAll('_', ' ');
  const head: UiLine = [' ', ...fit([name], label, 'left', room.theme.signs.cut), '  '];
  const left = room.cells - 2 - lineCells(head);
  const typing = state.form?.typing;
  const body: UiLine =
    typing?.id === one.id && isSelected && typing.isOpen
      ? fieldLine(room.theme, typing.field, {cells: Math.max(6, left - 1), hasFocus: room.hasFocus})
      : shownValue(state, one, left, isSelected && typing?.id === one.id, room);
  return [{line: [...head, ...body], isSelected}, ...problemDrafts(state, one, room)];
}

function shownValue(
  state: TemplatesState,
  one: Extract<FormRow, {kind: 'value' | 'folder'}>,
  cells: number,
  isField: boolean,
  {theme, hasFocus}: Room,
): UiLine {
  if (one.kind === 'folder') return [endOf(one.text, cells)];
  const {tried} = one;
  const text = writtenText(tried, state.form?.written[tried.definition.name]);
  const origin: UiLine = [
    {
      text: originWord(tried, sourcesOf(state)),
      colour: tried.problem?.kind === 'missing' ? 'overdue' : 'muted',
    },
  ];
  const note = noteOf(tried);
  const shown: UiSpan = text === '' ? muted(theme.signs.none) : text.replaceAll('\n', ' ');
  // What is typed at once is a field as soon as the cursor is there.
  const value: UiLine = isField
    ? fieldLine(theme, state.form?.typing?.field ?? {text, cursor: 0}, {
        cells: Math.max(6, text.length + 1),
        hasFocus,
      })
    : [shown];
  const noted: UiLine = note === '' ? value : [...value, '  ', muted(note)];
  const isRoomy = lineCells(noted) + lineCells(origin) + 1 <= cells;
  return spread(isRoomy ? noted : value, origin, cells, theme.signs.cut);
}

/** An interval in seconds; how many there are of a list. */
function noteOf({definition, value}: TriedValue): string {
  if (definition.type === 'interval' && typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length > 1) return String(value.length);
  return '';
}

function problemDrafts(
  state: TemplatesState,
  one: Extract<FormRow, {kind: 'value' | 'folder'}>,
  {theme, cells}: Room,
): readonly Draft[] {
  const text =
    one.kind === 'folder'
      ? one.text.trim() === ''
        ? 'a folder is needed, such as ./files'
        : undefined
      : one.tried.problem?.kind === 'refused'
        ? one.tried.problem.reason
        : undefined;
  if (text === undefined || state.form === undefined) return [];
  return wrapped(text, cells - 6).map((line, index) =>
    row(index === 0 ? signSpan(theme, 'failed') : ' ', '  ', coloured(line, 'danger')),
  );
}

function fileDraft(
  one: Extract<FormRow, {kind: 'file'}>,
  at: {readonly current: FormRow | undefined; readonly isOutdated: boolean},
  {theme}: Room,
): Draft {
  const sign = fileSign(one.file);
  const isSelected = one.id === at.current?.id;
  if (at.isOutdated) return {line: [' ', muted(`${theme.signs.none} ${one.file.file.path}`)], isSelected};
  const shown: UiSpan =
    sign === '+' ? coloured('+', 'ok') : sign === '~' ? coloured('~', 'overdue') : signSpan(theme, sign);
  return {line: [' ', shown, ' ', one.file.file.path], isSelected};
}

function legendDraft(count: number, rows: readonly FormRow[], theme: Theme): readonly Draft[] {
  if (count === 0) return [];
  const signs = new Set(rows.flatMap((one) => (one.kind === 'file' ? [fileSign(one.file)] : [])));
  const words: UiSpan[] = [];
  const tell = (sign: UiSpan, text: string): void =>
    void words.push(...(words.length === 0 ? [] : ['   ']), sign, muted(` ${text}`));
  if (signs.has('+')) tell(coloured('+', 'ok'), 'new');
  if (signs.has('~')) tell(coloured('~', 'overdue'), 'exists, differs');
  if (signs.has('ok')) tell(signSpan(theme, 'ok'), 'as wanted');
  if (signs.has('failed')) tell(signSpan(theme, 'failed'), 'in the way');
  return [row(' ', ...words), EMPTY];
}

function buttonsDraft(rows: readonly FormRow[], current: FormRow | undefined): Draft {
  const buttons = rows.flatMap((one) => (one.kind === 'button' ? [one] : []));
  const focused = buttons.findIndex(({id}) => id === current?.id);
  const form = {
    buttons: buttons.map(({label, isOn}) => ({label, action: undefined, needsWord: !isOn})),
    // What is off waits for a text, as the buttons of a dialog do.
    text: {label: '', field: {text: '', cursor: 0}, change: () => undefined, missing: ''},
    focused: 0,
  };
  return {line: [' ', ...buttonsLine(form, {...openDialog({focused}), focus: focused})], isSelected: false};
}

/** A value for the context line and for who listens: `2h, 7200 seconds`. */
export function valueWords({value, definition}: TriedValue, text: string): string {
  if (text === '') return 'empty';
  return definition.type === 'interval' && typeof value === 'number'
    ? `${formatInterval(value)}, ${value} seconds`
    : text;
}
