import {isOn, type IntervalReading} from '../fleet/interval-change.js';
import type {HostService} from './standing.js';

/** A host of nova-api as a look over SSH found it. */
export type ApiHost = {
  readonly host: string;
  /** Epoch milliseconds of the look, by the clock that judges its age. */
  readonly seenAt: number;
  readonly look:
    | {
        readonly kind: 'seen';
        /** What its nova-api runs with. */
        readonly running: IntervalReading;
        /** What it would read if it started anew. */
        readonly next: IntervalReading;
      }
    | {readonly kind: 'unseen'; readonly problem: string};
};

/** What is known of the API half of delayed delete; `unseen`: nobody looked, or could, and why. */
export type ApiHalf =
  | {readonly kind: 'looked'; readonly hosts: readonly ApiHost[]}
  | {readonly kind: 'unseen'; readonly problem: string};

/** What decides whether one more DELETE of a soft-deleted server is soft. */
export type AnotherDeleteFacts = {
  readonly api: ApiHalf;
  /** Undefined where the server has no host, or we may not see it. */
  readonly host: string | undefined;
  readonly service: HostService;
  /** What its host runs with: how long it would wait anew. */
  readonly interval: IntervalReading;
  /** Epoch milliseconds by the clock of `seenAt`. */
  readonly now: number;
};

/** Why one more DELETE would be final, at least if one of several hosts of nova-api serves it. */
export type FinalReason =
  | {readonly kind: 'api-off'; readonly host: string; readonly reading: IntervalReading}
  | {readonly kind: 'host-down' | 'forced-down' | 'no-service'; readonly host: string}
  | {readonly kind: 'no-host'};

/** Why nobody can tell what one more DELETE would do. */
export type UnsureReason =
  | {readonly kind: 'api-not-looked-at'; readonly problem: string}
  | {readonly kind: 'no-api-host'}
  | {readonly kind: 'api-unseen'; readonly host: string; readonly problem: string}
  /** Seen too long ago. */
  | {readonly kind: 'api-old'; readonly host: string; readonly ageSeconds: number}
  /** It runs with what nobody can mean: with a negative number DELETE is soft, with other text an error. */
  | {readonly kind: 'api-odd'; readonly host: string; readonly reading: IntervalReading}
  /** It is on, and the next start makes it something else. */
  | {readonly kind: 'api-turns-off'; readonly host: string; readonly next: IntervalReading}
  | {readonly kind: 'service-unseen'}
  | {readonly kind: 'service-unknown'; readonly host: string};

/**
 * What one more DELETE of a soft-deleted server does. `soft`: it gets a fresh delete time and waits for `seconds` more,
 * `undefined` where that is not known, `Infinity` where its host reclaims nothing. `final`: it is destroyed, or may be.
 */
export type AnotherDelete =
  | {readonly kind: 'soft'; readonly seconds: number | undefined}
  | {readonly kind: 'final'; readonly reasons: readonly (FinalReason | UnsureReason)[]}
  | {readonly kind: 'unsure'; readonly reasons: readonly UnsureReason[]};

/** A look at a host of nova-api is taken for the present for so long, in milliseconds. */
export const API_LOOK_HOLDS_MS = 30_000;

/**
 * Whether one more DELETE restarts the clock. The nova-api that serves it decides, and nobody knows which that is:
 * each has to run with an interval. Where the service of the host is down, or forced down, or there is none, Nova
 * destroys the row all the same (nova: nova/compute/api.py, `API._delete`, the local delete).
 */
export function anotherDelete(facts: AnotherDeleteFacts): AnotherDelete {
  const reasons = [...apiReasons(facts), ...hostReasons(facts)];
  const unsure = reasons.filter(isUnsure);
  if (unsure.length < reasons.length) return {kind: 'final', reasons};
  if (unsure.length > 0) return {kind: 'unsure', reasons: unsure};
  return {kind: 'soft', seconds: waitOf(facts.interval)};
}

const FINAL: Readonly<Record<FinalReason['kind'], true>> = {
  'api-off': true,
  'host-down': true,
  'forced-down': true,
  'no-service': true,
  'no-host': true,
};

