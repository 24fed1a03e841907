import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryReference} from '../../domain/fleet/inventory.js';
import {InventoryProblem} from '../../domain/fleet/inventory-problem.js';
import {hostNameProblem} from '../../domain/fleet/names.js';
import {UserError, withoutStop} from '../errors.js';
import type {Fleet, NodeRule} from '../inventory.js';
import type {Given, InitPorts, PresentProfile, Tell} from './init-types.js';
import {EVERY_NODE} from './reach-questions.js';

/** Where the nodes are. */
export type NodesAnswer = {
  /** Undefined: Nova's own list. */
  readonly inventory: InventoryReference | undefined;
  readonly apiHosts: readonly string[];
  readonly fleet: Fleet;
};

type Place = 'file' | 'kept' | 'nova';

/** Services that live where nova-api does, more often than not. */
const CONTROL = new Set(['nova-conductor', 'nova-scheduler']);
const NONE = 'none';

/**
 * Where the nodes are: in an Ansible inventory, which is read at once, or Nova's own list with names for the API
 * hosts, which Nova does not list. Throws `UserError` where a flag names an inventory that cannot be used.
 *
 * @param services what Nova lists; undefined where it did not answer
 */
export async function askNodes(
  ports: InitPorts,
  given: Given,
  present: PresentProfile | undefined,
  services: readonly ComputeService[] | undefined,
  tell: Tell,
): Promise<NodesAnswer> {
  const rememberedHosts = namesIn(present?.values.get('api-hosts'));
  const load = loader(ports, given, withoutEveryUser(present?.rules ?? []), services ?? []);
  const inventory = await askInventory(ports, given, present, services, load);
  let apiHosts = given.apiHosts ?? (inventory === undefined ? [] : rememberedHosts);
  let fleet = await load(inventory, apiHosts);
  if (given.apiHosts === undefined && !hasApi(fleet)) {
    apiHosts = await askApiHosts(ports, rememberedHosts, services ?? [], inventory !== undefined);
    fleet = await load(inventory, apiHosts);
  }
  tellFleet(fleet, tell);
  return {inventory, apiHosts, fleet};
}

type Load = (inventory: InventoryReference | undefined, apiHosts: readonly string[]) => Promise<Fleet>;

function loader(
  ports: InitPorts,
  given: Given,
  rules: readonly NodeRule[],
  services: readonly ComputeService[],
): Load {
  const novaComputes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
  return async (inventory, apiHosts) =>
    ports.fleet({inventory, pattern: given.hosts, apiHosts, novaComputes, rules});
}

/** Who logs in everywhere is asked anew: what the profile says of it must not hide what the inventory says. */
function withoutEveryUser(rules: readonly NodeRule[]): readonly NodeRule[] {
  return rules.map(({pattern, overrides, place, user}) =>
    pattern === EVERY_NODE || user === undefined
      ? {pattern, overrides, place}
      : {pattern, overrides, place, user},
  );
}

async function askInventory(
  ports: InitPorts,
  given: Given,
  present: PresentProfile | undefined,
  services: readonly ComputeService[] | undefined,
  load: Load,
): Promise<InventoryReference | undefined> {
  if (given.inventory !== undefined) return {kind: 'file', path: ports.absolutePath(given.inventory)};
  const remembered = present?.values.get('inventory');
  const file = typeof remembered === 'string' ? remembered : '';
  const place = await askPlace(ports, given, present?.inventory !== undefined, file, services);
  if (place === 'nova') return undefined;
  if (place === 'kept') return present?.inventory;
  const answer = await ports.asker.text({
    title: 'Inventory file:',
    flag: '--inventory FILE',
    proposal: file,
    unasked: file === '' ? undefined : file,
    async problemOf(text) {
      if (text.trim() === '')
        return 'Name an Ansible inventory: YAML, INI, or what ansible-inventory can read.';
      try {
        await load({kind: 'file', path: ports.absolutePath(text.trim())}, given.apiHosts ?? []);
        return undefined;
      } catch (error) {
        if (error instanceof UserError || error instanceof InventoryProblem) return sentenceOf(error);
        throw error;
      }
    },
  });
  return {kind: 'file', path: ports.absolutePath(answer.trim())};
}

