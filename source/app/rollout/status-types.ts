import {isOn, type IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {CloudIdentity} from '../ports.js';
import type {Problem} from './plan-types.js';

/** The place that decides the option. */
export type ValueSource =
  | {readonly kind: 'file'; readonly file: string; readonly line: number}
  | {readonly kind: 'environment'; readonly name: string};

/** One role of one node as it is now. */
export type NodeStatus = {
  readonly host: string;
  /** One of them; a node with both has two entries. */
  readonly roles: readonly Role[];
  /** By the files, as they are now. */
  readonly value: IntervalReading;
  /** Undefined where nothing sets it. */
  readonly source: ValueSource | undefined;
  /** What the process runs with. */
  readonly runningValue: IntervalReading;
  /** `file`: the process is younger than every file. `journal`: a run's record tells. */
  readonly runningValueSource: 'file' | 'journal' | 'unknown';
  readonly isRestartNeeded: boolean;
  readonly service:
    | {
        readonly unit: string;
        /** `ActiveState` of the unit. */
        readonly active: string;
        /** As os-services lists a compute; undefined for nova-api, which is not listed. */
        readonly apiState: 'up' | 'down' | 'unknown' | undefined;
      }
    | undefined;
  /** Seconds ahead of the API's clock. */
  readonly clockOffset: number | undefined;
  readonly problems: readonly Problem[];
};

/** Delayed delete of a whole cloud as it is now. */
export type FleetStatus = {
  readonly cloud: CloudIdentity;
  readonly nodes: readonly NodeStatus[];
  /** Hosts that could not be looked at. */
  readonly unseen: readonly {
    readonly host: string;
    readonly roles: readonly Role[];
    readonly problem: Problem;
  }[];
  /** Computes that Nova lists and that nobody looked at. */
  readonly unseenComputes: readonly string[];
  readonly isApiSeen: boolean;
  readonly problems: readonly Problem[];
};

/** `partly`: some services act on it and others do not, so a delete may be final or last for ever. */
export type DelayedDelete = 'on' | 'off' | 'partly' | 'unknown';

/**
 * Whether delayed delete is on by what the processes run with. Unknown as soon as one that matters was not seen, or
 * runs with a value that it cannot read: then deletes fail.
 */
export function delayedDeleteOf(status: FleetStatus): DelayedDelete {
  const answers = status.nodes.map(({roles, runningValue}) =>
    runningValue.kind === 'unknown' || isBroken(runningValue)
      ? undefined
      : roles.every((role) => isOn(role, runningValue)),
  );
  if (answers.includes(true) && answers.includes(false)) return 'partly';
  const isWhole =
    answers.length > 0 &&
    !answers.includes(undefined) &&
    status.isApiSeen &&
    status.unseen.length === 0 &&
    status.unseenComputes.length === 0;
  if (!isWhole) return 'unknown';
  return answers.includes(true) ? 'on' : 'off';
}

/**
 * Whether the cloud is of one mind: everything was seen, it is on everywhere with one number on all computes or
 * off everywhere, no restart is missing, and nothing is broken.
 */
export function isCoherent(status: FleetStatus): boolean {
  const state = delayedDeleteOf(status);
  if (state !== 'on' && state !== 'off') return false;
  const numbers = new Set(
    status.nodes
      .filter(({roles}) => roles.includes('compute'))
      .map(({runningValue}) => (runningValue.kind === 'value' ? runningValue.seconds : 0)),
  );
  return (
    (state === 'off' || numbers.size <= 1) &&
    status.nodes.every(
      ({isRestartNeeded, value, problems}) =>
        !isRestartNeeded &&
        (value.kind === 'value' || value.kind === 'unset') &&
        !problems.some(({severity}) => severity === 'error'),
    )
  );
}

/** Whether a service that runs with this fails at deletes: empty, or no number. */
export function isBroken(reading: IntervalReading): boolean {
  return reading.kind === 'empty' || reading.kind === 'invalid';
}
