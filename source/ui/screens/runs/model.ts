import type {RunEvent} from '../../../app/rollout/events.js';
import type {DamagedRun, RunUpdate} from '../../../app/rollout/own-runs.js';
import type {NodeRecords} from '../../../app/rollout/node-records.js';
import {
  mergeRecords,
  type FoundRecord,
  type RunSummary,
  unfinishedTargets,
} from '../../../app/rollout/run-history.js';
import {
  keepCursor,
  moveCursor,
  openList,
  putCursor,
  type ListMove,
  type ListState,
} from '../../components/list.js';
import {countOf} from '../../../text/elapsed.js';
import {timesOf, type RowTimes} from '../../row-times.js';
import type {Size} from '../../screen.js';
import type {Transition} from '../../store.js';
import {withNews} from '../../news.js';
import {changeRows} from './run-diffs.js';
import {stateOf} from './run-words.js';

/** What the body shows: all runs, what happened in one, or what one changed. */
export type RunsView =
  | {readonly kind: 'list'}
  | {readonly kind: 'events'; readonly run: string; readonly list: ListState}
  | {readonly kind: 'diffs'; readonly run: string; readonly top: number};

export type RunsState = {
  /** Flags that find the same cloud and nodes. */
  readonly placeFlags: readonly string[];
  readonly now: number;
  /** Newest first; undefined until they were read. */
  readonly runs: readonly RunSummary[] | undefined;
  readonly damaged: readonly DamagedRun[];
  /** Why the journals cannot be read. */
  readonly problem: string | undefined;
  readonly readAt: number;
  readonly isReading: boolean;
  /** A run that was asked for by its id, until it is there. */
  readonly wanted: string | undefined;
  readonly list: ListState;
  readonly view: RunsView;
  /** Runs that are read as they grow. */
  readonly followed: ReadonlySet<string>;
  /** What happened in the runs that were opened or are live, oldest first. */
  readonly events: ReadonlyMap<string, readonly RunEvent[]>;
  readonly body: Size;
  /** When runs came and changed; undefined until they were read. */
  readonly times: RowTimes | undefined;
  /** Whether nodes can be asked, and a run be gone on with, from here. */
  readonly ways: RunsWays;
  /** What the nodes told of runs, those of others too. */
  readonly found: readonly FoundRecord[];
  readonly nodes: NodesAsked;
  /** What is worth being told without being asked, oldest first. */
  readonly news: readonly string[];
  /** A word for the strip, and since when: what an action came to, why a row left. */
  readonly notice: {readonly text: string; readonly at: number} | undefined;
};

export type RunsWays = {readonly canAskNodes: boolean; readonly canResume: boolean};

/** How far asking the nodes has come. */
export type NodesAsked =
  | {readonly kind: 'not' | 'asking'}
  | {readonly kind: 'asked'; readonly count: number; readonly silent: number};

export type RunsAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly body: Size}
  | {readonly type: 'read'; readonly runs: readonly RunSummary[]; readonly damaged: readonly DamagedRun[]}
  | {readonly type: 'unreadable'; readonly problem: string}
  | {readonly type: 'updated'; readonly run: string; readonly update: RunUpdate}
  | {readonly type: 'lost'; readonly run: string; readonly problem: string}
  | {readonly type: 'ask-nodes'}
  | {readonly type: 'records'; readonly records: NodeRecords}
  | {readonly type: 'records-failed'; readonly problem: string}
  | {readonly type: 'resume'}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'show-events'}
  | {readonly type: 'show-diffs'}
  | {readonly type: 'close'}
  | {readonly type: 'read-again'};

export type RunsEffect =
  | {readonly kind: 'read'; readonly known: readonly RunSummary[]}
  | {readonly kind: 'follow'; readonly run: string}
  | {readonly kind: 'ask-nodes'}
  | {readonly kind: 'resume'; readonly run: string};

/** How often new runs are looked for, in milliseconds. A live one is followed besides. */
const READ_PERIOD_MS = 10_000;

/** The runs as they open. `wanted`: the one that was asked for. */
export function startRuns(
  placeFlags: readonly string[],
  wanted: string | undefined,
  ways: RunsWays = {canAskNodes: false, canResume: false},
): Transition<RunsState, RunsEffect> {
  const state: RunsState = {
    placeFlags,
    now: 0,
    runs: undefined,
    damaged: [],
    problem: undefined,
    readAt: 0,
    isReading: true,
    wanted,
    list: openList([]),
    view: {kind: 'list'},
    followed: new Set(),
    events: new Map(),
    body: {columns: 80, rows: 20},
    times: undefined,
    ways,
    found: [],
    nodes: {kind: 'not'},
    news: [],
    notice: undefined,
  };
  return {state, effects: [{kind: 'read', known: []}]};
}

