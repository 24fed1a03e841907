import type {ComputeService} from '../fleet/compute-api.js';
import {RECLAIM_SECONDS} from '../fleet/impact.js';
import type {IntervalReading} from '../fleet/interval-change.js';

/**
 * When the DELETE of a soft-deleted server came, epoch milliseconds by the API's clock. `action`: its newest delete
 * action began then, two seconds before at most. `estimate`: the row was touched last then, so it was that time or
 * before. `cleared`: a restore came after the newest delete, which empties Nova's delete time. `unknown`: Nova does
 * not say. `by`: the id of the user whose delete or restore that was, where Nova tells.
 */
export type DeleteTime =
  | {readonly kind: 'action'; readonly time: number; readonly by?: string}
  | {readonly kind: 'estimate'; readonly time: number}
  | {readonly kind: 'cleared'; readonly by?: string}
  | {readonly kind: 'unknown'};

/** The service that would destroy it, as os-services lists it. `unseen`: we may not see services or hosts. */
export type HostService =
  | {readonly kind: 'listed'; readonly state: 'up' | 'down' | 'unknown'; readonly isForcedDown: boolean}
  | {readonly kind: 'missing'}
  | {readonly kind: 'unseen'};

/**
 * The service of nova-compute on a host, among those that Nova lists; undefined services: we may not see them. Where
 * a cell is down, rows have no state, and not all may be listed: then one that is not may be there all the same.
 */
export function hostServiceIn(
  services: readonly ComputeService[] | undefined,
  host: string | undefined,
): HostService {
  if (services === undefined) return {kind: 'unseen'};
  const found = services.find((one) => one.binary === 'nova-compute' && one.host === host);
  if (found !== undefined) return {kind: 'listed', state: found.state, isForcedDown: found.isForcedDown};
  return {kind: services.some(({state}) => state === 'unknown') ? 'unseen' : 'missing'};
}

/** What deciding how a server stands needs. Times are epoch milliseconds by the API's clock. */
export type StandingFacts = {
  /** Undefined where there is none, `unknown` where Nova does not say; a task keeps Nova's hands off the server. */
  readonly taskState: string | undefined;
  /** Undefined where the server has no host; `hidden` where we may not see it. */
  readonly host: {readonly kind: 'named'; readonly name: string} | {readonly kind: 'none' | 'hidden'};
  readonly deleted: DeleteTime;
  /** What its own host runs with, or what is assumed for it. */
  readonly interval: IntervalReading;
  readonly service: HostService;
  /** How far the host's clock, which decides, is ahead of the API's, in milliseconds. */
  readonly clockAheadMs: number;
  /** When the row was touched last: since then a task has been there. */
  readonly updatedAt: number | undefined;
};

/**
 * `waiting`: Nova leaves it. `due`: the next tick takes it. `overdue`: past that, and it goes on when its cause ends.
 * `stuck`: nothing ever takes it by itself. `restoring` and `destroying`: something is on its way.
 */
export type State = 'waiting' | 'due' | 'overdue' | 'stuck' | 'unknown' | 'restoring' | 'destroying';

/**
 * Why a server is late, will never go, or cannot be told of; also of waiting ones whose host is down. `loop-late`: its
 * nova-compute is up, and past its time. `late-unseen`: past its time, and nobody can see whether nova-compute is up.
 */
export type Cause =
  | 'host-down'
  | 'forced-down'
  | 'loop-late'
  | 'late-unseen'
  | 'interval-off'
  | 'interval-unreadable'
  | 'no-host'
  | 'no-service'
  | 'task-hangs'
  | 'restore-failed'
  | 'task-unknown'
  | 'interval-unknown'
  | 'time-unknown';

export type Standing = {
  readonly state: State;
  readonly cause: Cause | undefined;
  /** The first moment at which Nova may take it, epoch milliseconds by the API's clock; from 0 to `LATEST_DUE`. */
  readonly dueAt: number | undefined;
};

