import type {ServerRow} from '../../domain/fleet/compute-api.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {
  anotherDelete,
  type AnotherDelete,
  type AnotherDeleteFacts,
  type Rescue,
  rescueOf,
} from '../../domain/reclaim/another-delete.js';
import {hostServiceIn} from '../../domain/reclaim/standing.js';
import type {ApiLooks} from './again-types.js';

type Waiting = Pick<ServerRow, 'host'>;

/**
 * Whether another interval can be offered to a soft-deleted server, by a look at the API hosts.
 *
 * @param interval what its host runs with
 * @param now epoch milliseconds by the clock of the look: it is judged by its age
 */
export function judgeAgain(
  looks: ApiLooks,
  server: Waiting,
  interval: IntervalReading,
  now: number,
): AnotherDelete {
  return anotherDelete(factsOf(looks, server, interval, now));
}

/**
 * Which rescue to offer for a failed restore, by a look at the API hosts.
 *
 * @param interval what its host was seen to run with; `unknown` where that is only taken to be so
 */
export function judgeRescue(
  looks: ApiLooks,
  server: Waiting,
  interval: IntervalReading,
  isAdmin: boolean | undefined,
  now: number,
): Rescue {
  return rescueOf(factsOf(looks, server, interval, now), isAdmin);
}

function factsOf(
  {half, services}: ApiLooks,
  {host}: Waiting,
  interval: IntervalReading,
  now: number,
): AnotherDeleteFacts {
  return {api: half, host, service: hostServiceIn(services, host), interval, now};
}
