import {cellWidth} from '../../../text/cells.js';
import {formatCount} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import type {SignMeaning} from '../../components/help.js';
import {freshnessLine, freshnessOf} from '../../freshness.js';
import {signSpan} from '../../meaning.js';
import type {Frame, Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {apiNow, selectedRow} from './changes.js';
import {dialogCommand} from './command.js';
import {PANES} from './layout.js';
import type {WatchState} from './state.js';
import {contextOf} from './view-context.js';
import {answeredAt, cloudWords, eventWords} from './words.js';

/** What stands around it. `placeFlags`: that find the same clouds and nodes, for commands. */
export function watchFrame(
  state: WatchState,
  size: Size,
  theme: Theme,
  placeFlags: readonly string[],
): Frame {
  const {list, shown, rows, marks, now} = state;
  const count = shown.length === 0 ? '' : `${formatCount(list.index + 1)} of ${formatCount(shown.length)}`;
  const marked = marks.size === 0 ? '' : `${formatCount(marks.size)} marked   `;
  const position = `${marked}${count}`;
  return {
    title: {
      screen: 'watch',
      ...(state.chooser === undefined ? {} : {object: 'columns'}),
      ...(state.chooser === undefined && state.view === 'details' && size.columns < PANES
        ? {object: selectedRow(state)?.listed.server.name ?? ''}
        : {}),
      middle: [cloudWords(state)],
      right: freshnessLine(
        rows.length === 0 && answeredAt(state) === undefined
          ? {kind: 'loading'}
          : freshnessOf(answeredAt(state), now),
        apiNow(state),
        theme,
      ),
    },
    context: contextOf(state, size, theme),
    strip: stripLine(state, size, theme, placeFlags),
    ...(position === '' || state.chooser !== undefined ? {} : {position}),
  };
}

/** What the signs of the list mean. */
export function watchLegend(theme: Theme): readonly SignMeaning[] {
  const meanings = [
    ['due', 'due'],
    ['soon', 'in 10 min'],
    ['waiting', 'waiting'],
    ['warning', 'overdue'],
    ['stuck', 'stuck'],
    ['unknown', 'unknown'],
    ['now', 'restoring'],
  ] as const;
  return meanings.map(([meaning, name]) => ({sign: [signSpan(theme, meaning)], name}));
}

/** What the position beside the strip takes at most, with its distance. */
const POSITION_CELLS = 20;

/** The newest event, the result of an own action for a while, or the command of the dialog that is open. */
function stripLine(
  state: WatchState,
  {columns: cells}: Size,
  theme: Theme,
  placeFlags: readonly string[],
): UiLine {
  const {notice, log} = state;
  const [event] = log;
  const command = dialogCommand(state, placeFlags);
  if (command !== undefined) {
    // Where it does not fit the flags that find the place are left out: e shows it whole.
    const fits = cellWidth(command) <= cells - POSITION_CELLS;
    return [{text: fits ? command : (dialogCommand(state, []) ?? ''), colour: 'muted'}];
  }
  if (notice !== undefined) return [signSpan(theme, notice.meaning), ` ${notice.text}`];
  if (event === undefined) return [];
  return [
    {text: `${clockTime(event.at)}  `, colour: 'muted'},
    signSpan(theme, event.meaning),
    {text: ` ${eventWords(state, event)}`, colour: 'text'},
  ];
}
