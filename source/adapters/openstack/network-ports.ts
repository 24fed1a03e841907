import {CloudError} from '../../app/errors.js';
import type {ServerPort} from '../../app/servers/server-ports.js';
import {findNetworkEndpoint} from './catalogue.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {asList, asRecord, textOf} from './json.js';
import {readServiceJson} from './service-call.js';

/** Ports of one server in Neutron, with their fixed addresses. Rejects with `CloudError`. */
export async function readPorts(
  client: ComputeClient,
  serverId: string,
  signal: AbortSignal,
): Promise<readonly ServerPort[]> {
  const rows = await readRows(client, 'ports', [['device_id', serverId]], signal);
  return rows.flatMap((row) => {
    const id = textOf(row['id']);
    if (id === undefined) return [];
    const addresses = (asList(row['fixed_ips']) ?? []).flatMap(
      (item) => addressIn(asRecord(item)?.['ip_address']) ?? [],
    );
    return [{id, addresses}];
  });
}

/** Floating addresses of ports, by port. Rejects with `CloudError`, where there are no routers too. */
export async function readFloatingAddresses(
  client: ComputeClient,
  portIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  if (portIds.length === 0) return found;
  const filters = portIds.map((id) => ['port_id', id] as const);
  for (const row of await readRows(client, 'floatingips', filters, signal)) {
    const [port, address] = [textOf(row['port_id']), addressIn(row['floating_ip_address'])];
    // Without its filter Neutron lists those of everybody.
    if (port === undefined || address === undefined || !portIds.includes(port)) continue;
    found.set(port, [...(found.get(port) ?? []), address]);
  }
  return found;
}

async function readRows(
  client: ComputeClient,
  collection: 'ports' | 'floatingips',
  filters: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const query = new URLSearchParams();
  for (const [name, value] of filters) query.append(name, value);
  const title = 'Neutron';
  const body = await readServiceJson(
    client,
    (token) => {
      const base = findNetworkEndpoint(client.configuration, token)
        .replace(/\/+$/, '')
        .replace(/\/v\d+(?:\.\d+)?$/, '');
      return `${base}/v2.0/${collection}?${query.toString()}`;
    },
    {title, what: `list ${collection === 'ports' ? 'ports' : 'floating addresses'}`},
    signal,
  );
  const rows = asList(asRecord(body)?.[collection]);
  if (rows !== undefined) return rows.map(asRecord).filter((row) => row !== undefined);
  throw new CloudError('not-an-api', `The answer of ${title} has no list "${collection}".`, {
    remedy: 'Check that the endpoint is the network API, and what stands between.',
  });
}

function addressIn(value: unknown): string | undefined {
  const address = textOf(value);
  return address === undefined ? undefined : cleanLine(address, 60);
}
