import {InventoryProblem} from './inventory-problem.js';
import {InventoryTree} from './inventory-tree.js';
import {isMapping, kindOf} from './inventory-yaml.js';

/**
 * Reads what `ansible-inventory --list` and inventory programs print: groups with `hosts` (names), `children`
 * (names) and `vars`, or just a list of names; and `_meta.hostvars`.
 *
 * `data` is the parsed document. Throws `InventoryProblem`.
 */
export function readJsonInventory(data: unknown): InventoryTree {
  if (!isMapping(data)) {
    throw new InventoryProblem(`an inventory in JSON is an object of groups, this is ${kindOf(data)}`);
  }
  const tree = new InventoryTree();
  for (const [name, content] of Object.entries(data)) {
    if (name !== '_meta') readGroup(tree, name, content);
  }
  const meta = data['_meta'];
  const hostVariables = isMapping(meta) ? meta['hostvars'] : undefined;
  if (hostVariables !== undefined && !isMapping(hostVariables)) {
    throw new InventoryProblem(`_meta.hostvars must be an object, this is ${kindOf(hostVariables)}`);
  }
  for (const [name, variables] of Object.entries(hostVariables ?? {})) {
    if (!isMapping(variables)) {
      throw new InventoryProblem(`_meta.hostvars of ${name} must be an object, this is ${kindOf(variables)}`);
    }
    if (!tree.hosts.has(name)) tree.addHost(name, 'ungrouped');
    for (const [variable, value] of Object.entries(variables)) tree.setHostVariable(name, variable, value);
  }
  return tree.finish();
}

function readGroup(tree: InventoryTree, name: string, content: unknown): void {
  const group = tree.addGroup(name);
  const {hosts, children, vars} = Array.isArray(content)
    ? {hosts: content, children: undefined, vars: undefined}
    : isMapping(content)
      ? {hosts: content['hosts'], children: content['children'], vars: content['vars']}
      : {};
  if (!Array.isArray(content) && !isMapping(content)) {
    throw new InventoryProblem(`the group ${name} must be an object or a list, this is ${kindOf(content)}`);
  }
  for (const host of names(hosts, 'hosts', name)) tree.addHost(host, name);
  for (const child of names(children, 'children', name)) tree.addChild(name, child);
  if (isMapping(vars)) for (const [key, value] of Object.entries(vars)) group.variables.set(key, value);
}

function names(list: unknown, key: string, group: string): string[] {
  if (list === undefined || list === null) return [];
  // Some programs print `hosts` as the YAML form does; its values then are in `_meta` as well.
  if (isMapping(list)) {
    throw new InventoryProblem(
      `${key} of the group ${group} is an object, as in a YAML inventory, not a list as ansible-inventory --list prints it`,
    );
  }
  if (!Array.isArray(list)) {
    throw new InventoryProblem(`${key} of the group ${group} must be a list, this is ${kindOf(list)}`);
  }
  return list.map((item: unknown) => {
    if (typeof item !== 'string') {
      throw new InventoryProblem(`${key} of the group ${group} must be names, one is ${kindOf(item)}`);
    }
    return item;
  });
}
