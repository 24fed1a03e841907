import type {ReactNode} from 'react';
import {cellWidth} from '../../text/cells.js';
import {fit, lineCells, withStyle, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {isButtonOn, isWordTyped, type Dialog, type DialogForm, type DialogState} from './dialog.js';
import {masked} from './field.js';
import {fieldLine} from './field-view.js';
import {Lines} from './row.js';

export type DialogViewProps = {
  readonly theme: Theme;
  readonly dialog: Dialog<unknown>;
  readonly state: DialogState;
  /** Of the window. */
  readonly cells: number;
  /** What there is for it at most. */
  readonly rows: number;
};

const WIDTH = 82;
const SECRET_CELLS = 40;
const PASTE_REFUSED = 'a pasted word is not taken: type it';

/** A sheet at the bottom: title, what it is about, the word that has to be typed, buttons. */
export function DialogView({theme, dialog, state, cells, rows}: DialogViewProps): ReactNode {
  return <Lines theme={theme} lines={dialogLines(theme, dialog, state, cells, rows)} />;
}

/** The rows of a dialog, at most so many: facts leave before the word and the buttons do. */
export function dialogLines(
  theme: Theme,
  dialog: Dialog<unknown>,
  state: DialogState,
  cells: number,
  rows: number,
): readonly UiLine[] {
  const width = Math.max(20, dialog.isWide === true ? cells - 3 : Math.min(WIDTH, cells - 3));
  const inner = width - 4;
  const end = [...wordLines(theme, dialog, state, inner), ...buttonRows(dialog, state)];
  const room = Math.max(1, rows - end.length - 3);
  const body = shortened(dialog.lines(inner, theme), room);
  const frame = frameSigns(theme, dialog.isDangerous);
  const side = {text: frame.side, colour: frame.colour} as const;
  const boxed = [[], ...body, ...end].map((line): UiLine => {
    return [' ', side, ' ', ...fit(line, inner, 'left', theme.signs.cut), ' ', side];
  });
  const title = fit([dialog.title], Math.min(lineCells([dialog.title]), width - 8), 'left', theme.signs.cut);
  const rest = frame.level.repeat(Math.max(0, width - 5 - lineCells(title)));
  return [
    [
      ' ',
      {text: frame.topLeft + frame.level, colour: frame.colour},
      ' ',
      ...withStyle(title, {isBold: true, ...(dialog.isDangerous ? {colour: 'danger'} : {})}),
      ' ',
      {text: rest + frame.topRight, colour: frame.colour},
    ],
    ...boxed,
    [' ', {text: frame.bottomLeft + frame.level.repeat(width - 2) + frame.bottomRight, colour: frame.colour}],
  ];
}

/** A typed word's row: what to type, the field with what is missing of the word. For a screen's own form too. */
export function wordLine(theme: Theme, form: DialogForm<unknown>, state: DialogState, cells: number): UiLine {
  if (form.secret !== undefined) {
    const head: UiLine = [form.secret.label, '   '];
    const room = Math.max(4, Math.min(SECRET_CELLS, cells - lineCells(head)));
    return [...head, ...fieldLine(theme, masked(state.word), {cells: room, hasFocus: true})];
  }
  if (form.text !== undefined) {
    const {label, field} = form.text;
    const head: UiLine = [label, ' '];
    const room = Math.max(4, cells - lineCells(head));
    return [...head, ...fieldLine(theme, field, {cells: room, hasFocus: true})];
  }
  if (form.word === undefined) return [];
  const {label, expected} = form.word;
  const head: UiLine = [label, '   '];
  const room = Math.max(4, cells - lineCells(head));
  return [...head, ...fieldLine(theme, state.word, {cells: room, hasFocus: true, ghost: expected})];
}

/** The same in a screen: there the field is a box, because nothing around it says that something is typed. */
export function wordBox(theme: Theme, form: DialogForm<unknown>, state: DialogState): UiLine {
  if (form.word === undefined) return [];
  const {label, expected} = form.word;
  const options = {cells: Math.max(6, cellWidth(expected) + 1), hasFocus: true, ghost: expected, isBox: true};
  return [label, ' ', ...fieldLine(theme, state.word, options)];
}

/** The row of buttons: the one with the focus filled, those that are off faint. For a screen's own form too. */
export function buttonsLine(form: DialogForm<unknown>, state: DialogState): UiLine {
  const buttons = form.buttons.flatMap(({label, needsWord}, index): UiLine => {
    const gap = index === 0 ? '' : '   ';
    const isDanger = needsWord === true && form.word !== undefined;
    const danger = isDanger ? 'danger' : 'accent';
    if (index === state.focus) {
      return [gap, {text: ` ${label} `, colour: danger, isInverse: true, isBold: true}];
    }
    if (!isButtonOn(form, state, index)) return [gap, {text: `[ ${label} ]`, colour: 'faint', isDim: true}];
    return [gap, {text: `[ ${label} ]`, colour: isDanger ? 'danger' : 'text'}];
  });
  return buttons;
}

/** The buttons and, beside them, the note. */
export function notedButtons(form: DialogForm<unknown>, state: DialogState): UiLine {
  const note = noteSpans(form, state);
  return [...buttonsLine(form, state), ...(note.length === 0 ? [] : ['   ', ...note])];
}

/** Why a button is off, or what was refused. For a screen's own form too. */
export function noteSpans(form: DialogForm<unknown>, state: DialogState): UiLine {
  if (state.isPasteRefused) return [{text: PASTE_REFUSED, colour: 'overdue'}];
  const wanted = form.word ?? form.text;
  if (wanted === undefined || isWordTyped(form, state)) return [];
  return [{text: wanted.missing, colour: 'muted'}];
}

function wordLines(
  theme: Theme,
  dialog: Dialog<unknown>,
  state: DialogState,
  cells: number,
): readonly UiLine[] {
  const hasField = [dialog.word, dialog.secret, dialog.text].some((one) => one !== undefined);
  return !hasField ? [] : [[], wordLine(theme, dialog, state, cells)];
}

function buttonRows(dialog: Dialog<unknown>, state: DialogState): readonly UiLine[] {
  return dialog.buttons.length === 0 ? [] : [[], notedButtons(dialog, state)];
}

function shortened(lines: readonly UiLine[], rows: number): readonly UiLine[] {
  if (lines.length <= rows) return lines;
  const kept = lines.slice(0, rows - 1);
  return [...kept, [{text: `${lines.length - kept.length} more lines`, colour: 'muted'}]];
}

function frameSigns(theme: Theme, isDangerous: boolean) {
  const colour = isDangerous ? ('danger' as const) : ('muted' as const);
  const [topLeft, topRight, bottomLeft, bottomRight, level, side] = Array.from(shapeOf(theme, isDangerous));
  return {
    colour,
    topLeft: topLeft ?? '',
    topRight: topRight ?? '',
    bottomLeft: bottomLeft ?? '',
    bottomRight: bottomRight ?? '',
    level: level ?? '',
    side: side ?? '',
  };
}

function shapeOf(theme: Theme, isDangerous: boolean): string {
  if (theme.isAscii) return isDangerous ? '####=#' : '++++-|';
  return isDangerous ? '┏┓┗┛━┃' : '┌┐└┘─│';
}
