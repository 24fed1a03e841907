/** The lab's own API, asked with plain requests: what a test holds the product's words against. */
import {readFile} from 'node:fs/promises';
import {parse} from 'yaml';
import {z} from 'zod';
import type {Lab} from './lab.js';
import {waitUntil} from './wait-until.js';

export type LabServer = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly host: string | null;
};

export type LabService = {
  readonly id: string;
  readonly binary: string;
  readonly host: string;
  readonly state: string;
  readonly status: string;
  /** Its last heartbeat, in UTC without a zone. */
  readonly updated_at: string | null;
};

export type LabCloud = {
  /** The compute endpoint, for a request of your own. */
  readonly computeUrl: string;
  /** Sends to Nova at 2.74 (or `microversion`) as admin and gives status and decoded body; never throws for a status. */
  request(method: string, path: string, body?: unknown, microversion?: string): Promise<Answer>;
  /** The same of Keystone, below its auth_url. */
  identity(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Boots a server without network on one host and waits until it is ACTIVE. */
  createServer(options: {name: string; host: string; flavor?: string; image?: string}): Promise<LabServer>;
  /** The server as Nova shows it, `undefined` once it is gone. */
  server(id: string): Promise<LabServer | undefined>;
  /** Every server of every project, the soft-deleted ones too. */
  servers(): Promise<readonly LabServer[]>;
  /** An ordinary delete: soft where the cloud's delayed delete is on. Does not wait. */
  deleteServer(id: string): Promise<void>;
  /** Destroys for good, soft-deleted or not, and waits until it is gone. */
  destroyServer(id: string): Promise<void>;
  waitForStatus(id: string, status: string, limitSeconds?: number): Promise<void>;
  waitUntilGone(id: string, limitSeconds?: number): Promise<void>;
  /** What `os-services` says of every service. */
  services(): Promise<readonly LabService[]>;
};

export type Answer = {readonly status: number; readonly body: unknown};

const clouds = z.object({
  clouds: z.record(z.string(), z.object({auth: z.record(z.string(), z.string())})),
});
const catalogue = z.object({
  token: z.object({
    catalog: z.array(
      z.object({type: z.string(), endpoints: z.array(z.object({interface: z.string(), url: z.string()}))}),
    ),
  }),
});
const named = z.array(z.object({id: z.string(), name: z.string()}));
const server = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    'OS-EXT-SRV-ATTR:host': z.string().nullable(),
  })
  .transform(({id, name, status, 'OS-EXT-SRV-ATTR:host': host}): LabServer => ({id, name, status, host}));
const services = z.object({
  services: z.array(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      binary: z.string(),
      host: z.string(),
      state: z.string(),
      status: z.string(),
      updated_at: z.string().nullable(),
    }),
  ),
});

type Session = {readonly token: string; readonly authUrl: string; url(type: string): string};

async function logIn(lab: Lab, name: string): Promise<Session> {
  const auth = clouds.parse(parse(await readFile(lab.cloudsFile, 'utf8'))).clouds[name]?.auth;
  if (auth === undefined) throw new Error(`${lab.cloudsFile} has no cloud ${name}`);
  const domain = {name: auth['user_domain_name']};
  const response = await fetch(`${auth['auth_url']}/auth/tokens`, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {user: {name: auth['username'], password: auth['password'], domain}},
        },
        scope: {project: {name: auth['project_name'], domain}},
      },
    }),
  });
  const token = response.headers.get('X-Subject-Token');
  if (token === null) throw new Error(`Keystone answers ${response.status} to a password login of ${name}`);
  const {catalog} = catalogue.parse(await response.json()).token;
  return {
    token,
    authUrl: auth['auth_url'] ?? '',
    url(type) {
      const endpoints = catalog.find((entry) => entry.type === type)?.endpoints;
      const url = endpoints?.find((endpoint) => endpoint.interface === 'public')?.url;
      if (url === undefined) throw new Error(`the lab's catalogue has no ${type}`);
      return url;
    },
  };
}

const faulty = z.object({server: z.object({fault: z.object({message: z.string()}).optional()})});

