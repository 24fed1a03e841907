import type {ReactNode} from 'react';
import {Lines} from '../../components/row.js';
import type {BodyProps, Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {beside, type Draft, drawn, EMPTY, inSight, leftCells} from '../../components/draft.js';
import type {FlavorAction} from './actions.js';
import type {FlavorState} from './state.js';
import {formRows} from './view-form.js';
import {panelLines} from './view-panel.js';
import {resultSide} from './view-result.js';
import {savingLines} from './view-saving.js';

/** The body of the wizard. */
export function FlavorBody(props: BodyProps<FlavorState, FlavorAction>): ReactNode {
  const {state, size, whole, theme, hasFocus} = props;
  // A dialog covers the bottom; what is above it stays where it was.
  const lines = flavorLines(state, whole, theme, hasFocus);
  return <Lines theme={theme} lines={lines.slice(0, size.rows)} />;
}

/** Left the answers, right what Nova makes of them; or what was opened in their place. */
export function flavorLines(
  state: FlavorState,
  {columns, rows}: Size,
  theme: Theme,
  hasFocus = true,
): readonly UiLine[] {
  const size = {columns, rows};
  if (state.panel !== undefined) return panelLines(state, size, theme, hasFocus).slice(0, rows);
  const left = leftCells(columns);
  // The rule, a free column on each side of it, and the free one at the edge.
  const right = columns - left - 3;
  const form: readonly Draft[] = [EMPTY, ...formRows(state, theme, left, hasFocus)];
  const shown = form.length <= rows ? form : inSight(form, rows);
  const isSaving = state.saving.kind === 'running' || state.saving.kind === 'ended';
  const result = isSaving
    ? savingLines(state, theme, right, rows - 1)
    : resultSide(state, theme, right, rows - 1);
  const side = [[], ...result].map((line): UiLine => (line.length === 0 ? [] : [' ', ...line]));
  return beside(theme, drawn(theme, shown, left, hasFocus), side, [left, columns - left - 1], rows);
}
