import type {GroupNode, InventoryTree, Variables} from './inventory-tree.js';
import type {NodeAddress} from './node-address.js';
import type {Role} from './node-facts.js';

/** What a profile sets by hand for a node whose deployment reprieve does not know. */
export type NodeOverrides = {
  /** Absolute path that every path on the node is looked up below. */
  readonly sysroot?: string;
  /** The files that the service reads, in the order in which it reads them. */
  readonly config?: readonly string[];
  /** systemd unit or container that runs the service. */
  readonly service?: string;
  /** Command line that restarts the service, run by root's `sh` on the node. */
  readonly restart?: string;
};

/** A host of the inventory as the rest of the program knows it. */
export type InventoryHost = {
  readonly name: string;
  readonly address: NodeAddress;
  /** Never empty: hosts without a role are left out. */
  readonly roles: readonly Role[];
  /** Every group it is in, directly or through children, without `all` and `ungrouped`. */
  readonly groups: readonly string[];
  /** `reprieve_nova_host`: Nova's name for the host, where it differs. */
  readonly novaHost: string | undefined;
  /** `reprieve_deployment`: the kind of deployment; undefined where it is to be found out. */
  readonly deployment: string | undefined;
  /** `reprieve_cloud`: the one cloud whose node it is; absent where that is whichever is asked. */
  readonly cloud?: string;
  /** From the profile, else from `reprieve_config_files` and `reprieve_service`. */
  readonly overrides: NodeOverrides;
};

/** Variables from `group_vars` and `host_vars`, by group and by host. */
export type VariableFiles = {
  readonly groups: ReadonlyMap<string, Variables>;
  readonly hosts: ReadonlyMap<string, Variables>;
};

/** An inventory as it was read, before it is judged. */
export type InventoryReading = {
  /** What messages call it: the file, or where in the profile it is. */
  readonly source: string;
  readonly tree: InventoryTree;
  readonly files: VariableFiles;
  /** What was passed over, in words for people. */
  readonly notices: readonly string[];
};

/** Where an inventory is: a file, or written out in the profile, as a YAML inventory would be. */
export type InventoryReference =
  | {readonly kind: 'file'; readonly path: string}
  | {readonly kind: 'inline'; readonly data: unknown; readonly source: string};

/**
 * The variables that hold for a host, by Ansible's precedence: groups of the inventory from `all` down to the
 * nearest, then the files of `group_vars` in the same order, then the host's own, then its `host_vars`.
 *
 * `groups`: the host's groups as `InventoryTree.memberships` orders them.
 */
export function effectiveVariables(
  tree: InventoryTree,
  hostName: string,
  groups: readonly string[],
  files: VariableFiles,
): Variables {
  const declared = groups.map((name): GroupNode | undefined => tree.groups.get(name));
  const layers: (Variables | undefined)[] = [
    ...declared.map((group) => group?.variables),
    ...groups.map((name) => files.groups.get(name)),
    tree.hosts.get(hostName)?.variables,
    files.hosts.get(hostName),
  ];
  return new Map(layers.flatMap((layer) => [...(layer ?? [])]));
}

/**
 * Pairs of hosts that the inventory says are one machine: same address, same port, same way there. Names without
 * an address are left to `ssh_config`, and are not judged here.
 */
export function sameMachines(hosts: readonly InventoryHost[]): (readonly [InventoryHost, InventoryHost])[] {
  const seen = new Map<string, InventoryHost>();
  const pairs: (readonly [InventoryHost, InventoryHost])[] = [];
  for (const host of hosts) {
    const {name, hostName, port, proxyJump} = host.address;
    const key = JSON.stringify([(hostName ?? name).toLowerCase(), port ?? 22, proxyJump ?? '']);
    const other = seen.get(key);
    if (other === undefined) seen.set(key, host);
    else pairs.push([other, host]);
  }
  return pairs;
}
