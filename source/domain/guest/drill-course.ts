import type {GuestLine} from './guest-lines.js';

/** What Nova shows of a server. */
export type NovaView = {
  readonly status: string;
  readonly powerState: string;
  readonly taskState: string | undefined;
};

/** The state of a domain that libvirt does not have; virsh has no word for it. */
export const ABSENT = 'not on this host';

/** What was seen until now. Times are epoch milliseconds by the node's clock. */
export type DrillCourse = {
  readonly action: string;
  /** When the watch began. */
  readonly startedAt: number | undefined;
  /** When the watchdog fired. */
  readonly firedAt: number | undefined;
  /** What libvirt said that it did. */
  readonly firedAction: string | undefined;
  /** The newest state with its reason, or `ABSENT`. */
  readonly state: string | undefined;
  /** When the domain came into that state: as libvirt's event says, else when it was first seen so. */
  readonly stateAt: number | undefined;
  /** The newest reading, changed or not. */
  readonly seenAt: number | undefined;
  /** The newest event that a domain changed its state. */
  readonly changedAt: number | undefined;
  /** Whether events are missed at this moment. */
  readonly isDeaf: boolean;
  /** Until when events were last missed. */
  readonly deafUntil: number | undefined;
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
    changedAt: undefined,
    isDeaf: false,
    deafUntil: undefined,
    nova: undefined,
    novaAt: undefined,
  };
}

/** After a line of the node's. */
export function withGuestLine(course: DrillCourse, line: GuestLine): DrillCourse {
  switch (line.kind) {
    case 'state':
      return withState(course, line.at, line.state);
    case 'absent':
      return withState(course, line.at, ABSENT);
    case 'event':
      return withEvent(course, line);
    case 'deaf':
    case 'silent':
      return withDeafness(course);
    case 'problem':
    case 'end':
      return course;
  }
}

/** After the line to the node or its events broke: until the next state what libvirt tells is missed. */
export function withDeafness(course: DrillCourse): DrillCourse {
  return {...course, isDeaf: true};
}

function withState(course: DrillCourse, at: number, state: string): DrillCourse {
  const {startedAt = at, seenAt = at, changedAt} = course;
  const told = changedAt !== undefined && changedAt >= seenAt && changedAt <= at ? changedAt : at;
  const moved = state === course.state ? {} : {state, stateAt: course.state === undefined ? at : told};
  // The event may have come while nobody listened: libvirt's reason tells too.
  const isFired = course.firedAt === undefined && reasonOf(state) === 'watchdog';
  const fired = isFired ? {firedAt: told, firedAction: undefined} : {};
  const heard = course.isDeaf ? {isDeaf: false, deafUntil: at} : {};
  return {...course, startedAt, seenAt: at, ...moved, ...fired, ...heard};
}

function withEvent(course: DrillCourse, {at, event, detail}: GuestLine & {kind: 'event'}): DrillCourse {
  if (event === 'lifecycle') return {...course, changedAt: at};
  if (event !== 'watchdog' || course.firedAt !== undefined) return course;
  return {...course, firedAt: at, firedAction: detail === '' ? undefined : detail};
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
