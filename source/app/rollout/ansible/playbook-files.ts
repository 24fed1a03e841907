import type {InventoryHost} from '../../../domain/fleet/inventory.js';
import type {Role} from '../../../domain/fleet/node-facts.js';
import {UserError} from '../../errors.js';
import {fillValues, valuesOf} from '../../template/fill-values.js';
import {planValues} from '../../template/known-values.js';
import {renderTemplate} from '../../template/render-template.js';
import type {Plan, PlannedTarget} from '../plan-types.js';
import type {RunSettings} from '../wish.js';
import type {AnsiblePlaybook, AnsiblePorts, Play} from './ansible-ports.js';

/**
 * Whose turn it is: all hosts that Ansible is limited to, which are those of one batch and so of one role. The other
 * role's play has none. Groups of a file of ours would have to be read beside the operator's inventory, which not
 * every `enable_plugins` does.
 */
const ALL = 'all';
const NONE = 'reprieve_none';

/**
 * What the run does itself and the role must not do once more: batches, and questions to Nova. A template of a team's
 * own may not have all of these values.
 */
function valuesFor(role: Role): Readonly<Record<string, unknown>> {
  return {
    compute_group: role === 'compute' ? ALL : NONE,
    api_group: role === 'api' ? ALL : NONE,
    batches: ['100%'],
    cloud: '',
  };
}

const PLAYBOOK = 'playbook.yml';
/** Not the template's own, which has other groups. */
const INVENTORY = 'reprieve-hosts.yml';

/**
 * The playbook for these targets of a plan, all of one role. Rejects with `UserError` (usage) where the template cannot
 * be rendered for them, or has no playbook.
 */
export async function playFor(
  {playbook, template: openTemplate, render}: AnsiblePorts,
  plan: Plan,
  role: Role,
  targets: readonly PlannedTarget[],
  nodes: ReadonlyMap<string, InventoryHost>,
  settings: RunSettings,
): Promise<Play> {
  if (targets.some((target) => target.role !== role)) throw new Error(`a batch of ${role} has another role`);
  const template = await openTemplate();
  const known = {plan: planValues({...plan, targets})};
  const names = new Set(template.values.map(({name}) => name));
  const values = Object.fromEntries(Object.entries(valuesFor(role)).filter(([name]) => names.has(name)));
  const given = {written: [], files: [{file: '--engine ansible', values}], known};
  const {files} = await renderTemplate(template, valuesOf(fillValues(template, given)), render);
  if (!files.some(({path}) => path === PLAYBOOK)) {
    throw new UserError('usage', `${template.origin.folder}: the template makes no ${PLAYBOOK}`, {
      remedy: 'name its files as the shipped template does, or say --engine builtin',
    });
  }
  const told = targets.flatMap(({host}) => nodes.get(host) ?? []).filter((node) => isToldOf(playbook, node));
  return {
    files: told.length === 0 ? files : [...files, {path: INVENTORY, text: inventoryOf(told)}],
    playbook: PLAYBOOK,
    inventory: told.length === 0 ? undefined : INVENTORY,
    hosts: targets.map(({host}) => host),
    // Nothing of an inventory wins over these: what was agreed to is what is set, there.
    variables: {
      delayed_delete_guarded: true,
      delayed_delete_restarts: settings.restart,
      delayed_delete_cloud: '',
      ...(plan.intervalSeconds === undefined ? {} : {delayed_delete_interval: plan.intervalSeconds}),
      reprieve_planned: Object.fromEntries(targets.map((target) => [target.host, foundOf(target)])),
      delayed_delete_units: '{{ reprieve_planned[inventory_hostname].units }}',
      delayed_delete_files: '{{ reprieve_planned[inventory_hostname].files }}',
    },
    forks: settings.parallel,
  };
}

/**
 * What the plan found on a host: the unit, and the file to edit. Where nothing is to be written the role finds the
 * files by itself.
 */
function foundOf({unit, write}: PlannedTarget): {
  readonly units: readonly string[];
  readonly files: readonly string[];
} {
  return {units: [unit], files: write.kind === 'none' ? [] : [write.file]};
}

/**
 * Whether Ansible has to be told of a node: all where it reads no inventory, else those that are in none, as
 * `--api-hosts` names them.
 */
export function isToldOf({hasInventory}: AnsiblePlaybook, {groups}: InventoryHost): boolean {
  return !hasInventory || groups.length === 0;
}

/** The nodes with how they are reached. JSON is YAML. */
function inventoryOf(nodes: readonly InventoryHost[]): string {
  const hosts = Object.fromEntries(nodes.map((node) => [node.name, connectionOf(node)]));
  return `${JSON.stringify({[ALL]: {hosts}}, undefined, 2)}\n`;
}

/** How Ansible is told to reach a node. */
export function connectionOf({address}: InventoryHost): Readonly<Record<string, string | number | boolean>> {
  const {hostName, port, user, identityFile, proxyJump, become} = address;
  const given = {
    ansible_host: hostName,
    ansible_port: port,
    ansible_user: user,
    ansible_ssh_private_key_file: identityFile,
    ansible_ssh_common_args: proxyJump === undefined ? undefined : `-o ProxyJump=${proxyJump}`,
    ansible_become: become === undefined && user !== 'root' ? undefined : become?.kind === 'sudo',
    ansible_become_user: become?.kind === 'sudo' ? become.user : undefined,
  };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
