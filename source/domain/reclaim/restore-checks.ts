import type {ServerRow} from '../fleet/compute-api.js';
import type {HostService, Standing} from './standing.js';

/** Whether a check speaks against a restore; `warning`: it may, or it cannot be told. */
export type Verdict = 'ok' | 'warning' | 'refused';

/** Something that the project has too little of. */
export type Shortage = {
  readonly what: 'instances' | 'cores' | 'memoryMib';
  readonly limit: number;
  readonly used: number;
  readonly needed: number;
};

/** What was found before a restore, one thing each. */
export type RestoreCheck =
  | {
      readonly check: 'state';
      readonly verdict: 'ok' | 'refused';
      readonly status: string;
      readonly taskState: string | undefined;
    }
  | {
      readonly check: 'quota';
      readonly verdict: Verdict;
      readonly short: readonly Shortage[];
      readonly problem: string | undefined;
    }
  | {
      readonly check: 'service';
      readonly verdict: Verdict;
      readonly host: string | undefined;
      readonly service: HostService;
      /** Why services could not be read; undefined where they were, or where we may not see them. */
      readonly problem: string | undefined;
    }
  | {readonly check: 'lock'; readonly verdict: Verdict; readonly reason: string | undefined}
  /**
   * `secondsLeft`: until Nova may take it; undefined where that is unknown or never. `problem`: why its delete time or
   * the time of the API could not be read.
   */
  | {
      readonly check: 'time';
      readonly verdict: 'ok' | 'warning';
      readonly standing: Standing;
      readonly secondsLeft: number | undefined;
      readonly problem: string | undefined;
    };

type Use = {readonly limit: number | undefined; readonly used: number};

/** What the project has, or why that cannot be read. */
export type QuotaReading =
  | {readonly kind: 'read'; readonly instances: Use; readonly cores: Use; readonly memoryMib: Use}
  | {readonly kind: 'unknown'; readonly problem: string};

/** The check of a project's quota. */
export type QuotaCheck = Extract<RestoreCheck, {check: 'quota'}>;

/** Only a soft-deleted server with no task is restored (nova: nova/compute/api.py, `API.restore`). */
export function checkState({status, taskState}: Pick<ServerRow, 'status' | 'taskState'>): RestoreCheck {
  const isRestorable = status === 'SOFT_DELETED' && taskState === undefined;
  return {check: 'state', verdict: isRestorable ? 'ok' : 'refused', status, taskState};
}

/**
 * Soft-deleted servers count for nothing in the usual quota, so that a restore adds them again and is refused where
 * there is no room (nova: nova/compute/utils.py, `check_num_instances_quota`).
 */
export function checkQuota(
  quota: QuotaReading,
  size: {readonly vcpus: number | undefined; readonly memoryMib: number | undefined},
): QuotaCheck {
  if (quota.kind === 'unknown') {
    return {check: 'quota', verdict: 'warning', short: [], problem: quota.problem};
  }
  const needs = [
    ['instances', 1],
    ['cores', size.vcpus],
    ['memoryMib', size.memoryMib],
  ] as const;
  const short = needs.flatMap(([what, needed]): Shortage[] => {
    const {limit, used} = quota[what];
    const isShort = limit !== undefined && needed !== undefined && used + needed > limit;
    return isShort ? [{what, limit, used, needed}] : [];
  });
  return {check: 'quota', verdict: short.length === 0 ? 'ok' : 'refused', short, problem: undefined};
}

/**
 * Restore does not look whether the service is up: while it is down the message waits, the server hangs as
 * `restoring`, and where the message is lost it does so for ever.
 */
export function checkService(
  host: string | undefined,
  service: HostService,
  problem: string | undefined,
): RestoreCheck {
  const verdict = (): Verdict => {
    switch (service.kind) {
      case 'unseen':
        return 'warning';
      case 'missing':
        // Without a host Nova makes it ACTIVE by itself.
        return host === undefined ? 'warning' : 'refused';
      case 'listed':
        if (service.isForcedDown || service.state === 'down') return 'refused';
        return service.state === 'up' ? 'ok' : 'warning';
    }
  };
  return {check: 'service', verdict: verdict(), host, service, problem};
}

/** A lock stops everybody but admins (nova: nova/compute/api.py, `check_instance_lock`). */
export function checkLock(
  isLocked: boolean | undefined,
  reason: string | undefined,
  isAdmin: boolean | undefined,
): RestoreCheck {
  const stops = isAdmin === undefined ? 'warning' : 'refused';
  const verdict = isLocked === true && isAdmin !== true ? stops : 'ok';
  return {check: 'lock', verdict, reason};
}

/** From so few seconds on Nova may come first. */
const CLOSE_SECONDS = 30;

/**
 * Whether there is time for a restore.
 *
 * @param now epoch milliseconds by the API's clock
 * @param problem why the delete time or that clock could not be read
 */
export function checkTime(standing: Standing, now: number, problem: string | undefined): RestoreCheck {
  const {state, dueAt} = standing;
  const isTimed = dueAt !== undefined && state !== 'stuck' && problem === undefined;
  const secondsLeft = isTimed ? Math.ceil((dueAt - now) / 1000) : undefined;
  const isCalm =
    state === 'stuck' || (state === 'waiting' && secondsLeft !== undefined && secondsLeft > CLOSE_SECONDS);
  return {check: 'time', verdict: isCalm ? 'ok' : 'warning', standing, secondsLeft, problem};
}
