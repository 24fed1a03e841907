import type {Fleet} from '../app/inventory.js';
import {UserError} from '../app/errors.js';
import type {InventoryHost} from '../domain/fleet/inventory.js';
import {tableLines} from '../text/table.js';
import {defineCommand} from './command.js';

/** Shows the nodes that other commands would work on, without asking a cloud or a node. */
export const inventory = defineCommand({
  name: 'inventory',
  summary: 'the nodes, their roles, and how each is reached',
  examples: [
    'reprieve inventory --inventory hosts.yml',
    "reprieve inventory --hosts 'compute,!node7' --json",
  ],
  async run({compose, output}) {
    const fleet = await (await compose()).fleet([]);
    if (fleet.source === undefined && fleet.hosts.length === 0) {
      throw new UserError('usage', 'no inventory was given', {
        remedy: 'give one with --inventory FILE, or name API nodes with --api-hosts',
      });
    }
    for (const notice of fleet.notices) output.notice(`notice: ${notice}`);
    if (output.isJson) output.json({nodes: fleet.selected.map(nodeJson)});
    else output.lines(nodeLines(fleet, output.columns));
    return 0;
  },
});

function nodeLines(fleet: Fleet, width: number | undefined) {
  const columns = [
    {title: 'HOST', narrowest: 12},
    {title: 'ROLES'},
    {title: 'REACHED AT', narrowest: 12},
    {title: 'THROUGH', narrowest: 8},
    {title: 'DEPLOYMENT'},
  ];
  const rows = fleet.selected.map((host) => [
    host.name,
    host.roles.join(' '),
    destinationOf(host),
    host.address.proxyJump ?? '',
    host.deployment ?? '',
  ]);
  return tableLines(columns, rows, width);
}

/** `user@address:port` as far as the inventory says; the rest is `ssh_config`'s. */
function destinationOf({address}: InventoryHost): string {
  const user = address.user === undefined ? '' : `${address.user}@`;
  const host = address.hostName ?? address.name;
  if (address.port === undefined) return user + host;
  return `${user}${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

function nodeJson(host: InventoryHost) {
  const {address, overrides} = host;
  return {
    host: host.name,
    roles: host.roles,
    groups: host.groups,
    address: address.hostName ?? address.name,
    port: address.port ?? null,
    user: address.user ?? null,
    identity_file: address.identityFile ?? null,
    proxy_jump: address.proxyJump ?? null,
    become:
      address.become === undefined ? null : address.become.kind === 'sudo' ? address.become.user : false,
    nova_host: host.novaHost ?? null,
    deployment: host.deployment ?? null,
    config_files: overrides.config ?? null,
    service: overrides.service ?? null,
    sysroot: overrides.sysroot ?? null,
    restart: overrides.restart ?? null,
  };
}
