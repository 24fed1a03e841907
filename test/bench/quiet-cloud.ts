/**
 * A Nova on loopback that knows the fleet's compute services, all up, and no servers: what reprieve asks before
 * and after it touches a node. A heartbeat is there whenever it is asked for, so that no figure holds the ten
 * seconds that a real nova-compute takes between two.
 */
import http from 'node:http';
import type {BenchHost} from './host-files.js';

export type QuietCloud = {
  /** The `OS_*` variables that lead to it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** Keystone's answer to a login: a token of an admin for an hour from `now`, epoch milliseconds. */
export function loginAnswer(base: string, now: number): unknown {
  const service = (type: string, name: string, url: string) => ({
    id: name,
    type,
    name,
    endpoints: [{id: name, interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url}],
  });
  return {
    token: {
      expires_at: new Date(now + 3_600_000).toISOString(),
      issued_at: new Date(now).toISOString(),
      methods: ['password'],
      user: {id: 'u', name: 'admin', domain: {id: 'default', name: 'Default'}},
      project: {id: 'p', name: 'admin', domain: {id: 'default', name: 'Default'}},
      roles: [{id: 'r', name: 'admin'}],
      catalog: [
        service('compute', 'nova', `${base}/v2.1`),
        service('image', 'glance', base),
        service('identity', 'keystone', `${base}/v3`),
      ],
    },
  };
}

/** What is told of versions at the roots of Nova (`''`, `/v2.1`) and of Keystone (`/v3`). */
export function versionAnswer(base: string, path: string): unknown {
  if (path === '/v3') {
    return {version: {id: 'v3.14', status: 'stable', links: [{rel: 'self', href: `${base}/v3/`}]}};
  }
  const version = {
    id: 'v2.1',
    status: 'CURRENT',
    version: '2.93',
    min_version: '2.1',
    links: [{rel: 'self', href: `${base}/v2.1/`}],
  };
  return path === '' ? {versions: [version]} : {version};
}

/** The `OS_*` variables that lead to a cloud on this port of loopback. */
export function cloudEnv(port: number): Readonly<Record<string, string>> {
  return {
    OS_AUTH_URL: `http://127.0.0.1:${port}/v3`,
    OS_USERNAME: 'admin',
    OS_PASSWORD: 'quiet',
    OS_PROJECT_NAME: 'admin',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    OS_REGION_NAME: 'RegionOne',
    OS_IDENTITY_API_VERSION: '3',
  };
}

function answerOf(
  base: string,
  hosts: ReadonlyArray<Pick<BenchHost, 'name'>>,
  method: string,
  url: URL,
): unknown {
  const now = new Date().toISOString();
  if (method === 'POST' && url.pathname === '/v3/auth/tokens') return loginAnswer(base, Date.now());
  const path = url.pathname.replace(/\/$/, '');
  switch (path) {
    case '':
    case '/v3':
    case '/v2.1':
      return versionAnswer(base, path);
    case '/v2.1/os-services':
      return {
        services: hosts.map(({name}, index) => ({
          id: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
          binary: 'nova-compute',
          host: name,
          zone: 'nova',
          status: 'enabled',
          state: 'up',
          disabled_reason: null,
          forced_down: false,
          updated_at: now.replace('Z', '000'),
        })),
      };
    case '/v2.1/servers/detail':
      return {servers: []};
    case '/v2.1/os-migrations':
      return {migrations: []};
    case '/v2.1/os-hypervisors/detail':
      return {hypervisors: []};
    default:
      return undefined;
  }
}

/** Starts it on a port of its own on 127.0.0.1; `stop` must be called. */
export async function startQuietCloud(hosts: ReadonlyArray<Pick<BenchHost, 'name'>>): Promise<QuietCloud> {
  const server = http.createServer((request, response) => {
    request.resume();
    const base = `http://${request.headers.host ?? '127.0.0.1'}`;
    const answer = answerOf(base, hosts, request.method ?? 'GET', new URL(request.url ?? '/', base));
    const isLogin = request.method === 'POST';
    response.writeHead(answer === undefined ? 404 : isLogin ? 201 : 200, {
      'Content-Type': 'application/json',
      'OpenStack-API-Version': 'compute 2.93',
      ...(isLogin ? {'X-Subject-Token': 'quiet'} : {}),
    });
    response.end(JSON.stringify(answer ?? {itemNotFound: {code: 404, message: 'not here'}}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return {
    env: cloudEnv(address.port),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
