import type {ListedServer} from '../../../app/watch/watch-types.js';
import {describeReading} from '../../../domain/fleet/interval-change.js';
import {compareTimeLeft} from '../../../domain/reclaim/time-left.js';
import {formatCount} from '../../../text/elapsed.js';
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
  return kindsOf(late, ({standing: {state, cause}, server: {taskState}}) =>
    [state, cause, cause === 'task-hangs' ? taskState : ''].join(),
  );
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

function placesOf(hosts: readonly string[], most: number): string {
  if (hosts.length === 0) return '';
  const named = hosts.slice(0, most).join(', ');
  return ` on ${named}${hosts.length > most ? ` and ${formatCount(hosts.length - most)} more` : ''}`;
}

/** Why, the longer words first. */
function clausesOf({interval, standing, server}: ListedServer): readonly string[] {
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
      return ['nova-compute is up, but its periodic task is late', 'its periodic task is late'];
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
      const hosts = new Set(servers.flatMap(({server: {host}}) => host ?? []));
      return [{servers, first, hosts: [...hosts].toSorted()}];
    })
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        other.servers.length - one.servers.length ||
        compareTimeLeft(one.first.standing, other.first.standing),
    );
}

function rank({first: {standing}}: Trouble): number {
  if (standing.cause === 'restore-failed') return 0;
  return {stuck: 1, overdue: 2, due: 3, restoring: 4, destroying: 4, waiting: 5, unknown: 6}[standing.state];
}
