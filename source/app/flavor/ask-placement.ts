import {
  type PlacedFlavor,
  type RequestOptions,
  schedulerRequest,
} from '../../domain/flavor/scheduler-request.js';
import {Refusal} from '../../domain/flavor/refusal.js';
import type {Candidates, Placement} from './flavor-ports.js';

/** What Placement says of a server of a flavor, now. */
export type PlacementVerdict =
  /** These could take it; filters of Nova's choose among them. */
  | {readonly kind: 'room'; readonly hosts: readonly string[]; readonly isComplete: boolean}
  /**
   * None could. `unpinned`: hosts that Nova asks for VCPUs because none has the PCPUs; only those that still have
   * `vcpu_pin_set` pin a guest to them.
   */
  | {readonly kind: 'no-room'; readonly unpinned: number}
  | Extract<Candidates, {kind: 'refused' | 'unavailable'}>;

/** Asks what the scheduler would ask. Undefined for a flavor that no server gets that far with. */
export async function askPlacement(
  placement: Placement,
  flavor: PlacedFlavor,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<PlacementVerdict | undefined> {
  const request = schedulerRequest(flavor, options);
  if (request instanceof Refusal) return undefined;
  const answer = await placement.candidates(request.query, signal);
  if (answer.kind !== 'hosts') return answer;
  const {hosts, isComplete} = answer;
  if (hosts.length > 0) return {kind: 'room', hosts, isComplete};
  if (!request.isPinned) return {kind: 'no-room', unpinned: 0};
  // Nova asks both and takes either (nova/scheduler/manager.py, `select_destinations`).
  const fallback = schedulerRequest(flavor, {...options, isFallback: true});
  if (fallback instanceof Refusal) return {kind: 'no-room', unpinned: 0};
  const second = await placement.candidates(fallback.query, signal);
  return {kind: 'no-room', unpinned: second.kind === 'hosts' ? second.hosts.length : 0};
}
