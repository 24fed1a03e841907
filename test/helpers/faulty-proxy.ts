/** A proxy on loopback before an API: passes everything on as it is, or spoils it in one way for a while. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import type {Random} from '../../source/demo/random.js';
import {portOf} from './http-server.js';

/**
 * `refused`: nobody listens. `reset`: the connection breaks before an answer. `cut`: it breaks in the middle of one.
 * `silent`: no answer ever comes, also later. `late`: it comes after seconds. `too-many`: 429 with Retry-After.
 * `unavailable`: 502, 503 or 504. `unauthorized`: 401. `garbage`: 200 with something else. `short`: a page without its
 * second half and without a word of it. `fields`: rows without a field, or with the status UNKNOWN.
 */
export const PROXY_FAULTS = [
  'refused',
  'reset',
  'cut',
  'silent',
  'late',
  'too-many',
  'unavailable',
  'unauthorized',
  'garbage',
  'short',
  'fields',
] as const;
export type ProxyFault = (typeof PROXY_FAULTS)[number];

export type FaultyProxy = {
  readonly url: string;
  /** Begins a fault, or ends it. */
  set(fault: ProxyFault | undefined): Promise<void>;
  /** How many answers each fault has spoilt. */
  readonly counts: ReadonlyMap<ProxyFault, number>;
  /** How many requests came. */
  requests(): number;
  /** The token of the newest request. */
  token(): string | undefined;
  close(): Promise<void>;
};

type Answer = {readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer};

/** Some requests come through while a fault lasts, so that it strikes also in the middle of a list. */
const SHARE = 0.7;
const LATEST_MS = 12_000;
const GARBAGE = [
  '',
  '[]',
  'null',
  '{}',
  '{"servers": null}',
  '{"servers": [',
  '<html>Sign in</html>',
  '\u0000',
];
const FIELDS = [
  ...['id', 'name', 'status', 'updated', 'locked', 'tenant_id', 'user_id', 'flavor'],
  ...['OS-EXT-STS:task_state', 'OS-EXT-SRV-ATTR:host'],
];

/** @param target origin of the API, as `http://10.77.0.10:8774` */
export async function openFaultyProxy(target: string, random: Random): Promise<FaultyProxy> {
  const counts = new Map<ProxyFault, number>();
  let fault: ProxyFault | undefined;
  let token: string | undefined;
  let requests = 0;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await incoming.toArray());
    const sent = incoming.headers['x-auth-token'];
    if (typeof sent === 'string') token = sent;
    requests += 1;
    const now = fault;
    if (now === undefined || random.next() >= SHARE)
      return give(outgoing, await passOn(target, incoming, body));
    counts.set(now, (counts.get(now) ?? 0) + 1);
    switch (now) {
      case 'silent':
        return;
      case 'refused':
      case 'reset':
        incoming.socket.resetAndDestroy();
        return;
      case 'late':
        await pause(random.next() * LATEST_MS);
        break;
      case 'too-many': {
        const soon = new Date(Date.now() + 3000).toUTCString();
        return refuse(outgoing, 429, {'retry-after': random.pick(['1', '2', '4', soon, '90'])});
      }
      case 'unavailable':
        return refuse(outgoing, random.pick([502, 503, 504]), {});
      case 'unauthorized':
        return refuse(outgoing, 401, {'www-authenticate': 'Keystone uri="http://127.0.0.1"'});
      case 'garbage': {
        outgoing.writeHead(200, {'content-type': 'application/json'});
        outgoing.end(random.pick(GARBAGE));
        return;
      }
      case 'cut':
      case 'short':
      case 'fields':
        break;
    }
    const answer = await passOn(target, incoming, body);
    switch (now) {
      case 'cut':
        outgoing.writeHead(answer.status, {...plain(answer.headers), 'content-length': answer.body.length});
        outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => incoming.socket.destroy());
        return;
      case 'short':
      case 'fields':
        return give(outgoing, {
          ...answer,
          body: now === 'short' ? halve(answer.body) : spoil(answer.body, random),
        });
      case 'late':
        return give(outgoing, answer);
    }
  };
  const server = createServer((incoming, outgoing) => {
    // As a line does whose other end breaks.
    handle(incoming, outgoing).catch(() => incoming.socket.resetAndDestroy());
  });
  const listen = async (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  const close = async () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    requests: () => requests,
    token: () => token,
    async set(next) {
      if (next === 'refused') {
        counts.set(next, (counts.get(next) ?? 0) + 1);
        await close();
      } else if (fault === 'refused') await listen(port);
      fault = next;
    },
    close,
  };
}

async function passOn(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(incoming.url ?? '/', target),
      {
        method: incoming.method ?? 'GET',
        headers: {...incoming.headers, host: new URL(target).host, connection: 'close'},
        agent: false,
      },
      (response) => {
        response.toArray().then(
          (chunks: Buffer[]) =>
            resolve({
              status: response.statusCode ?? 502,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function give(outgoing: ServerResponse, {status, headers, body}: Answer): void {
  outgoing.writeHead(status, {...plain(headers), 'content-length': body.length});
  outgoing.end(body);
}

function refuse(outgoing: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  outgoing.writeHead(status, {'content-type': 'text/html', ...headers});
  outgoing.end(`<html><body><h1>${status}</h1></body></html>`);
}

/** Those that are about the answer and not about the connection. */
function plain(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const {connection: _, 'transfer-encoding': __, 'content-length': ___, ...rest} = headers;
  return rest;
}

type Row = Record<string, unknown>;
type Page = {servers?: Row[]; server?: Row; servers_links?: unknown};

function halve(body: Buffer): Buffer {
  const page = pageIn(body);
  if (page?.servers === undefined) return body;
  return Buffer.from(JSON.stringify({servers: page.servers.slice(0, page.servers.length / 2)}));
}

function spoil(body: Buffer, random: Random): Buffer {
  const page = pageIn(body);
  if (page === undefined) return body;
  for (const row of [...(page.servers ?? []), ...(page.server === undefined ? [] : [page.server])]) {
    const draw = random.next();
    if (draw < 0.3) delete row[random.pick(FIELDS)];
    else if (draw < 0.4) row['status'] = 'UNKNOWN';
  }
  return Buffer.from(JSON.stringify(page));
}

/** Undefined where it is no answer about servers. */
function pageIn(body: Buffer): Page | undefined {
  const text = body.toString();
  if (!/^\{"servers?": ?[[{]/.test(text)) return undefined;
  const page: Page = JSON.parse(text);
  return page;
}
