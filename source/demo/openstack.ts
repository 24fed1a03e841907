/** The APIs of the embedded cloud: the public address, and a listener of each nova-api. */
import type {IntervalReading} from '../domain/fleet/interval-change.js';
import {answerCinder} from './cinder.js';
import {type HttpRequest, type HttpServer, type Reply, startHttp} from './http.js';
import {type Account, createKeystone, type Keystone} from './keystone.js';
import {answerNeutron} from './neutron.js';
import type {NovaCloud} from './nova/cloud.js';
import {Fault, type Image} from './nova/model.js';
import {answerNova, faultReply, HIGHEST, versionEntry} from './nova/routes.js';
import {answerPlacement} from './placement.js';

/** One nova-api as the load balancer before it sees it. */
export type ApiBackend = {
  readonly name: string;
  /** What its process read when it started; undefined while none listens. */
  reading(): IntervalReading | undefined;
};

/** A nova-api with the port that it listens on. */
export type ApiListener = {readonly port: number; cut(): void; close(): Promise<void>};

export type OpenStack = {
  /** For `auth_url`. */
  readonly authUrl: string;
  /** Opens the own listener of one nova-api, which refuses everybody while its process does not run. */
  listen(backend: ApiBackend): Promise<ApiListener>;
  close(): Promise<void>;
};

/** An answer that is given in the place of the usual one; undefined leaves it to that. For tests. */
export type Intercept = (request: HttpRequest) => Reply | undefined;

/**
 * Starts the public address: Keystone, Glance's list of images, Neutron's ports, Cinder's volumes, Placement's
 * candidates, and Nova behind a load balancer.
 */
export async function startOpenStack(
  cloud: NovaCloud,
  accounts: readonly Account[],
  intercept: Intercept = () => undefined,
): Promise<OpenStack> {
  const backends: ApiBackend[] = [];
  const opened: HttpServer[] = [];
  let turn = 0;
  let url = '';
  const now = () => cloud.now();
  const endpoints = () => ({
    identity: `${url}/identity/v3`,
    compute: `${url}/compute/v2.1`,
    image: `${url}/image`,
    network: `${url}/network`,
    'block-storage': `${url}/volume/v3`,
    placement: `${url}/placement`,
  });
  const keystone = createKeystone(accounts, cloud, endpoints, now);

  /** Each request goes to the next nova-api that listens. */
  const balance = (request: HttpRequest, path: string): Reply => {
    for (let tried = 0; tried < backends.length; tried += 1) {
      const backend = backends[turn % backends.length];
      turn += 1;
      const reading = backend?.reading();
      if (reading === undefined) continue;
      return answerCompute(cloud, keystone, {...request, path}, `${url}/compute`, reading);
    }
    return {status: 503, body: {error: 'no nova-api answers'}};
  };

  const answer = (request: HttpRequest): Reply => {
    cloud.schedule.catchUp();
    const intercepted = intercept(request);
    if (intercepted !== undefined) return intercepted;
    const [, service = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/.exec(request.path) ?? [];
    switch (service) {
      case 'identity':
        return keystone.answer(request, rest);
      case 'compute':
        return balance(request, rest);
      case 'image':
        return images(cloud, keystone, request, rest);
      case 'network':
        return answerNeutron(cloud, keystone.callerOf(request.headers['x-auth-token']), request, rest);
      case 'volume':
        return answerCinder(cloud, keystone.callerOf(request.headers['x-auth-token']), request, rest);
      case 'placement':
        return answerPlacement(cloud, keystone.callerOf(request.headers['x-auth-token']), request, rest);
      default:
        return {status: 404, body: {error: {code: 404, message: 'There is no such service here.'}}};
    }
  };
  const front = await startHttp(answer, now);
  opened.push(front);
  url = `http://127.0.0.1:${front.port}`;

  return {
    authUrl: `${url}/identity/v3`,
    async listen(backend) {
      backends.push(backend);
      const server = await startHttp(
        (request) => {
          cloud.schedule.catchUp();
          const reading = backend.reading();
          if (reading === undefined) return {status: 503};
          return answerCompute(cloud, keystone, request, `http://127.0.0.1:${server.port}`, reading);
        },
        now,
        () => backend.reading() !== undefined,
      );
      opened.push(server);
      return server;
    },
    async close() {
      await Promise.all(opened.splice(0).map(async (server) => server.close()));
    },
  };
}

/** What a nova-api makes of a request, with its versions and its look at the token. */
function answerCompute(
  cloud: NovaCloud,
  keystone: Keystone,
  request: HttpRequest,
  base: string,
  reading: IntervalReading,
): Reply {
  const {path, headers, method, query, body} = request;
  if (path === '/' || path === '') {
    return {status: 200, body: {versions: [versionEntry(base)]}};
  }
  if (path === '/v2.1' || path === '/v2.1/') return {body: {version: versionEntry(base)}};
  if (!path.startsWith('/v2.1/')) return faultReply(new Fault(404, 'The resource could not be found.'));
  const caller = keystone.callerOf(headers['x-auth-token']);
  if (caller === undefined)
    return faultReply(new Fault(401, 'The request you have made requires authentication.'));
  const microversion = microversionOf(
    headers['openstack-api-version'],
    headers['x-openstack-nova-api-version'],
  );
  if (microversion === undefined)
    return faultReply(new Fault(400, 'API Version String is of invalid format.'));
  return answerNova(cloud, {
    method,
    path: path.slice('/v2.1'.length),
    query,
    body,
    microversion,
    caller,
    base,
    reading,
  });
}

type Header = string | string[] | undefined;

/** N of 2.N: the newer header wins; without one it is 2.1. */
function microversionOf(header: Header, old: Header): number | undefined {
  const text = String(header ?? '');
  const named =
    /(?:^|,)\s*compute\s+([^,\s]+)/.exec(text)?.[1] ?? (typeof old === 'string' ? old : undefined);
  if (named === undefined) return 1;
  if (named === 'latest') return HIGHEST;
  const minor = /^2\.(\d+)$/.exec(named)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function images(cloud: NovaCloud, keystone: Keystone, request: HttpRequest, path: string): Reply {
  if (path === '/' || path === '') {
    return {status: 300, body: {versions: [{id: 'v2.9', status: 'CURRENT', links: []}]}};
  }
  if (keystone.callerOf(request.headers['x-auth-token']) === undefined) return {status: 401};
  if (request.method !== 'GET') return {status: 404};
  const named = cloud.images.find(({id}) => path === `/v2/images/${id}`);
  if (named !== undefined) return {body: imageRow(named)};
  if (path !== '/v2/images') return {status: 404};
  const bySize = cloud.images.toSorted((one, other) => one.bytes - other.bytes);
  const {query} = request;
  const marker = bySize.findIndex(({id}) => id === query.get('marker'));
  const asked = Number(query.get('limit') ?? 25);
  const page = bySize.slice(marker + 1, marker + 1 + (Number.isInteger(asked) && asked > 0 ? asked : 25));
  const last = page.at(-1);
  const next = new URLSearchParams(query);
  next.set('marker', last?.id ?? '');
  const hasMore = last !== undefined && last !== bySize.at(-1);
  const rows = page.map(imageRow);
  return {body: {images: rows, ...(hasMore ? {next: `/v2/images?${next.toString()}`} : {})}};
}

function imageRow({id, name, bytes, minDiskGib, properties}: Image): object {
  return {
    ...properties,
    id,
    name,
    status: 'active',
    size: bytes,
    visibility: 'public',
    disk_format: 'qcow2',
    container_format: 'bare',
    min_disk: minDiskGib,
    min_ram: 0,
    os_hidden: false,
  };
}
