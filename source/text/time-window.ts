import type {ListedServer} from '../app/watch/watch-types.js';
import {RECLAIM_SECONDS} from '../domain/fleet/impact.js';
import {LATEST_DUE} from '../domain/reclaim/standing.js';
import {formatIntervalShort} from './elapsed.js';
import {momentOf} from './point-in-time.js';
import {ASCII_SIGNS, type Signs} from './signs.js';
import {reasonSentence} from './standing-words.js';

/**
 * When Nova destroys a server, and how that is known: not before, not after, unless its host is late. Two sentences
 * without their ends, the second one missing where nothing decides. `now`: epoch milliseconds by the API's clock.
 */
export function windowSentences(listed: ListedServer, now: number, signs: Signs): readonly string[] {
  const {standing, interval, intervalSource, unseen, deleted} = listed;
  const {state, dueAt} = standing;
  const reason = reasonSentence(listed);
  if (dueAt === undefined || (state !== 'waiting' && state !== 'due' && state !== 'overdue')) {
    return reason === undefined ? [] : [reason];
  }
  const end = dueAt + RECLAIM_SECONDS * 1000;
  const when =
    dueAt >= LATEST_DUE
      ? `not destroyed before the year ${new Date(LATEST_DUE).getUTCFullYear()}`
      : state === 'overdue'
        ? `due since ${momentOf(dueAt, now)} UTC`
        : deleted.kind === 'estimate'
          ? `destroyed by ${momentOf(end, now)} UTC, or earlier`
          : `destroyed between ${momentOf(dueAt, now)} and ${momentOf(end, now)} UTC`;
  if (reason !== undefined) return [when, reason];
  if (interval.kind !== 'value') return [when];
  const source =
    intervalSource === 'host'
      ? 'on its host'
      : unseen === undefined
        ? 'as given, not looked at'
        : 'as given, its host could not be looked at';
  const atMost = signs === ASCII_SIGNS ? '<=' : '≤';
  const tick = `then the next tick (${atMost} ${RECLAIM_SECONDS} s)`;
  return [when, `${formatIntervalShort(interval.seconds)} ${source}, ${tick}`];
}
