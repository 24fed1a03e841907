import type {Role} from './node-facts.js';

/** The group names that give a role; part of the command line's promise. */
export const ROLE_GROUPS: Readonly<Record<Role, readonly string[]>> = {
  compute: ['compute', 'computes', 'nova-compute', 'nova_compute', 'compute_hosts'],
  api: ['control', 'controller', 'controllers', 'nova-api', 'nova_api', 'api', 'nova_api_hosts'],
};

/** The roles that a host has by the groups it is in, directly or through children. */
export function rolesOfGroups(groups: Iterable<string>): Role[] {
  const names = new Set(groups);
  const roles: Role[] = ['compute', 'api'];
  return roles.filter((role) => ROLE_GROUPS[role].some((group) => names.has(group)));
}
