import {RECLAIM_SECONDS} from '../../domain/fleet/impact.js';
import type {Hypervisor, ServerRow} from '../../domain/fleet/compute-api.js';
import {CloudError} from '../errors.js';
import type {CloudAccount, Cloud, Deletion, Listing} from '../ports.js';

/** Intervals that are priced besides the one that was typed, in seconds. */
export const PRICED_INTERVALS: readonly number[] = [600, 7200, 86_400, 604_800];

/** How many days back deletes are counted. */
export const RATE_DAYS = 7;
const DAY_SECONDS = 86_400;

/** How much is deleted in this cloud. What nobody can tell is undefined and has its reason in `problem`. */
export type DeleteRate = {
  readonly perDay: number | undefined;
  /** Means over the deleted servers whose sizes Nova tells. */
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
  /** What all hypervisors have, physically. */
  readonly cloudVcpus: number | undefined;
  readonly cloudMemoryMib: number | undefined;
  readonly problem: string | undefined;
};

/** What an interval holds on average at that rate. */
export type Holding = {
  readonly seconds: number;
  readonly servers: number | undefined;
  readonly vcpus: number | undefined;
  readonly memoryMib: number | undefined;
  /** Share of the cloud's memory, 0 to 1 and more. */
  readonly share: number | undefined;
};

/**
 * Asks Nova how much was deleted in the last seven days, and how large the cloud is. What cannot be had is unknown,
 * not an error: an interval can be chosen without it.
 *
 * @param now epoch milliseconds by the API's clock
 */
export async function readDeleteRate(
  {cloud, account}: {readonly cloud: Cloud; readonly account: CloudAccount},
  now: number,
  signal: AbortSignal,
): Promise<DeleteRate> {
  const [deletions, hypervisors] = await Promise.all([
    attempt(async () => account.deletions(now - RATE_DAYS * DAY_SECONDS * 1000, signal)),
    attempt(async () => cloud.hypervisors(signal)),
  ]);
  return rateOf(deletions, hypervisors);
}

async function attempt<Row>(ask: () => Promise<Listing<Row>>): Promise<Listing<Row>> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return {rows: [], isComplete: false, problem: error.message};
  }
}

/** The rate by what was listed in the last seven days. */
export function rateOf(deletions: Listing<Deletion>, hypervisors: Listing<Hypervisor>): DeleteRate {
  const cloudVcpus = sum(hypervisors, ({vcpus}) => vcpus);
  const cloudMemoryMib = sum(hypervisors, ({memoryMib}) => memoryMib);
  if (!deletions.isComplete) {
    return {
      perDay: undefined,
      vcpus: undefined,
      memoryMib: undefined,
      cloudVcpus,
      cloudMemoryMib,
      problem: deletions.problem ?? 'the list of deleted servers broke off',
    };
  }
  return {
    perDay: deletions.rows.length / RATE_DAYS,
    vcpus: mean(deletions.rows.map(({vcpus}) => vcpus)),
    memoryMib: mean(deletions.rows.map(({memoryMib}) => memoryMib)),
    cloudVcpus,
    cloudMemoryMib,
    problem: hypervisors.isComplete ? undefined : hypervisors.problem,
  };
}

/** What an interval holds: deletes of that time, and what each of them keeps. */
export function holdingOf(rate: DeleteRate, seconds: number): Holding {
  const servers = rate.perDay === undefined ? undefined : (rate.perDay * seconds) / DAY_SECONDS;
  const times = (each: number | undefined) =>
    servers === undefined || each === undefined ? undefined : servers * each;
  const memoryMib = times(rate.memoryMib);
  return {
    seconds,
    servers,
    vcpus: times(rate.vcpus),
    memoryMib,
    share:
      memoryMib === undefined || rate.cloudMemoryMib === undefined || rate.cloudMemoryMib === 0
        ? undefined
        : memoryMib / rate.cloudMemoryMib,
  };
}

/** The intervals that are priced: the usual ones and the one that was typed, shortest first. */
export function pricedIntervals(typed: number | undefined): readonly number[] {
  const all = new Set([...PRICED_INTERVALS, ...(typed === undefined || typed === 0 ? [] : [typed])]);
  return [...all].toSorted((a, b) => a - b);
}

/** What an interval means to a server that is deleted now; epoch milliseconds. */
export function meaningOf(
  seconds: number,
  now: number,
): {readonly restorableUntil: number; readonly destroyedBy: number} {
  return {
    restorableUntil: now + seconds * 1000,
    destroyedBy: now + (seconds + RECLAIM_SECONDS) * 1000,
  };
}

/**
 * How many soft-deleted servers are surely older than an interval: their last change, which is no earlier than
 * their delete, is longer ago. The plan counts exactly.
 */
export function olderThan(servers: readonly ServerRow[], seconds: number, now: number): number {
  return servers.filter(({updatedAt}) => updatedAt !== undefined && now - updatedAt > seconds * 1000).length;
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0) / known.length;
}

/** Undefined where a size is missing: a smaller cloud than there is would make shares look larger. */
function sum(
  {rows, isComplete}: Listing<Hypervisor>,
  size: (row: Hypervisor) => number | undefined,
): number | undefined {
  let total = 0;
  for (const row of rows) {
    const value = size(row);
    if (value === undefined) return undefined;
    total += value;
  }
  return isComplete && rows.length > 0 ? total : undefined;
}
