import {expandHost} from './host-range.js';
import {InventoryProblem} from './inventory-problem.js';
import {InventoryTree} from './inventory-tree.js';

/** An inventory, and what in it was passed over, in words for people. */
export type ReadInventory = {readonly tree: InventoryTree; readonly notices: readonly string[]};

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Reads what a YAML inventory holds: groups at the top, each with `hosts`, `children` and `vars`. Rules of
 * Ansible's `yaml` plugin: a text instead of a mapping stands for one name without values, other keys are passed
 * over with a notice.
 *
 * `data` is the document as plain values. Throws `InventoryProblem`.
 */
export function readYamlInventory(data: unknown): ReadInventory {
  if (data === null || data === undefined) throw new InventoryProblem('it is empty');
  if (!isMapping(data)) {
    throw new InventoryProblem(`a YAML inventory is a mapping of groups, this is ${kindOf(data)}`);
  }
  const tree = new InventoryTree();
  const notices: string[] = [];
  for (const [name, value] of Object.entries(data)) readGroup(tree, notices, name, value);
  return {tree: tree.finish(), notices};
}

function readGroup(tree: InventoryTree, notices: string[], name: string, value: unknown): boolean {
  if (value !== null && !isMapping(value)) {
    notices.push(`"${name}" is passed over: a group is a mapping, this is ${kindOf(value)}`);
    return false;
  }
  const group = tree.addGroup(name);
  for (const [key, content] of Object.entries(value ?? {})) {
    if (key !== 'hosts' && key !== 'children' && key !== 'vars') {
      notices.push(`"${key}" of the group ${name} is passed over: a group has hosts, children and vars`);
      continue;
    }
    const section = sectionOf(content, key, name);
    if (key === 'vars') {
      for (const [variable, setting] of Object.entries(section)) group.variables.set(variable, setting);
    } else if (key === 'children') {
      for (const [child, below] of Object.entries(section)) {
        if (readGroup(tree, notices, child, below)) tree.addChild(name, child);
      }
    } else {
      for (const [pattern, variables] of Object.entries(section)) readHosts(tree, name, pattern, variables);
    }
  }
  return true;
}

function sectionOf(content: unknown, key: string, group: string): Mapping {
  if (content === null) return {};
  if (typeof content === 'string') return {[content]: null};
  if (isMapping(content)) return content;
  throw new InventoryProblem(
    `${key} of the group ${group} must be a mapping, this is ${kindOf(content)}`,
    key === 'hosts' ? {remedy: 'write each host as "name:" on a line of its own, without a dash'} : {},
  );
}

function readHosts(tree: InventoryTree, group: string, pattern: string, variables: unknown): void {
  const {names, port} = expandHost(pattern);
  if (variables !== null && !isMapping(variables)) {
    if (variables === '' || variables === false || variables === 0) variables = {};
    else
      throw new InventoryProblem(
        `the host ${pattern} must have a mapping of variables, this is ${kindOf(variables)}`,
      );
  }
  const settings = isMapping(variables) ? Object.entries(variables) : [];
  for (const name of names) {
    tree.addHost(name, group, port);
    for (const [variable, value] of settings) tree.setHostVariable(name, variable, value);
  }
}

/** Whether a value is a mapping with text keys. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, in words for people. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
