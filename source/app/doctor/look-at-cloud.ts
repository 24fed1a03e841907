import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {ifAllowed} from '../errors.js';
import type {Clock, Cloud} from '../ports.js';
import {silentCells} from '../watch/silent-cells.js';
import type {CloudChart} from './doctor-types.js';

/** The API's clock as measured from here. */
export type ApiClock = {
  /** Milliseconds that it is ahead of this machine's. */
  readonly offsetMs: number;
  /** How far that may be wrong either way. */
  readonly errorMs: number;
};

export type CloudLook = {
  readonly chart: CloudChart;
  readonly clock: ApiClock;
  readonly computes: readonly ComputeService[];
  readonly blind: readonly string[];
};

/** The API tells its time in whole seconds, cut. */
const HALF_SECOND_MS = 500;
/** A login that came in between makes the first answer slow. */
const SLOW_MS = 500;

/** Asks Nova for its services and its time. Rejects with `CloudError` where it cannot be asked at all. */
export async function lookAtCloud(
  {cloud, clock}: {readonly cloud: Cloud; readonly clock: Clock},
  signal: AbortSignal,
): Promise<CloudLook> {
  const identity = await cloud.identity(signal);
  let apiClock = await measure(cloud, clock, signal);
  if (apiClock.errorMs > HALF_SECOND_MS + SLOW_MS) {
    const again = await measure(cloud, clock, signal);
    if (again.errorMs < apiClock.errorMs) apiClock = again;
  }
  const services = await ifAllowed(async () => cloud.services(signal));
  const silent = silentCells(services);
  return {
    chart: {cloud: identity, now: clock.now() + apiClock.offsetMs, services},
    clock: apiClock,
    computes: services?.filter(({binary}) => binary === 'nova-compute') ?? [],
    blind: [
      ...(services === undefined
        ? ['os-services: this account may not list them, so nobody sees which computes are up']
        : []),
      ...(silent === undefined ? [] : [silent]),
    ],
  };
}

async function measure(cloud: Cloud, clock: Clock, signal: AbortSignal): Promise<ApiClock> {
  const before = clock.now();
  const time = await cloud.apiTime(signal);
  const after = clock.now();
  return {
    offsetMs: time + HALF_SECOND_MS - (before + after) / 2,
    errorMs: HALF_SECOND_MS + (after - before) / 2,
  };
}
