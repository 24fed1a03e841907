import type {UserError} from '../../../app/errors.js';
import type {ServerNews, WatchNews} from '../../../app/watch/watch-news.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import {userErrorLine} from '../../../text/errors.js';
import {countOf} from '../../../text/elapsed.js';
import type {Settled} from './acting.js';
import {apiNow, logged, noticed, relisted, reshown, withCloudState} from './changes.js';
import {hasFailed, withCloud, withMore, withNews} from './rows.js';
import {sortRows} from './sort.js';
import type {CloudState, WatchEvent, WatchState} from './state.js';
import {departureWords, eventWords, isBroken, newsWords, prefixOf} from './words.js';

/** Of more that happen at once only their number is told. */
const MOST_TOLD = 20;

/** What is told of a cloud, in the list. `at`: when, epoch milliseconds of this machine. */
export function withWatchNews(state: WatchState, cloud: number, news: WatchNews, at: number): WatchState {
  switch (news.kind) {
    case 'page': {
      const next = withCloudState(state, cloud, {phase: 'listing', offsetMs: news.now - at});
      return relisted(next, withMore(next, cloud, news.servers));
    }
    case 'list': {
      const {list} = news;
      const next = withCloudState(state, cloud, {
        phase: 'listed',
        scope: list.scope,
        offsetMs: list.now - at,
        answeredAt: at,
        trouble: undefined,
        problem: list.problem,
      });
      const text = `${prefixOf(next, cloud)}${countOf(list.servers.length, 'server')} soft-deleted`;
      return logged(relisted(next, withCloud(next, cloud, list.servers)), [{at, meaning: 'ok', text}]);
    }
    case 'servers':
      return happened(state, cloud, news.news, at);
    case 'answered':
      return withCloudState(state, cloud, {answeredAt: at, offsetMs: news.now - at, trouble: undefined});
    case 'trouble':
      return withTrouble(state, cloud, news.problem, at, at + news.retryMs);
    case 'recovered':
      return logged(withCloudState(state, cloud, {trouble: undefined}), [
        {at, meaning: 'ok', text: `${prefixOf(state, cloud)}Nova answers again`},
      ]);
    case 'notice':
      return logged(state, [{at, meaning: 'warning', text: `${prefixOf(state, cloud)}${news.text}`}]);
  }
}

/** Names that are known now: what is sorted or filtered by them follows. */
export function withNames(state: WatchState, cloud: number, names: Names): WatchState {
  const next = withCloudState(state, cloud, {names});
  const {column} = next.sort;
  if (column !== 'project' && column !== 'user') return reshown(next);
  return relisted(next, sortRows(next.rows, next.sort, next.clouds));
}

/** Its rows stay while a cloud does not answer. `retryAt`: when it is asked again, undefined where it is not. */
export function withTrouble(
  state: WatchState,
  cloud: number,
  error: UserError,
  at: number,
  retryAt: number | undefined,
  phase?: CloudState['phase'],
): WatchState {
  const before = state.clouds[cloud]?.trouble?.text;
  const text = userErrorLine(error);
  const trouble = {text, cause: error.message, remedy: error.remedy, retryAt};
  const next = withCloudState(state, cloud, phase === undefined ? {trouble} : {trouble, phase});
  return before === text
    ? next
    : logged(next, [{at, meaning: 'failed', text: `${prefixOf(state, cloud)}${text}`}]);
}

function happened(state: WatchState, cloud: number, news: readonly ServerNews[], at: number): WatchState {
  const {rows, before} = withNews(state, cloud, news);
  const times = new Map(state.news);
  const events: WatchEvent[] = [];
  const prefix = prefixOf(state, cloud);
  for (const one of news) {
    const {id} = one.listed.server;
    const old = before.get(id);
    const words = newsWords(one, old, apiNow({now: at, clouds: state.clouds}, cloud));
    const isOwn = isDeparture(one) && isAsked(state, one);
    const by = one.by === undefined ? {} : {by: {cloud, userId: one.by}};
    // What came of an own action is told by its outcome.
    if (words !== undefined && !isOwn) events.push({at, ...words, text: `${prefix}${words.text}`, ...by});
    if (one.event === 'added') times.set(id, {came: at});
    else if (old !== undefined && old.standing.state !== one.listed.standing.state) {
      times.set(id, {...times.get(id), changed: at});
    }
  }
  const lines = events.length > MOST_TOLD ? [manyWords(events, at, prefix)] : events;
  const settled = new Map(state.settled);
  for (const one of news) {
    const {id} = one.listed.server;
    const isShown = one.event !== 'changed' || isDeletedAnew(one.listed, settled.get(id)?.word);
    if (isShown) settled.delete(id);
  }
  const next = relisted({...state, news: times, settled}, rows);
  const departures = news.filter(isDeparture);
  const gone = departures.find(({listed: {server}}) => server.id === state.list.cursor);
  const isOwn = gone === undefined || isAsked(state, gone);
  const isWell = gone?.event === 'restored' && !isBroken(gone.listed);
  const kept = isOwn ? next : noticed(next, isWell ? 'ok' : 'warning', goneWords(next, cloud, gone));
  return withoutTarget(logged(withoutAlerts(kept, departures), lines), cloud, departures);
}

/** Whether a server that was deleted again is seen to wait anew. */
function isDeletedAnew(listed: ListedServer, word: Settled | undefined): boolean {
  return word === 'deleted' && !hasFailed(listed);
}

function withoutAlerts(state: WatchState, departures: readonly ServerNews[]): WatchState {
  const gone = new Set(departures.map(({listed: {server}}) => server.id));
  if (!departures.some(({listed: {server}}) => state.alerts.has(server.id))) return state;
  return {...state, alerts: new Set([...state.alerts].filter((id) => !gone.has(id)))};
}

function isDeparture({event}: ServerNews): boolean {
  return event !== 'added' && event !== 'changed';
}

/** Whether this program was asked to do that. */
function isAsked({pending, settled}: WatchState, {listed: {server}}: ServerNews): boolean {
  return pending.has(server.id) || settled.has(server.id);
}

/** A dialog about a server that went meanwhile says so. Of several the others stay. */
function withoutTarget(state: WatchState, cloud: number, departures: readonly ServerNews[]): WatchState {
  const {dialog} = state;
  if (dialog === undefined || dialog.kind === 'gone') return state;
  const [row, ...more] = 'rows' in dialog ? dialog.rows : [dialog.row];
  const gone = departures.find(({listed: {server}}) => server.id === row?.id);
  if (gone === undefined || row === undefined || more.length > 0) return state;
  return {...state, dialog: {kind: 'gone', row, words: goneWords(state, cloud, gone)}};
}

/** Why a server left the list, and who did that. */
function goneWords(state: WatchState, cloud: number, gone: ServerNews): string {
  const by = gone.by === undefined ? {} : {by: {cloud, userId: gone.by}};
  return eventWords(state, {text: departureWords(gone), ...by});
}

function manyWords(events: readonly WatchEvent[], at: number, prefix: string): WatchEvent {
  return {at, meaning: 'warning', text: `${prefix}${countOf(events.length, 'server')} came, changed or left`};
}
