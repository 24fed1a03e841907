import type {CommandEnd} from '../../ports.js';
import type {RenderPorts} from '../../template/render-template.js';
import type {Template} from '../../template/template-types.js';

/** A file of a playbook's folder, by its path there. */
export type PlaybookFile = {readonly path: string; readonly text: string};

/** What JSON can say. */
export type Variable = string | number | boolean | readonly Variable[] | {readonly [name: string]: Variable};

/** One start of `ansible-playbook`. */
export type Play = {
  readonly files: readonly PlaybookFile[];
  /** The path of one of the files. */
  readonly playbook: string;
  /**
   * The path of the file, a YAML inventory, that has the hosts which the operator's own inventory has not. Undefined:
   * that one has them all.
   */
  readonly inventory: string | undefined;
  /** No other host is touched, whatever the inventory has. */
  readonly hosts: readonly string[];
  /** Variables that win over all others. A text of theirs may be an expression of Ansible's. */
  readonly variables: Readonly<Record<string, Variable>>;
  readonly forks: number;
};

export type PlaySignals = {
  /** Ends the playbook as Ctrl-C does; it is waited for. */
  readonly stop: AbortSignal;
  /** Ends it at once, with all that it started. */
  readonly finish: AbortSignal;
};

/** How `ansible-playbook --version` ended, and the first line that it printed. */
export type VersionEnd = CommandEnd & {readonly line: string};

/** The operator's own Ansible on this machine. */
export interface AnsiblePlaybook {
  /** Whether the operator's inventory is one that Ansible reads: connection variables are in it then. */
  readonly hasInventory: boolean;
  version(signal: AbortSignal): Promise<VersionEnd>;
  /**
   * Writes the files to a private folder, runs the playbook there and takes the folder away. `onLine` is given each
   * line of its stdout, as it is. Rejects with `UserError` where the files cannot be written.
   */
  play(play: Play, onLine: (line: string) => void, signals: PlaySignals): Promise<CommandEnd>;
}

/** What a run needs that Ansible carries out. */
export type AnsiblePorts = {
  readonly playbook: AnsiblePlaybook;
  /** The playbook and its role; a team's own comes first. */
  readonly template: () => Promise<Template>;
  readonly render: RenderPorts;
};
