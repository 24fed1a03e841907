import tls from 'node:tls';
import type {Duplex} from 'node:stream';
import {CloudError, UserError} from '../../app/errors.js';
import type {Dial, ListenerAnswer} from '../../app/ports.js';
import {cleanLine, firstWords} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {decodeService} from './decode.js';
import type {HttpAnswer} from './http-client.js';
import {networkError} from './http-errors.js';
import {asList, asRecord, jsonOrNothing, textOf} from './json.js';
import {clamp, computeVersions, versionHeaders, type VersionRange} from './microversion.js';

export type Listener = {readonly host: string; readonly port: number};

type Scheme = 'http' | 'https';

/**
 * Asks one listener, over the caller's stream, whether it is the compute API and which services it lists. Each
 * request has a stream of its own. The token is sent only to what has shown Nova's version document.
 * Rejects with `CloudError` where nothing there speaks HTTP, and with what `dial` rejects with.
 */
export async function askListener(
  client: ComputeClient,
  listener: Listener,
  dial: Dial,
  signal: AbortSignal,
): Promise<ListenerAnswer> {
  const {urls, token} = await client.endpoint(signal);
  // Behind Apache the API has a path of its own (DevStack: /compute): the catalogue tells it.
  const prefix = new URL(urls.root).pathname;
  const ask = (scheme: Scheme, path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    exchange(client, listener, scheme, path, headers, dial, signal);

  const found = await findApi(ask, [...new Set(['/', prefix])]);
  if (found.kind === 'foreign') return {isComputeApi: false, services: undefined, problem: found.problem};
  const project = urls.base.slice(`${urls.root}v2.1`.length);
  const answer = await ask(found.scheme, `${found.path}v2.1${project}/os-services`, {
    'X-Auth-Token': token.value.reveal(),
    ...versionHeaders(clamp(69, found.versions)),
  });
  const services = asList(asRecord(jsonOrNothing(answer.body))?.['services']);
  if (answer.status === 200 && services !== undefined) {
    return {isComputeApi: true, services: services.map(decodeService), problem: undefined};
  }
  return {isComputeApi: true, services: undefined, problem: refusal(answer)};
}

type Found =
  | {
      readonly kind: 'compute';
      readonly scheme: Scheme;
      readonly path: string;
      readonly versions: VersionRange;
    }
  | {readonly kind: 'foreign'; readonly problem: string};

/** Plain HTTP first, as most listeners behind a proxy speak; TLS where that is not understood. */
async function findApi(
  ask: (scheme: Scheme, path: string) => Promise<HttpAnswer>,
  paths: readonly string[],
): Promise<Found> {
  let failure: unknown;
  let foreign: HttpAnswer | undefined;
  for (const scheme of ['http', 'https'] as const) {
    for (const path of paths) {
      let answer: HttpAnswer;
      try {
        answer = await ask(scheme, path);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        failure ??= error;
        break;
      }
      const versions = computeVersions(jsonOrNothing(answer.body));
      if (versions !== undefined) return {kind: 'compute', scheme, path, versions};
      foreign ??= answer;
    }
    // Whatever answers plain HTTP properly does not speak TLS on the same port.
    if (foreign !== undefined && foreign.status !== 400) break;
  }
  if (foreign === undefined) throw failure;
  const words = firstWords(foreign.body);
  return {
    kind: 'foreign',
    problem: `it is not the compute API: it answers with HTTP ${foreign.status}${words === '' ? '' : ` and "${words}"`}`,
  };
}

async function exchange(
  client: ComputeClient,
  {host, port}: Listener,
  scheme: Scheme,
  path: string,
  headers: Record<string, string>,
  dial: Dial,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `${scheme}://${name}:${port}${path}`;
  let stream: Duplex;
  try {
    stream = await dial(host, port, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof UserError ? error : networkError(error, url);
  }
  const line = scheme === 'http' ? stream : secure(stream, host);
  return await client.http.sendOver(line, {method: 'GET', url, headers, signal});
}

/**
 * TLS without a look at the certificate: its names are the public endpoint's, while this stream ends on the
 * node itself, through a connection whose host key was checked.
 */
function secure(stream: Duplex, host: string): Duplex {
  const isAddress = /^[\d.]+$|:/.test(host);
  const line = tls.connect({
    socket: stream,
    rejectUnauthorized: false,
    ...(isAddress ? {} : {servername: host}),
  });
  line.once('close', () => stream.destroy());
  return line;
}

function refusal(answer: HttpAnswer): string {
  const body = asRecord(jsonOrNothing(answer.body));
  const said = Object.values(body ?? {}).map((value) => textOf(asRecord(value)?.['message']));
  const words = cleanLine(said.find((text) => text !== undefined) ?? firstWords(answer.body), 200);
  const detail = words === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${words}`;
  switch (answer.status) {
    case 401:
      return `it does not accept a token of this cloud's Keystone (${detail})`;
    case 403:
      return `it does not permit this user to list services (${detail})`;
    default:
      return `it does not list its services (${detail})`;
  }
}
