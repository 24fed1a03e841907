import type {ReactNode} from 'react';
import {cellWidth} from '../../../text/cells.js';
import {formatCount, formatElapsed} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import type {SignMeaning} from '../../components/help.js';
import {Lines} from '../../components/row.js';
import {freshnessLine, freshnessOf} from '../../freshness.js';
import {signSpan} from '../../meaning.js';
import {changedAt, changedSign} from '../../row-times.js';
import type {BodyProps, Context, Frame, Size} from '../../screen.js';
import {columns, fit, lineCells, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import {answeredAt, nextTry, type HomeAction, type HomeState} from './model.js';
import {homeRows, isTrouble, type HomeRow} from './rows.js';
import type {Words} from './trouble-words.js';
import {eventWords, homeForm, lateCounts, verdictWords} from './verdict-words.js';
import {listLines} from './view-lists.js';

/** From this many columns on details are told at length, and digits with what they open. */
const WIDE = 100;
/** From this many rows on the list of places has a heading. */
const TALL = 30;
const LABEL_CELLS = 12;
const WIDEST_VALUE = 26;
/** Where the figures stand: cursor, sign, a space, the label, two spaces. */
const VALUE_START = 3 + LABEL_CELLS + 2;
const DASHES = 14;
/** Where the explanation of a command or a key stands beside it. */
const WAY_CELLS = 18;

/** The body of home. */
export function HomeBody({state, size, theme, hasFocus}: BodyProps<HomeState, HomeAction>): ReactNode {
  return <Lines theme={theme} lines={homeLines(state, size, theme, hasFocus)} />;
}

/** What stands around it. */
export function homeFrame(state: HomeState, size: Size, theme: Theme): Frame {
  const {label, now, log} = state;
  const freshness = freshnessOf(answeredAt(state), now);
  const isDown = homeForm(state) === 'no-cloud';
  const scope = label?.scope === undefined ? [] : [` ${theme.isAscii ? '-' : '·'} `, label.scope];
  const [event] = log;
  return {
    title: {
      screen: 'home',
      ...(label === undefined ? {} : {middle: [label.name, ...scope]}),
      right: isDown
        ? [{text: `${clockTime(now)} UTC`, colour: 'muted'}]
        : freshnessLine(freshness, now, theme),
    },
    context: freshness.kind === 'lost' && !isDown ? lostBand(state, size, theme) : {kind: 'line', line: []},
    strip:
      event === undefined || isDown
        ? []
        : [
            `${clockTime(event.at)}  `,
            signSpan(theme, event.meaning),
            {text: ` ${eventWords(state, event)}`, colour: 'text'},
          ],
  };
}

/** What the signs of home mean. */
export function homeLegend(theme: Theme): readonly SignMeaning[] {
  const meanings = [
    ['ok', 'well'],
    ['warning', 'look at it'],
    ['stuck', 'stuck'],
    ['failed', 'failed'],
    ['unknown', 'unknown'],
    ['due', 'due: the next tick takes it'],
    ['soon', 'soon due, or asked now'],
    ['waiting', 'waiting'],
  ] as const;
  return meanings.map(([meaning, name]) => ({sign: [signSpan(theme, meaning)], name}));
}

/** The rows of the body, each as wide as the window, never more than it has. */
export function homeLines(state: HomeState, size: Size, theme: Theme, hasFocus = true): readonly UiLine[] {
  const lines = [...verdictLines(state, size, theme), [], ...linesOf(state, size, theme, hasFocus)];
  return lines.slice(0, size.rows).map((line) => fit(line, size.columns, 'left', theme.signs.cut));
}

function linesOf(state: HomeState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const rows = homeRows(state);
  switch (homeForm(state)) {
    case 'state':
      return [
        ...listLines(state, size, theme, hasFocus),
        [],
        headingLine(state),
        ...rowLines(state, rows, size, theme),
        [],
        ...placeLines(state, size),
      ];
    case 'off': {
      const shown = rows.filter((row) => row.id === 'api' || row.id === 'compute' || isTrouble(row));
      return [
        ...rowLines(state, shown, size, theme),
        [],
        ...switchOnLines(state, size),
        [],
        ...placeLines(state, size),
      ];
    }
    case 'no-cloud': {
      const {ways} = state.options;
      const runs = rows.filter(({id, meaning}) => id === 'runs' && meaning !== 'none');
      return [
        ...ways.flatMap(({command, help}) =>
          wayLines([{text: command, colour: 'accent', isBold: true}], help, size),
        ),
        ...(ways.length === 0 ? [] : [[]]),
        ...(runs.length === 0 ? [] : [...rowLines(state, runs, size, theme), []]),
        ...placeLines(state, size),
      ];
    }
  }
}

function verdictLines(state: HomeState, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  const {meaning, sentence, aside, more} = verdictWords(state);
  const isCalm = meaning === 'not-begun';
  const style = isCalm ? ({colour: 'muted'} as const) : ({isBold: true} as const);
  const verdict = [{text: sentence, ...style}];
  const beside =
    isCalm || aside === ''
      ? {text: `  ${aside}`, colour: 'muted' as const}
      : {text: ` ${aside}`, isBold: true};
  const hasRoom = 3 + cellWidth(sentence) + 2 + cellWidth(aside) < cells;
  const late = lateSpans(state, theme);
  const sign = isCalm ? signSpan(theme, 'working') : signOf(state, 'verdict', meaning, theme);
  const first: UiLine = [' ', sign, ' ', ...verdict, ...(hasRoom ? [beside] : [])];
  const isBeside = lineCells(first) + 3 + lineCells(late) < cells;
  const below = hasRoom || aside === '' ? more : [aside, ...more];
  return [
    isBeside && late.length > 0 ? [...first, '   ', ...late] : first,
    ...(isBeside ? [] : [['   ', ...late]]),
    ...below.flatMap((text) => wrapText(text, cells - 1, 3, {colour: 'muted'})),
  ];
}

/** How many servers are stuck, and how many overdue: `◆ 3 stuck  ▲ 2 overdue`. */
function lateSpans(state: HomeState, theme: Theme): UiLine {
  if (homeForm(state) !== 'state') return [];
  return lateCounts(state).flatMap(({count, word, meaning, colour}, index): UiLine => [
    ...(index === 0 ? [] : ['  ']),
    signSpan(theme, meaning),
    {text: ` ${formatCount(count)} ${word}`, colour},
  ]);
}

function signOf(
  {times, now}: HomeState,
  id: string,
  meaning: Parameters<typeof signSpan>[1],
  theme: Theme,
): UiSpan {
  return changedSign(theme, signSpan(theme, meaning), changedAt(times, id), now);
}

/** SET-UP, and how long ago nodes were looked at: seldomer than the rest. */
function headingLine({setup, setupSoFar, now}: HomeState): UiLine {
  const heading = {text: 'SET-UP', colour: 'muted', isBold: true} as const;
  if (setup.value === undefined || setup.answeredAt === undefined) return [' ', heading];
  const age = now - setup.answeredAt;
  const isOld = age >= 60_000;
  if (setupSoFar !== undefined || setup.isAsking)
    return [' ', heading, {text: '   nodes are being looked at again', colour: 'muted'}];
  return isOld
    ? [' ', heading, {text: `   nodes as of ${formatElapsed(age / 1000)} ago`, colour: 'muted'}]
    : [' ', heading];
}

function rowLines(
  state: HomeState,
  rows: readonly HomeRow[],
  {columns: cells}: Size,
  theme: Theme,
): readonly UiLine[] {
  const isWide = cells >= WIDE;
  const widest = Math.max(...rows.map((row) => lineCells([valueSpan(row, theme)])));
  const valueCells = Math.min(WIDEST_VALUE, Math.max(isWide ? 20 : 17, widest));
  const detailStart = VALUE_START + valueCells + (isWide ? 2 : 1);
  return rows.map((row): UiLine => {
    const place = state.options.places.find(({digit}) => digit === row.digit);
    const right: UiLine =
      place === undefined
        ? []
        : [
            {text: place.digit, colour: 'accent', isBold: true},
            ...(isWide ? [{text: ` ${place.label}`, colour: 'muted'} as const] : []),
          ];
    const room = cells - 1 - detailStart;
    const detail = wordsThatFit(row.detail, room - lineCells(right) - 1, isWide);
    return [
      ' ',
      row.meaning === 'none' ? ' ' : signOf(state, row.id, row.meaning, theme),
      ' ',
      ...columns([
        {cells: LABEL_CELLS, line: [row.label]},
        {cells: valueCells, line: [valueSpan(row, theme)]},
      ]),
      ' '.repeat(detailStart - VALUE_START - valueCells),
      ...spread([{text: detail, colour: 'muted'}], right, room, theme.signs.cut),
    ];
  });
}

/** The longest form for which there is room; where none is, the shortest. */
function wordsThatFit({brief, short, long}: Words, room: number, isWide: boolean): string {
  const forms = [...(isWide ? [long] : []), short, ...(brief === undefined ? [] : [brief])];
  return forms.find((text) => cellWidth(text) <= room) ?? brief ?? short;
}

function valueSpan({value, meaning}: HomeRow, {signs}: Theme) {
  if (value === undefined) return {text: signs.dash.repeat(DASHES), colour: 'faint'} as const;
  return meaning === 'soon' || meaning === 'not-begun'
    ? ({text: `${value}${meaning === 'soon' ? ` ${signs.cut}` : ''}`, colour: 'muted'} as const)
    : ({text: value, isBold: true} as const);
}

/** Where delayed delete is off there is one thing to do. */
function switchOnLines({options}: HomeState, size: Size): readonly UiLine[] {
  const place = options.places.find(({name}) => name === 'setup');
  return place === undefined
    ? wayLines(
        [{text: 'reprieve plan --interval 2h', colour: 'accent', isBold: true}],
        'shows what would change to switch it on; nothing is written by it',
        size,
      )
    : wayLines(
        [
          {text: place.digit, colour: 'accent', isBold: true},
          {text: ' Switch it on', isBold: true},
        ],
        'cloud, nodes, interval, what would change; nothing is written before you have seen it',
        size,
      );
}

/** A command or a key, and beside it, wrapped, what it is for. */
function wayLines(way: UiLine, help: string, {columns: cells}: Size): readonly UiLine[] {
  const words = way.map((span) => (typeof span === 'string' ? span : span.text)).join('');
  const indent = 3 + Math.max(WAY_CELLS, cellWidth(words) + 3);
  const [first = [], ...more] = wrapText(help, cells - 1, indent, {colour: 'muted'});
  return [['   ', ...fit(way, indent - 3), ...first.slice(1)], ...more];
}

function placeLines({options}: HomeState, {columns: cells, rows}: Size): readonly UiLine[] {
  const {places} = options;
  if (places.length === 0) return [];
  const gap = cells >= WIDE ? 6 : 3;
  const line = places.flatMap(({digit, label}, index): UiLine => [
    ' '.repeat(index === 0 ? 1 : gap),
    {text: digit, colour: 'accent', isBold: true},
    ` ${label}`,
  ]);
  return rows >= TALL ? [[' ', {text: 'GO TO', colour: 'muted', isBold: true}], line] : [line];
}

/** Nova is silent: the cause, and when it is asked again. What was seen last stays below. */
function lostBand(state: HomeState, {columns: cells}: Size, theme: Theme): Context {
  const seconds = nextTry(state);
  const next = seconds === 0 ? 'being asked again' : `next try in ${formatElapsed(seconds)}`;
  const problem = state.services.problem?.message ?? 'Nova does not answer';
  const background = 'dangerBand';
  const left: UiLine = [
    {text: theme.signs.failed, colour: 'danger', background},
    {text: ` ${problem}`, background, isBold: true},
  ];
  const line = spread(left, [{text: `${next} `, background}], cells - 1, theme.signs.cut);
  return {
    kind: 'line',
    line: line.map((span) => (typeof span === 'string' ? {text: span, background} : span)),
  };
}
