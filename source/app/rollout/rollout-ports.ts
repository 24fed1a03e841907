import type {Clock, Cloud, Shell} from '../ports.js';
import type {AnsiblePorts} from './ansible/ansible-ports.js';
import type {Journals} from './journal.js';

/** The texts of the programs that run on nodes (source/node), each complete. */
export type NodePrograms = Readonly<
  Record<'facts' | 'examine' | 'change' | 'lock' | 'service' | 'forget', string>
>;

/** Everything outside that the use cases of a rollout need. */
export type RolloutPorts = {
  readonly shell: Shell;
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly journals: Journals;
  readonly programs: NodePrograms;
  /** For runs with the engine `ansible`; loaded where one is begun. */
  readonly ansible?: () => Promise<AnsiblePorts>;
  /** Four random letters or digits, for run ids. */
  readonly randomWord: () => string;
  /** Version of this program. */
  readonly version: string;
};

/** The option that all of this is about. */
export const OPTION = 'reclaim_instance_interval';

/** How long one program may take on a node, in milliseconds. The change waits for an earlier one up to 30 s. */
export const STEP_TIMEOUT_MS = {
  facts: 60_000,
  examine: 60_000,
  change: 120_000,
  lock: 60_000,
  service: 60_000,
  forget: 60_000,
};
