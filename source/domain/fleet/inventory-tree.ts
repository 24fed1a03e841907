import {InventoryProblem} from './inventory-problem.js';

/** Values are as YAML, JSON or a Python literal gave them; they are judged where they are used. */
export type Variables = Map<string, unknown>;

export type GroupNode = {
  readonly name: string;
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Variables;
};

export type HostNode = {
  readonly name: string;
  readonly variables: Variables;
  /** Variables that say where the host is and were given twice with different values. */
  readonly conflicts: Map<string, readonly [unknown, unknown]>;
};

/** Variables that say which machine a host is: two different values mean two machines under one name. */
const PLACE = new Set(['ansible_host', 'ansible_ssh_host', 'ansible_port', 'ansible_ssh_port']);

/**
 * Groups and hosts as an inventory declares them, by Ansible's rules: `all` and `ungrouped` always exist, a host
 * belongs to every group that names it, and its variables add up over all places that name it.
 */
export class InventoryTree {
  readonly groups = new Map<string, GroupNode>();
  readonly hosts = new Map<string, HostNode>();

  constructor() {
    this.addGroup('all');
    this.addGroup('ungrouped');
    this.addChild('all', 'ungrouped');
  }

  addGroup(name: string): GroupNode {
    const known = this.groups.get(name);
    if (known !== undefined) return known;
    const group = {name, hosts: new Set<string>(), children: new Set<string>(), variables: new Map()};
    this.groups.set(name, group);
    return group;
  }

  /** A port given with the name counts only where the host is named first, as in Ansible. */
  addHost(name: string, groupName: string, port?: number): HostNode {
    let host = this.hosts.get(name);
    if (host === undefined) {
      host = {name, variables: new Map(), conflicts: new Map()};
      this.hosts.set(name, host);
      if (port !== undefined) host.variables.set('ansible_port', port);
    } else if (port !== undefined && host.variables.get('ansible_port') !== port) {
      host.conflicts.set('ansible_port', [host.variables.get('ansible_port') ?? 22, port]);
    }
    this.addGroup(groupName).hosts.add(name);
    return host;
  }

  setHostVariable(hostName: string, variable: string, value: unknown): void {
    const host = this.hosts.get(hostName);
    if (host === undefined) throw new Error(`no host ${hostName} in the inventory`);
    const before = host.variables.get(variable);
    if (before !== undefined && before !== value && PLACE.has(variable)) {
      host.conflicts.set(variable, [before, value]);
    }
    host.variables.set(variable, value);
  }

  addChild(parentName: string, childName: string): void {
    const parent = this.addGroup(parentName);
    this.addGroup(childName);
    if (parentName === childName || this.descendants(childName).includes(parentName)) {
      throw new InventoryProblem(`the group ${childName} is made its own child through ${parentName}`);
    }
    parent.children.add(childName);
  }

  /** Puts every group below `all`, and every host that no group wants into `ungrouped`. */
  finish(): this {
    const hasParent = new Set([...this.groups.values()].flatMap((group) => [...group.children]));
    for (const name of this.groups.keys()) {
      if (name !== 'all' && !hasParent.has(name)) this.addChild('all', name);
    }
    const ungrouped = this.addGroup('ungrouped');
    const wanted = new Set(
      [...this.groups.values()]
        .filter((group) => group.name !== 'all' && group.name !== 'ungrouped')
        .flatMap((group) => [...group.hosts]),
    );
    for (const name of this.hosts.keys()) {
      if (wanted.has(name)) ungrouped.hosts.delete(name);
      else ungrouped.hosts.add(name);
    }
    return this;
  }

  /** A group and everything below it, nearest first. */
  descendants(groupName: string): string[] {
    const found = new Set([groupName]);
    for (const name of found) for (const child of this.groups.get(name)?.children ?? []) found.add(child);
    return [...found];
  }

  /** The hosts of a group and of everything below it, in the inventory's order. */
  hostsOf(groupName: string): string[] {
    return [
      ...new Set(this.descendants(groupName).flatMap((name) => [...(this.groups.get(name)?.hosts ?? [])])),
    ];
  }

  /** How far each group is from `all`, by the longest way. */
  depths(): Map<string, number> {
    const depths = new Map<string, number>();
    const visit = (name: string, depth: number): void => {
      if ((depths.get(name) ?? -1) >= depth) return;
      depths.set(name, depth);
      for (const child of this.groups.get(name)?.children ?? []) visit(child, depth + 1);
    };
    visit('all', 0);
    return depths;
  }

  /** Every group that a host is in, directly or through children, the one that wins last. */
  groupsOf(hostName: string): string[] {
    return this.memberships().get(hostName) ?? [];
  }

  /** `groupsOf` for every host at once: one pass, for inventories of thousands. */
  memberships(): Map<string, string[]> {
    const depths = this.depths();
    const ordered = [...this.groups.values()].toSorted(
      (a, b) =>
        (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0) ||
        priority(a) - priority(b) ||
        (a.name < b.name ? -1 : 1),
    );
    const result = new Map<string, string[]>([...this.hosts.keys()].map((name) => [name, []]));
    for (const group of ordered) {
      const members = group.name === 'all' ? this.hosts.keys() : this.hostsOf(group.name);
      for (const host of members) result.get(host)?.push(group.name);
    }
    return result;
  }
}

/** `ansible_group_priority`: among groups of one depth the higher wins. */
function priority(group: GroupNode): number {
  const value = group.variables.get('ansible_group_priority');
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(number) ? number : 1;
}
