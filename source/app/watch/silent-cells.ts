import type {ComputeService} from '../../domain/fleet/compute-api.js';

/** Hosts that are named; of a whole cell there are many. */
const MOST_NAMED = 3;

/**
 * Why servers are missing from every list: a cell does not answer. Its servers are left out without a word, and its
 * services are listed with the status UNKNOWN and no state (nova: nova/api/openstack/compute/services.py,
 * `_get_service_detail`, from 2.69). Undefined where all cells answer, or where we may not list services.
 */
export function silentCells(services: readonly ComputeService[] | undefined): string | undefined {
  const silent = services?.filter(({status, state}) => status === 'unknown' && state === 'unknown') ?? [];
  if (silent.length === 0) return undefined;
  const hosts = [...new Set(silent.map(({host}) => host))].filter((host) => !/^unknown$/i.test(host));
  const more = hosts.length > MOST_NAMED ? ` and ${hosts.length - MOST_NAMED} more` : '';
  const where = hosts.length === 0 ? '' : `, those of ${hosts.slice(0, MOST_NAMED).join(', ')}${more}`;
  return `a cell of Nova does not answer: its servers are missing${where}`;
}
