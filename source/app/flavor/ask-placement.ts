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
  | {readonly kind: 'no-room'}
  /**
   * None has the PCPUs free, and these, which have none at all, have as many VCPUs, which Nova asks for in their place.
   * Such a host pins the guest to them as long as it has no `cpu_shared_set` either, which nobody tells
   * (nova/virt/libvirt/driver.py, `_get_host_numa_topology`).
   */
  | {readonly kind: 'unpinned'; readonly hosts: readonly string[]; readonly isComplete: boolean}
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
  if (!request.isPinned) return {kind: 'no-room'};
  // Nova asks both and takes either (nova/scheduler/manager.py, `select_destinations`).
  const fallback = schedulerRequest(flavor, {...options, isFallback: true});
  if (fallback instanceof Refusal) return {kind: 'no-room'};
  const second = await placement.candidates(fallback.query, signal);
  if (second.kind !== 'hosts') return {kind: 'no-room'};
  const unpinned = second.hosts.filter((host) => !second.dedicating.includes(host));
  if (unpinned.length === 0) return {kind: 'no-room'};
  return {kind: 'unpinned', hosts: unpinned, isComplete: second.isComplete};
}
