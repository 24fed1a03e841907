import {withoutStop} from '../../../app/errors.js';
import {cellWidth, cutToCells} from '../../../text/cells.js';
import {formatIntervalShort} from '../../../text/elapsed.js';
import {sanitize} from '../../../text/sanitize.js';
import {histogram} from '../../components/histogram.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import {fit, lineCells, place, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import {STRIP_COLUMNS, type Overview} from './overview.js';
import {isFiltered} from './rows.js';
import type {WatchState} from './state.js';
import {assumedWords, type Trouble, troubleWords} from './troubles.js';

/** From so many rows on the strip of what falls due when is there. */
const TALL = 26;
/** Kinds of trouble that have a line in the body. */
const MOST_TROUBLES = 2;
/** Lines for one cloud that does not answer; of several each has fewer. */
const MOST_LOST_LINES = 3;
/** Cells of a cause below which it says nothing. */
const LEAST_CAUSE = 16;
/** From here on a server is soon gone. */
export const SOON_MS = 600_000;

/** What stands above the list: what falls due when, clouds that do not answer, kinds of trouble. */
export function headLines(
  state: WatchState,
  overview: Overview,
  size: Size,
  theme: Theme,
): readonly UiLine[] {
  const isCalm = state.view === 'list' && !state.isLateOnly && !isFiltered(state);
  const strip = size.rows >= TALL && state.rows.length > 0 && isCalm ? dueLines(overview, size, theme) : [];
  const lost = lostLines(state, size, theme);
  const troubles = isFiltered(state) ? [] : troubleLines(overview, size, theme);
  return [
    ...(strip.length === 0 ? [] : [[' '], ...strip]),
    ...lost,
    ...(troubles.length === 0 ? [] : [...(strip.length === 0 ? [] : [[' ']]), ...troubles]),
  ].map((line) => fit(line, size.columns, 'left', theme.signs.cut));
}

/** What falls due when, in two lines; none where nothing does, or where there is no room. */
export function dueLines(
  {strip, longestMs}: Overview,
  {columns: cells}: Size,
  theme: Theme,
): readonly UiLine[] {
  if (strip.every((count) => count === 0)) return [];
  const [bars = []] = histogram(theme, {
    values: strip,
    rows: 1,
    colourOf: (index) => ((index * longestMs) / STRIP_COLUMNS < SOON_MS ? 'soon' : 'waiting'),
    columnCells: 3,
    gap: 1,
  });
  const label = ' falls due  ';
  const width = STRIP_COLUMNS * 4;
  if (cells < label.length + width) return [];
  const marks = momentsUntil(longestMs).map((ms) => ({
    at: Math.round((ms / longestMs) * width),
    line: [{text: ms === 0 ? 'now' : spanWords(ms), colour: 'muted' as const}],
  }));
  return [
    [{text: label, colour: 'muted'}, ...bars],
    [' '.repeat(label.length), ...place(marks)],
  ];
}

const MINUTE_MS = 60_000;
/** What people count time in. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160];
const MOST_STEPS = 5;

const MONTH_MINUTES = 43_200;

/** Round times from now on, few enough to stand beside each other. */
export function momentsUntil(longestMs: number): readonly number[] {
  const months = Math.floor(longestMs / (MOST_STEPS * MONTH_MINUTES * MINUTE_MS)) + 1;
  const step =
    MINUTE_MS *
    (STEPS.find((minutes) => longestMs / (minutes * MINUTE_MS) < MOST_STEPS) ?? months * MONTH_MINUTES);
  return Array.from({length: Math.floor(longestMs / step) + 1}, (_, index) => index * step);
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  const days = Math.floor(minutes / 1440);
  return formatIntervalShort(days > 1 ? days * 86_400 : minutes * 60);
}

/** Clouds that do not answer: what is wrong, and when they are tried again. */
function lostLines(
  {clouds, now, asking}: WatchState,
  {columns: cells}: Size,
  theme: Theme,
): readonly UiLine[] {
  const count = clouds.filter(({trouble}) => trouble !== undefined).length;
  const most = Math.max(1, MOST_LOST_LINES + 1 - count);
  return clouds.flatMap(({name, trouble, phase}, index): readonly UiLine[] => {
    if (trouble === undefined) return [];
    const seconds =
      trouble.retryAt === undefined ? undefined : Math.max(0, Math.ceil((trouble.retryAt - now) / 1000));
    const next = asking.has(index)
      ? 'It is asked now.'
      : seconds === undefined
        ? 'ctrl-r tries again.'
        : `Next try in ${seconds} s.`;
    const stays =
      phase === 'listed' ? ' The list stays and times count down; restore and destroy need an answer.' : '';
    const who = clouds.length > 1 ? `${name}: ` : '';
    const {cause, remedy} = trouble;
    const todo = remedy === undefined ? '.' : `; ${withoutStop(sanitize(remedy))}.`;
    const whole = withoutStop(sanitize(cause));
    const wrapped = (text: string) => wrapText(`${who}${text}`, cells - 2, 3);
    let lines = wrapped(`${whole}${todo}${stays} ${next}`);
    if (lines.length > most) lines = wrapped(`${whole}${todo} ${next}`);
    // What is to be done stays whole where there is no room for all; the log has the whole cause.
    let room = Math.min(cellWidth(whole) - 1, most * cells);
    for (; lines.length > most && room >= LEAST_CAUSE; room -= 4) {
      lines = wrapped(`${cutToCells(whole, room).replace(/…$/, theme.signs.cut)}${todo} ${next}`);
    }
    const [first = [], ...more] = lines;
    return [[' ', signSpan(theme, 'failed'), ' ', ...first.slice(1)], ...more].slice(0, most);
  });
}

function troubleLines({troubles, unseen}: Overview, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  const worth = troubles.filter(
    ({first}) => first.standing.state !== 'unknown' || troubles.length <= MOST_TROUBLES,
  );
  const hint: UiLine = [
    {text: 'w', colour: 'accent', isBold: true},
    {text: ' why ', colour: 'muted'},
  ];
  const room = cells - 3 - lineCells(hint) - 1;
  const lineOf = (sign: UiSpan, words: string): UiLine => {
    const [head = '', ...clause] = words.split(': ');
    const left: UiLine = [
      ' ',
      sign,
      ' ',
      {text: head, isBold: true},
      ...(clause.length === 0 ? [] : [{text: `: ${clause.join(': ')}`, colour: 'muted' as const}]),
    ];
    return spread(left, hint, cells, theme.signs.cut);
  };
  const assumed = assumedWords(unseen, room);
  return [
    ...worth.map((trouble) => lineOf(troubleSign(trouble, theme), troubleWords(trouble, room))),
    ...(assumed === undefined ? [] : [lineOf(signSpan(theme, 'unknown'), assumed)]),
  ].slice(0, MOST_TROUBLES);
}

/** The sign of a kind of trouble. */
export function troubleSign({first: {standing}}: Trouble, theme: Theme): UiSpan {
  const {state, cause} = standing;
  if (cause === 'restore-failed') return signSpan(theme, 'failed');
  return signSpan(theme, state === 'stuck' ? 'stuck' : state === 'unknown' ? 'unknown' : 'warning');
}
