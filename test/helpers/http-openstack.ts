import {readFile} from 'node:fs/promises';
import type {ServerOptions} from 'node:https';
import type {ExecutionContext} from 'ava';
import {createCloud, type CloudOptions, type OpenStackCloud} from '../../source/adapters/openstack/cloud.js';
import type {CloudConfiguration} from '../../source/adapters/openstack/configuration.js';
import {asRecord} from '../../source/adapters/openstack/json.js';
import {Secret} from '../../source/adapters/openstack/secret.js';
import {manualClock} from './http-clock.js';
import {startServer, type Reply, type SeenRequest, type TestServer} from './http-server.js';

export const PROJECT = '11111111111111111111111111111111';
export const PASSWORD = 'correct horse battery';
const FIXTURES = new URL('../../../test/fixtures/nova/', import.meta.url);

type Route = (request: SeenRequest, count: number) => Reply;

export type FakeOptions = {
  /** By `METHOD /path`; win over the built-in ones. `count` is how often the route was asked, from 1. */
  readonly routes?: Readonly<Record<string, Route | Reply>>;
  /** Path of the compute endpoint in the catalogue; the API itself is always at /v2.1. */
  readonly endpointPath?: string;
  /** Changes Keystone's token. */
  readonly token?: Readonly<Record<string, unknown>>;
  readonly versions?: {readonly lowest: string; readonly highest: string};
  readonly tls?: ServerOptions;
};

export type FakeOpenStack = TestServer & {
  readonly configuration: CloudConfiguration;
  readonly clock: ReturnType<typeof manualClock>;
  /** A cloud on a clock that stands still, closed with the test. */
  cloud(configuration?: Partial<CloudConfiguration>, options?: Partial<CloudOptions>): OpenStackCloud;
  /** Requests of one route, as `METHOD /path`. */
  asked(route: string): readonly SeenRequest[];
};

/** Keystone and Nova on one port of loopback. Tokens are token-1, token-2, … and live for an hour. */
export async function startOpenStack(
  t: Pick<ExecutionContext, 'teardown'>,
  options: FakeOptions = {},
): Promise<FakeOpenStack> {
  const {routes = {}, endpointPath = '/v2.1', versions = {lowest: '2.1', highest: '2.93'}} = options;
  const counts = new Map<string, number>();
  let server: TestServer | undefined;
  const builtIn: Readonly<Record<string, Route>> = {
    'POST /v3/auth/tokens': (_request, count) => ({
      status: 201,
      headers: {'x-subject-token': `token-${count}`},
      body: {
        token: {
          issued_at: '2026-01-01T00:00:00.000000Z',
          expires_at: '2026-01-01T01:00:00.000000Z',
          project: {id: PROJECT, name: 'operators', domain: {id: 'default', name: 'Default'}},
          catalog: catalogue(`${server?.url}${endpointPath}`),
          ...options.token,
        },
      },
    }),
    'GET /v2.1/': () => ({body: {version: versionEntry(versions)}}),
    'GET /': () => ({
      body: {versions: [{id: 'v2.0', version: '', min_version: ''}, versionEntry(versions)]},
    }),
    'GET /v2.1/servers/detail': () => ({body: {servers: []}}),
  };
  const reply = (request: SeenRequest): Reply => {
    const key = `${request.method} ${request.path}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const route = routes[key] ?? builtIn[key];
    if (typeof route === 'function') return route(request, count);
    return route ?? {status: 404, body: {itemNotFound: {code: 404, message: `no route ${key}`}}};
  };
  const started = await startServer(t, reply, options.tls);
  server = started;
  const clock = manualClock();
  const configuration = configurationFor(started.url);
  return {
    ...started,
    configuration,
    clock,
    asked: (route) => started.requests.filter(({method, path}) => `${method} ${path}` === route),
    cloud(changes = {}, cloudOptions = {}) {
      const made = createCloud({...configuration, ...changes}, {clock, random: () => 0.5, ...cloudOptions});
      t.teardown(() => made.close());
      return made;
    },
  };
}

/** The cloud of somebody who logs in by password to a Keystone below this address. */
export function configurationFor(url: string): CloudConfiguration {
  return {
    name: 'test',
    source: '/home/op/clouds.yaml',
    authUrl: `${url}/v3`,
    method: {
      kind: 'password',
      user: {name: 'admin', domain: {name: 'Default'}},
      password: new Secret(PASSWORD),
    },
    scope: {kind: 'project', project: {name: 'operators', domain: {name: 'Default'}}},
    region: 'RegionOne',
    interfaces: ['public'],
    computeEndpoint: undefined,
    computeServiceType: 'compute',
    computeServiceName: undefined,
    imageEndpoint: undefined,
    networkEndpoint: undefined,
    volumeEndpoint: undefined,
    placementEndpoint: undefined,
    tls: {isVerified: true},
    proxy: {},
    timeoutMs: undefined,
    warnings: [],
  };
}

const endpoint = (region: string, name: string, address: string): object => ({
  id: `${region}-${name}`,
  region,
  region_id: region,
  interface: name,
  url: address,
});

/** A catalogue whose public compute endpoint in RegionOne is this address. */
export function catalogue(url: string): object[] {
  return [
    {type: 'image', name: 'glance', endpoints: [endpoint('RegionOne', 'public', 'http://127.0.0.1:1')]},
    {
      type: 'compute',
      name: 'nova',
      endpoints: [
        endpoint('RegionTwo', 'public', 'http://127.0.0.1:1/v2.1'),
        endpoint('RegionOne', 'internal', 'http://127.0.0.1:1/v2.1'),
        endpoint('RegionOne', 'public', url),
      ],
    },
  ];
}

function versionEntry({lowest, highest}: {lowest: string; highest: string}): object {
  return {id: 'v2.1', status: 'CURRENT', version: highest, min_version: lowest, links: []};
}

export type Recorded = {readonly status: number; readonly body: unknown};

/** An answer recorded from a real Nova, for example `zed/os-services`. */
export async function recorded(name: string): Promise<Recorded> {
  const answer = asRecord(JSON.parse(await readFixture(`${name}.json`)));
  if (typeof answer?.['status'] !== 'number') throw new Error(`${name} is no recorded answer`);
  return {status: answer['status'], body: answer['body']};
}

export async function readFixture(name: string): Promise<string> {
  return await readFile(new URL(name, FIXTURES), 'utf8');
}
