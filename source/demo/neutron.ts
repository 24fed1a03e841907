/** A small Neutron: ports of the embedded cloud's servers and the floating addresses that lead to them. */
import type {HttpRequest, Reply} from './http.js';
import type {NovaCloud} from './nova/cloud.js';
import type {Caller} from './nova/model.js';

/** Answers below `/v2.0`. Ports go with their server. */
export function answerNeutron(
  cloud: NovaCloud,
  caller: Caller | undefined,
  {method, query}: HttpRequest,
  path: string,
): Reply {
  if (caller === undefined) return {status: 401};
  const seen = [...cloud.servers.values()].filter(
    ({isDestroyed, projectId}) => !isDestroyed && (caller.isAdmin || projectId === caller.project.id),
  );
  if (method === 'GET' && path === '/v2.0/ports') {
    const ports = seen.flatMap(({id: device, projectId, ports: own}) =>
      own.map(({id, mac, address}) => ({
        id,
        device_id: device,
        device_owner: 'compute:nova',
        project_id: projectId,
        mac_address: mac,
        status: 'ACTIVE',
        fixed_ips: [{subnet_id: SUBNET, ip_address: address}],
      })),
    );
    return {body: {ports: ports.filter((port) => isWanted(query, 'device_id', port.device_id))}};
  }
  if (method === 'GET' && path === '/v2.0/floatingips') {
    const floating = seen.flatMap(({projectId, ports}) =>
      ports.flatMap(({id: port, address, floating: one}) =>
        one === undefined
          ? []
          : [
              {
                id: one.id,
                port_id: port,
                project_id: projectId,
                fixed_ip_address: address,
                floating_ip_address: one.address,
                status: 'ACTIVE',
              },
            ],
      ),
    );
    return {body: {floatingips: floating.filter((one) => isWanted(query, 'port_id', one.port_id))}};
  }
  return {
    status: 404,
    body: {NeutronError: {type: 'HTTPNotFound', message: 'The resource could not be found.', detail: ''}},
  };
}

const SUBNET = '00000000-0000-4000-8000-00000000a020';

/** Several values of a filter mean any of them. */
function isWanted(query: URLSearchParams, name: string, value: string): boolean {
  const wanted = query.getAll(name);
  return wanted.length === 0 || wanted.includes(value);
}
