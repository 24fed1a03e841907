import type {ListedServer} from '../../../app/watch/watch-types.js';
import {describeReading} from '../../../domain/fleet/interval-change.js';
import {compareTimeLeft} from '../../../domain/reclaim/time-left.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {reasonSentence} from '../../../text/standing-words.js';

/** Servers that do not go as they should, for the same kind of cause. */
export type Trouble = {
  readonly servers: readonly ListedServer[];
  /** One of them. */
  readonly first: ListedServer;
  /** Where they are, each host once. */
  readonly hosts: readonly string[];
};

/** What is said where there is no trouble. */
export const NOTHING_LATE =
  'Nothing is late. Each server is destroyed when its interval is over; until then it can be restored.';

/** The kinds of trouble, the worst first: what ends in a loss, what nothing ever takes, what is late, the unknown. */
export function troublesOf(late: readonly ListedServer[]): readonly Trouble[] {
  return kindsOf(late, ({standing: {state, cause}, server: {taskState}, intervalSource}) => {
    const isPast = cause === 'loop-late' || cause === 'late-unseen';
    return [state, cause, cause === 'task-hangs' ? taskState : isPast && intervalSource === 'assumed'].join();
  });
}

/** The same told apart further: each with the one reason that all of them have. */
export function reasonsOf({servers}: Trouble): readonly Trouble[] {
  return kindsOf(servers, (listed) => reasonSentence(listed) ?? '');
}

/**
 * A kind of trouble in one line, as long as it fits: `3 stuck on cmp-207: interval unreadable, never reclaimed`.
 *
 * @param room in characters
 */
export function troubleWords({servers, first, hosts}: Trouble, room: number): string {
  const head = `${formatCount(servers.length)} ${first.standing.state}`;
  const clauses = clausesOf(first);
  const places = [placesOf(hosts, 3), placesOf(hosts, 1)];
  const variants = clauses.flatMap((clause) => places.map((place) => `${head}${place}: ${clause}`));
  return variants.find(({length}) => length <= room) ?? variants.at(-1) ?? head;
}

/** That hosts could not be looked at, and what is taken for their interval; undefined where there are none. */
export function assumedWords(unseen: readonly ListedServer[], room: number): string | undefined {
  const assumed = unseen.filter(({intervalSource}) => intervalSource === 'assumed');
  const [first] = assumed;
  if (first === undefined) return undefined;
  const hosts = hostsOf(assumed);
  const they = hosts.length === 1 ? 'it' : 'they';
  const variants = [3, 1].flatMap((most) => {
    const head = `${countOf(assumed.length, 'server')}${placesOf(hosts, most)} by an assumed ${describeReading(first.interval)}`;
    return [`${head}: ${they} could not be looked at over SSH`, `${head}: not reached over SSH`];
  });
  return variants.find(({length}) => length <= room) ?? variants.at(-1);
}

/** Of hosts that could not be looked at and that nothing else tells of: each with why, and what is taken instead. */
export function unseenSentences(unseen: readonly ListedServer[]): readonly string[] {
  const byHost = Map.groupBy(unseen, ({server: {host = ''}, unseen: why = ''}) => `${host}: ${why}`);
  return [...byHost].map(([words, [first]]) => {
    const {host = ''} = first?.server ?? {};
    const taken =
      first?.intervalSource === 'assumed'
        ? `is taken to be ${describeReading(first.interval)}, as given`
        : 'is not known';
    return `The interval of ${host} ${taken}: it could not be looked at: ${words.slice(host.length + 2)}.`;
  });
}

function placesOf(hosts: readonly string[], most: number): string {
  if (hosts.length === 0) return '';
  const named = hosts.slice(0, most).join(', ');
  return ` on ${named}${hosts.length > most ? ` and ${formatCount(hosts.length - most)} more` : ''}`;
}

/** Why, the longer words first. */
function clausesOf({interval, intervalSource, standing, server, unseen}: ListedServer): readonly string[] {
  const reading = describeReading(interval);
  switch (standing.cause) {
    case 'host-down':
      return [
        'nova-compute is down. Nothing is reclaimed there until it is up, and a delete there is final at once',
        'nova-compute is down',
      ];
    case 'forced-down':
      return ['forced down: nova-compute reclaims only if it runs all the same', 'it is forced down'];
    case 'loop-late':
      return intervalSource === 'assumed'
        ? [
            'nova-compute is up, but its periodic task is late, by an assumed interval',
            'late by an assumed interval',
          ]
        : ['nova-compute is up, but its periodic task is late', 'its periodic task is late'];
    case 'late-unseen': {
      const past = intervalSource === 'assumed' ? 'past its time by an assumed interval' : 'past its time';
      return [`${past}, and whether nova-compute is up cannot be seen`, past];
    }
    case 'interval-off':
      return [
        `the interval is ${reading}: nothing there is ever reclaimed`,
        'no interval, so never reclaimed',
      ];
    case 'interval-unreadable':
      return [
        `the interval is ${reading}: nothing there is ever reclaimed`,
        'the interval is unreadable: nothing there is ever reclaimed',
        'its interval is unreadable',
      ];
    case 'no-host':
      return ['no host, so no periodic task ever takes it'];
    case 'no-service':
      return ['Nova lists no nova-compute there, so no periodic task ever takes it', 'no such nova-compute'];
    case 'task-hangs':
      return [
        `the task ${server.taskState ?? ''} hangs, and the periodic task leaves it alone meanwhile`,
        `the task ${server.taskState ?? ''} hangs`,
      ];
    case 'restore-failed':
      return [
        'a restore failed and emptied the delete time, so the next tick destroys it, whatever the interval',
        'a restore failed: the next tick destroys it',
      ];
    case 'task-unknown':
      return ['Nova does not tell whether a task is at it'];
    case 'interval-unknown':
      if (unseen !== undefined) {
        return [
          'could not be looked at over SSH, so the interval is not known',
          'could not be looked at, interval not known',
        ];
      }
      return interval.kind === 'unknown'
        ? [`the interval is not known: ${interval.problem}`, 'the interval is not known']
        : ['the interval is not known'];
    case 'time-unknown':
      return ['Nova does not tell when it was deleted'];
    case undefined:
      return [''];
  }
}

function kindsOf(late: readonly ListedServer[], keyOf: (listed: ListedServer) => string): readonly Trouble[] {
  return [...Map.groupBy(late, keyOf).values()]
    .flatMap((servers): Trouble[] => {
      const [first] = servers;
      if (first === undefined) return [];
      return [{servers, first, hosts: hostsOf(servers)}];
    })
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        other.servers.length - one.servers.length ||
        compareTimeLeft(one.first.standing, other.first.standing),
    );
}

function hostsOf(servers: readonly ListedServer[]): readonly string[] {
  return [...new Set(servers.flatMap(({server: {host}}) => host ?? []))].toSorted();
}

function rank({first: {standing}}: Trouble): number {
  if (standing.cause === 'restore-failed') return 0;
  return {stuck: 1, overdue: 2, due: 3, restoring: 4, destroying: 4, waiting: 5, unknown: 6}[standing.state];
}