/**
 * Intervals have no limit in Nova, and one typed too long may reach beyond what a date can hold: a due time at this
 * moment, epoch milliseconds, is then or any later. Years of four digits are what ISO 8601 has without a sign.
 */
export const LATEST_DUE = Date.UTC(9999, 11, 31);

/** A task that has not moved for so long does not end by itself: its message was lost. In milliseconds. */
const TASK_HANGS_MS = 10 * 60_000;

/** How a soft-deleted server stands at a moment of the API's clock, epoch milliseconds. */
export function standingOf(facts: StandingFacts, now: number): Standing {
  const {taskState, host, deleted, interval} = facts;
  const dueAt = dueTime(facts);
  const standing = (state: State, cause?: Cause): Standing => ({state, cause, dueAt});
  const down = downCause(facts.service);
  if (taskState === 'unknown') return standing('unknown', 'task-unknown');
  if (taskState !== undefined) {
    const hangs = facts.updatedAt !== undefined && now - facts.updatedAt > TASK_HANGS_MS;
    // A message to a host that is down waits in its queue.
    if (hangs && down === undefined) return standing('stuck', 'task-hangs');
    return standing(taskState === 'restoring' ? 'restoring' : 'destroying', down);
  }
  if (host.kind === 'none') return standing('stuck', 'no-host');
  if (facts.service.kind === 'missing') return standing('stuck', 'no-service');
  switch (interval.kind) {
    case 'invalid':
    case 'empty':
      return standing('stuck', 'interval-unreadable');
    case 'unset':
      return standing('stuck', 'interval-off');
    case 'unknown':
      return deleted.kind === 'cleared'
        ? standing('due', 'restore-failed')
        : standing('unknown', 'interval-unknown');
    case 'value':
      if (interval.seconds <= 0) return standing('stuck', 'interval-off');
  }
  if (deleted.kind === 'cleared') return standing(down === 'host-down' ? 'overdue' : 'due', 'restore-failed');
  if (dueAt === undefined) return standing('unknown', 'time-unknown');
  // At the very moment it is not old enough yet: strictly older is.
  if (now <= dueAt) return standing('waiting', down);
  if (down === 'host-down') return standing('overdue', down);
  // One that was forced down may run all the same, and then it reclaims.
  return now <= dueAt + RECLAIM_SECONDS * 1000
    ? standing('due', down)
    : standing('overdue', down ?? (isUp(facts.service) ? 'loop-late' : 'late-unseen'));
}

/**
 * Until when time alone leaves a standing as it is, epoch milliseconds, that moment included; undefined where it does
 * so for ever.
 *
 * @param updatedAt when the row was touched last, as the standing was decided with it
 */
export function changesAt(
  {state, cause, dueAt}: Standing,
  updatedAt: StandingFacts['updatedAt'],
): number | undefined {
  switch (state) {
    case 'waiting':
      return dueAt;
    case 'due':
      return dueAt === undefined || cause === 'restore-failed' ? undefined : dueAt + RECLAIM_SECONDS * 1000;
    case 'restoring':
    case 'destroying':
      return updatedAt === undefined || cause !== undefined ? undefined : updatedAt + TASK_HANGS_MS;
    case 'overdue':
    case 'stuck':
    case 'unknown':
      return undefined;
  }
}

function dueTime({deleted, interval, clockAheadMs}: StandingFacts): number | undefined {
  if (interval.kind !== 'value' || interval.seconds <= 0) return undefined;
  if (deleted.kind !== 'action' && deleted.kind !== 'estimate') return undefined;
  return Math.min(LATEST_DUE, Math.max(0, deleted.time + interval.seconds * 1000 - clockAheadMs));
}

/** Services of a cell that does not answer have the state `unknown`. */
function isUp(service: HostService): boolean {
  return service.kind === 'listed' && service.state === 'up';
}

function downCause(service: HostService): 'host-down' | 'forced-down' | undefined {
  if (service.kind !== 'listed') return undefined;
  if (service.isForcedDown) return 'forced-down';
  return service.state === 'down' ? 'host-down' : undefined;
}
