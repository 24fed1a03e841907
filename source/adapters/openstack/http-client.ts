import http, {type ClientRequest, type IncomingHttpHeaders, type IncomingMessage} from 'node:http';
import https from 'node:https';
import type {Duplex} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';
import tls from 'node:tls';
import {CloudError} from '../../app/errors.js';
import {shownUrl} from './clean-text.js';
import type {TlsSettings} from './tls-settings.js';
import {abortReason, networkError, timeoutError} from './http-errors.js';

export type HttpRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  /** Where the answer came from in the end. */
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type HttpClient = {
  /** Any status is an answer. Rejects with `CloudError` where none came, or with the signal's reason. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The same over a stream of the caller's, which is closed afterwards. Redirects are not followed. */
  sendOver(stream: Duplex, request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
};

export type HttpLimits = {
  readonly connectMs: number;
  readonly answerMs: number;
  readonly bodyBytes: number;
  /** Instead of `answerMs` over a stream of the caller's: one listener asked directly answers soon or not at all. */
  readonly tunnelMs: number;
};

/** `http_proxy`, `https_proxy` and `no_proxy`, in lower or upper case. Tunnels never go through a proxy. */
export type ProxyVariables = Readonly<Record<string, string>>;

/** A thousand servers with all their fields are some 4 MB; a slow Nova needs half a minute for them. */
export const DEFAULT_LIMITS: HttpLimits = {
  connectMs: 10_000,
  answerMs: 120_000,
  bodyBytes: 64 * 1024 * 1024,
  tunnelMs: 8_000,
};

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;

/** HTTP with the TLS settings of one cloud, connections kept alive. Touches nothing of the process. */
export function createHttpClient(
  settings: TlsSettings,
  limits: HttpLimits = DEFAULT_LIMITS,
  proxy: ProxyVariables = {},
): HttpClient {
  const agents = new Map<string, http.Agent>();
  const agentOf = ({protocol}: URL, method: HttpRequest['method']): http.Agent => {
    // A kept connection may be closed at the other end just when a request goes out, which then may or may not
    // have been read. Reads are repeated; what changes something gets a new connection and leaves no doubt.
    const keepAlive = method === 'GET';
    const name = `${protocol} ${keepAlive}`;
    const shared = {keepAlive, proxyEnv: proxy};
    let agent = agents.get(name);
    if (agent === undefined) {
      agent =
        protocol === 'http:' ? new http.Agent(shared) : new https.Agent({...shared, ...tlsOptions(settings)});
      agents.set(name, agent);
    }
    return agent;
  };

  const once = (request: HttpRequest, url: URL): Promise<HttpAnswer> => {
    const start = url.protocol === 'http:' ? http.request : https.request;
    return exchange(request, url, limits, (options) =>
      start(url, {...options, agent: agentOf(url, request.method)}),
    );
  };

  return {
    async send(request) {
      let url = parse(request.url);
      for (let hops = 0; ; hops++) {
        const answer = await once(request, url);
        const next = redirection(answer, url, request);
        if (next === undefined) return answer;
        if (hops === MOST_REDIRECTS) throw refuseRedirect(answer, 'too many times');
        url = next;
      }
    },
    async sendOver(stream, request) {
      const url = parse(request.url);
      try {
        // TLS, if any, is done by the stream: what goes over it is always plain HTTP.
        const {hostname, port, pathname, search} = url;
        const target = {host: hostname.replace(/^\[|\]$/g, ''), port, path: `${pathname}${search}`};
        const {tunnelMs} = limits;
        return await exchange(request, url, {...limits, answerMs: tunnelMs}, (options) =>
          http.request({...options, ...target, createConnection: () => stream}),
        );
      } finally {
        stream.destroy();
      }
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new CloudError('not-an-api', `"${shownUrl(url)}" is no http or https address.`, {
    remedy: 'Correct the endpoint in the catalogue, or set compute_endpoint_override.',
  });
}

function tlsOptions(settings: TlsSettings): https.AgentOptions {
  const {authorities, certificate, key, isVerified} = settings;
  // Node alone trusts Mozilla's list only; operators put their own authorities into the system's.
  const ca = authorities ?? [
    ...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]),
  ];
  return {
    rejectUnauthorized: isVerified,
    ...(isVerified ? {ca} : {}),
    // One PEM file may hold certificate and key.
    ...(certificate === undefined ? {} : {cert: certificate, key: key?.reveal() ?? certificate}),
  };
}

/**
 * Where to go next. Headers carry a token and bodies a password, so that only the same origin is followed, or
 * the same host name from http to https.
 */
function redirection(answer: HttpAnswer, from: URL, request: HttpRequest): URL | undefined {
  const location = answer.headers.location;
  if (!REDIRECTS.has(answer.status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) throw refuseRedirect(answer, 'to an address that is none');
  const to = new URL(location, from);
  const isSafer = from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
  if (to.origin !== from.origin && !isSafer) throw refuseRedirect(answer, `to ${shownUrl(to)}`);
  const keepsMethod = answer.status === 307 || answer.status === 308;
  if (request.method !== 'GET' && !keepsMethod) throw refuseRedirect(answer, `to ${shownUrl(to)}`);
  return to;
}

function refuseRedirect(answer: HttpAnswer, whereTo: string): CloudError {
  return new CloudError(
    'not-an-api',
    `${shownUrl(answer.url)} redirects ${whereTo}, and credentials are not sent there.`,
    {
      remedy: 'If that is the right address, write it into auth_url or the endpoint of the catalogue.',
      status: answer.status,
    },
  );
}

type Start = (options: http.RequestOptions) => ClientRequest;

function exchange(request: HttpRequest, url: URL, limits: HttpLimits, start: Start): Promise<HttpAnswer> {
  const {signal, method} = request;
  const text = request.body === undefined ? undefined : JSON.stringify(request.body);
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const headers = {
      Accept: 'application/json',
      'User-Agent': 'reprieve',
      ...request.headers,
      ...(text === undefined
        ? {}
        : {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text)}),
    };
    let outgoing: ClientRequest;
    try {
      outgoing = start({method, headers});
    } catch (error) {
      reject(networkError(error, url.href));
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    let isDone = false;
    const onAbort = (): void => finish(abortReason(signal));
    const limit = (what: 'connect' | 'answer', milliseconds: number): void => {
      clearTimeout(timer);
      // A socket may still come after an abort: no timer must outlive the request.
      if (isDone) return;
      timer = setTimeout(() => finish(timeoutError(url.href, what, milliseconds)), milliseconds);
    };
    const finish = (outcome: HttpAnswer | Error): void => {
      isDone = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (outcome instanceof Error) {
        reject(outcome);
        outgoing.destroy();
      } else resolve(outcome);
    };
    signal.addEventListener('abort', onAbort, {once: true});
    limit('connect', limits.connectMs);
    outgoing.on('error', (error) => finish(networkError(error, url.href)));
    outgoing.on('response', (incoming) => collect(incoming, url, limits, finish));
    outgoing.on('socket', (socket) => {
      const isConnecting = 'connecting' in socket && socket.connecting;
      if (!isConnecting) limit('answer', limits.answerMs);
      else {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
          limit('answer', limits.answerMs),
        );
      }
    });
    outgoing.end(text);
  });
}

function collect(
  incoming: IncomingMessage,
  url: URL,
  limits: HttpLimits,
  finish: (outcome: HttpAnswer | Error) => void,
): void {
  // Read as it comes: bytes kept until the end would lie beside the heap, where they are collected late.
  const decoder = new StringDecoder('utf8');
  let body = '';
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    body += decoder.write(chunk);
    if (size > limits.bodyBytes) {
      body = '';
      const message = `${shownUrl(url)} answered with more than ${limits.bodyBytes} bytes.`;
      finish(
        new CloudError('not-an-api', message, {
          remedy: 'Check what answers there; no OpenStack API sends that much at once.',
          ...(incoming.statusCode === undefined ? {} : {status: incoming.statusCode}),
        }),
      );
    }
  });
  incoming.on('error', (error) => finish(networkError(error, url.href)));
  incoming.on('close', () => {
    if (!incoming.complete) {
      finish(networkError(Object.assign(new Error('cut'), {code: 'ECONNRESET'}), url.href));
    }
  });
  incoming.on('end', () => {
    body += decoder.end();
    if (incoming.complete) {
      finish({url: url.href, status: incoming.statusCode ?? 0, headers: incoming.headers, body});
    }
  });
}