function isUnsure(reason: FinalReason | UnsureReason): reason is UnsureReason {
  return !Object.hasOwn(FINAL, reason.kind);
}

function apiReasons({api, now}: AnotherDeleteFacts): readonly (FinalReason | UnsureReason)[] {
  if (api.kind === 'unseen') return [{kind: 'api-not-looked-at', problem: api.problem}];
  if (api.hosts.length === 0) return [{kind: 'no-api-host'}];
  return api.hosts.flatMap((one) => apiReason(one, now) ?? []);
}

function apiReason({host, seenAt, look}: ApiHost, now: number): FinalReason | UnsureReason | undefined {
  if (look.kind === 'unseen') return {kind: 'api-unseen', host, problem: look.problem};
  const {running, next} = look;
  switch (running.kind) {
    case 'unknown':
      return {kind: 'api-unseen', host, problem: running.problem};
    case 'unset':
    case 'empty':
      return {kind: 'api-off', host, reading: running};
    case 'invalid':
      return {kind: 'api-odd', host, reading: running};
    case 'value':
      if (running.seconds === 0) return {kind: 'api-off', host, reading: running};
      if (running.seconds < 0) return {kind: 'api-odd', host, reading: running};
  }
  // Also where a clock was set back.
  const age = Math.abs(now - seenAt);
  if (age > API_LOOK_HOLDS_MS) return {kind: 'api-old', host, ageSeconds: Math.round(age / 1000)};
  // A worker of a WSGI server starts when it likes.
  return isOn('api', next) ? undefined : {kind: 'api-turns-off', host, next};
}

function hostReasons({host, service}: AnotherDeleteFacts): readonly (FinalReason | UnsureReason)[] {
  if (service.kind === 'unseen') return [{kind: 'service-unseen'}];
  if (host === undefined) return [{kind: 'no-host'}];
  if (service.kind === 'missing') return [{kind: 'no-service', host}];
  if (service.isForcedDown) return [{kind: 'forced-down', host}];
  if (service.state === 'up') return [];
  return [{kind: service.state === 'down' ? 'host-down' : 'service-unknown', host}];
}

function waitOf(interval: IntervalReading): number | undefined {
  switch (interval.kind) {
    case 'value':
      return interval.seconds > 0 ? interval.seconds : Number.POSITIVE_INFINITY;
    case 'unset':
    case 'empty':
    case 'invalid':
      return Number.POSITIVE_INFINITY;
    case 'unknown':
      return undefined;
  }
}

/**
 * What keeps a server whose restore failed: it is soft-deleted with an empty delete time, and the next tick takes it
 * whatever the interval.
 * - `delete-again`: a fresh delete time, by one more DELETE that is surely soft
 * - `set-error`: os-resetState to ERROR; Nova never reclaims it then, and it has to be repaired. `reasons`: why DELETE
 *   is not offered
 * - `not-needed`: its host reclaims nothing, so that no tick takes it
 */
export type Rescue =
  | {readonly kind: 'delete-again'; readonly seconds: number | undefined}
  | {
      readonly kind: 'set-error';
      readonly reasons: readonly (FinalReason | UnsureReason)[];
      /** os-resetState takes an admin; undefined where nobody knows whether this account is one. */
      readonly isAdmin: boolean | undefined;
    }
  | {readonly kind: 'not-needed'; readonly interval: IntervalReading};

/**
 * Which rescue there is for a failed restore, and why that one.
 *
 * @param facts the interval counts only where the host itself was seen with it
 */
export function rescueOf(facts: AnotherDeleteFacts, isAdmin: boolean | undefined): Rescue {
  const {interval} = facts;
  if (interval.kind !== 'unknown' && !isOn('compute', interval)) return {kind: 'not-needed', interval};
  const again = anotherDelete(facts);
  return again.kind === 'soft'
    ? {kind: 'delete-again', seconds: again.seconds}
    : {kind: 'set-error', reasons: again.reasons, isAdmin};
}
