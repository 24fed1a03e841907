import type {CloudLabel} from '../../../app/home/home-ports.js';
import type {HomeFinding, HomeSource} from '../../../app/home/look-home.js';
import type {RememberedSetup} from '../../../app/home/remembered-setup.js';
import type {ServicesFigures} from '../../../app/home/services-figures.js';
import type {SetupFigures} from '../../../app/home/setup-figures.js';
import type {RunSummary} from '../../../app/rollout/run-history.js';
import {countOf, formatElapsed} from '../../../text/elapsed.js';
import type {Meaning} from '../../../text/signs.js';
import type {ListMove} from '../../components/list.js';
import {timesOf, type RowTimes} from '../../row-times.js';
import {SMALLEST_COLUMNS, SMALLEST_ROWS, type ScreenObject, type Size} from '../../screen.js';
import {bodySize} from '../../shell.js';
import type {Transition} from '../../store.js';
import {updateWatch} from '../watch/model.js';
import {NO_NAMES} from '../watch/rows.js';
import type {WatchAction, WatchEvent, WatchState} from '../watch/state.js';
import {answered, type Asked} from './asked.js';
import {type HomeLists, keptLists, movedIn, openLists, selectedServer, withOtherList} from './lists.js';
import {homeRows} from './rows.js';
import {knownVerdict} from './verdict-words.js';
import {LOG_LENGTH, noWaiting, waitingTold} from './waiting.js';

/** A line of the log. `by`: whose doing it was, which the text does not say: a name may come later. */
export type HomeEvent = {
  readonly at: number;
  readonly meaning: Meaning;
  readonly text: string;
  readonly by?: WatchEvent['by'];
};

/** A place that a key opens: a digit, where a profile does not say another. */
export type Place = {readonly digit: string; readonly name: string; readonly label: string};

/** What home is told when it is opened, and keeps. */
export type HomeOptions = {
  /** Screens that exist, of those that home opens. */
  readonly places: readonly Place[];
  /** Commands that help where there is no cloud, with what each does. */
  readonly ways: readonly {readonly command: string; readonly help: string}[];
  /** Flags that find the same cloud and nodes: `--cloud fra1`. */
  readonly placeFlags: readonly string[];
  /** Nothing is changed: there is no key for it. */
  readonly isReadOnly: boolean;
};

export type HomeState = {
  readonly options: HomeOptions;
  readonly began: number;
  readonly now: number;
  readonly label: CloudLabel | undefined;
  readonly cloud: Asked<{readonly tookMs: number}>;
  readonly services: Asked<ServicesFigures>;
  readonly setup: Asked<SetupFigures>;
  /** Figures that grow while nodes are looked at. */
  readonly setupSoFar: SetupFigures | undefined;
  /** How many wait, and why there may be more. */
  readonly servers: Asked<{readonly count: number; readonly problem: string | undefined}>;
  /** The servers that wait, as the live list has them. */
  readonly waiting: WatchState;
  /** Of them, those that are due next and those that were deleted last. */
  readonly lists: HomeLists;
  readonly body: Size;
  /** Another screen was opened from here: no time goes by here until it is closed. */
  readonly isAway: boolean;
  readonly runs: Asked<{readonly last: RunSummary | undefined}>;
  readonly remembered: RememberedSetup | undefined;
  /** When rows came to say something else than before. */
  readonly times: RowTimes;
  /** Newest first. */
  readonly log: readonly HomeEvent[];
};

export type HomeAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'found'; readonly finding: HomeFinding}
  | {readonly type: 'resize'; readonly body: Size}
  /** What is told of the servers that wait. */
  | {readonly type: 'waiting'; readonly told: WatchAction}
  | {readonly type: 'look-again'}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'other-list'}
  | {readonly type: 'open'; readonly name: string}
  | {readonly type: 'open-server'; readonly doing: 'restore' | 'details'}
  | {readonly type: 'find-server'};

