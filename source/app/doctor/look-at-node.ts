import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {Clock, Shell} from '../ports.js';
import {look} from '../rollout/look.js';
import {seeRole} from '../rollout/plan-target.js';
import type {NodePrograms} from '../rollout/rollout-ports.js';
import type {NodeChart, UnseenNode} from './doctor-types.js';
import type {ApiClock} from './look-at-cloud.js';

type NodePorts = {readonly shell: Shell; readonly clock: Clock; readonly programs: NodePrograms};

/** Looks at one node, in one exec; its connection is closed after that. */
export async function lookAtNode(
  ports: NodePorts,
  node: InventoryHost,
  computes: readonly ComputeService[],
  api: ApiClock,
  signal: AbortSignal,
): Promise<NodeChart | UnseenNode> {
  const seen = await look(ports, node, {wantClock: true, wantSigns: true}, signal);
  await ports.shell.release(node.address);
  if (seen.kind === 'unseen') return {node, problem: seen.error.message};
  const roles = node.roles.map((role) => seeRole(node, seen.facts, role));
  const novaHost = roles.find(({role}) => role === 'compute')?.novaHost;
  return {
    node,
    facts: seen.facts,
    signs: seen.signs,
    roles,
    clock: {
      aheadMs: seen.clockOffsetMs - api.offsetMs,
      errorMs: seen.clockErrorMs + api.errorMs,
    },
    service: computes.find(({host}) => host === novaHost),
  };
}

export function isSeen(looked: NodeChart | UnseenNode): looked is NodeChart {
  return 'facts' in looked;
}
