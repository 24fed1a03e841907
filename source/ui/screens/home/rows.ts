import type {HomeProblem} from '../../../app/home/look-home.js';
import type {RememberedSetup} from '../../../app/home/remembered-setup.js';
import type {RoleFigures, SetupFigures, Trouble} from '../../../app/home/setup-figures.js';
import type {RunSummary} from '../../../app/rollout/run-history.js';
import {formatCount, formatIntervalShort} from '../../../text/elapsed.js';
import {shortTime} from '../../../text/point-in-time.js';
import type {Meaning} from '../../../text/signs.js';
import {intervalChange, nodesDone, openNodes} from '../runs/run-words.js';
import type {Asked} from './asked.js';
import type {HomeState} from './model.js';
import {silentWords, troubleWords, type Words} from './trouble-words.js';

export type RowId = 'api' | 'compute' | 'services' | 'clocks' | 'servers' | 'runs';

/** One line of the set-up. */
export type HomeRow = {
  readonly id: RowId;
  readonly label: string;
  /** `soon`: it is being asked; `not-begun`: not yet. */
  readonly meaning: Meaning | 'soon' | 'not-begun';
  /** The figure; undefined while there is none: dashes stand for it. */
  readonly value: string | undefined;
  readonly detail: Words;
  /** The digit of the screen that explains it or helps. */
  readonly digit: string | undefined;
};

const NOTHING: Words = {short: '', long: ''};

/** The lines of the set-up, always the same ones in the same order, so that nothing moves while they fill in. */
export function homeRows(state: HomeState): readonly HomeRow[] {
  return [
    apiRow(state),
    computeRow(state),
    servicesRow(state),
    clocksRow(state),
    serversRow(state),
    runsRow(state),
  ];
}

/** Rows that somebody has to look at. */
export function isTrouble({meaning}: HomeRow): boolean {
  return meaning !== 'ok' && meaning !== 'none' && meaning !== 'soon' && meaning !== 'not-begun';
}

function both(text: string): Words {
  return {short: text, long: text};
}

function digitOf({options}: HomeState, name: string): string | undefined {
  return options.places.find((place) => place.name === name)?.digit;
}

/** What there is of the set-up: whole figures, else those that grow. */
function figuresOf({setup, setupSoFar}: HomeState): SetupFigures | undefined {
  return setup.value ?? setupSoFar;
}

/** A row whose source has not answered yet. */
function pending(
  state: HomeState,
  row: Pick<HomeRow, 'id' | 'label'>,
  asked: Asked<unknown>,
  waits: Words,
): HomeRow {
  const {problem} = asked;
  if (problem !== undefined) return {...row, ...failedRow(problem)};
  const isBegun = asked.isAsking || state.cloud.isAsking;
  return {
    ...row,
    meaning: asked.isAsking ? 'soon' : 'not-begun',
    value: isBegun ? undefined : 'not asked',
    detail: waits,
    digit: undefined,
  };
}

function failedRow({
  message,
  isSilence,
}: HomeProblem): Pick<HomeRow, 'meaning' | 'value' | 'detail' | 'digit'> {
  return {
    meaning: isSilence ? 'failed' : 'unknown',
    value: isSilence ? 'no answer' : 'unknown',
    detail: both(message),
    digit: undefined,
  };
}

function apiRow(state: HomeState): HomeRow {
  const row = {id: 'api', label: 'nova-api'} as const;
  const figures = figuresOf(state);
  if (figures === undefined) return pending(state, row, state.setup, setupWaits(state, 'api'));
  const {api, troubles, verdict} = figures;
  if (api.awaited > 0) return {...row, ...counting(api)};
  const own = troubles.filter(({about}) => about === 'api');
  if (api.of === 0) {
    const detail = {
      short: 'name them with --api-hosts',
      long: 'name them with --api-hosts or in the inventory: nova-api decides',
    };
    return {...row, meaning: 'unknown', value: 'none known', detail, digit: undefined};
  }
  const value = `${ofAll(verdict.kind === 'off' ? api.on : api.good, api.of)} on`;
  if (own.length > 0) return {...row, ...troubled(state, own, value)};
  if (verdict.kind === 'off') {
    return {...row, meaning: 'none', value, detail: both('the switch: a DELETE is final'), digit: undefined};
  }
  const detail = {short: '', long: 'the switch: a DELETE is held back'};
  return {...row, meaning: 'ok', value, detail, digit: undefined};
}