export type HomeEffect =
  | {readonly kind: 'look'; readonly source: HomeSource}
  /** The servers that wait are followed from now on, anew where they were before. */
  | {readonly kind: 'follow'; readonly isAgain: boolean}
  /** What changed about them is asked for now. */
  | {readonly kind: 'ask-servers'}
  /** The times of these servers have to be exact from now on. */
  | {readonly kind: 'show'; readonly ids: readonly string[]}
  | {readonly kind: 'open'; readonly name: string; readonly object?: ScreenObject};

/** How often each source is asked by itself, in milliseconds. Over SSH seldom: it is every node. */
const PERIODS = {services: 10_000, runs: 10_000, setup: 600_000} as const;
type Periodic = keyof typeof PERIODS;
const PERIODIC: readonly Periodic[] = ['services', 'runs', 'setup'];

/** A cloud that does not answer is tried again; one that refuses is not, so that no account is locked. */
const CLOUD_RETRY_MS = 15_000;
/** Without a tick for so long, another screen was in front. */
const AWAY_MS = 3000;

/** Home as it opens: the cloud and the last run are looked at. */
export function startHome(options: HomeOptions): Transition<HomeState, HomeEffect> {
  const unasked = {
    value: undefined,
    answeredAt: undefined,
    problem: undefined,
    askedAt: 0,
    isAsking: false,
  };
  const state: HomeState = {
    options,
    began: 0,
    now: 0,
    label: undefined,
    cloud: unasked,
    services: unasked,
    setup: unasked,
    setupSoFar: undefined,
    servers: unasked,
    waiting: noWaiting(),
    lists: openLists(),
    isAway: false,
    body: bodySize({columns: SMALLEST_COLUMNS, rows: SMALLEST_ROWS}),
    runs: unasked,
    remembered: undefined,
    times: new Map(),
    log: [],
  };
  return ask(state, ['cloud', 'runs']);
}

/** What an action makes of home, and what is to be looked at then. */
export function updateHome(state: HomeState, action: HomeAction): Transition<HomeState, HomeEffect> {
  switch (action.type) {
    case 'tick':
      return ticked(state, action.now);
    case 'found':
      return withTimes(withVerdict(state, found(state, action.finding)));
    case 'resize':
      return withLists({...state, body: action.body});
    case 'waiting':
      return withTimes(withLists(waitingTold(state, action.told)));
    case 'look-again':
      return isConnected(state) ? followed(ask(state, PERIODIC)) : ask(state, ['cloud', 'runs']);
    case 'move':
      return still({...state, lists: movedIn(state, action.move)});
    case 'other-list':
      return still({...state, lists: withOtherList(state)});
    case 'open':
      return opened(state, action.name);
    case 'open-server': {
      const row = selectedServer(state);
      if (row === undefined) return still(state);
      const names = state.waiting.clouds[0]?.names ?? NO_NAMES;
      const object: ScreenObject = {kind: 'server', listed: row.listed, names, doing: action.doing};
      return opened(state, 'watch', object);
    }
    case 'find-server':
      return opened(state, 'watch', {kind: 'find-server'});
  }
}

/** When Nova last answered; undefined: never yet. */
export function answeredAt({cloud, services}: HomeState): number | undefined {
  return services.answeredAt ?? cloud.answeredAt;
}

/** Seconds until Nova is asked again by itself; 0 while it is being asked. */
export function nextTry({services, now}: HomeState): number {
  if (services.isAsking) return 0;
  return Math.max(0, Math.ceil((services.askedAt + PERIODS.services - now) / 1000));
}

function isConnected({cloud}: HomeState): boolean {
  return cloud.value !== undefined;
}

function opened(state: HomeState, name: string, object?: ScreenObject): Transition<HomeState, HomeEffect> {
  const effect = {kind: 'open', name, ...(object === undefined ? {} : {object})} as const;
  return {state: {...state, isAway: true}, effects: [effect]};
}

