import type {ReactNode} from 'react';
import {Lines} from '../../components/row.js';
import type {BodyProps, Size} from '../../screen.js';
import {fit, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {beside, drawn, heading, leftCells, muted} from '../../components/draft.js';
import type {TemplatesAction} from './actions.js';
import {previewOf} from './form.js';
import {printedText} from './printed.js';
import type {TemplatesState} from './state.js';
import {formLines} from './view-form.js';
import {pickLines} from './view-pick.js';
import {previewLines, textLines} from './view-preview.js';
import {commentSign} from './words.js';

/** The body of the templates. */
export function TemplatesBody(props: BodyProps<TemplatesState, TemplatesAction>): ReactNode {
  const {state, size, whole, theme, hasFocus} = props;
  // A dialog covers the bottom; what is above it stays where it was.
  const lines = templatesLines(state, whole, theme, hasFocus);
  return <Lines theme={theme} lines={lines.slice(0, size.rows)} />;
}

/** The list; or left what is filled in, right what comes of it; or everything that is printed. */
export function templatesLines(
  state: TemplatesState,
  {columns, rows}: Size,
  theme: Theme,
  hasFocus = true,
): readonly UiLine[] {
  const {form} = state;
  if (form === undefined) return pickLines(state, {columns, rows}, theme, hasFocus);
  if (form.stage.kind === 'print') return pageLines(state, {columns, rows}, theme);
  const left = leftCells(columns);
  // The rule, a free column on each side of it, and the free one at the edge.
  const right = columns - left - 3;
  const drafts = formLines(state, {theme, cells: left, rows, hasFocus});
  const side = previewLines(state, {theme, cells: right, rows}).map((line): UiLine =>
    line.length === 0 ? [] : [' ', ...line],
  );
  return beside(theme, drawn(theme, drafts, left, hasFocus), side, [left, columns - left - 1], rows);
}

/** All of the files, or all of the one with the cursor, as text alone. */
function pageLines(state: TemplatesState, {columns, rows}: Size, theme: Theme): readonly UiLine[] {
  const {form} = state;
  const only = form?.stage.kind === 'print' ? form.stage.file : undefined;
  const files = previewOf(state)?.files ?? [];
  const file = files.find(({file: {path}}) => path === only) ?? files[0];
  const lines = textLines(printedText(state), file === undefined ? undefined : commentSign(file));
  const room = Math.max(1, rows - 2);
  const top = Math.min(form?.top ?? 0, Math.max(0, lines.length - room));
  const name = only ?? 'as they are printed';
  return [
    [' ', heading(only === undefined ? 'FILES' : 'FILE'), '  ', muted(name)],
    [],
    ...lines.slice(top, top + room).map((line) => fit(line, columns - 1, 'left', theme.signs.cut)),
  ];
}