function computeRow(state: HomeState): HomeRow {
  const row = {id: 'compute', label: 'nova-compute'} as const;
  const figures = figuresOf(state);
  if (figures === undefined) return pending(state, row, state.setup, setupWaits(state, 'computes'));
  const {computes, troubles, verdict, intervalSeconds} = figures;
  if (computes.awaited > 0) return {...row, ...counting(computes)};
  const own = troubles.filter(({about}) => about === 'compute');
  const isOff = verdict.kind === 'off' || intervalSeconds === undefined;
  const value = isOff
    ? `${ofAll(computes.on, computes.of)} on`
    : `${ofAll(computes.good, computes.of)} at ${formatIntervalShort(intervalSeconds)}`;
  if (own.length > 0) return {...row, ...troubled(state, own, value)};
  if (!isOff) return {...row, meaning: 'ok', value, detail: NOTHING, digit: undefined};
  const detail = computes.on === 0 ? '' : 'nova-api is off: they hold nothing back';
  return {...row, meaning: 'none', value, detail: both(detail), digit: undefined};
}

function clocksRow(state: HomeState): HomeRow {
  const row = {id: 'clocks', label: 'clocks'} as const;
  const figures = figuresOf(state);
  if (figures === undefined) return pending(state, row, state.setup, NOTHING);
  const {clocks, troubles, api, computes} = figures;
  const own = troubles.filter(({about}) => about === 'clock');
  const value = `${ofAll(clocks.agree, clocks.of)} agree`;
  if (own.length > 0) return {...row, meaning: 'warning', value, detail: troubleWords(own), digit: undefined};
  const isWhole = api.awaited + computes.awaited === 0;
  if (clocks.of === 0) {
    return isWhole
      ? {...row, meaning: 'unknown', value: 'none seen', detail: NOTHING, digit: undefined}
      : {...row, meaning: 'soon', value: undefined, detail: NOTHING, digit: undefined};
  }
  return {...row, meaning: isWhole ? 'ok' : 'soon', value, detail: NOTHING, digit: undefined};
}

function servicesRow(state: HomeState): HomeRow {
  const row = {id: 'services', label: 'services'} as const;
  const {services} = state;
  const figures = services.value;
  if (figures === undefined) return pending(state, row, services, NOTHING);
  const value = `${ofAll(figures.up, figures.of)} up`;
  const detail = silentWords(figures, state.now);
  if (services.problem !== undefined && !services.problem.isSilence) {
    return {...row, meaning: 'unknown', value, detail: both(services.problem.message), digit: undefined};
  }
  return {...row, meaning: figures.silent.length === 0 ? 'ok' : 'warning', value, detail, digit: undefined};
}

function serversRow(state: HomeState): HomeRow {
  const row = {id: 'servers', label: 'servers'} as const;
  const {servers} = state;
  if (servers.value === undefined) return pending(state, row, servers, NOTHING);
  const {count, problem} = servers.value;
  const value = `${formatCount(count)} soft-deleted`;
  if (problem !== undefined) {
    return {...row, meaning: 'unknown', value, detail: both(`maybe more: ${problem}`), digit: undefined};
  }
  if (count > 0 && state.setup.value?.verdict.kind === 'off') {
    const detail = {
      short: 'nothing reclaims them now',
      long: 'with delayed delete off nothing reclaims them: they stay, disks and all',
    };
    return {...row, meaning: 'stuck', value, detail, digit: undefined};
  }
  const isOwn = state.waiting.clouds.some(({scope}) => scope === 'own-project');
  const detail = isOwn ? both('of this project only') : NOTHING;
  return {...row, meaning: 'ok', value, detail, digit: undefined};
}