/** Time went by. Who comes back from another screen sees at once what was done there. */
function ticked(before: HomeState, now: number): Transition<HomeState, HomeEffect> {
  const isBack = before.isAway || (before.began !== 0 && now - before.now > AWAY_MS);
  const {state, effects} = tick({...before, isAway: false}, now);
  const isAsked = isBack && state.servers.value !== undefined;
  return {state, effects: isAsked ? [...effects, {kind: 'ask-servers'}] : effects};
}

function tick(before: HomeState, now: number): Transition<HomeState, HomeEffect> {
  // What was asked before the first tick was asked then.
  const first = (asked: Asked<never>['askedAt']) => (asked === 0 ? now : asked);
  const state: HomeState =
    before.began === 0
      ? {
          ...before,
          now,
          began: now,
          cloud: {...before.cloud, askedAt: first(before.cloud.askedAt)},
          runs: {...before.runs, askedAt: first(before.runs.askedAt)},
          waiting: updateWatch(before.waiting, {type: 'tick', now}).state,
        }
      : {...before, now, waiting: updateWatch(before.waiting, {type: 'tick', now}).state};
  const isDue = (source: HomeSource, period: number) => {
    const asked = askedOf(state, source);
    return asked !== undefined && !asked.isAsking && now - asked.askedAt >= period;
  };
  const due = PERIODIC.filter(
    (source) => (source === 'runs' || isConnected(state)) && isDue(source, PERIODS[source]),
  );
  const isRetried = state.cloud.problem?.isSilence === true && isDue('cloud', CLOUD_RETRY_MS);
  return ask(state, isRetried ? ['cloud', ...due] : due);
}

/** Asks those of the sources that are not being asked already. */
function ask(before: HomeState, sources: readonly HomeSource[]): Transition<HomeState, HomeEffect> {
  let state = before;
  const effects: HomeEffect[] = [];
  for (const source of sources) {
    const asked = askedOf(state, source);
    if (asked?.isAsking === true) continue;
    effects.push({kind: 'look', source});
    if (asked !== undefined && source !== 'memory') {
      state = {...state, [source]: {...asked, isAsking: true, askedAt: state.now}};
    }
  }
  return {state, effects};
}

function askedOf(state: HomeState, source: HomeSource): Asked<unknown> | undefined {
  return source === 'memory' ? undefined : state[source];
}

function found(state: HomeState, finding: HomeFinding): Transition<HomeState, HomeEffect> {
  if (finding.kind === 'failed') return {state: failed(state, finding), effects: []};
  switch (finding.source) {
    case 'cloud':
      if (finding.kind === 'notice')
        return still(told(state, {at: finding.at, meaning: 'warning', text: finding.text}));
      if (finding.kind === 'named') return ask({...state, label: finding.label}, ['memory']);
      return signedIn(state, finding.at, finding.tookMs);
    case 'services': {
      const next = recovered(state, 'services', 'Nova answers again', finding.at);
      return still({...next, services: answered(next.services, finding.at, finding.figures)});
    }
    case 'setup': {
      if (finding.kind === 'part') return still({...state, setupSoFar: finding.figures});
      const {computes, api} = finding.figures;
      const took = formatElapsed((finding.at - state.setup.askedAt) / 1000);
      const text = `looked at ${countOf(api.of, 'nova-api', 'nova-api')} and ${countOf(computes.of, 'nova-compute', 'nova-compute')}  ${took}`;
      return still({
        ...told(state, {at: finding.at, meaning: 'ok', text}),
        setup: answered(state.setup, finding.at, finding.figures),
        setupSoFar: undefined,
      });
    }
    case 'runs': {
      const next = {...state, runs: answered(state.runs, finding.at, {last: finding.last})};
      // A run that came to its end has changed nodes: what was seen of them before is no longer true.
      const {value} = state.runs;
      return value !== undefined && hasEnded(value.last, finding.last) && isConnected(next)
        ? followed(ask(next, ['setup']))
        : still(next);
    }
    case 'memory':
      return still({...state, remembered: finding.setup});
  }
}

