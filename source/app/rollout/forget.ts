import {decodeForget} from '../../domain/fleet/decode-change.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {forgetVariables} from '../../domain/fleet/node-requests.js';
import {renderScript} from '../../domain/shell-quote.js';
import {NodeError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {type RolloutPorts, STEP_TIMEOUT_MS} from './rollout-ports.js';

/**
 * Removes what a run left: its folders on the nodes, then its journal. The newest five runs of a node stay. Gives
 * back why it could not, a sentence for each node; the journal goes only where there was no such sentence.
 */
export async function forgetRun(
  ports: Pick<RolloutPorts, 'shell' | 'programs' | 'journals'>,
  run: string,
  nodes: readonly InventoryHost[],
  parallel: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const answers = await mapLimited(nodes, parallel, async (node): Promise<string | undefined> => {
    const values = forgetVariables({sysroot: node.overrides.sysroot ?? '', run});
    const script = renderScript('forget', ports.programs.forget, values);
    try {
      const result = await ports.shell.run(node.address, script, {signal, timeoutMs: STEP_TIMEOUT_MS.forget});
      if (result.kind === 'lost') return `${node.name}: ${result.reason}`;
      const {outcome, reason} = decodeForget(result.stdout);
      switch (outcome) {
        case 'ok':
        case 'missing':
          return undefined;
        case 'recent':
          return `${node.name}: run ${run} is one of the newest five there, which stay`;
        case 'busy':
          return `${node.name}: run ${run} still works there or holds the lock`;
        case 'failed':
          return `${node.name}: ${reason}`;
      }
    } catch (error) {
      if (error instanceof NodeError) return error.message;
      throw error;
    }
  });
  const problems = answers.filter((answer) => answer !== undefined);
  if (problems.length === 0 && (await ports.journals.list()).includes(run)) await ports.journals.remove(run);
  return problems;
}
