import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {UnitFacts} from '../../domain/fleet/node-facts.js';
import {CloudError, NodeError} from '../errors.js';
import type {Cloud, Dial, Shell} from '../ports.js';

export type Listener = {readonly host: string; readonly port: number};

export type FoundListener =
  | {readonly kind: 'found'; readonly listener: Listener}
  | {readonly kind: 'none'; readonly code: string; readonly problem: string; readonly remedy: string};

/** Where the node itself reaches a listener: a listener on every address is asked on the loopback one. */
function onNode({host, port}: Listener): Listener {
  const isAny = host === '0.0.0.0' || host === '::';
  return {host: isAny ? 'localhost' : host, port};
}

/**
 * Which of a unit's listeners is this cloud's compute API. It is asked through the node's own connection, with
 * this cloud's token, and must list services that `isSame` takes for this cloud's.
 */
export async function findApiListener(
  ports: {readonly shell: Pick<Shell, 'dial'>; readonly cloud: Pick<Cloud, 'askListener'>},
  node: InventoryHost,
  unit: Pick<UnitFacts, 'unit' | 'listeners'>,
  isSame: (listed: readonly ComputeService[]) => boolean,
  signal: AbortSignal,
): Promise<FoundListener> {
  const dial: Dial = (host, port, abort) => ports.shell.dial(node.address, host, port, abort);
  const problems: string[] = [];
  let code = 'no-listener';
  for (const each of unit.listeners) {
    const listener = onNode(each);
    try {
      const answer = await ports.cloud.askListener(listener, dial, signal);
      if (!answer.isComputeApi) continue;
      if (answer.services === undefined) {
        code = 'refused';
        problems.push(`port ${each.port}: ${answer.problem ?? 'it lists no services'}`);
        continue;
      }
      if (isSame(answer.services)) {
        return {kind: 'found', listener};
      }
      return {
        kind: 'none',
        code: 'other-cloud',
        problem: `the API on port ${each.port} lists other services than this cloud's`,
        remedy: 'it belongs to another cloud or region: take it out of the inventory, or choose its --cloud',
      };
    } catch (error) {
      if (!(error instanceof NodeError) && !(error instanceof CloudError)) throw error;
      problems.push(`port ${each.port}: ${error.message}`);
    }
  }
  return {
    kind: 'none',
    code,
    problem: `no listener of ${unit.unit} answers as the compute API${problems.length === 0 ? '' : ` (${problems.join('; ')})`}`,
    remedy: 'does it listen, and does sshd there allow port forwarding (AllowTcpForwarding)?',
  };
}

/** Whether two listings are of the same services, in whatever order. */
export function haveSameIds(one: readonly ComputeService[], other: readonly ComputeService[]): boolean {
  const ids = new Set(one.map(({id}) => id));
  return one.length === other.length && other.every(({id}) => ids.has(id));
}
