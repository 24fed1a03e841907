import {ABSENT, type DrillCourse, type NovaView, stateName} from './drill-course.js';

/** What a watchdog's action comes to, once it fired. */
export type FinalState = {
  /** The domain's state in virsh's words, without its reason. */
  readonly domain: string;
  readonly status: string;
  readonly powerState: string;
};

/**
 * By action. Nova takes a guest that libvirt paused for what it is not to meddle with: its status stays ACTIVE, and only
 * the power state tells (nova/compute/manager.py, `_sync_instance_power_state`; seen on Zed).
 */
const FINAL: Readonly<Record<string, FinalState>> = {
  reset: {domain: 'running', status: 'ACTIVE', powerState: 'running'},
  poweroff: {domain: 'shut off', status: 'SHUTOFF', powerState: 'shutdown'},
  pause: {domain: 'paused', status: 'ACTIVE', powerState: 'paused'},
  none: {domain: 'running', status: 'ACTIVE', powerState: 'running'},
};

/** What an action promises; undefined for one that Nova never asks for. */
export function finalStateOf(action: string): FinalState | undefined {
  return Object.hasOwn(FINAL, action) ? FINAL[action] : undefined;
}

/** How a drill came out. */
export type DrillVerdict =
  /** Times in ms after the watchdog fired; undefined where there was nothing to become. */
  | {
      readonly kind: 'kept';
      readonly domainMs: number | undefined;
      readonly novaMs: number | undefined;
      readonly final: FinalState;
    }
  /** The watchdog did something else than its domain says. */
  | {readonly kind: 'other-action'; readonly did: string}
  /** The watchdog fired; its domain has an action that Nova never asks for, so there is nothing to hold it against. */
  | {readonly kind: 'unpromised'; readonly state: string}
  /** The domain changed, and not by its watchdog. */
  | {readonly kind: 'not-watchdog'; readonly state: string}
  /** Whether the watchdog fired is not known: it may have done so while events were missed. */
  | {readonly kind: 'unheard'; readonly state: string | undefined}
  /** The host has the domain no longer. */
  | {readonly kind: 'gone'; readonly nova: NovaView | undefined}
  /** The watchdog fired, and the domain is not what the action makes of it. */
  | {readonly kind: 'domain-otherwise'; readonly state: string; readonly final: FinalState}
  /** The domain is as it must be; Nova did not follow in time. */
  | {readonly kind: 'nova-behind'; readonly nova: NovaView | undefined; readonly final: FinalState}
  /** Nothing happened in time. */
  | {readonly kind: 'nothing'};

/** How long a guest is watched that is to run on, after its watchdog fired. */
export const SETTLE_MS = 5000;
/** How long libvirt may take to tell why a domain changed. */
const EVENT_MS = 4000;
/** How long a domain may be away: a hard reboot takes it away and defines it anew. */
const AWAY_MS = 15_000;
/** How long the domain may take to become what the action makes of it. */
const DOMAIN_MS = 30_000;

/**
 * Undefined while it is not decided.
 *
 * @param isOver no more time is left
 */
export function verdictOf(course: DrillCourse, isOver: boolean): DrillVerdict | undefined {
  const {action, firedAt, firedAction, state, stateAt, seenAt, nova} = course;
  if (state === undefined || stateAt === undefined || seenAt === undefined) {
    if (!isOver) return undefined;
    return course.isDeaf ? {kind: 'unheard', state} : {kind: 'nothing'};
  }
  if (state === ABSENT) return isOver || seenAt - stateAt >= AWAY_MS ? {kind: 'gone', nova} : undefined;
  if (firedAt === undefined) return unfired(course, state, seenAt - stateAt, isOver);
  const final = finalStateOf(action);
  if (final === undefined)
    return isOver || seenAt - firedAt >= SETTLE_MS ? {kind: 'unpromised', state} : undefined;
  if (firedAction !== undefined && firedAction !== action) return {kind: 'other-action', did: firedAction};
  if (stateName(state) !== final.domain) {
    const isLate = isOver || seenAt - firedAt >= DOMAIN_MS;
    return isLate ? {kind: 'domain-otherwise', state, final} : undefined;
  }
  if (final.domain === 'running' && seenAt - firedAt < SETTLE_MS && !isOver) return undefined;
  if (!isFollowed(final, nova)) return isOver ? {kind: 'nova-behind', nova, final} : undefined;
  return {kind: 'kept', final, ...timesOf(course, final, firedAt)};
}

/** What is said of a domain whose watchdog was not heard to fire. */
function unfired(
  {stateAt = 0, isDeaf, deafUntil}: DrillCourse,
  state: string,
  inStateMs: number,
  isOver: boolean,
): DrillVerdict | undefined {
  if (stateName(state) === 'running') {
    if (!isOver) return undefined;
    return isDeaf || deafUntil !== undefined ? {kind: 'unheard', state} : {kind: 'nothing'};
  }
  if (!isOver && inStateMs < EVENT_MS) return undefined;
  const wasMissed = isDeaf || (deafUntil !== undefined && stateAt <= deafUntil + EVENT_MS);
  return {kind: wasMissed ? 'unheard' : 'not-watchdog', state};
}

function isFollowed(final: FinalState, nova: NovaView | undefined): boolean {
  return (
    nova !== undefined &&
    nova.status === final.status &&
    nova.powerState === final.powerState &&
    nova.taskState === undefined
  );
}

function timesOf({stateAt, novaAt}: DrillCourse, final: FinalState, firedAt: number) {
  const after = (at: number | undefined): number | undefined =>
    final.domain === 'running' || at === undefined ? undefined : Math.max(0, at - firedAt);
  return {domainMs: after(stateAt), novaMs: after(novaAt)};
}
