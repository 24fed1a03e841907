import {formatInterval} from '../../domain/duration.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import {type LogSign, signOf, type LogWord} from '../../domain/fleet/node-signs.js';
import type {SeenRole} from '../rollout/plan-target.js';
import {moment} from './api-evidence.js';
import {reprieve} from './commands.js';
import type {Evidence, Finding, NodeChart, Remedy} from './doctor-types.js';

type Told = Pick<Finding, 'severity' | 'certainty' | 'because' | 'message' | 'evidence' | 'cause'> & {
  readonly remedies?: readonly Remedy[];
  /** The service that it is about; none where it is about the node itself. */
  readonly role?: Role;
};

/** A finding about a node. Which servers it holds up is added when they are known. */
export function nodeFinding({node}: NodeChart, code: string, {role, ...told}: Told): Finding {
  const subject = {kind: 'node', host: node.name, ...(role === undefined ? {} : {role})} as const;
  return {code, subject, servers: [], remedies: [], ...told};
}

/** Something to do that no single command of ours does. */
export function byHand(text: string, command?: string): Remedy {
  return {text, command, act: undefined};
}

/** Writes an interval on the node and restarts, after its plan was looked at. */
export function applyThere({node}: NodeChart, intervalSeconds: number, text: string): Remedy {
  return {
    text,
    command: reprieve('apply', '--hosts', node.name, '--interval', formatInterval(intervalSeconds)),
    act: {kind: 'apply', hosts: [node.name], intervalSeconds},
  };
}

/** The same where the node does not say which interval is meant: what others run with is filled in when it is known. */
export function applyWhatIsMeant({node}: NodeChart, text: string): Remedy {
  return {
    text,
    command: reprieve('apply', '--hosts', node.name, '--interval', 'TIME'),
    act: {kind: 'apply', hosts: [node.name], intervalSeconds: undefined},
  };
}

/** A log line as Nova wrote it, the newest of its kind, and how many there are. */
export function logEvidence({first, last, count, place}: LogSign & {readonly place: string}): Evidence {
  const since = first.time === undefined ? '' : ` since ${moment(first.time)}`;
  return {
    from: 'log',
    place,
    lines: [last.text, ...(count > 1 ? [`${count} lines of this kind${since}`] : [])],
    proof: undefined,
  };
}

/** What the service manager says of a unit. */
export function unitEvidence({unit}: SeenRole): Evidence {
  return {
    from: 'unit',
    place: unit?.unit,
    lines:
      unit === undefined
        ? ['not found']
        : [`ActiveState=${unit.activeState} SubState=${unit.subState} Result=${unit.result}`],
    proof: undefined,
  };
}

/** When the process of a role started, epoch milliseconds by the node's clock; undefined where none runs. */
export function startedAt({facts}: NodeChart, {unit}: SeenRole): number | undefined {
  return unit?.process === undefined ? undefined : facts.nowMs - unit.process.ageSeconds * 1000;
}

/** A reclaim that fails is tried again each minute, one server after the other. */
export const FRESH_MS = 6 * 60_000;

/**
 * Lines of a kind in the log of a role of which the newest is of the process that runs now, and not older than that;
 * undefined where there are none. A line without a time counts as new.
 */
export function freshSign(
  node: NodeChart,
  seen: SeenRole,
  word: LogWord,
  mostAgeMs: number,
): (LogSign & {readonly place: string}) | undefined {
  const sign = signOf(node.signs, seen.unit?.unit, word);
  const time = sign?.last.time;
  if (time === undefined) return sign;
  const began = startedAt(node, seen) ?? 0;
  // A line cut to the second may seem to be from before the start.
  return time >= began - 1000 && node.facts.nowMs - time <= mostAgeMs ? sign : undefined;
}

export function serviceName(role: Role): string {
  return role === 'api' ? 'nova-api' : 'nova-compute';
}
