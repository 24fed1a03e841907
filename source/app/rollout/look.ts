import {candidateUnits, deploymentNamed} from '../../deployments/registry.js';
import {decodeFacts} from '../../domain/fleet/decode-facts.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {decodeSigns} from '../../domain/fleet/decode-signs.js';
import {NO_SIGNS, type NodeSigns} from '../../domain/fleet/node-signs.js';
import {factsVariables} from '../../domain/fleet/node-requests.js';
import type {NodeFacts, Role} from '../../domain/fleet/node-facts.js';
import {renderScript} from '../../domain/shell-quote.js';
import {NodeError} from '../errors.js';
import {OPTION, type RolloutPorts, STEP_TIMEOUT_MS} from './rollout-ports.js';

/** What one look at a node gave. */
export type Look =
  | {
      readonly kind: 'seen';
      readonly node: InventoryHost;
      readonly facts: NodeFacts;
      /** Milliseconds that the node's clock is ahead of this machine's. */
      readonly clockOffsetMs: number;
      /** How far that may be wrong either way: half the round trip. */
      readonly clockErrorMs: number;
      /** What else was read there, where it was asked for. */
      readonly signs: NodeSigns;
    }
  | {readonly kind: 'unseen'; readonly node: InventoryHost; readonly error: NodeError};

export type LookOptions = {
  /** A run whose backups shall be read too. */
  readonly wantBackup?: string | undefined;
  /** Whether to ask if the clock is kept by time synchronisation; slow on some nodes. */
  readonly wantClock?: boolean;
  /** Whether to ask if something that Ansible started still works there. */
  readonly wantModules?: boolean;
  /** Whether to read logs and what else tells why something does not work. */
  readonly wantSigns?: boolean;
};

/** Units to look for on a node: what is set by hand, else those of its deployment, else all that are known. */
function unitsOf(node: InventoryHost, role: Role): readonly string[] {
  if (!node.roles.includes(role)) return [];
  if (node.overrides.service !== undefined) return [node.overrides.service];
  const deployment = node.deployment === undefined ? undefined : deploymentNamed(node.deployment);
  return deployment?.units[role] ?? candidateUnits(role);
}

/**
 * Reads everything about a node in one exec. A node that cannot be used is a result, not an exception; an abort
 * rejects.
 */
export async function look(
  ports: Pick<RolloutPorts, 'shell' | 'clock' | 'programs'>,
  node: InventoryHost,
  options: LookOptions,
  signal: AbortSignal,
): Promise<Look> {
  const {config = [], sysroot = ''} = node.overrides;
  const values = factsVariables({
    sysroot,
    option: OPTION,
    units: {compute: unitsOf(node, 'compute'), api: unitsOf(node, 'api')},
    files: {
      compute: node.roles.includes('compute') ? config : [],
      api: node.roles.includes('api') ? config : [],
    },
    backupOf: options.wantBackup,
    wantsClock: options.wantClock === true,
    wantsModules: options.wantModules === true,
  });
  const program = options.wantSigns === true ? 'examine' : 'facts';
  const script = renderScript(program, ports.programs[program], values);
  let started = ports.clock.now();
  const onSent = () => (started = ports.clock.now());
  try {
    const timeoutMs = STEP_TIMEOUT_MS[program];
    const result = await ports.shell.run(node.address, script, {signal, timeoutMs, onSent});
    const ended = ports.clock.now();
    if (result.kind === 'lost') throw new NodeError(node.name, 'lost', `${node.name}: ${result.reason}`);
    if (result.code !== 0)
      throw unusable(node.name, `the ${program} program ended with ${result.code}`, result.stderr);
    let facts: NodeFacts;
    let signs = NO_SIGNS;
    try {
      facts = decodeFacts(result.stdout);
      if (program === 'examine') signs = decodeSigns(result.stdout);
    } catch (error) {
      throw unusable(node.name, error instanceof Error ? error.message : String(error), result.stderr);
    }
    return {
      kind: 'seen',
      node,
      facts,
      signs,
      clockOffsetMs: facts.nowMs - (started + ended) / 2,
      clockErrorMs: (ended - started) / 2,
    };
  } catch (error) {
    if (error instanceof NodeError) return {kind: 'unseen', node, error};
    throw error;
  }
}

function unusable(node: string, what: string, stderr: string): NodeError {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return new NodeError(node, 'unusable', `${node}: ${what}${said === '' ? '' : ` (${said.slice(0, 200)})`}`, {
    remedy: 'log in there by hand and look at what sh, stat and systemctl say',
  });
}