/** Logs in to the lab by password (`lab` is admin) and gives what tests need of Nova. */
export async function openLabCloud(lab: Lab, name = 'lab'): Promise<LabCloud> {
  let session = await logIn(lab, name);
  const computeUrl = session.url('compute');

  const send = async (
    url: string,
    method: string,
    body?: unknown,
    microversion = '2.74',
  ): Promise<Answer> => {
    const ask = async () =>
      fetch(url, {
        method,
        headers: {
          'X-Auth-Token': session.token,
          'OpenStack-API-Version': `compute ${microversion}`,
          'Content-Type': 'application/json',
          // Debian's uwsgi ends each connection without saying so: one that is kept fails now and then.
          Connection: 'close',
        },
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
      });
    let response = await ask();
    if (response.status === 401) {
      // A token of the lab lives for an hour, and some tests take longer.
      session = await logIn(lab, name);
      response = await ask();
    }
    const content = await response.text();
    return {status: response.status, body: content === '' ? undefined : JSON.parse(content)};
  };
  const request: LabCloud['request'] = async (method, path, body, microversion) =>
    send(`${computeUrl}${path}`, method, body, microversion);
  const expect = async (status: readonly number[], method: string, path: string, body?: unknown) => {
    const answer = await request(method, path, body);
    if (!status.includes(answer.status)) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer;
  };
  const idOf = async (kind: 'flavors' | 'images', wanted: string): Promise<string> => {
    const url = kind === 'flavors' ? `${computeUrl}/flavors` : `${session.url('image')}/v2/images?limit=100`;
    const {body} = await send(url, 'GET');
    const found = named.parse(z.record(z.string(), z.unknown()).parse(body)[kind]);
    const id = found.find((entry) => entry.name === wanted)?.id;
    if (id === undefined) throw new Error(`the lab has no ${wanted} among its ${kind}`);
    return id;
  };
  const find = async (id: string): Promise<LabServer | undefined> => {
    const answer = await expect([200, 404], 'GET', `/servers/${id}`);
    return answer.status === 404 ? undefined : z.object({server}).parse(answer.body).server;
  };
  const faultOf = async (id: string): Promise<string> => {
    const {body} = await expect([200], 'GET', `/servers/${id}`);
    return JSON.stringify(faulty.parse(body).server.fault?.message);
  };

  const cloud: LabCloud = {
    computeUrl,
    request,
    identity: async (method, path, body) => send(`${session.authUrl}${path}`, method, body),
    server: find,
    async createServer({name: wanted, host, flavor = 'lab.tiny', image = 'lab-blank'}) {
      const [flavorRef, imageRef] = await Promise.all([idOf('flavors', flavor), idOf('images', image)]);
      const {body} = await expect([202], 'POST', '/servers', {
        server: {name: wanted, flavorRef, imageRef, networks: 'none', availability_zone: `nova:${host}`},
      });
      const {id} = z.object({server: z.object({id: z.string()})}).parse(body).server;
      return waitUntil(`${wanted} to be ACTIVE on ${host}`, 120, async () => {
        const seen = await find(id);
        if (seen?.status === 'ERROR')
          throw new Error(`${wanted} went to ERROR on ${host}: ${await faultOf(id)}`);
        return seen?.status === 'ACTIVE' ? seen : undefined;
      });
    },
    async servers() {
      const list = z.object({servers: z.array(server)});
      const pages = await Promise.all(
        ['', '&soft_deleted=true&status=SOFT_DELETED'].map(async (filter) =>
          expect([200], 'GET', `/servers/detail?all_tenants=1&limit=1000${filter}`),
        ),
      );
      const rows = pages.flatMap((page) => list.parse(page.body).servers);
      return [...new Map(rows.map((row) => [row.id, row])).values()];
    },
    async deleteServer(id) {
      await expect([204], 'DELETE', `/servers/${id}`);
    },
    async destroyServer(id) {
      await expect([202, 404], 'POST', `/servers/${id}/action`, {forceDelete: null});
      await cloud.waitUntilGone(id);
    },
    async waitForStatus(id, status, limitSeconds = 60) {
      await waitUntil(`${id} to be ${status}`, limitSeconds, async () => (await find(id))?.status === status);
    },
    async waitUntilGone(id, limitSeconds = 60) {
      await waitUntil(`${id} to be gone`, limitSeconds, async () => (await find(id)) === undefined);
    },
    async services() {
      return services.parse((await expect([200], 'GET', '/os-services')).body).services;
    },
  };
  return cloud;
}
