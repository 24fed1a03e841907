import {CloudError} from '../../app/errors.js';
import {cleanLine, firstWords, shownUrl} from './clean-text.js';

/** No answer came. `isTransient`: the same request may succeed a moment later. */
export class NoAnswerError extends CloudError {
  readonly isTransient: boolean;
  /** Whether the request cannot have reached the service: then repeating a write is safe, too. */
  readonly isUnsent: boolean;

  constructor(
    message: string,
    options: {remedy: string; cause?: unknown; isTransient: boolean; isUnsent: boolean},
  ) {
    super('unreachable', message, options);
    this.isTransient = options.isTransient;
    this.isUnsent = options.isUnsent;
  }
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

/** Turns what `node:http` and `node:tls` throw into a sentence and a remedy. */
export function networkError(error: unknown, url: string): CloudError {
  if (error instanceof CloudError) return error;
  const shown = shownUrl(url);
  const host = cleanLine(hostOf(url));
  const code = codeOf(error);
  const isUnconnected = fieldOf(error, 'syscall') === 'connect';
  const own = (what: string, remedy: string, isTransient: boolean, isUnsent = false): NoAnswerError =>
    new NoAnswerError(`${shown} cannot be asked: ${what}.`, {remedy, cause: error, isTransient, isUnsent});
  switch (code ?? '') {
    case 'ECONNREFUSED':
      return own(
        'the connection was refused',
        'Check that the API runs there, and that the address and port are right.',
        true,
        true,
      );
    case 'ENOTFOUND':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return own(
        `the name ${host} is not known`,
        'Correct the address, or the name service here.',
        false,
        true,
      );
    case 'EAI_AGAIN':
      return own(`the name service did not answer for ${host}`, 'Check the name service here.', true, true);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return own(`there is no route to ${host}`, 'Check network, VPN and firewall.', true, isUnconnected);
    case 'ETIMEDOUT':
      return own('the connection timed out', 'Check network, VPN and firewall.', true, isUnconnected);
    case 'CERT_HAS_EXPIRED':
      return own('its TLS certificate has expired', 'Have the certificate renewed.', false, true);
    case 'CERT_NOT_YET_VALID':
      return own('its TLS certificate is not valid yet', 'Check the clock of this machine.', false, true);
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return own(
        `its TLS certificate is for other names than ${host}`,
        'Use the name that the certificate has.',
        false,
        true,
      );
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return own(
        'it does not speak TLS as asked',
        'Check whether the address should begin with http:.',
        false,
      );
    case 'HPE_INVALID_CONSTANT':
    case 'HPE_INVALID_VERSION':
      return own(
        'what answers does not speak HTTP',
        'Check whether the address should begin with https:.',
        false,
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return own(
        'the connection broke',
        url.startsWith('https:')
          ? 'Try again; if it stays, check whether the address should begin with http:.'
          : 'Try again; if it stays, look at the API and the proxy before it.',
        true,
      );
    default:
      if (code !== undefined && UNTRUSTED.has(code)) {
        return own(
          'its TLS certificate is signed by an authority that is not trusted here',
          "Name the authority's PEM file in cacert of the cloud (or OS_CACERT).",
          false,
          true,
        );
      }
      if (code !== undefined && /^ERR_(SSL|OSSL|TLS)/.test(code)) {
        return own(`TLS failed (${code})`, 'Check cacert, cert and key of the cloud.', false);
      }
      return own(cleanLine(messageOf(error), 120), 'Check the address and the network.', true);
  }
}

/** The time for something has run out. */
export function timeoutError(url: string, what: 'connect' | 'answer', milliseconds: number): NoAnswerError {
  const seconds = milliseconds / 1000;
  const text =
    what === 'connect' ? `no connection within ${seconds} s` : `no whole answer within ${seconds} s`;
  return new NoAnswerError(`${shownUrl(url)} cannot be asked: ${text}.`, {
    remedy:
      what === 'connect' ? 'Check network, VPN and firewall.' : 'Try again; api_timeout sets another limit.',
    isTransient: true,
    isUnsent: what === 'connect',
  });
}

/** An answer that no OpenStack API gives: HTML, plain text, cut JSON, a foreign document. */
export function notAnApi(url: string, status: number, body: string, expected: string): CloudError {
  const words = firstWords(body);
  const said = words === '' ? 'an empty answer' : `"${words}"`;
  return new CloudError(
    'not-an-api',
    `${shownUrl(url)} answered with HTTP ${status} and ${said} where ${expected} was expected.`,
    {
      remedy: 'Check auth_url and the endpoint; a proxy, a login page or another service may answer there.',
      status,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  return fieldOf(error, 'code');
}

/** A text of an error of Node's; of several addresses that were tried the first failure tells as much as any. */
function fieldOf(error: unknown, name: 'code' | 'syscall'): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return fieldOf(error.errors[0], name);
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

/** What a signal was aborted with, as an error whatever it was. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('Aborted', {cause: reason});
}
