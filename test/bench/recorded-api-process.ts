/**
 * `node recorded-api-process.js COUNT`, forked: serves a `RecordedCloud` on a port of its own on 127.0.0.1, with a
 * processor time that is nobody else's. Tells its address first and then answers orders.
 */
import http from 'node:http';
import type {Socket} from 'node:net';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {z} from 'zod';
import {RecordedCloud} from './recorded-cloud.js';

const order = z.object({
  id: z.number(),
  order: z.discriminatedUnion('do', [
    /** Rows change; `now`: what time it is from then on, epoch milliseconds; without it real time goes on. */
    z.object({do: z.literal('change'), count: z.number(), now: z.number().optional()}),
    z.object({do: z.literal('slow'), secondsPerRow: z.number()}),
    z.object({do: z.literal('counts')}),
    z.object({do: z.literal('markers')}),
    z.object({do: z.literal('waiting')}),
  ]),
});
export type Order = z.infer<typeof order>['order'];

let fixedNow: number | undefined;
const now = (): number => fixedNow ?? Date.now();
const cloud = new RecordedCloud(Number(process.argv[2]), now);
let secondsPerRow = 0;
let requests = 0;
let changesAsked = 0;
let closedBytes = 0;
const sockets = new Set<Socket>();

async function serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  request.resume();
  requests += 1;
  const base = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', base);
  if (url.searchParams.has('changes-since') && !url.searchParams.has('host')) changesAsked += 1;
  const version = /2\.(\d+)/.exec(
    String(request.headers['openstack-api-version'] ?? request.headers['x-openstack-nova-api-version'] ?? ''),
  );
  const minor = version === null ? 1 : Number(version[1]);
  const {status, body, rows} = cloud.answer({method: request.method ?? 'GET', base, url, minor});
  if (secondsPerRow > 0 && rows > 0) await pause(rows * secondsPerRow * 1000);
  response.writeHead(status, {
    Date: new Date(now()).toUTCString(),
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'OpenStack-API-Version': `compute 2.${minor}`,
    ...(request.method === 'POST' ? {'X-Subject-Token': 'recorded'} : {}),
  });
  response.end(body);
}

function obey(given: Order): unknown {
  switch (given.do) {
    case 'change':
      fixedNow = given.now;
      cloud.change(given.count);
      return undefined;
    case 'slow':
      ({secondsPerRow} = given);
      return undefined;
    case 'counts': {
      const open = [...sockets].reduce((sum, {bytesWritten}) => sum + bytesWritten, 0);
      return {requests, changesAsked, bytes: closedBytes + open};
    }
    case 'markers':
      return cloud.markers();
    case 'waiting':
      return cloud.waiting();
  }
}

const server = http.createServer((request, response) => void serve(request, response));
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => {
    sockets.delete(socket);
    closedBytes += socket.bytesWritten;
  });
});
process.on('message', (message) => {
  const {id, order: given} = order.parse(message);
  process.send?.({id, answer: obey(given) ?? null});
});
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  process.send?.({port: address.port});
});
