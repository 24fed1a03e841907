import {UserError} from './errors.js';
import {selectHosts, type PatternSubject} from '../domain/fleet/host-pattern.js';
import {readHostVariables} from '../domain/fleet/host-variables.js';
import {
  effectiveVariables,
  sameMachines,
  type InventoryHost,
  type InventoryReading,
  type InventoryReference,
  type NodeOverrides,
} from '../domain/fleet/inventory.js';
import {InventoryProblem} from '../domain/fleet/inventory-problem.js';
import {hostNameProblem, visible} from '../domain/fleet/names.js';
import type {Role} from '../domain/fleet/node-facts.js';
import {ROLE_GROUPS, rolesOfGroups} from '../domain/fleet/roles.js';

/** Overrides of the profile for the nodes that a pattern picks. */
export type NodeRule = {
  readonly pattern: string;
  readonly overrides: NodeOverrides;
  /** The account that logs in there. */
  readonly user?: string;
  /** For messages. */
  readonly place: string;
};

/** Reads an inventory; throws `UserError` or `InventoryProblem`. */
export type ReadInventory = (reference: InventoryReference, signal: AbortSignal) => Promise<InventoryReading>;

/** What a fleet is made of. */
export type FleetRequest = {
  readonly inventory: InventoryReference | undefined;
  /** `--hosts` */
  readonly pattern: string | undefined;
  /** `--api-hosts`: these run nova-api, whatever the inventory says of them. */
  readonly apiHosts: readonly string[];
  /** Compute nodes as Nova lists them; used only where there is no inventory. */
  readonly novaComputes: readonly string[];
  readonly rules: readonly NodeRule[];
  /** Nodes that the inventory says are another cloud's are left out; undefined: all are taken. */
  readonly cloud?: string | undefined;
};

/** The nodes that a command works on. */
export type Fleet = {
  /** The inventory's name for messages; undefined where there is none. */
  readonly source: string | undefined;
  /** Every node with a role. */
  readonly hosts: readonly InventoryHost[];
  /** Those of them that `--hosts` picks; all of them without it. */
  readonly selected: readonly InventoryHost[];
  /** What was passed over or is worth knowing, in words for people. */
  readonly notices: readonly string[];
};

/**
 * Puts together which nodes there are, how each is reached and what it does. Throws `UserError` (usage) for an
 * inventory that is empty, ambiguous or names what no host can be called, and for a pattern that picks nothing.
 */
export async function loadFleet(
  request: FleetRequest,
  read: ReadInventory,
  signal: AbortSignal,
): Promise<Fleet> {
  const source = request.inventory === undefined ? undefined : sourceOf(request.inventory);
  try {
    const declared =
      request.inventory === undefined
        ? withoutInventory(request)
        : judge(await read(request.inventory, signal));
    const all = applyRules(addApiHosts(declared.hosts, request.apiHosts), request.rules);
    refuseSameMachines(all);
    const picked = select(all, declared.withoutRole, request.pattern);
    const isOfCloud = ({cloud}: InventoryHost) => isNodeOf(cloud, request.cloud);
    return {
      source,
      hosts: all.filter(isOfCloud),
      selected: picked.filter(isOfCloud),
      notices: declared.notices,
    };
  } catch (error) {
    if (!(error instanceof InventoryProblem)) throw error;
    throw asUserError(error, source);
  }
}

/** Whether the inventory leaves a node to the cloud that is asked. The name of a cloud stands for all its regions. */
function isNodeOf(own: string | undefined, asked: string | undefined): boolean {
  return own === undefined || asked === undefined || own === asked || asked.startsWith(`${own}/`);
}

/** The same problem as an error for users, with the file and line in front. */
export function asUserError(problem: InventoryProblem, source: string | undefined): UserError {
  const line = problem.line === undefined ? '' : `:${problem.line}`;
  const place = source === undefined ? '' : `inventory ${source}${line}: `;
  return new UserError('usage', `${place}${problem.message}`, {
    cause: problem,
    ...(problem.remedy === undefined ? {} : {remedy: problem.remedy}),
  });
}

type Declared = {
  readonly hosts: readonly InventoryHost[];
  readonly withoutRole: readonly {readonly name: string; readonly groups: readonly string[]}[];
  readonly notices: readonly string[];
};

function sourceOf(reference: InventoryReference): string {
  return reference.kind === 'file' ? reference.path : reference.source;
}

function withoutInventory(request: FleetRequest): Declared {
  const bad = request.novaComputes.filter((name) => hostNameProblem(name) !== undefined);
  return {
    hosts: request.novaComputes
      .filter((name) => !bad.includes(name))
      .map((name) => bareHost(name, ['compute'])),
    withoutRole: [],
    notices: bad.map(
      (name) => `Nova lists a compute host ${visible(name)}, which cannot be a host's name; it is left out`,
    ),
  };
}

