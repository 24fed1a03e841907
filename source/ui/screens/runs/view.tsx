import type {ReactNode} from 'react';
import type {RunEvent} from '../../../app/rollout/events.js';
import type {RunSummary} from '../../../app/rollout/run-history.js';
import {cellWidth} from '../../../text/cells.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import {EVENT_MEANINGS} from '../../../text/run.js';
import {RUN_STATES} from '../../../text/runs.js';
import {diffLines} from '../../components/diff.js';
import {ListView} from '../../components/list-view.js';
import type {SignMeaning} from '../../components/help.js';
import {Lines} from '../../components/row.js';
import {signSpan} from '../../meaning.js';
import {changedAt, changedSign, isNew} from '../../row-times.js';
import type {BodyProps, Frame, Size} from '../../screen.js';
import {columns, fit, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import {runsCommand} from './command.js';
import {eventIds, selectedRun, shownEvents, type RunsAction, type RunsState} from './model.js';
import {headWords, nodeLines, rollbackSentence} from './run-detail.js';
import {changeRows} from './run-diffs.js';
import {intervalChange, meaningOfOutcome, nodesDone, stateOf, tookOf} from './run-words.js';

/** So many rows at least are for the run that is selected. */
const DETAIL_ROWS = 10;
const FEWEST_LIST_ROWS = 4;
/** Below the events the whole message of the selected one. */
const messageRows = ({rows}: Size): number => (rows >= 30 ? 8 : 4);

/** How long a word stands in the strip. */
const NOTICE_MS = 10_000;

/** The body of the runs. */
export function RunsBody(props: BodyProps<RunsState, RunsAction>): ReactNode {
  const {state, theme, size} = props;
  switch (state.view.kind) {
    case 'events':
      return <EventsView {...props} />;
    case 'diffs':
      return (
        <Lines
          theme={theme}
          lines={[[' '], ...diffBody(state, {...size, rows: Math.max(1, size.rows - 1)}, theme)]}
        />
      );
    case 'list':
      return <RunList {...props} />;
  }
}

/** What stands around it. */
export function runsFrame(state: RunsState, _size: Size, theme: Theme): Frame {
  const {runs, view, list} = state;
  const selected = selectedRun(state);
  const events = shownEvents(state);
  const position =
    view.kind === 'events'
      ? positionOf(view.list.index, events.length)
      : view.kind === 'list'
        ? positionOf(list.index, runs?.length ?? 0)
        : undefined;
  const middle = cloudsOf(view.kind === 'list' || selected === undefined ? (runs ?? []) : [selected]);
  return {
    title: {
      screen: 'runs',
      ...(middle === undefined ? {} : {middle: [middle]}),
      ...(view.kind === 'list' ? {} : {object: `${view.run} ${view.kind}`}),
      right: runs === undefined ? [`${theme.signs.soon} loading`] : [countOf(runs.length, 'run')],
    },
    context: {
      kind: 'line',
      line: view.kind === 'list' || selected === undefined ? [] : oneLine(selected, state.now, theme),
    },
    strip: stripOf(state, theme),
    ...(position === undefined ? {} : {position}),
  };
}

/** Of which cloud these runs are, or of how many; undefined where their journals do not tell. */
function cloudsOf(runs: readonly RunSummary[]): string | undefined {
  const names = new Set(runs.flatMap(({plan}) => (plan === undefined ? [] : [plan.cloud.cloud])));
  return names.size > 1 ? countOf(names.size, 'cloud') : [...names][0];
}

function stripOf(state: RunsState, theme: Theme): UiLine {
  if (state.problem !== undefined) return [signSpan(theme, 'failed'), ` ${state.problem}`];
  if (state.nodes.kind === 'asking')
    return [{text: 'asking every node what runs left there', colour: 'muted'}];
  if (state.notice !== undefined && state.now - state.notice.at < NOTICE_MS) return [state.notice.text];
  return [runsCommand(state)];
}

function positionOf(index: number, count: number): string | undefined {
  return count === 0 ? undefined : `${formatCount(index + 1)} of ${formatCount(count)}`;
}

/** What the signs of runs mean. */
export function runsLegend(theme: Theme): readonly SignMeaning[] {
  return Object.values(RUN_STATES).map(({meaning, words}) => ({
    sign: [signSpan(theme, meaning)],
    name: words,
  }));
}

/** The run that a view is about, in one line. */
function oneLine(summary: RunSummary, now: number, theme: Theme): UiLine {
  const {meaning, words} = stateOf(summary);
  const {done, of} = nodesDone(summary);
  const parts = [intervalChange(summary, theme.signs.arrow), `${done} of ${of} nodes`, tookOf(summary, now)];
  return [signSpan(theme, meaning), ` ${words}   `, parts.filter((part) => part !== '').join('   ')];
}

function RunList({state, size, theme, hasFocus}: BodyProps<RunsState, RunsAction>): ReactNode {
  const {runs, list} = state;
  const shape = shapeOf(size);
  if (runs === undefined || runs.length === 0) {
    return <Lines theme={theme} lines={[...emptyLines(state, theme), ...damagedLines(state, size, theme)]} />;
  }
  const listRows = Math.min(runs.length, Math.max(FEWEST_LIST_ROWS, size.rows - 2 - DETAIL_ROWS));
  const rest = size.rows - 1 - listRows;
  return (
    <>
      <Lines theme={theme} lines={[headingLine(shape, size)]} />
      <ListView
        theme={theme}
        items={runs}
        idOf={({run}) => run}
        lineOf={(summary) => runLine(summary, state, shape, theme)}
        list={list}
        cells={size.columns}
        rows={listRows}
        hasFocus={hasFocus}
      />
      <Lines theme={theme} lines={detailLines(state, rest, size, theme).slice(0, rest)} />
    </>
  );
}

type Shape = {
  readonly what: number;
  readonly nodes: number;
  /** 0: left out. */
  readonly by: number;
  readonly cloud: number;
  readonly state: number;
};

const RUN_CELLS = 20;
const TOOK_CELLS = 11;

/** Which columns there are, by the width of the window. */
function shapeOf({columns: cells}: Size): Shape {
  if (cells >= 140) return {what: 26, nodes: 16, by: 16, cloud: 16, state: 20};
  if (cells >= 110) return {what: 22, nodes: 14, by: 12, cloud: 0, state: 18};
  // At 80 columns nothing may be wider; a little more room goes to what a run changes.
  return {what: 12 + Math.min(10, cells - 80), nodes: 10, by: 0, cloud: 0, state: 15};
}

function cellsOf(
  shape: Shape,
  parts: Readonly<Record<'run' | 'what' | 'nodes' | 'took' | 'by' | 'cloud' | 'state', UiLine>>,
): UiLine {
  return columns([
    {cells: RUN_CELLS, line: parts.run},
    {cells: shape.what, line: parts.what},
    {cells: shape.nodes, line: parts.nodes},
    {cells: TOOK_CELLS, align: 'right', line: parts.took},
    {cells: shape.by, line: parts.by},
    {cells: shape.cloud, line: parts.cloud},
    {cells: shape.state, line: parts.state},
  ]);
}

function headingLine(shape: Shape, {columns: cells}: Size): UiLine {
  const title = (text: string): UiLine => [{text, colour: 'muted', isBold: true}];
  const line = cellsOf(shape, {
    run: title('RUN'),
    what: title('WHAT'),
    nodes: title('NODES'),
    took: title('TOOK'),
    by: title('BY'),
    cloud: title('CLOUD'),
    state: title('STATE'),
  });
  return fit(['   ', ...line], cells);
}

/** A row from column 1 on: signs of the list stand with their words. */
function runLine(summary: RunSummary, {now, times}: RunsState, shape: Shape, theme: Theme): UiLine {
  const {meaning, words} = stateOf(summary);
  const {done, of} = nodesDone(summary);
  const calm = meaning === 'ok' || meaning === 'put-back';
  return [
    '  ',
    ...cellsOf(shape, {
      run: isNew(theme, times, summary.run, now) ? [{text: summary.run, isBold: true}] : [summary.run],
      what: [{text: intervalChange(summary, theme.signs.arrow), colour: 'text'}],
      nodes: [
        {text: of === 0 ? theme.signs.none : `${formatCount(done)} of ${formatCount(of)}`, colour: 'text'},
      ],
      took: [{text: tookOf(summary, now), colour: 'text'}],
      by: [{text: summary.operator.name, colour: 'muted'}],
      cloud: [{text: summary.plan?.cloud.cloud ?? '', colour: 'muted'}],
      state: [
        changedSign(theme, signSpan(theme, meaning), changedAt(times, summary.run), now),
        calm ? {text: ` ${words}`, colour: 'muted'} : {text: ` ${words}`, colour: 'text'},
      ],
    }),
  ];
}

/** What is told of the selected run, below the list. */
function detailLines(state: RunsState, rows: number, size: Size, theme: Theme): readonly UiLine[] {
  const selected = selectedRun(state);
  if (selected === undefined) return [];
  const cells = size.columns;
  const sentence = rollbackSentence(selected);
  const next = selected.next.flatMap((text) => wrapText(text, cells - 1, 1));
  const below: readonly UiLine[] = [
    ...(next.length === 0 ? [] : [[], ...next]),
    ...(sentence === undefined ? [] : [[], ...wrapText(sentence, cells - 1, 1, {colour: 'muted'})]),
    ...damagedLines(state, size, theme),
  ];
  const head = wrapText(headWords(selected), cells - 1, 3 + RUN_CELLS, {colour: 'muted'});
  const [first = [], ...more] = head;
  const lines = nodeLines(selected, Math.max(2, rows - 1 - head.length - below.length));
  const subjectCells = Math.min(30, Math.max(...lines.map(({subject}) => cellWidth(subject)), 0));
  const wordCells = Math.max(...lines.map(({words}) => cellWidth(words)), 0);
  return [
    [],
    [' ', {text: selected.run, isBold: true}, '  ', ...first.slice(1)],
    ...more,
    ...lines.map(({meaning, subject, words, more: message}): UiLine => {
      const line = columns([
        {cells: subjectCells, line: [{text: subject, isBold: true}]},
        {cells: wordCells, line: [words]},
        {cells: Math.max(0, cells - 8 - subjectCells - wordCells), line: [{text: message, colour: 'muted'}]},
      ]);
      return [' ', meaning === undefined ? ' ' : signSpan(theme, meaning), ' ', ...line];
    }),
    ...below,
  ].map((line) => fit(line, cells, 'left', theme.signs.cut));
}

function emptyLines({runs, problem}: RunsState, theme: Theme): readonly UiLine[] {
  if (runs === undefined)
    return problem === undefined
      ? [[' ', signSpan(theme, 'working'), {text: ' Reading the journals.', colour: 'muted'}]]
      : [];
  return [
    [{text: ' No run yet.', isBold: true}],
    [{text: ' Every run is listed here, with what it changed and how each node ended.', colour: 'muted'}],
    [],
    [
      {text: ' reprieve plan --interval 2h', colour: 'accent'},
      {text: '   shows what one would do; nothing is written', colour: 'muted'},
    ],
  ];
}

function damagedLines({damaged}: RunsState, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  return damaged.slice(0, 2).flatMap(({problem}): readonly UiLine[] => {
    const text = problem.remedy === undefined ? problem.message : `${problem.message} ${problem.remedy}`;
    const [first = [], ...more] = wrapText(text, cells - 1, 3);
    return [[], [' ', signSpan(theme, 'failed'), ' ', ...first.slice(1)], ...more];
  });
}

function EventsView({state, size, theme, hasFocus}: BodyProps<RunsState, RunsAction>): ReactNode {
  const events = shownEvents(state);
  if (state.view.kind !== 'events') return null;
  const {list} = state.view;
  if (events.length === 0) {
    return <Lines theme={theme} lines={[[], [{text: ' Nothing was told of it yet.', colour: 'muted'}]]} />;
  }
  const ids = eventIds(events);
  const hostCells = Math.min(
    size.columns >= 110 ? 30 : 18,
    Math.max(4, ...events.map((event) => cellWidth(hostOf(event)))),
  );
  const below = messageRows(size);
  const rows = Math.max(1, size.rows - below - 2);
  const selected = events[list.index];
  const message = selected === undefined ? [] : messageLines(selected, size.columns - 1);
  const last = message[below - 1];
  const shown =
    message.length <= below || last === undefined
      ? message
      : [...message.slice(0, below - 1), [...last, {text: ` ${theme.signs.cut}`, colour: 'muted'} as const]];
  return (
    <>
      <Lines theme={theme} lines={[[' ']]} />
      <ListView
        theme={theme}
        items={ids}
        idOf={(id) => id}
        lineOf={(id) => eventLine(events[Number(id)], hostCells, size, theme)}
        list={list}
        cells={size.columns}
        rows={rows}
        hasFocus={hasFocus}
      />
      <Lines theme={theme} lines={[[], ...shown]} />
    </>
  );
}

function hostOf(event: RunEvent): string {
  return event.kind === 'end' || event.host === '' ? 'run' : event.host;
}

/** All that an event says; what is to be done at the end of a run has a line for each way. */
function messageLines(event: RunEvent, cells: number): readonly UiLine[] {
  const texts = event.kind === 'end' ? [`The run ended: ${event.outcome}.`, ...event.next] : [event.message];
  return texts.flatMap((text) => wrapText(text, cells - 2, 3, {colour: 'muted'}));
}

function messageOf(event: RunEvent): string {
  return event.kind === 'end'
    ? `The run ended: ${event.outcome}. ${event.next.join(' ')}`.trim()
    : event.message;
}

function eventLine(
  event: RunEvent | undefined,
  hostCells: number,
  {columns: cells}: Size,
  theme: Theme,
): UiLine {
  if (event === undefined) return [];
  const isEnd = event.kind === 'end';
  const meaning = isEnd ? meaningOfOutcome(event.outcome) : EVENT_MEANINGS[event.state];
  const step = isEnd ? 'end' : event.step;
  return [
    {text: clockTime(event.time), colour: 'muted'},
    ' ',
    signSpan(theme, meaning),
    ' ',
    ...columns([
      {cells: hostCells, line: [hostOf(event)]},
      {cells: 9, line: [{text: step, colour: 'muted'}]},
      {cells: 11, line: [{text: isEnd ? event.outcome : event.state, colour: 'text'}]},
      {cells: Math.max(0, cells - 39 - hostCells), line: [{text: messageOf(event), colour: 'muted'}]},
    ]),
  ];
}

function diffBody(state: RunsState, {columns: cells, rows}: Size, theme: Theme): readonly UiLine[] {
  const selected = selectedRun(state);
  const content = selected === undefined ? [] : changeRows(selected);
  if (content.length === 0) {
    return [fit([{text: ' It changed no file.', colour: 'muted'}], cells)];
  }
  const top = state.view.kind === 'diffs' ? Math.max(0, Math.min(state.view.top, content.length - rows)) : 0;
  return content.slice(top, top + rows).map((row): UiLine => {
    switch (row.kind) {
      case 'empty':
        return [' '.repeat(cells)];
      case 'nodes':
        return fit([' ', {text: row.text, isBold: true}], cells, 'left', theme.signs.cut);
      case 'file':
        return fit([' ', {text: row.text, colour: 'muted'}], cells, 'left', theme.signs.cut);
      case 'diff':
        return diffLines(theme, [row.line], cells)[0] ?? [];
    }
  });
}