function runsRow(state: HomeState): HomeRow {
  const row = {id: 'runs', label: 'last run'} as const;
  const {runs} = state;
  if (runs.value === undefined) return pending(state, row, runs, NOTHING);
  const {last} = runs.value;
  if (last === undefined)
    return {...row, meaning: 'none', value: 'none yet', detail: NOTHING, digit: undefined};
  return {...row, ...lastRun(last, state.now), digit: digitOf(state, 'runs')};
}

function lastRun(last: RunSummary, now: number): Pick<HomeRow, 'meaning' | 'value' | 'detail'> {
  const open = openNodes(last);
  const {done, of} = nodesDone(last);
  const what = [
    shortTime(last.started, now),
    intervalChange(last, 'to'),
    ...(of === 0 ? [] : [`${ofAll(done, of)} nodes`]),
  ].filter((part) => part !== '');
  const detail = {
    short: what.join(', '),
    long: [...what, ...(last.operator.name === '' ? [] : [`by ${last.operator.name}`])].join(', '),
  };
  switch (last.state) {
    case 'running':
      return {meaning: 'now', value: `running ${ofAll(done, of)}`, detail};
    case 'done':
      return {meaning: 'ok', value: 'done', detail};
    case 'rolled-back':
      return {meaning: 'put-back', value: 'put back', detail};
    case 'waiting':
      return {meaning: 'waiting', value: `${formatCount(open)} waiting`, detail};
    case 'failed':
      return {meaning: 'failed', value: 'failed', detail};
    case 'interrupted':
      return {meaning: 'failed', value: 'interrupted', detail};
    case 'partial':
      return {meaning: 'warning', value: `${formatCount(open)} open`, detail};
    case 'unknown':
      return {meaning: 'unknown', value: 'unknown', detail};
  }
}

/** While nodes are being looked at: `120 of 496 …`. */
function counting({of, awaited}: RoleFigures): Pick<HomeRow, 'meaning' | 'value' | 'detail' | 'digit'> {
  return {
    meaning: 'soon',
    value: ofAll(of - awaited, of),
    detail: both('being looked at over SSH'),
    digit: undefined,
  };
}

function troubled(
  state: HomeState,
  own: readonly Trouble[],
  value: string,
): Pick<HomeRow, 'meaning' | 'value' | 'detail' | 'digit'> {
  const isUnseenOnly = own.every(({kind}) => kind === 'unseen' || kind === 'not-listed');
  const isStuck = own.some(({kind}) => kind === 'unreadable' || kind === 'negative' || kind === 'off');
  const [only] = own;
  const words = troubleWords(own);
  const isOne = own.length === 1 && only !== undefined && (isUnseenOnly || only.kind === 'other');
  return {
    meaning: isUnseenOnly ? 'unknown' : isStuck ? 'stuck' : 'warning',
    value,
    detail: isOne ? {...words, long: only.message} : words,
    digit: digitOf(state, 'setup'),
  };
}

function setupWaits({remembered, now, setup}: HomeState, role: 'api' | 'computes'): Words {
  const needs = setup.isAsking ? 'asks over SSH' : 'needs SSH';
  return both(remembered === undefined ? needs : `${needs}; ${rememberedFigure(remembered, role, now)}`);
}

function rememberedFigure(remembered: RememberedSetup, role: 'api' | 'computes', now: number): string {
  const {good, of} = remembered[role];
  const {intervalSeconds} = remembered;
  const on =
    role === 'api' || intervalSeconds === undefined ? 'on' : `at ${formatIntervalShort(intervalSeconds)}`;
  return `at ${shortTime(remembered.at, now)} it was ${ofAll(good, of)} ${on}`;
}

function ofAll(count: number, all: number): string {
  return `${formatCount(count)} of ${formatCount(all)}`;
}