/** A verdict that is another one than before is news. */
function withVerdict(
  before: HomeState,
  {state, effects}: Transition<HomeState, HomeEffect>,
): Transition<HomeState, HomeEffect> {
  const was = knownVerdict(before);
  const is = knownVerdict(state);
  if (is === undefined || is.sentence === was?.sentence) return {state, effects};
  const at = Math.max(state.setup.answeredAt ?? 0, state.services.answeredAt ?? 0);
  return {state: told(state, {at, meaning: is.meaning, text: is.sentence}), effects};
}

/** What rows say first is no news. */
function withTimes({state, effects}: Transition<HomeState, HomeEffect>): Transition<HomeState, HomeEffect> {
  const verdict = knownVerdict(state);
  const rows = homeRows(state).filter(({meaning}) => meaning !== 'soon' && meaning !== 'not-begun');
  const said = [
    ...(verdict === undefined ? [] : [{id: 'verdict', state: verdict.meaning}]),
    ...rows.map(({id, meaning}) => ({id, state: meaning})),
  ];
  return {state: {...state, times: timesOf(state.times, said, state.now)}, effects};
}

function still(state: HomeState): Transition<HomeState, HomeEffect> {
  return {state, effects: []};
}

/** Whether the last run is another one than before or has come further, and is over. */
function hasEnded(before: RunSummary | undefined, after: RunSummary | undefined): boolean {
  if (after === undefined || after.state === 'running') return false;
  return before?.run !== after.run || before.state !== after.state;
}

function signedIn(before: HomeState, at: number, tookMs: number): Transition<HomeState, HomeEffect> {
  const scope = before.label?.scope;
  const who = scope === undefined ? '' : ` (${scope})`;
  const text = `signed in to ${before.label?.name ?? 'the cloud'}${who}  ${(tookMs / 1000).toFixed(1)} s`;
  const state = told(before, {at, meaning: 'ok', text});
  return followed(ask({...state, cloud: answered(state.cloud, at, {tookMs})}, ['services', 'setup']));
}

/** Has the servers followed, anew where they were before: hosts may be other ones now. */
function followed({state, effects}: Transition<HomeState, HomeEffect>): Transition<HomeState, HomeEffect> {
  const {servers, now} = state;
  if (servers.isAsking) return {state, effects};
  return {
    state: {...state, servers: {...servers, isAsking: true, askedAt: now}},
    effects: [...effects, {kind: 'follow', isAgain: servers.value !== undefined}],
  };
}

/** Cursors follow their rows, and the times of what is shown are asked for. */
function withLists(state: HomeState): Transition<HomeState, HomeEffect> {
  const lists = keptLists(state);
  const isSame = lists.shown.join() === state.lists.shown.join();
  return {state: {...state, lists}, effects: isSame ? [] : [{kind: 'show', ids: lists.shown}]};
}

/** A source that failed keeps what it said before. The log has each cause once. */
function failed(state: HomeState, finding: Extract<HomeFinding, {kind: 'failed'}>): HomeState {
  const {source, at, problem} = finding;
  const text = problem.remedy === undefined ? problem.message : `${problem.message} ${problem.remedy}`;
  if (source === 'memory') return told(state, {at, meaning: 'warning', text});
  const before: Asked<unknown> = state[source];
  const isNews = before.problem?.message !== problem.message;
  const next = isNews ? told(state, {at, meaning: 'failed', text}) : state;
  return {
    ...next,
    ...(source === 'setup' ? {setupSoFar: undefined} : {}),
    [source]: {
      ...before,
      problem,
      isAsking: false,
      answeredAt: problem.isSilence ? before.answeredAt : at,
    },
  };
}

function recovered(state: HomeState, source: Periodic, text: string, at: number): HomeState {
  return state[source].problem === undefined ? state : told(state, {at, meaning: 'ok', text});
}

function told(state: HomeState, event: HomeEvent): HomeState {
  return {...state, log: [event, ...state.log].slice(0, LOG_LENGTH)};
}
