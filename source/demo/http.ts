/** A small HTTP server on loopback. */
import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';

export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The decoded JSON; undefined where there is none, or what came is none. */
  readonly body: unknown;
};

/** An answer; a body that is no text is sent as JSON. */
export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

export type HttpServer = {
  readonly port: number;
  /** Ends every connection that is open now. */
  cut(): void;
  close(): Promise<void>;
};

const LARGEST_BODY = 1 << 20;

/**
 * Starts one on a port that is free. `now`: its clock, epoch milliseconds. `admits` false: whoever connects is cut off at once, as by a service that
 * is not there.
 */
export async function startHttp(
  answer: (request: HttpRequest) => Reply,
  now: () => number,
  admits: () => boolean = () => true,
): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_BODY) incoming.destroy();
      else chunks.push(chunk);
    });
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://localhost');
      const {
        status = 200,
        headers,
        body,
      } = answer({
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: decode(Buffer.concat(chunks).toString()),
      });
      const text = body === undefined ? '' : JSON.stringify(body);
      outgoing.writeHead(status, {
        date: new Date(now()).toUTCString(),
        ...(body === undefined ? {} : {'content-type': 'application/json'}),
        'content-length': String(Buffer.byteLength(text)),
        ...headers,
      });
      outgoing.end(text);
    });
  });
  server.on('connection', (socket: Socket) => {
    if (!admits()) socket.resetAndDestroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    cut: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function decode(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** The port of a server that listens. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('there is no free port on 127.0.0.1');
  return address.port;
}