/** What an action makes of the runs, and what is to be read then. */
export function updateRuns(before: RunsState, action: RunsAction): Transition<RunsState, RunsEffect> {
  const {state: next, effects} = updateQuietly(before, action);
  const state = withTimes(before, next);
  const news = newsOf(before, state);
  return {state: withNews(state, news), effects};
}

function withTimes(before: RunsState, state: RunsState): RunsState {
  const {runs, times, now} = state;
  if (runs === undefined || runs === before.runs) return state;
  const rows = runs.map((summary) => ({id: summary.run, state: summary.state}));
  return {...state, times: timesOf(times, rows, now)};
}

/** How many runs there are, once; then each that comes, and each that ends. */
function newsOf(before: RunsState, {runs}: RunsState): readonly string[] {
  if (runs === undefined || runs === before.runs) return [];
  if (before.runs === undefined) {
    const [newest] = runs;
    if (newest === undefined) return ['No run yet.'];
    return [`${countOf(runs.length, 'run')}. The newest is ${newest.run}: ${stateOf(newest).words}.`];
  }
  const states = new Map(before.runs.map(({run, state}) => [run, state]));
  return runs.flatMap((summary) =>
    states.get(summary.run) === summary.state ? [] : [`Run ${summary.run}: ${stateOf(summary).words}.`],
  );
}

function updateQuietly(state: RunsState, action: RunsAction): Transition<RunsState, RunsEffect> {
  switch (action.type) {
    case 'tick': {
      const next = {...state, now: action.now};
      return !state.isReading && action.now - state.readAt >= READ_PERIOD_MS ? readAgain(next) : still(next);
    }
    case 'read-again':
      return state.isReading ? still(state) : readAgain(state);
    case 'resize':
      return still({...state, body: action.body});
    case 'read':
      return followLive(withRuns({...state, damaged: action.damaged, problem: undefined}, action.runs));
    case 'unreadable':
      return still({...state, isReading: false, readAt: state.now, problem: action.problem});
    case 'updated':
      return still(updated(state, action.run, action.update));
    case 'lost':
      return still({...without(state, action.run), problem: action.problem});
    case 'ask-nodes':
      if (state.nodes.kind === 'asking') return still(state);
      return {
        state: {...state, nodes: {kind: 'asking'}, problem: undefined},
        effects: [{kind: 'ask-nodes'}],
      };
    case 'records': {
      const {found, asked, problems} = action.records;
      const nodes = {kind: 'asked', count: asked, silent: problems.length} as const;
      const own = (state.runs ?? []).filter(hasJournal);
      const listed = withRuns({...state, found, nodes, problem: problems[0]}, own);
      return still(noticed(listed, askedWords(state, listed)));
    }
    case 'records-failed':
      return still({...state, nodes: {kind: 'not'}, problem: action.problem});
    case 'resume': {
      const selected = selectedRun(state);
      if (!canGoOn(state, selected)) return still(state);
      return {state, effects: [{kind: 'resume', run: selected.run}]};
    }
    case 'move':
      return still(moved(state, action.move));
    case 'show-events': {
      const selected = selectedRun(state);
      if (selected === undefined || !hasJournal(selected)) return still(state);
      const {run} = selected;
      const list = atLast(state.events.get(run) ?? []);
      return follow({...state, view: {kind: 'events', run, list}}, [run]);
    }
    case 'show-diffs': {
      const run = selectedRun(state)?.run;
      return still(run === undefined ? state : {...state, view: {kind: 'diffs', run, top: 0}});
    }
    case 'close':
      return still({...state, view: {kind: 'list'}});
  }
}

/** The run with the cursor; in the views of one run that one. */
export function selectedRun({runs, list, view}: RunsState): RunSummary | undefined {
  const id = view.kind === 'list' ? list.cursor : view.run;
  return runs?.find(({run}) => run === id);
}

/** Whether its journal is here: of other runs only nodes tell. */
export function hasJournal({begin}: RunSummary): boolean {
  return begin !== undefined;
}

/** Whether a run has something left that going on with it would do. */
export function canGoOn({ways}: RunsState, summary: RunSummary | undefined): summary is RunSummary {
  if (!ways.canResume || summary === undefined || !hasJournal(summary)) return false;
  const isOpen = summary.state !== 'running' && summary.state !== 'done' && summary.state !== 'rolled-back';
  return isOpen && unfinishedTargets(summary).length > 0;
}

/** What happened in the run whose events are shown. */
export function shownEvents({events, view}: RunsState): readonly RunEvent[] {
  return view.kind === 'events' ? (events.get(view.run) ?? []) : [];
}

/** Ids of the rows of events: they only ever grow at the end. */
export function eventIds(events: readonly RunEvent[]): readonly string[] {
  return events.map((_event, index) => String(index));
}

function still(state: RunsState): Transition<RunsState, RunsEffect> {
  return {state, effects: []};
}

function readAgain(state: RunsState): Transition<RunsState, RunsEffect> {
  return {
    state: {...state, isReading: true, readAt: state.now},
    effects: [{kind: 'read', known: state.runs ?? []}],
  };
}

