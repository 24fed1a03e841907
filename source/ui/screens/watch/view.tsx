import type {ReactNode} from 'react';
import {hitsOf} from '../../../text/filter-rows.js';
import {formatCount} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import {reasonWords} from '../../../text/standing-words.js';
import {sanitize} from '../../../text/sanitize.js';
import {fuse} from '../../components/bars.js';
import type {SignMeaning} from '../../components/help.js';
import {histogram} from '../../components/histogram.js';
import {ListView} from '../../components/list-view.js';
import {Panes} from '../../components/panes.js';
import {Lines} from '../../components/row.js';
import {freshnessLine, freshnessOf} from '../../freshness.js';
import {signSpan} from '../../meaning.js';
import {changedSign} from '../../row-times.js';
import type {BodyProps, Context, Frame, Size} from '../../screen.js';
import {columns, fit, place, plainText, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {ColourName, Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import type {Pending} from './acting.js';
import {isAlerted} from './alerts.js';
import {apiNow, selectedRow} from './changes.js';
import {detailLines} from './view-details.js';
import {overviewOf, STRIP_COLUMNS, type Overview} from './overview.js';
import {columnOf} from './columns.js';
import {type LaidColumn, layoutColumns, LEFT_CELLS} from './layout.js';
import {isFiltered, NO_NAMES, sortOf} from './rows.js';
import {isSameSort, NEWEST_FIRST} from './sort.js';
import type {WatchAction, WatchRow, WatchState} from './state.js';
import {answeredAt, cloudWords, countParts, emptyWords, type CountPart} from './words.js';

/** From so many rows on the strip of what falls due when is there. */
const TALL = 26;
/** Kinds of trouble that have a line in the body. */
const MOST_TROUBLES = 2;
/** From here on a server is soon gone. */
const SOON_MS = 600_000;

/** The body of the list. */
export function WatchBody(props: BodyProps<WatchState, WatchAction>): ReactNode {
  const {state, theme, size} = props;
  const {view} = state;
  const overview = overviewOf(state);
  if (view === 'why') return <Lines theme={theme} lines={whyLines(state, overview, size, theme)} />;
  if (view === 'details' && size.columns < PANES) {
    return <Lines theme={theme} lines={detailBody(state, size, 'rows', theme)} />;
  }
  if (view === 'details') {
    const leftCells = size.columns - paneCells(size) - 1;
    const head = headLines(state, overview, size, theme);
    const rows = size.rows - head.length;
    const left = {columns: leftCells, rows};
    const right = {columns: paneCells(size), rows: rows - 1};
    return (
      <>
        <Lines theme={theme} lines={head} />
        <Panes
          theme={theme}
          left={<ServerList {...props} overview={overview} head={[]} size={left} />}
          right={<Lines theme={theme} lines={[[' '], ...detailBody(state, right, 'sections', theme)]} />}
          leftCells={leftCells}
          rightCells={paneCells(size)}
          rows={rows}
        />
      </>
    );
  }
  return <ServerList {...props} overview={overview} head={headLines(state, overview, size, theme)} />;
}

/** From so many columns on details are a pane beside the list. */
const PANES = 110;

function paneCells({columns: cells}: Size): number {
  return Math.max(42, Math.min(66, Math.floor(cells * 0.38)));
}

/** The lines of the details that are in sight. */
function detailBody(
  state: WatchState,
  {columns: cells, rows}: Size,
  layout: 'rows' | 'sections',
  theme: Theme,
): readonly UiLine[] {
  const lines = detailLines(state, cells, layout, theme).map((line) =>
    fit(line, cells, 'left', theme.signs.cut),
  );
  if (lines.length <= rows) return lines;
  // Air is the first to go.
  const tight = lines.filter((line) => plainText(line).trim() !== '');
  if (tight.length <= rows) return tight;
  return [
    ...tight.slice(0, rows - 1),
    [{text: ` ${theme.signs.cut} more in a larger window`, colour: 'muted'}],
  ];
}

type ServerListProps = BodyProps<WatchState, WatchAction> & {
  readonly overview: Overview;
  readonly head: readonly UiLine[];
};

/** Heading and rows below what stands at the head. */
function ServerList({state, theme, size, hasFocus, overview, head}: ServerListProps): ReactNode {
  const {shown, list} = state;
  if (shown.length === 0)
    return <Lines theme={theme} lines={[...head, ...nothingLines(state, size, theme)]} />;
  const layout = layoutOf(state, size);
  const rows = Math.max(1, size.rows - head.length - 2);
  return (
    <>
      <Lines theme={theme} lines={[...head, [' '], headingLine(state, layout, overview, size)]} />
      <ListView
        theme={theme}
        items={shown}
        idOf={({id}) => id}
        lineOf={(row) => rowOf(row, state, layout, overview, theme)}
        list={list}
        cells={size.columns}
        rows={rows}
        hasFocus={hasFocus}
      />
    </>
  );
}

/** What stands around it. */
export function watchFrame(state: WatchState, size: Size, theme: Theme): Frame {
  const {list, shown, rows, marks, now} = state;
  const count = shown.length === 0 ? '' : `${formatCount(list.index + 1)} of ${formatCount(shown.length)}`;
  const marked = marks.size === 0 ? '' : `${formatCount(marks.size)} marked   `;
  const position = `${marked}${count}`;
  return {
    title: {
      screen: 'watch',
      ...(state.view === 'details' && size.columns < PANES
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
    strip: stripLine(state, theme),
    ...(position === '' ? {} : {position}),
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

const PART_COLOURS: Readonly<Partial<Record<CountPart['key'], ColourName>>> = {
  due: 'danger',
  inMinute: 'soon',
  inTenMinutes: 'soon',
  overdue: 'overdue',
  stuck: 'stuck',
};

function contextOf(state: WatchState, {columns: all}: Size, theme: Theme): Context {
  // One column stays free at both edges.
  const cells = all - 2;
  const {filter, shown, rows} = state;
  if (filter.isTyping || isFiltered(state)) {
    const count = `${formatCount(shown.length)} of ${formatCount(rows.length)}`;
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
  const calm = parts.filter(({key}) => key !== 'overdue' && key !== 'stuck');
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

function stripLine({notice, log, clouds}: WatchState, theme: Theme): UiLine {
  const [event] = log;
  if (notice !== undefined) return [signSpan(theme, notice.meaning), ` ${notice.text}`];
  if (event === undefined) return [];
  const offset = clouds[0]?.offsetMs ?? 0;
  return [
    {text: `${clockTime(event.at + offset)}  `, colour: 'muted'},
    signSpan(theme, event.meaning),
    {text: ` ${event.text}`, colour: 'text'},
  ];
}

function headLines(state: WatchState, overview: Overview, size: Size, theme: Theme): readonly UiLine[] {
  const strip =
    size.rows >= TALL && state.rows.length > 0 && !isFiltered(state) ? dueLines(overview, size, theme) : [];
  const lost = lostLines(state, size, theme);
  const troubles = isFiltered(state) ? [] : troubleLines(overview, size, theme);
  return [
    ...(strip.length === 0 ? [] : [[' '], ...strip]),
    ...lost,
    ...(troubles.length === 0 ? [] : [...(strip.length === 0 ? [] : [[' ']]), ...troubles]),
  ].map((line) => fit(line, size.columns, 'left', theme.signs.cut));
}

function dueLines({strip, longestMs}: Overview, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
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
  const at = (share: number) => Math.round(share * (width - 8));
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => ({
    at: at(share),
    line: [{text: share === 0 ? 'now' : spanWords(share * longestMs), colour: 'muted' as const}],
  }));
  return [
    [{text: label, colour: 'muted'}, ...bars],
    [' '.repeat(label.length), ...place(marks)],
  ];
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** Clouds that do not answer: what is wrong, and when they are tried again. */
function lostLines({clouds, now}: WatchState, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  return clouds.flatMap(({name, trouble, phase}): readonly UiLine[] => {
    if (trouble === undefined) return [];
    const seconds =
      trouble.retryAt === undefined ? undefined : Math.max(0, Math.ceil((trouble.retryAt - now) / 1000));
    const next = seconds === undefined ? 'ctrl-r tries again.' : `Next try in ${seconds} s.`;
    const stays = phase === 'listed' ? ' The list stays, times still count down.' : '';
    const who = clouds.length > 1 ? `${name}: ` : '';
    const text = `${who}${trouble.text}${/[.!?]$/.test(trouble.text) ? '' : '.'}${stays} ${next}`;
    const [first = [], ...more] = wrapText(text, cells - 2, 3);
    return [[' ', signSpan(theme, 'failed'), ' ', ...first.slice(1)], ...more].slice(0, 3);
  });
}

function troubleLines({troubles}: Overview, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  const worth = troubles.filter(
    ({first}) => first.standing.state !== 'unknown' || troubles.length <= MOST_TROUBLES,
  );
  return worth.slice(0, MOST_TROUBLES).map(({count, first, sentence}) => {
    const {state} = first.standing;
    const meaning = state === 'stuck' ? 'stuck' : state === 'unknown' ? 'unknown' : 'warning';
    const left: UiLine = [' ', signSpan(theme, meaning), ` ${formatCount(count)} ${state}: ${sentence}`];
    return spread(
      left,
      [
        {text: 'w', colour: 'accent', isBold: true},
        {text: ' why ', colour: 'muted'},
      ],
      cells,
      theme.signs.cut,
    );
  });
}

/** Every kind of trouble in whole sentences, and what could not be looked at. */
function whyLines(
  {clouds}: WatchState,
  {troubles}: Overview,
  {columns: cells, rows}: Size,
  theme: Theme,
): readonly UiLine[] {
  const said = (sign: UiSpan, text: string): readonly UiLine[] => {
    const [first = [], ...more] = wrapText(text, cells - 2, 3);
    return [[' ', sign, ' ', ...first.slice(1)], ...more];
  };
  const unseen = clouds.flatMap((cloud) => cloud.unseen);
  const lines: readonly UiLine[] = [
    ...troubles.flatMap(({count, first, sentence}): readonly UiLine[] => [
      [' '],
      ...said(
        signSpan(theme, first.standing.state === 'stuck' ? 'stuck' : 'warning'),
        `${formatCount(count)} ${first.standing.state}: ${sentence}.`,
      ),
    ]),
    ...clouds.flatMap(({problem}) =>
      problem === undefined
        ? []
        : [[' '], ...said(signSpan(theme, 'warning'), `Servers may be missing: ${problem}.`)],
    ),
    ...(unseen.length === 0 ? [] : [[' ']]),
    ...unseen.flatMap(({host, problem}) =>
      said(signSpan(theme, 'unknown'), `The interval of ${host} was not seen: ${problem}.`),
    ),
  ];
  if (lines.length === 0) return [[' '], [' ', signSpan(theme, 'ok'), ' Every server goes as it should.']];
  return lines.length <= rows
    ? lines
    : [...lines.slice(0, rows - 1), [{text: `   ${theme.signs.cut} and more`, colour: 'muted'}]];
}

function nothingLines(state: WatchState, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  const {rows} = state;
  if (rows.length > 0) {
    const what = isFiltered(state) ? `No server matches "${state.filter.field.text}"` : 'No server is late';
    return [
      [],
      [],
      ...wrapText(`${what}; ${formatCount(rows.length)} are hidden, esc shows them.`, cells - 3, 3),
    ];
  }
  const [first = '', ...more] = emptyWords(state);
  const isAsking = state.clouds.some(({phase}) => phase === 'signing-in' || phase === 'listing');
  return [
    [],
    [],
    [
      ' ',
      isAsking ? signSpan(theme, 'working') : ' ',
      ' ',
      isAsking ? {text: first, colour: 'muted'} : {text: first, isBold: true},
    ],
    [],
    ...more.flatMap((text) => wrapText(text, cells - 3, 3, {colour: 'muted'})),
  ];
}

/** The columns that the window has room for. */
function layoutOf(state: WatchState, {columns: cells}: Size): readonly LaidColumn[] {
  const isOwnProject = state.clouds.every(({scope}) => scope === 'own-project');
  return layoutColumns(undefined, cells, {clouds: state.clouds.length, isOwnProject});
}

function headingLine(
  state: WatchState,
  layout: readonly LaidColumn[],
  {longestMs}: Overview,
  {columns: cells}: Size,
): UiLine {
  const {column: sorted, direction} = sortOf(state);
  const line = columns(
    layout.map(({column: {id, heading, align}, cells: width}) => ({
      cells: width,
      align,
      line:
        id === 'fuse'
          ? scaleLine(longestMs, width)
          : [
              {
                text: `${heading}${id === sorted ? (direction === 'ascending' ? ' ↑' : ' ↓') : ''}`,
                colour: 'muted',
                isBold: true,
              },
            ],
    })),
  );
  return fit([' '.repeat(LEFT_CELLS), ...line], cells);
}

const SCALE = [
  ['1m', 60_000],
  ['10m', 600_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['2h', 7_200_000],
  ['6h', 21_600_000],
  ['1d', 86_400_000],
  ['7d', 604_800_000],
  ['30d', 2_592_000_000],
] as const;

/** The fuse's scale: each time ends where a fuse of it would. */
function scaleLine(longestMs: number, cells: number): UiLine {
  const marks = SCALE.filter(([, ms]) => ms <= longestMs).map(([text, ms]) => ({
    at: Math.round(cells * Math.sqrt(ms / longestMs)) - text.length,
    line: [{text, colour: 'muted' as const}],
  }));
  return place(marks.filter(({at}) => at >= 0));
}

/** What was asked for and is not done, in the cells of the time left. */
const PENDING: Readonly<Record<Pending, string>> = {
  restoring: 'restoring',
  destroying: 'destroying',
  'deleting again': 'deleting',
  'setting to ERROR': 'to ERROR',
};

/** A row from column 1 on. */
function rowOf(
  row: WatchRow,
  state: WatchState,
  layout: readonly LaidColumn[],
  {longestMs}: Overview,
  theme: Theme,
): UiLine {
  const {listed, cloud} = row;
  const {standing} = listed;
  const now = apiNow(state, cloud);
  const left = standing.dueAt === undefined ? 0 : standing.dueAt - now;
  const isWaiting = standing.state === 'waiting' && left > 0;
  const isSoon = isWaiting && left <= SOON_MS;
  const news = state.news.get(row.id);
  const asked = state.pending.get(row.id);
  const alert: ColourName | undefined = isAlerted(state, listed, now)
    ? standing.state === 'waiting'
      ? 'soon'
      : 'danger'
    : undefined;
  const [colour = alert, sign] =
    asked === undefined ? signOf(standing.state, isSoon, theme) : signOf('restoring', false, theme);
  const {name = '', names = NO_NAMES} = state.clouds[cloud] ?? {};
  const filterRow = {listed, cloud: name, names};
  const lineOf = ({column: {id, text}, cells}: LaidColumn): UiLine => {
    const words = text(filterRow, now, cells);
    switch (id) {
      case 'name':
        return nameLine(words, state, theme.hasMotion && news?.came !== undefined, alert);
      case 'host':
        return [{text: words === '' ? theme.signs.none : words, colour: 'text'}];
      case 'left':
        return [
          asked === undefined
            ? {text: words, colour: colour ?? 'text', ...(alert === undefined ? {} : {isBold: true})}
            : {text: PENDING[asked], colour: 'accent'},
        ];
      case 'fuse':
        if (asked !== undefined) return [{text: 'asked by you', colour: 'muted'}];
        return isWaiting && standing.cause === undefined
          ? fuse(theme, left, longestMs, cells, isSoon ? 'soon' : 'waiting')
          : [{text: reasonWords(listed), colour: 'muted'}];
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
function nameLine(name: string, {filter}: WatchState, isNew: boolean, alert: ColourName | undefined): UiLine {
  const text = sanitize(name);
  const bold = isNew || alert !== undefined ? {isBold: true} : {};
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

function signOf(
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
