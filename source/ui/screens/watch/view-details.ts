import {timeWords} from '../../../text/watch.js';
import {serverDetailLines} from '../../../text/server-details.js';
import {windowSentences} from '../../../text/time-window.js';
import {fuse} from '../../components/bars.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {tonedLine} from '../../toned-line.js';
import {wrapText} from '../../wrap.js';
import {apiNow, selectedRow} from './changes.js';
import {overviewOf} from './overview.js';
import {NO_NAMES} from './rows.js';
import type {WatchState} from './state.js';

/**
 * Everything that is known of the server with the cursor, in so many cells.
 *
 * @param layout `sections` in a pane, `rows` where it has the whole body
 */
export function detailLines(
  state: WatchState,
  cells: number,
  layout: 'rows' | 'sections',
  theme: Theme,
): readonly UiLine[] {
  const row = selectedRow(state);
  if (row === undefined) return [];
  const {listed, cloud, id} = row;
  const now = apiNow(state, cloud);
  const {standing, server} = listed;
  const {names = NO_NAMES} = state.clouds[cloud] ?? {};
  const width = cells - 1;
  const left = standing.dueAt === undefined ? 0 : standing.dueAt - now;
  const isWaiting = standing.state === 'waiting';
  const parts = state.details?.id === id ? state.details.parts : {};
  const lines = serverDetailLines(listed, parts, {names, now, width, signs: theme.signs, layout});
  return [
    ...wrapText(server.name, width + 1, 1, {isBold: true}),
    [' ', {text: id, colour: 'muted'}],
    [' '],
    [' ', {text: `${timeWords(listed, now)}${isWaiting ? ' left' : ''}`, isBold: true}],
    ...(isWaiting && left > 0
      ? [[' ', ...fuse(theme, left, overviewOf(state).scaleMs, Math.min(width - 1, 68))]]
      : []),
    ...windowSentences(listed, now, theme.signs).flatMap((text) =>
      wrapText(text, width + 1, 1, {colour: 'muted'}),
    ),
    [' '],
    ...lines.map((line): UiLine => [' ', ...tonedLine(line)]),
  ];
}