async function askPlace(
  {asker}: InitPorts,
  given: Given,
  hasInventory: boolean,
  file: string,
  services: readonly ComputeService[] | undefined,
): Promise<Place> {
  // API hosts beside no inventory say that the rest is Nova's own list.
  if (given.apiHosts !== undefined && !hasInventory && file === '') return 'nova';
  const kept: Place = hasInventory ? 'kept' : 'file';
  const usual = hasInventory || file !== '' ? kept : services === undefined ? 'file' : 'nova';
  const choices: {value: Place; title: string}[] = [
    ...(hasInventory ? [{value: 'kept' as const, title: 'in the profile itself, as now'}] : []),
    {value: 'file', title: 'in an Ansible inventory'},
    {value: 'nova', title: 'the computes that Nova lists, by name'},
  ];
  return asker.choose({
    title: 'Where are the nodes?',
    flag: '--inventory FILE, or --api-hosts NAMES with the computes that Nova lists',
    choices,
    proposed: choices.findIndex(({value}) => value === usual),
    unasked: hasInventory || file !== '' ? kept : 'nova',
  });
}

/** Nova does not list nova-api; hosts of its other services are proposed to a person, and taken from nobody. */
async function askApiHosts(
  {asker}: InitPorts,
  remembered: readonly string[],
  services: readonly ComputeService[],
  hasInventory: boolean,
): Promise<readonly string[]> {
  const control = services.filter(({binary}) => CONTROL.has(binary)).map(({host}) => host);
  const known = remembered.length > 0 ? remembered : [...new Set(control)];
  const usable = known.filter((name) => hostNameProblem(name) === undefined);
  const answer = await asker.text({
    title: `Hosts that run nova-api, with commas, or ${NONE} (${hasInventory ? 'the inventory has' : 'Nova lists'} none):`,
    flag: '--api-hosts NAMES',
    proposal: usable.length > 0 ? usable.join(',') : NONE,
    unasked: remembered.length > 0 ? usable.join(',') : NONE,
    problemOf: (text) =>
      listOf(text)
        .map((name) => hostNameProblem(name))
        .find((problem) => problem !== undefined) ??
      (text.trim() === '' ? `Give names, or ${NONE}.` : undefined),
  });
  return listOf(answer);
}

function listOf(text: string): readonly string[] {
  if (text.trim() === NONE) return [];
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return listOf(value);
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

function hasApi(fleet: Fleet): boolean {
  return fleet.hosts.some(({roles}) => roles.includes('api'));
}

function tellFleet(fleet: Fleet, tell: Tell): void {
  const count = (role: 'compute' | 'api', noun: string) => {
    const number = fleet.hosts.filter(({roles}) => roles.includes(role)).length;
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
  };
  tell({
    type: 'found',
    about: 'nodes',
    state: fleet.hosts.length === 0 ? 'failed' : 'ok',
    message: `${fleet.source ?? "Nova's list"}: ${count('compute', 'compute')}, ${count('api', 'API node')}`,
  });
  for (const message of fleet.notices) tell({type: 'found', about: 'nodes', state: 'warning', message});
  if (hasApi(fleet)) return;
  tell({
    type: 'found',
    about: 'nodes',
    state: 'warning',
    message: 'no API node is named, so plan and status cannot see the API half of delayed delete',
    remedy: 'name them in the inventory (group nova_api), or with --api-hosts',
  });
}

/** A problem and its remedy as one sentence; a flag is no remedy for who is being asked. */
function sentenceOf({
  message,
  remedy,
}: {
  readonly message: string;
  readonly remedy?: string | undefined;
}): string {
  const more = remedy === undefined || remedy.includes(' --') ? '' : `; ${remedy}`;
  return `${withoutStop(message)}${more}.`;
}
