import {readDraft} from '../../../app/flavor/draft.js';
import {formatDisk, formatMemory} from '../../../text/sizes.js';
import {fieldLine} from '../../components/field-view.js';
import {fit, lineCells, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, heading, muted, row} from '../../components/draft.js';
import {currentField, type FormField} from './fields.js';
import type {FlavorState} from './state.js';

/** What the form is drawn in: `cells` with column 0, and whether there is room for words behind the values. */
export type Room = {
  readonly theme: Theme;
  readonly cells: number;
  readonly isWide: boolean;
  readonly hasFocus: boolean;
};

export const LABEL_CELLS = 13;

/** Of values with a note behind them. */
export const VALUE_CELLS = 6;

/** A heading of the form. */
export const title = (text: string, note = ''): Draft =>
  note === '' ? row(heading(text)) : row(heading(text), '  ', muted(note));

/** A label, its value, and a word about it where there is room. */
export function fieldRow(
  state: FlavorState,
  field: FormField,
  room: Room,
  noteOf: (state: FlavorState, field: FormField) => string = () => '',
): Draft {
  const isSelected = isCurrent(state, field);
  const {typing} = state;
  const label: UiLine = [' ', ...fit([field.label], LABEL_CELLS), ' '];
  const left = room.cells - LABEL_CELLS - 4;
  if (typing?.id === field.id && isSelected) {
    const cells = Math.min(
      left,
      field.kind === 'text' ? 30 : Math.max(8, lineCells([typing.field.text]) + 2),
    );
    const note = room.isWide ? noteOf(state, field) : '';
    const box = fieldLine(room.theme, typing.field, {cells, hasFocus: room.hasFocus});
    return {line: [...label, ...box, ...(note === '' ? [] : ['  ', muted(note)])], isSelected};
  }
  const value = shownValue(state, field);
  const shown: UiSpan = value === '' ? muted(room.theme.signs.none) : value;
  const note = room.isWide ? noteOf(state, field) : '';
  const problem = problemOf(state, field);
  return {
    line: [
      ...label,
      ...(note === '' ? [shown] : [...fit([shown], Math.max(VALUE_CELLS, value.length)), '  ', muted(note)]),
      ...(problem === undefined ? [] : [' ', coloured(room.theme.signs.failed, 'danger')]),
    ],
    isSelected,
  };
}

/** Whether the cursor stands on it. */
export function isCurrent(state: FlavorState, field: FormField): boolean {
  return state.panel === undefined && currentField(state)?.id === field.id;
}

/** A size as it is shown where nobody types it. */
function shownValue({draft}: FlavorState, {id, value}: FormField): string {
  const {size} = readDraft(draft);
  switch (id) {
    case 'memory':
      return size === undefined ? value : formatMemory(size.memoryMib);
    case 'swap':
      return size === undefined || size.swapMib === 0 ? value : formatMemory(size.swapMib);
    case 'disk':
      return size === undefined ? value : formatDisk(size.diskGib);
    case 'ephemeral':
      return size === undefined || size.ephemeralGib === 0 ? value : formatDisk(size.ephemeralGib);
    default:
      return value;
  }
}

function problemOf({draft}: FlavorState, {id}: FormField): string | undefined {
  const {problems} = readDraft(draft);
  // A name that is missing is told in the review: nobody has to begin with it.
  if (id === 'name') return draft.name === '' ? undefined : problems.get('name');
  return id === 'vcpus' || id === 'memory' || id === 'disk' || id === 'ephemeral' || id === 'swap'
    ? problems.get(id)
    : undefined;
}