function withRuns(state: RunsState, own: readonly RunSummary[]): RunsState {
  const runs = mergeRecords(own, state.found);
  const ids = runs.map(({run}) => run);
  const gone = (state.runs ?? []).find(({run}) => !ids.includes(run));
  const isThere = state.wanted !== undefined && ids.includes(state.wanted);
  const kept = state.runs === undefined ? openList(ids) : keepCursor(state.list, ids);
  return {
    ...(gone === undefined ? state : noticed(state, goneWords(gone))),
    runs,
    isReading: false,
    readAt: state.now,
    list: isThere && state.wanted !== undefined ? putCursor(kept, ids, state.wanted) : kept,
    wanted: isThere ? undefined : state.wanted,
    problem: state.wanted === undefined || isThere ? state.problem : `there is no run ${state.wanted} here`,
  };
}

function noticed(state: RunsState, text: string): RunsState {
  return {...state, notice: {text, at: state.now}};
}

/** Why a row left the list. */
function goneWords(summary: RunSummary): string {
  return hasJournal(summary)
    ? `${summary.run} left the list: its journal is gone`
    : `${summary.run} left the list: no node told of it again`;
}

/** What asking the nodes came to. */
function askedWords({runs: before}: RunsState, {runs = [], nodes}: RunsState): string {
  const known = new Set((before ?? []).map(({run}) => run));
  const more = runs.filter(({run}) => !known.has(run)).length;
  const count = nodes.kind === 'asked' ? nodes.count : 0;
  const were = count === 1 ? 'was' : 'were';
  const told = more === 0 ? 'no other run' : countOf(more, 'more run');
  return `${countOf(count, 'node')} ${were} asked: ${told}`;
}

function followLive(state: RunsState): Transition<RunsState, RunsEffect> {
  const live = (state.runs ?? []).filter(
    (summary) => summary.state === 'running' && summary.begin !== undefined,
  );
  return follow(
    state,
    live.map(({run}) => run),
  );
}

/** Follows runs that are not followed yet, from their beginning. */
function follow(state: RunsState, runs: readonly string[]): Transition<RunsState, RunsEffect> {
  const more = runs.filter((run) => !state.followed.has(run));
  if (more.length === 0) return still(state);
  const events = new Map(state.events);
  for (const run of more) events.set(run, []);
  return {
    state: {...state, events, followed: new Set([...state.followed, ...more])},
    effects: more.map((run) => ({kind: 'follow', run})),
  };
}

function updated(before: RunsState, run: string, {summary, news, isOver}: RunUpdate): RunsState {
  const state = isOver ? without(before, run) : before;
  const old = state.events.get(run) ?? [];
  const events = [...old, ...news.flatMap((entry) => (entry.type === 'event' ? [entry.event] : []))];
  const {view, runs} = state;
  return {
    ...state,
    events: new Map(state.events).set(run, events),
    ...(summary === undefined || runs === undefined
      ? {}
      : {runs: runs.map((one) => (one.run === run ? summary : one))}),
    // Who reads the end goes on reading it; who reads further up is not moved.
    ...(view.kind === 'events' && view.run === run && view.list.index >= old.length - 1
      ? {view: {...view, list: atLast(events)}}
      : {}),
  };
}

function without(state: RunsState, run: string): RunsState {
  return {...state, followed: new Set([...state.followed].filter((one) => one !== run))};
}

function atLast(events: readonly RunEvent[]): ListState {
  return moveCursor(openList(eventIds(events)), eventIds(events), 'last', 1);
}

function moved(state: RunsState, move: ListMove): RunsState {
  const {view, body} = state;
  switch (view.kind) {
    case 'list': {
      const ids = (state.runs ?? []).map(({run}) => run);
      return {...state, list: moveCursor(state.list, ids, move, body.rows)};
    }
    case 'events': {
      const ids = eventIds(shownEvents(state));
      return {...state, view: {...view, list: moveCursor(view.list, ids, move, body.rows)}};
    }
    case 'diffs':
      return {...state, view: {...view, top: topAfter(state, view.top + stepOf(move, body.rows))}};
  }
}

/** The first line in sight: the last one stays at the bottom. */
function topAfter(state: RunsState, top: number): number {
  const selected = selectedRun(state);
  const count = selected === undefined ? 0 : changeRows(selected).length;
  // The first row of the body stays empty.
  return Math.max(0, Math.min(top, count - (state.body.rows - 1)));
}

/** A page of text moves by lines. */
function stepOf(move: ListMove, rows: number): number {
  const half = Math.max(1, Math.floor(rows / 2));
  switch (move) {
    case 'next':
      return 1;
    case 'previous':
      return -1;
    case 'first':
      return Number.NEGATIVE_INFINITY;
    case 'last':
      return Number.POSITIVE_INFINITY;
    case 'half-page-down':
      return half;
    case 'half-page-up':
      return -half;
  }
}
