import {createServer, type IncomingHttpHeaders, type RequestListener, type Server} from 'node:http';
import {createServer as createTlsServer, type ServerOptions} from 'node:https';
import type {Server as NetServer} from 'node:net';
import type {ExecutionContext} from 'ava';

export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
};

/** An answer; `hang` never comes, `reset` breaks the connection, `cut` ends in the middle of a body. */
export type Reply =
  | 'hang'
  | 'reset'
  | 'cut'
  | {readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown};

export type TestServer = {
  readonly url: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  close(): Promise<void>;
};

/** A server on loopback that ends with the test. A body that is no text is sent as JSON. */
export async function startServer(
  t: Pick<ExecutionContext, 'teardown'>,
  reply: (request: SeenRequest) => Reply,
  tls?: ServerOptions,
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const listener: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://any');
      const text = Buffer.concat(chunks).toString();
      const seen: SeenRequest = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      requests.push(seen);
      const answer = reply(seen);
      if (answer === 'hang') return;
      if (answer === 'reset') {
        incoming.socket.resetAndDestroy();
        return;
      }
      if (answer === 'cut') {
        outgoing.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'});
        outgoing.write('{"servers": [', () => incoming.socket.destroy());
        return;
      }
      const {status = 200, headers = {}, body} = answer;
      const isText = typeof body === 'string';
      outgoing.writeHead(status, {
        'content-type': isText ? 'text/html' : 'application/json',
        ...headers,
      });
      outgoing.end(isText ? body : body === undefined ? '' : JSON.stringify(body));
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const port = portOf(server);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  t.teardown(close);
  return {url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, requests, close};
}

/** The port that a listening server was given. */
export function portOf(server: NetServer): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a port');
  return address.port;
}
