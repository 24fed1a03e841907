import {formatCount} from '../../../text/elapsed.js';
import {signSpan} from '../../meaning.js';
import type {Context, Size} from '../../screen.js';
import {spread, type UiLine, type UiSpan} from '../../spans.js';
import type {ColourName, Theme} from '../../theme.js';
import {columnOf} from './columns.js';
import {overviewOf} from './overview.js';
import {isFiltered, isFirstLook, sortOf} from './rows.js';
import {isSameSort, NEWEST_FIRST} from './sort.js';
import type {WatchState} from './state.js';
import {countParts, type CountPart} from './words.js';

const PART_COLOURS: Readonly<Partial<Record<CountPart['key'], ColourName>>> = {
  due: 'danger',
  inMinute: 'soon',
  inTenMinutes: 'soon',
  overdue: 'overdue',
  stuck: 'stuck',
};

/** The row below the title: how many servers stand how; the filter while there is one. */
export function contextOf(state: WatchState, {columns: all}: Size, theme: Theme): Context {
  // One column stays free at both edges.
  const cells = all - 2;
  const {filter, shown, rows, isLateOnly} = state;
  if (filter.isTyping || isFiltered(state)) {
    const count = `${formatCount(shown.length)} of ${formatCount(rows.length)}${isLateOnly ? ', late ones only' : ''}`;
    const typed: UiLine = [
      {text: '/ ', colour: 'accent'},
      filter.field.text,
      ...(filter.isTyping ? [{text: ' ', isInverse: true}] : []),
    ];
    const aside: UiLine =
      filter.problem === undefined
        ? [{text: sortWords(state), colour: 'muted'}]
        : [{text: filter.problem, colour: 'danger'}];
    return {
      kind: 'line',
      line: spread([...typed, {text: `    ${count}`, colour: 'muted'}], aside, cells, theme.signs.cut),
    };
  }
  const {counts} = overviewOf(state);
  const parts = countParts(counts);
  // Whose hosts are being looked at, of those nothing is known for a moment.
  const calm = parts.filter(
    ({key}) => key !== 'overdue' && key !== 'stuck' && !(key === 'unknown' && isFirstLook(state)),
  );
  const gap = cells >= 110 ? '   ' : '  ';
  const left = calm.flatMap(({count, words, key}, index): UiSpan[] => {
    const colour = PART_COLOURS[key];
    const number = formatCount(count);
    return [
      index === 0 ? '' : gap,
      colour === undefined ? {text: number, isBold: true} : {text: number, colour, isBold: true},
      {text: ` ${words}${key === 'all' && isListing(state) ? ' …' : ''}`, colour: 'muted'},
    ];
  });
  const right = (['overdue', 'stuck'] as const).flatMap((key): UiSpan[] =>
    counts[key] === 0
      ? []
      : ['  ', signSpan(theme, key === 'overdue' ? 'warning' : 'stuck'), ` ${formatCount(counts[key])}`],
  );
  if (isLateOnly) {
    const count = `${formatCount(shown.length)} of ${formatCount(rows.length)}`;
    const late: UiLine = [
      {text: 'late ones only', colour: 'accent'},
      {text: `    ${count}`, colour: 'muted'},
    ];
    return {kind: 'line', line: spread(late, [...right.slice(1)], cells, theme.signs.cut)};
  }
  return {kind: 'line', line: spread(left, right, cells, theme.signs.cut)};
}

function isListing({clouds}: WatchState): boolean {
  return clouds.some(({phase}) => phase === 'listing');
}

function sortWords(state: WatchState): string {
  const sort = sortOf(state);
  if (isSameSort(sort, NEWEST_FIRST)) return 'newest first';
  const {heading} = columnOf(sort.column);
  return `by ${heading.toLowerCase()}${sort.direction === 'descending' ? ', turned' : ''}`;
}
