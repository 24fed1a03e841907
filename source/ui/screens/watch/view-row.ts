import type {Cause} from '../../../domain/reclaim/standing.js';
import {hitsOf} from '../../../text/filter-rows.js';
import {reasonDetail, reasonWords} from '../../../text/standing-words.js';
import {sanitize} from '../../../text/sanitize.js';
import {fuse} from '../../components/bars.js';
import {signSpan} from '../../meaning.js';
import {changedSign} from '../../row-times.js';
import {columns, type UiLine, type UiSpan} from '../../spans.js';
import type {ColourName, Theme} from '../../theme.js';
import type {Pending} from './acting.js';
import {isAlerted} from './alerts.js';
import {apiNow} from './changes.js';
import type {Overview} from './overview.js';
import type {LaidColumn} from './layout.js';
import {filterRowOf, isSettling} from './rows.js';
import type {WatchRow, WatchState} from './state.js';
import {SOON_MS} from './view-head.js';

/** What was asked for and is not done, in the cells of the time left. */
const PENDING: Readonly<Record<Pending, string>> = {
  restoring: 'restoring',
  'restoring to stop': 'restoring',
  destroying: 'destroying',
  'deleting again': 'deleting',
  'setting to ERROR': 'to ERROR',
};

/** As wide as a time will be. */
const LOOKING_CELLS = 8;

/** Shorter words for reasons, where the others would be cut. */
const SHORT_REASONS: Readonly<Partial<Record<Cause, string>>> = {
  'interval-unreadable': 'no interval',
  'interval-unknown': 'not seen',
  'no-service': 'no service',
  'restore-failed': 'not started',
  'time-unknown': 'no time',
};

function reasonIn(listed: WatchRow['listed'], cells: number): string {
  const words = reasonWords(listed);
  const {cause} = listed.standing;
  return words.length <= cells || cause === undefined ? words : (SHORT_REASONS[cause] ?? words);
}

/** A row from column 1 on. */
export function rowOf(
  row: WatchRow,
  state: WatchState,
  layout: readonly LaidColumn[],
  {scaleMs}: Overview,
  theme: Theme,
): UiLine {
  const {listed, cloud} = row;
  const {standing} = listed;
  const now = apiNow(state, cloud);
  const left = standing.dueAt === undefined ? 0 : standing.dueAt - now;
  const isWaiting = standing.state === 'waiting' && left > 0;
  const isSoon = isWaiting && left <= SOON_MS;
  const news = state.news.get(row.id);
  const pending = state.pending.get(row.id);
  const asked = pending === undefined ? state.settled.get(row.id)?.word : PENDING[pending];
  const isLooking = isSettling(state, row);
  const alert: ColourName | undefined = isAlerted(state, listed, now)
    ? standing.state === 'waiting'
      ? 'soon'
      : 'danger'
    : undefined;
  const [colour = alert, sign] =
    asked === undefined ? stateSign(standing.state, isSoon, theme) : stateSign('restoring', false, theme);
  // What is lost next and what is wrong stands out.
  const isUrgent =
    isSoon ||
    alert !== undefined ||
    standing.state === 'due' ||
    standing.state === 'overdue' ||
    standing.state === 'stuck';
  const filterRow = filterRowOf(state, row);
  const hasFuse = layout.some(({column}) => column.id === 'fuse');
  const lineOf = ({column: {id, text}, cells}: LaidColumn): UiLine => {
    const words = text(filterRow, now, cells);
    switch (id) {
      case 'name':
        return nameLine(words, state, isUrgent || (theme.hasMotion && news?.came !== undefined), alert);
      case 'host':
        return [{text: words === '' ? theme.signs.none : words, colour: 'muted'}];
      case 'left':
        if (asked !== undefined) return [{text: asked, colour: 'accent', isBold: true}];
        if (isLooking) return [{text: theme.signs.dash.repeat(LOOKING_CELLS), colour: 'faint'}];
        return [{text: words, colour: colour ?? 'text', isBold: isUrgent}];
      case 'fuse':
        if (asked !== undefined) return [{text: 'by you', colour: 'muted'}];
        if (isLooking) return [{text: theme.signs.dash.repeat(cells), colour: 'faint'}];
        return isWaiting && standing.cause === undefined
          ? fuse(theme, left, scaleMs, cells, isSoon ? 'soon' : 'waiting')
          : [{text: reasonIn(listed, cells), colour: isUrgent ? (colour ?? 'muted') : 'muted'}];
      case 'reason':
        // Beside the fuse the reason itself stands there already.
        return [{text: hasFuse ? reasonDetail(listed) : words, colour: 'muted'}];
      default:
        return [{text: words, colour: 'muted'}];
    }
  };
  return [
    state.marks.has(row.id)
      ? {text: theme.signs.marked, colour: 'accent', isBold: true}
      : changedSign(theme, sign, news?.changed, state.now),
    ' ',
    ...columns(layout.map((one) => ({cells: one.cells, align: one.column.align, line: lineOf(one)}))),
  ];
}

/** The name with what was searched for in the colour of keys. */
function nameLine(
  name: string,
  {filter}: WatchState,
  isBold: boolean,
  alert: ColourName | undefined,
): UiLine {
  const text = sanitize(name);
  const bold = isBold ? {isBold} : {};
  const colour = alert === undefined ? {} : {colour: alert};
  const hits = filter.filter.terms.length === 0 ? [] : hitsOf(filter.filter, text);
  const spans: UiSpan[] = [];
  let end = 0;
  for (const hit of hits) {
    spans.push(
      {text: text.slice(end, hit.start), ...colour, ...bold},
      {text: text.slice(hit.start, hit.end), colour: 'accent', ...bold},
    );
    end = hit.end;
  }
  return [...spans, {text: text.slice(end), ...colour, ...bold}];
}

/** The sign of a server by how it stands, and the colour that its time has then. */
export function stateSign(
  state: WatchRow['listed']['standing']['state'],
  isSoon: boolean,
  theme: Theme,
): readonly [ColourName | undefined, UiSpan] {
  switch (state) {
    case 'due':
      return ['danger', {text: theme.signs.due, colour: 'danger'}];
    case 'waiting':
      return isSoon
        ? ['soon', {text: theme.signs.soon, colour: 'soon'}]
        : [undefined, signSpan(theme, 'waiting')];
    case 'overdue':
      return ['overdue', signSpan(theme, 'warning')];
    case 'stuck':
      return ['stuck', signSpan(theme, 'stuck')];
    case 'unknown':
      return [undefined, signSpan(theme, 'unknown')];
    case 'restoring':
    case 'destroying':
      return ['accent', signSpan(theme, 'now')];
  }
}
