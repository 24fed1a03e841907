import {CloudError} from '../../app/errors.js';
import {computeUrls, findComputeEndpoint, type ComputeUrls} from './catalogue.js';
import {shownUrl} from './clean-text.js';
import {computeError} from './compute-errors.js';
import type {CloudConfiguration} from './configuration.js';
import type {HttpAnswer, HttpClient, HttpRequest} from './http-client.js';
import {notAnApi} from './http-errors.js';
import {createIdentity, type Identity, type Token} from './identity.js';
import {jsonOrNothing, parseBody} from './json.js';
import {
  clamp,
  computeVersions,
  versionHeaders,
  type Microversion,
  type VersionRange,
} from './microversion.js';
import {withRetries, type RetryOptions} from './retry.js';

export type ComputeCall = {
  readonly method?: HttpRequest['method'];
  /** Below the endpoint, with a slash first and the query already encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** N of the 2.N that the call needs; the endpoint's range decides what is sent. */
  readonly microversion: Microversion;
  readonly signal: AbortSignal;
};

export type ComputeAnswer = {
  /** The JSON of the answer; undefined where it has no body. */
  readonly body: unknown;
  readonly status: number;
  /** N of the 2.N that was spoken. */
  readonly microversion: Microversion;
};

/** A service that is found and logged in to. */
export type ComputeEndpoint = {
  readonly token: Token;
  readonly urls: ComputeUrls;
  readonly versions: VersionRange;
};

export type ComputeClient = {
  readonly configuration: CloudConfiguration;
  readonly http: HttpClient;
  readonly identity: Identity;
  readonly retry: RetryOptions;
  /** Logs in, reads the catalogue and the range of versions, each only where not known yet. */
  endpoint(signal: AbortSignal): Promise<ComputeEndpoint>;
  /** Rejects with `CloudError` for every status that is not 2xx. Reads are repeated, writes where safe. */
  call(call: ComputeCall): Promise<ComputeAnswer>;
  /** The raw answer of the list of versions, asked for anew. */
  versionDocument(signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
};

/** Calls to Nova with a token, a microversion, retries, and one new login after a 401. */
export function createComputeClient(
  configuration: CloudConfiguration,
  http: HttpClient,
  retry: RetryOptions,
): ComputeClient {
  const identity = createIdentity(configuration, {...retry, http});
  let versions: {readonly root: string; readonly range: VersionRange} | undefined;

  const endpoint = async (signal: AbortSignal): Promise<ComputeEndpoint> => {
    const token = await identity.token(signal);
    const urls = computeUrls(findComputeEndpoint(configuration, token), token.projectId);
    if (versions?.root !== urls.root) {
      versions = {root: urls.root, range: await discover(http, retry, urls, token, signal)};
    }
    return {token, urls, versions: versions.range};
  };

  const sendOnce = async (call: ComputeCall, at: ComputeEndpoint): Promise<HttpAnswer> => {
    const {method = 'GET', path, body, signal} = call;
    const headers = {
      'X-Auth-Token': at.token.value.reveal(),
      ...versionHeaders(clamp(call.microversion, at.versions)),
    };
    const request = {method, url: `${at.urls.base}${path}`, headers, signal};
    return await withRetries(
      () => http.send(body === undefined ? request : {...request, body}),
      method === 'GET' ? 'read' : 'write',
      signal,
      retry,
    );
  };

  return {
    configuration,
    http,
    identity,
    retry,
    endpoint,
    async call(call) {
      let at = await endpoint(call.signal);
      let answer = await sendOnce(call, at);
      if (answer.status === 401) {
        // The token ended early: it was revoked, or the service's clock is ahead.
        identity.reject(at.token);
        at = await endpoint(call.signal);
        answer = await sendOnce(call, at);
      }
      if (answer.status < 200 || answer.status > 299) {
        throw computeError(answer, {method: call.method ?? 'GET', path: call.path}, configuration, at.token);
      }
      const body = answer.body === '' ? undefined : parseBody(answer, "Nova's JSON");
      return {body, status: answer.status, microversion: clamp(call.microversion, at.versions)};
    },
    async versionDocument(signal) {
      const {urls, token} = await endpoint(signal);
      return await askVersions(http, retry, urls.version, token, signal);
    },
    close() {
      identity.close();
      http.close();
    },
  };
}

/** The range at `/v2.1/`, or where that is not answered, in the list of versions above it. */
async function discover(
  http: HttpClient,
  retry: RetryOptions,
  urls: ComputeUrls,
  token: Token,
  signal: AbortSignal,
): Promise<VersionRange> {
  const first = await askVersions(http, retry, urls.version, token, signal);
  const versions = rangeIn(first);
  if (versions !== undefined) return versions;
  if (first.status < 500) {
    const list = rangeIn(await askVersions(http, retry, urls.root, token, signal));
    if (list !== undefined) return list;
    throw notAnApi(first.url, first.status, first.body, "Nova's version document");
  }
  throw new CloudError('server-error', `${shownUrl(first.url)} failed with HTTP ${first.status}.`, {
    remedy: 'Look into the log of nova-api and of the proxy before it.',
    status: first.status,
  });
}

function rangeIn(answer: HttpAnswer): VersionRange | undefined {
  return answer.status < 400 ? computeVersions(jsonOrNothing(answer.body)) : undefined;
}

async function askVersions(
  http: HttpClient,
  retry: RetryOptions,
  url: string,
  token: Token,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = {'X-Auth-Token': token.value.reveal()};
  return await withRetries(() => http.send({method: 'GET', url, headers, signal}), 'read', signal, retry);
}
