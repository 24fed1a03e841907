import type {InventoryHost} from '../../../domain/fleet/inventory.js';
import type {Role} from '../../../domain/fleet/node-facts.js';
import {isExpression} from '../../../domain/template/formats/yaml.js';
import {UserError} from '../../errors.js';
import {fillValues, valuesOf} from '../../template/fill-values.js';
import {planValues} from '../../template/known-values.js';
import {renderTemplate} from '../../template/render-template.js';
import type {Plan, PlannedTarget} from '../plan-types.js';
import type {RunSettings} from '../wish.js';
import type {AnsiblePorts, Play} from './ansible-ports.js';

/**
 * Groups that no inventory has: the operator's own group of computes has all of them, and the playbook is about those
 * of one batch.
 */
const GROUPS = {compute: 'reprieve_computes', api: 'reprieve_api'} as const;

/**
 * What the run does itself and the role must not do once more: batches, and questions to Nova. A template of a team's
 * own may not have all of these values.
 */
const VALUES: Readonly<Record<string, unknown>> = {
  compute_group: GROUPS.compute,
  api_group: GROUPS.api,
  batches: ['100%'],
  cloud: '',
};

const PLAYBOOK = 'playbook.yml';
/** Not the template's own, which says nothing of files and units, nor of how nodes are reached. */
const INVENTORY = 'reprieve-hosts.yml';

/**
 * The playbook for these targets of a plan. Rejects with `UserError` (usage) where the template cannot be rendered for
 * them, or has no playbook.
 */
export async function playFor(
  {playbook, template: openTemplate, render}: AnsiblePorts,
  plan: Plan,
  targets: readonly PlannedTarget[],
  nodes: ReadonlyMap<string, InventoryHost>,
  settings: RunSettings,
): Promise<Play> {
  const template = await openTemplate();
  const known = {plan: planValues({...plan, targets})};
  const names = new Set(template.values.map(({name}) => name));
  const values = Object.fromEntries(Object.entries(VALUES).filter(([name]) => names.has(name)));
  const given = {written: [], files: [{file: '--engine ansible', values}], known};
  const {files} = await renderTemplate(template, valuesOf(fillValues(template, given)), render);
  if (!files.some(({path}) => path === PLAYBOOK)) {
    throw new UserError('usage', `${template.origin.folder}: the template makes no ${PLAYBOOK}`, {
      remedy: 'name its files as the shipped template does, or say --engine builtin',
    });
  }
  const isReached = playbook.hasInventory;
  return {
    files: [...files, {path: INVENTORY, text: inventoryOf(targets, isReached ? new Map() : nodes)}],
    playbook: PLAYBOOK,
    inventories: [INVENTORY],
    hosts: [...new Set(targets.map(({host}) => host))],
    // Nothing of an inventory wins over these: what was agreed to is what is set.
    variables: {
      delayed_delete_guarded: true,
      delayed_delete_restarts: settings.restart,
      delayed_delete_cloud: '',
      ...(plan.intervalSeconds === undefined ? {} : {delayed_delete_interval: plan.intervalSeconds}),
    },
    forks: settings.parallel,
  };
}

/**
 * The hosts of the targets with what the plan found on them: the unit, and the file to edit. Where nothing is to be
 * written the role finds the files by itself. JSON is YAML; what Ansible would take for an expression of its own, such
 * as a path with braces, is marked as a text.
 *
 * @param nodes those whose connection Ansible has to be told of
 */
export function inventoryOf(
  targets: readonly Pick<PlannedTarget, 'host' | 'role' | 'unit' | 'write'>[],
  nodes: ReadonlyMap<string, InventoryHost>,
): string {
  const group = (role: Role) => ({
    hosts: Object.fromEntries(
      targets
        .filter((target) => target.role === role)
        .map(({host, unit, write}) => {
          const node = nodes.get(host);
          const files = write.kind === 'none' ? {} : {delayed_delete_files: [write.file]};
          return [
            host,
            {delayed_delete_units: [unit], ...files, ...(node === undefined ? {} : connectionOf(node))},
          ];
        }),
    ),
  });
  const groups = {[GROUPS.compute]: group('compute'), [GROUPS.api]: group('api')};
  const text = JSON.stringify(groups, undefined, 2).replace(/"(?:[^"\\]|\\.)*"/g, (one) =>
    isExpression(one) ? `!unsafe ${one}` : one,
  );
  return `${text}\n`;
}

function connectionOf({address}: InventoryHost): Readonly<Record<string, string | number | boolean>> {
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
