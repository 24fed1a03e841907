import type {NodeFacts, Role} from '../domain/fleet/node-facts.js';

/**
 * A kind of installation: where its services' names and files are. Detection looks at what is there, never at the
 * distribution alone.
 */
export type Deployment = {
  /** As in `reprieve_deployment`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Units that may run a role, the likeliest first. */
  readonly units: Readonly<Record<Role, readonly string[]>>;
  /** What a role reads where no running process tells, in order. */
  readonly defaultFiles: Readonly<Record<Role, readonly string[]>>;
  /** Whether a node with these facts is of this kind. Asked in the order of the registry. */
  readonly isOn: (facts: NodeFacts) => boolean;
  /** How virsh is called on its compute nodes, as words of a command: on the host, or in a container. */
  readonly virsh: readonly string[];
  /** What will undo or overwrite an edit, told before the edit; undefined where nothing does. */
  readonly overwrittenBy: string | undefined;
};

/** Whether one of these units is loaded on the node. */
export function hasUnit(facts: NodeFacts, ...names: readonly string[]): boolean {
  return facts.units.some((unit) => names.some((name) => unit.unit === `${name}.service`));
}
