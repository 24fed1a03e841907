import type {GuestLine} from './guest-lines.js';

/** What Nova shows of a server. */
export type NovaView = {
  readonly status: string;
  readonly powerState: string;
  readonly taskState: string | undefined;
};

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

/** What was seen until now. Times are epoch milliseconds by the node's clock. */
export type DrillCourse = {
  readonly action: string;
  /** When the watch began. */
  readonly startedAt: number | undefined;
  /** When the watchdog fired. */
  readonly firedAt: number | undefined;
  /** What libvirt said that it did. */
  readonly firedAction: string | undefined;
  /** The newest state with its reason. */
  readonly state: string | undefined;
  /** When the domain was first seen in the state that it is in. */
  readonly stateAt: number | undefined;
  /** The newest reading, changed or not. */
  readonly seenAt: number | undefined;
  readonly nova: NovaView | undefined;
  /** When Nova was first seen to show that. */
  readonly novaAt: number | undefined;
};

export function beginCourse(action: string): DrillCourse {
  return {
    action,
    startedAt: undefined,
    firedAt: undefined,
    firedAction: undefined,
    state: undefined,
    stateAt: undefined,
    seenAt: undefined,
    nova: undefined,
    novaAt: undefined,
  };
}

/** After a line of the node's. */
export function withGuestLine(course: DrillCourse, line: GuestLine): DrillCourse {
  switch (line.kind) {
    case 'state': {
      const {at, state} = line;
      const startedAt = course.startedAt ?? at;
      const moved = state === course.state ? {} : {state, stateAt: at};
      // The event may have come while the line was cut: libvirt's reason tells too.
      const isFired = course.firedAt === undefined && reasonOf(state) === 'watchdog';
      const fired = isFired ? {firedAt: at, firedAction: undefined} : {};
      return {...course, startedAt, seenAt: at, ...moved, ...fired};
    }
    case 'event':
      if (line.event !== 'watchdog' || course.firedAt !== undefined) return course;
      return {...course, firedAt: line.at, firedAction: line.detail === '' ? undefined : line.detail};
    case 'problem':
    case 'end':
      return course;
  }
}

/** After Nova was asked; `at` by the node's clock. */
export function withNovaView(course: DrillCourse, nova: NovaView, at: number): DrillCourse {
  const known = course.nova;
  const isSame =
    known !== undefined &&
    known.status === nova.status &&
    known.powerState === nova.powerState &&
    known.taskState === nova.taskState;
  return isSame ? course : {...course, nova, novaAt: at};
}

/** `shut off (destroyed)`: the words before the parenthesis. */
export function stateName(state: string): string {
  return state.replace(/\s*\([^)]*\)\s*$/, '');
}

function reasonOf(state: string): string | undefined {
  return /\(([^)]*)\)\s*$/.exec(state)?.[1];
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
  /** The domain changed, and not by its watchdog. */
  | {readonly kind: 'not-watchdog'; readonly state: string}
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
/** How long the domain may take to become what the action makes of it. */
const DOMAIN_MS = 30_000;

/**
 * Undefined while it is not decided.
 *
 * @param isOver no more time is left
 */
export function verdictOf(course: DrillCourse, isOver: boolean): DrillVerdict | undefined {
  const {action, firedAt, firedAction, state, stateAt, seenAt, nova, novaAt} = course;
  const final = finalStateOf(action);
  const name = state === undefined ? undefined : stateName(state);
  if (firedAt === undefined || state === undefined || stateAt === undefined || seenAt === undefined) {
    const hasChanged = state !== undefined && name !== 'running';
    if (hasChanged && (isOver || (seenAt ?? 0) - (stateAt ?? 0) >= EVENT_MS))
      return {kind: 'not-watchdog', state};
    return isOver ? {kind: 'nothing'} : undefined;
  }
  if (firedAction !== undefined && firedAction !== action) return {kind: 'other-action', did: firedAction};
  if (final === undefined) return {kind: 'other-action', did: firedAction ?? action};
  if (name !== final.domain) {
    const isLate = isOver || seenAt - firedAt >= DOMAIN_MS;
    return isLate ? {kind: 'domain-otherwise', state, final} : undefined;
  }
  if (final.domain === 'running' && seenAt - firedAt < SETTLE_MS && !isOver) return undefined;
  const isFollowed =
    nova !== undefined &&
    nova.status === final.status &&
    nova.powerState === final.powerState &&
    nova.taskState === undefined;
  if (!isFollowed) return isOver ? {kind: 'nova-behind', nova, final} : undefined;
  const runsOn = final.domain === 'running';
  return {
    kind: 'kept',
    final,
    domainMs: runsOn ? undefined : Math.max(0, stateAt - firedAt),
    novaMs: runsOn || novaAt === undefined ? undefined : Math.max(0, novaAt - firedAt),
  };
}