function judge({tree, files, notices}: InventoryReading): Declared {
  if (tree.hosts.size === 0) {
    throw new InventoryProblem('it names no hosts', {
      remedy: 'put compute nodes in a group "compute" and API nodes in a group "controller"',
    });
  }
  for (const host of tree.hosts.values()) {
    const problem = hostNameProblem(host.name);
    if (problem !== undefined)
      throw new InventoryProblem(problem.replace(/\.$/, ''), {remedy: 'rename it there'});
    for (const [variable, [first, second]] of host.conflicts) {
      throw new InventoryProblem(
        `the host ${host.name} is named twice, with ${variable} ${String(first)} and ${String(second)}`,
        {remedy: 'give it once, and name the host alone in its other groups'},
      );
    }
  }
  const hosts: InventoryHost[] = [];
  const withoutRole: {name: string; groups: string[]}[] = [];
  const passedOver = new Map<string, string[]>();
  for (const [name, membership] of tree.memberships()) {
    const groups = membership.filter((group) => group !== 'all' && group !== 'ungrouped');
    const roles = rolesOfGroups(groups);
    if (roles.length === 0) {
      withoutRole.push({name, groups});
      continue;
    }
    const settings = readHostVariables(name, effectiveVariables(tree, name, membership, files));
    for (const notice of settings.notices) {
      const names = passedOver.get(notice);
      if (names === undefined) passedOver.set(notice, [name]);
      else names.push(name);
    }
    const {address, novaHost, deployment, cloud, overrides} = settings;
    hosts.push({
      name,
      address,
      roles,
      groups,
      novaHost,
      deployment,
      ...(cloud === undefined ? {} : {cloud}),
      overrides,
    });
  }
  if (hosts.length === 0) throw noRoles(withoutRole.map(({name}) => name));
  return {
    hosts,
    withoutRole,
    notices: [
      ...notices,
      ...[...passedOver].map(([notice, names]) => `${notice} (${listed(names)})`),
      ...(withoutRole.length === 0
        ? []
        : [`left out, because no group gives them a role: ${listed(withoutRole.map(({name}) => name))}`]),
    ],
  };
}

function noRoles(names: readonly string[]): InventoryProblem {
  return new InventoryProblem(`no group gives a role to ${listed(names)}`, {
    remedy:
      `put compute nodes in one of the groups ${ROLE_GROUPS.compute.join(', ')}` +
      ` and API nodes in one of ${ROLE_GROUPS.api.join(', ')}`,
  });
}

function bareHost(name: string, roles: readonly Role[]): InventoryHost {
  return {
    name,
    address: {name},
    roles,
    groups: [],
    novaHost: undefined,
    deployment: undefined,
    overrides: {},
  };
}

function addApiHosts(hosts: readonly InventoryHost[], names: readonly string[]): InventoryHost[] {
  const wanted = new Set(names);
  for (const name of wanted) {
    const problem = hostNameProblem(name);
    if (problem !== undefined) {
      throw new UserError('usage', `--api-hosts: ${problem.replace(/\.$/, '')}`, {
        remedy: 'give host names, separated by commas',
      });
    }
  }
  const known = hosts.map((host): InventoryHost => {
    if (!wanted.delete(host.name) || host.roles.includes('api')) return host;
    return {...host, roles: [...host.roles, 'api']};
  });
  return [...known, ...[...wanted].map((name) => bareHost(name, ['api']))];
}

/** Later rules win, and a rule for one host wins over rules for several. */
function applyRules(hosts: readonly InventoryHost[], rules: readonly NodeRule[]): readonly InventoryHost[] {
  // A rule for all nodes is no error where there are none yet.
  if (hosts.length === 0) return hosts;
  const subject = subjectOf(hosts);
  const names = new Set(subject.hosts);
  const ordered = rules.toSorted((a, b) => Number(names.has(a.pattern)) - Number(names.has(b.pattern)));
  const overrides = new Map<string, NodeOverrides>();
  const users = new Map<string, string>();
  for (const rule of ordered) {
    try {
      for (const name of selectHosts(rule.pattern, subject)) {
        overrides.set(name, {...overrides.get(name), ...rule.overrides});
        if (rule.user !== undefined) users.set(name, rule.user);
      }
    } catch (error) {
      if (!(error instanceof InventoryProblem)) throw error;
      throw new UserError('usage', `${rule.place}: ${error.message}`, {
        cause: error,
        ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
      });
    }
  }
  return hosts.map((host) => {
    const user = users.get(host.name) ?? host.address.user;
    const address = user === undefined ? host.address : {...host.address, user};
    return {...host, address, overrides: {...host.overrides, ...overrides.get(host.name)}};
  });
}

function refuseSameMachines(hosts: readonly InventoryHost[]): void {
  const [pair] = sameMachines(hosts);
  if (pair === undefined) return;
  const [first, second] = pair;
  const {name, hostName, port} = second.address;
  throw new InventoryProblem(
    `the hosts ${first.name} and ${second.name} are one machine, ${hostName ?? name} port ${port ?? 22}`,
    {remedy: 'name it once, in every group that it belongs to'},
  );
}

function subjectOf(
  hosts: readonly {readonly name: string; readonly groups: readonly string[]}[],
): PatternSubject {
  const groups = new Map<string, string[]>();
  for (const host of hosts) {
    for (const group of host.groups) {
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [host.name]);
      else members.push(host.name);
    }
  }
  return {hosts: hosts.map(({name}) => name), groups};
}

function select(
  hosts: readonly InventoryHost[],
  withoutRole: Declared['withoutRole'],
  pattern: string | undefined,
): readonly InventoryHost[] {
  if (pattern === undefined) return hosts;
  try {
    const picked = new Set(selectHosts(pattern, subjectOf([...hosts, ...withoutRole])));
    const selected = hosts.filter(({name}) => picked.has(name));
    if (selected.length === 0) throw noRoles([...picked]);
    return selected;
  } catch (error) {
    if (!(error instanceof InventoryProblem)) throw error;
    throw new UserError('usage', `--hosts: ${error.message}`, {
      cause: error,
      ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
    });
  }
}

/** At most four names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
