import type {ServerNews} from '../../../app/watch/watch-news.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import type {StandingCounts} from '../../../domain/reclaim/time-left.js';
import {momentOf} from '../../../text/point-in-time.js';
import type {Meaning} from '../../../text/signs.js';
import {reasonSentence} from '../../../text/standing-words.js';
import {timeWords} from '../../../text/watch.js';
import type {WatchEvent, WatchState} from './state.js';

/**
 * What the log says of news, but for whose doing it was, see `eventWords`; undefined where nothing is worth a line.
 * `now`: by the API's clock.
 */
export function newsWords(
  {event, listed, by}: ServerNews,
  before: ListedServer | undefined,
  now: number,
): Pick<WatchEvent, 'meaning' | 'text' | 'what'> | undefined {
  const {name} = listed.server;
  const {state} = listed.standing;
  switch (event) {
    case 'added': {
      // How long it has is not known before its host was looked at, and its row says so.
      const words = timeWords(listed, now);
      const left = state === 'unknown' ? '' : state === 'waiting' ? `${words} left` : words;
      const isLast = by === undefined;
      const middle = left === '' || isLast ? '' : `, ${left},`;
      const end = left === '' || !isLast ? '' : `: ${left}`;
      return {meaning: 'waiting', text: `${name}${middle} was deleted${end}`, what: 'deleted'};
    }
    case 'changed': {
      if (before?.standing.state === state && before.standing.cause === listed.standing.cause)
        return undefined;
      // Before hosts were looked at nobody could tell.
      if (before?.standing.state === 'unknown' && state === 'waiting') return undefined;
      const reason = reasonSentence(listed);
      const text = `${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`;
      return {meaning: MEANINGS[state], text};
    }
    case 'restored': {
      const text = departureWords({event, listed});
      return isBroken(listed) ? {meaning: 'failed', text} : {meaning: 'ok', text, what: 'restored'};
    }
    case 'reclaimed':
    case 'purged':
      return {meaning: 'none', text: departureWords({event, listed}), what: 'destroyed'};
  }
}

/** Which of several clouds a line of the log is about. */
export function prefixOf({clouds}: Pick<WatchState, 'clouds'>, cloud: number): string {
  return clouds.length < 2 ? '' : `${clouds[cloud]?.name ?? ''}: `;
}

/** A line of the log with whose doing it was. */
export function eventWords(
  state: Pick<WatchState, 'clouds'>,
  {text, by}: Pick<WatchEvent, 'text' | 'by'>,
): string {
  return by === undefined ? text : `${text} by ${nameOf(state, by.cloud, 'users', by.userId)}`;
}

/** Whether a server that left the list has to be repaired: a purge failed on its host, or somebody set it to ERROR. */
export function isBroken({server}: Pick<ListedServer, 'server'>): boolean {
  return server.status === 'ERROR';
}

/** Why a server left the list. */
export function departureWords({event, listed: {server, standing}}: ServerNews): string {
  const where = server.host === undefined ? '' : ` on ${server.host}`;
  switch (event) {
    case 'restored':
      return isBroken({server})
        ? `${server.name} was not restored: it is ERROR${where}, where nothing reclaims it`
        : `${server.name} was restored: ${server.status}${where}`;
    case 'reclaimed':
      return standing.cause === 'restore-failed'
        ? `${server.name} was destroyed by Nova, because its restore had failed`
        : `${server.name} was destroyed by Nova after its interval`;
    case 'purged':
      return `${server.name} was destroyed before its time`;
    case 'added':
    case 'changed':
      return `${server.name} is in the list`;
  }
}

const MEANINGS: Readonly<Record<ListedServer['standing']['state'], Meaning>> = {
  waiting: 'waiting',
  due: 'warning',
  overdue: 'warning',
  stuck: 'stuck',
  unknown: 'unknown',
  restoring: 'now',
  destroying: 'now',
};

/** How many servers stand how, without what there is none of. */
export function countParts(counts: StandingCounts): readonly CountPart[] {
  return [
    {count: counts.all, words: 'soft-deleted', key: 'all' as const},
    ...PARTS.map((part) => ({...part, count: counts[part.key]})),
  ].filter(({count, key}) => count > 0 || key === 'all');
}

export type CountPart = {readonly count: number; readonly words: string; readonly key: keyof StandingCounts};

const PARTS = [
  {key: 'due', words: 'due'},
  {key: 'inMinute', words: 'in 1 min'},
  {key: 'inTenMinutes', words: 'in 10 min'},
  {key: 'inHour', words: 'in 1 h'},
  {key: 'later', words: 'later'},
  {key: 'restoring', words: 'restoring'},
  {key: 'destroying', words: 'destroying'},
  {key: 'unknown', words: 'unknown'},
  {key: 'overdue', words: 'overdue'},
  {key: 'stuck', words: 'stuck'},
] as const;

/** Which clouds are watched, and whose servers of them. */
export function cloudWords({clouds}: Pick<WatchState, 'clouds'>): string {
  const names = clouds.map(({name}) => name).join(', ');
  const scopes = new Set(clouds.flatMap(({scope}) => scope ?? []));
  if (scopes.size !== 1) return names;
  return `${names} · ${scopes.has('all-projects') ? 'all projects' : 'own project'}`;
}

/**
 * When the cloud that is silent for longest last answered; undefined: one never did. One that could not be had at all
 * does not make the others old: its trouble is told.
 */
export function answeredAt({clouds}: Pick<WatchState, 'clouds'>): number | undefined {
  const had = clouds.filter((cloud) => cloud.phase !== 'failed' || cloud.answeredAt !== undefined);
  const times = (had.length === 0 ? clouds : had).map((cloud) => cloud.answeredAt);
  if (times.some((time) => time === undefined)) return undefined;
  return Math.min(...times.map((time) => time ?? 0));
}

/** The name that Keystone has for an id; where it is unknown, the id. */
export function nameOf(
  {clouds}: Pick<WatchState, 'clouds'>,
  cloud: number,
  kind: keyof Names,
  id: string | undefined,
): string {
  if (id === undefined) return '?';
  return clouds[cloud]?.names[kind].get(id) ?? id;
}

/** What is said where no server waits: that it works, what would appear, and what happened last. */
export function emptyWords({
  clouds,
  log,
  now,
}: Pick<WatchState, 'clouds' | 'log' | 'now'>): readonly string[] {
  if (clouds.some(({phase}) => phase === 'failed')) return [];
  if (clouds.some(({phase}) => phase !== 'listed')) return ['Nova is asked for its soft-deleted servers.'];
  const isOwn = clouds.every(({scope}) => scope === 'own-project');
  const last = (what: WatchEvent['what']): readonly string[] => {
    const event = log.find((one) => one.what === what);
    return event === undefined
      ? []
      : [`Last ${what}: ${eventWords({clouds}, event)}, ${momentOf(event.at, now)} UTC.`];
  };
  const history = [...last('restored'), ...last('destroyed')];
  const isSeen = log.some(({what}) => what !== undefined);
  return [
    isOwn ? 'No server of this project is waiting.' : 'No server is waiting.',
    isSeen
      ? 'Delayed delete is on: servers waited here since this list was opened.'
      : 'Whether delayed delete is on is not known from an empty list: reprieve status tells.',
    'A server that is deleted now appears here within seconds, where delayed delete is on, and can be restored.',
    ...history,
  ];
}
