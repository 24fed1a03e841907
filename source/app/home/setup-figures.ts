import {isOn, type IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {StatusSoFar} from '../rollout/status.js';
import {isBroken, type FleetStatus, type NodeStatus} from '../rollout/status-types.js';

/** What can be wrong with one service of one node. */
export type TroubleKind =
  /** It cannot read its interval: deletes there fail. */
  | 'unreadable'
  /** Below zero: what is deleted is never reclaimed. */
  | 'negative'
  /** Off where the rest is on. */
  | 'off'
  /** On with another number than most computes. */
  | 'other-interval'
  /** The file is newer than the process. */
  | 'old-process'
  | 'not-running'
  /** Nova lists no compute of that name. */
  | 'stranger'
  /** Anything else that is an error. */
  | 'other'
  /** Could not be looked at. */
  | 'unseen'
  /** Nova lists it, and no node here is it. */
  | 'not-listed'
  /** Its clock is off. */
  | 'clock-off'
  /** Nothing keeps its clock right. */
  | 'clock-free';

export type Trouble = {
  readonly about: Role | 'clock';
  readonly kind: TroubleKind;
  readonly host: string;
  /** The other interval, or how far the clock is ahead. */
  readonly seconds: number | undefined;
  /** The whole sentence. */
  readonly message: string;
};

/** How many of the services of one kind do as most of them should. */
export type RoleFigures = {
  /** On, with a value that it can read; for computes with the number that most have, and no restart missing. */
  readonly good: number;
  /** On with whatever number. */
  readonly on: number;
  /** All there are, those that could not be looked at included. */
  readonly of: number;
  /** Not looked at yet. */
  readonly awaited: number;
};

/** What the set-up of delayed delete comes to. */
export type Verdict =
  /** Not known yet: not every node that decides was looked at. */
  | {readonly kind: 'looking'}
  | {readonly kind: 'on'; readonly intervalSeconds: number}
  | {
      readonly kind: 'wrong';
      readonly intervalSeconds: number;
      /** Nodes with something wrong, and nodes that nobody could look at. */
      readonly wrong: number;
      readonly unseen: number;
    }
  | {readonly kind: 'off'}
  | {readonly kind: 'unknown'; readonly why: string; readonly remedy: string | undefined};

/** The set-up over SSH in figures. */
export type SetupFigures = {
  readonly verdict: Verdict;
  readonly api: RoleFigures;
  readonly computes: RoleFigures;
  /** Hosts whose clock was seen, and those of them that go right. */
  readonly clocks: {readonly agree: number; readonly of: number};
  /** The number that most computes run with; undefined where none is on. */
  readonly intervalSeconds: number | undefined;
  readonly troubles: readonly Trouble[];
};

/** Puts the looks at all nodes into figures and a verdict. Pure: the same looks give the same figures. */
export function setupFigures({status, awaited}: StatusSoFar): SetupFigures {
  const apis = ofRole(status, 'api');
  const computes = ofRole(status, 'compute');
  const intervalSeconds = usualInterval(computes);
  const isApiOn = apis.some((node) => isOn('api', node.runningValue));
  const troubles = [
    ...status.nodes.flatMap((node) => troublesOf(node, isApiOn, intervalSeconds)),
    ...status.unseen.flatMap(({host, roles, problem}) =>
      roles.map((role) => trouble(role, 'unseen', host, problem.message)),
    ),
    ...missingComputes(status).map((host) =>
      trouble('compute', 'not-listed', host, `Nova lists ${host}, and no node here is it`),
    ),
    ...clockTroubles(status),
  ];
  const api = figures('api', apis, status, awaited, troubles);
  const compute = figures('compute', computes, status, awaited, troubles);
  const clockHosts = new Set(
    status.nodes.filter(({clockOffset}) => clockOffset !== undefined).map(({host}) => host),
  );
  const offClocks = new Set(troubles.filter(({kind}) => kind === 'clock-off').map(({host}) => host));
  return {
    verdict: verdictOf(status, {api, compute, intervalSeconds, troubles}),
    api,
    computes: compute,
    clocks: {agree: clockHosts.size - offClocks.size, of: clockHosts.size},
    intervalSeconds,
    troubles,
  };
}

function ofRole({nodes}: FleetStatus, role: Role): readonly NodeStatus[] {
  return nodes.filter(({roles}) => roles.includes(role));
}

/**
 * Computes that Nova lists and that no node here is. A node out of reach cannot say its name in Nova: it is taken for
 * the one with the same first part.
 */
function missingComputes({unseen, unseenComputes}: FleetStatus): readonly string[] {
  const names = new Set(unseen.map(({host}) => firstPart(host)));
  return unseenComputes.filter((host) => !names.has(firstPart(host)));
}

function firstPart(host: string): string {
  return host.split('.')[0] ?? host;
}

/** The number that most computes run with; of equally many the longest, which destroys least. */
function usualInterval(computes: readonly NodeStatus[]): number | undefined {
  const counts = new Map<number, number>();
  for (const {runningValue} of computes) {
    if (runningValue.kind !== 'value' || !isOn('compute', runningValue)) continue;
    counts.set(runningValue.seconds, (counts.get(runningValue.seconds) ?? 0) + 1);
  }
  const sorted = [...counts].toSorted(([one, many], [other, more]) => more - many || other - one);
  return sorted[0]?.[0];
}

function figures(
  role: Role,
  nodes: readonly NodeStatus[],
  status: FleetStatus,
  awaited: StatusSoFar['awaited'],
  troubles: readonly Trouble[],
): RoleFigures {
  const bad = new Set(troubles.filter(({about}) => about === role).map(({host}) => host));
  const on = nodes.filter(({runningValue}) => isOn(role, runningValue));
  const waiting = awaited.filter(({roles}) => roles.includes(role)).length;
  const unseen = new Set(status.unseen.filter(({roles}) => roles.includes(role)).map(({host}) => host));
  if (role === 'compute') for (const host of missingComputes(status)) unseen.add(host);
  return {
    good: on.filter(({host}) => !bad.has(host)).length,
    on: on.length,
    of: nodes.length + unseen.size + waiting,
    awaited: waiting,
  };
}

function troublesOf(node: NodeStatus, isApiOn: boolean, usual: number | undefined): Trouble[] {
  const [role] = node.roles;
  if (role === undefined) return [];
  const {host, runningValue: running, value} = node;
  const told = (kind: TroubleKind, message: string, seconds?: number) => [
    trouble(
      role,
      kind,
      host,
      node.problems.find(({severity}) => severity === 'error')?.message ?? message,
      seconds,
    ),
  ];
  const codes = node.problems.filter(({severity}) => severity === 'error').map(({code}) => code);
  if (codes.includes('not-in-nova')) return told('stranger', `${host} is unknown to Nova`);
  if (codes.includes('not-running') || codes.includes('no-unit') || codes.includes('no-systemd')) {
    return told('not-running', `${host}: nova-${role} does not run`);
  }
  if (isBroken(running) || isBroken(value)) return told('unreadable', `${host}: its interval cannot be read`);
  if (codes.includes('negative')) return told('negative', `${host}: its interval is below zero`);
  if (node.isRestartNeeded) {
    return told('old-process', `${host}: nova-${role} is older than its file, and must be restarted`);
  }
  if (codes.length > 0) return told('other', `${host}: something is wrong`);
  if (isApiOn && isOff(role, running)) return told('off', `${host}: nova-${role} has delayed delete off`);
  if (role === 'compute' && running.kind === 'value' && running.seconds > 0 && running.seconds !== usual) {
    return told('other-interval', `${host}: its interval is ${running.seconds} s`, running.seconds);
  }
  return [];
}

function isOff(role: Role, reading: IntervalReading): boolean {
  return (reading.kind === 'value' || reading.kind === 'unset') && !isOn(role, reading);
}

/** A host with both roles has one clock. */
function clockTroubles({nodes}: FleetStatus): Trouble[] {
  const told = new Set<string>();
  return nodes.flatMap(({host, clockOffset, problems}) => {
    if (told.has(host)) return [];
    const problem = problems.find(({code}) => code === 'clock-off' || code === 'clock-free');
    if (problem === undefined) return [];
    told.add(host);
    const kind = problem.code === 'clock-off' ? 'clock-off' : 'clock-free';
    return [trouble('clock', kind, host, problem.message, clockOffset)];
  });
}

function trouble(
  about: Trouble['about'],
  kind: TroubleKind,
  host: string,
  message: string,
  seconds?: number,
): Trouble {
  return {about, kind, host, seconds, message};
}

type Parts = {
  readonly api: RoleFigures;
  readonly compute: RoleFigures;
  readonly intervalSeconds: number | undefined;
  readonly troubles: readonly Trouble[];
};

/** nova-api alone decides whether a delete is held back; the computes decide how long. */
function verdictOf(status: FleetStatus, {api, compute, intervalSeconds, troubles}: Parts): Verdict {
  if (api.awaited + compute.awaited > 0) return {kind: 'looking'};
  const apis = ofRole(status, 'api');
  if (api.on === 0) {
    if (api.of === 0) {
      return {
        kind: 'unknown',
        why: 'no API node is known, and nova-api decides',
        remedy: 'name its hosts in the inventory (group nova_api) or with --api-hosts',
      };
    }
    const isAllOff = apis.length === api.of && apis.every(({runningValue}) => isOff('api', runningValue));
    if (isAllOff) return {kind: 'off'};
    const [first] = troubles.filter(({about}) => about === 'api');
    return {kind: 'unknown', why: first?.message ?? 'no running nova-api was seen', remedy: undefined};
  }
  if (compute.of === 0) {
    return {
      kind: 'unknown',
      why: 'nova-api holds deletes back, and Nova lists no compute',
      remedy: undefined,
    };
  }
  if (intervalSeconds === undefined) {
    const [first] = troubles.filter(({about}) => about === 'compute');
    return {
      kind: 'unknown',
      why: `nova-api holds deletes back, and no compute is seen to reclaim: ${first?.message ?? ''}`,
      remedy: undefined,
    };
  }
  const isUnseen = ({kind}: Trouble) => kind === 'unseen' || kind === 'not-listed';
  const hosts = (some: readonly Trouble[]) => new Set(some.map(({host}) => host)).size;
  const ofServices = troubles.filter(({about}) => about !== 'clock');
  const wrong = hosts(ofServices.filter((one) => !isUnseen(one)));
  const unseen = hosts(ofServices.filter(isUnseen));
  return wrong + unseen === 0
    ? {kind: 'on', intervalSeconds}
    : {kind: 'wrong', intervalSeconds, wrong, unseen};
}
