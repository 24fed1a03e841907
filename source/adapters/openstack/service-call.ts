import {CloudError, type CloudErrorReason} from '../../app/errors.js';
import type {ComputeClient} from './compute-client.js';
import {describeCloud} from './configuration.js';
import type {HttpAnswer} from './http-client.js';
import type {Token} from './identity.js';
import {parseBody} from './json.js';
import {withRetries} from './retry.js';

/**
 * A read of a service beside Nova, with one new login after a 401. Gives the answer whatever its status; rejects
 * with `CloudError` where none came, and where the login fails.
 *
 * @param urlOf the address, for services that only the token's catalogue knows
 * @param more headers besides the token
 */
export async function readService(
  {http, identity, retry}: ComputeClient,
  urlOf: (token: Token) => string,
  signal: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const ask = async (token: Token): Promise<HttpAnswer> => {
    const headers = {'X-Auth-Token': token.value.reveal(), ...more};
    const url = urlOf(token);
    return withRetries(async () => http.send({method: 'GET', url, headers, signal}), 'read', signal, retry);
  };
  const token = await identity.token(signal);
  const answer = await ask(token);
  if (answer.status !== 401) return answer;
  identity.reject(token);
  return ask(await identity.token(signal));
}

/** What is read, in words: `Glance` does not `list images`. */
export type ServiceRead = {readonly title: string; readonly what: string};

/** As `readService`; rejects with `CloudError` for every status but 200 too. Gives the JSON. */
export async function readServiceJson(
  client: ComputeClient,
  urlOf: (token: Token) => string,
  read: ServiceRead,
  signal: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await readService(client, urlOf, signal, more);
  if (answer.status === 200) return parseBody(answer, `the JSON of ${read.title}`);
  throw serviceError(client, answer.status, read);
}

/** A status of a service that is not the one that was wanted. */
export function serviceError(
  client: Pick<ComputeClient, 'configuration'>,
  status: number,
  {title, what}: ServiceRead,
): CloudError {
  return new CloudError(
    reasonOf(status),
    `${title} of ${describeCloud(client.configuration)} does not ${what} (HTTP ${status}).`,
    {remedy: `Look into the log of ${title}'s API.`, status},
  );
}

function reasonOf(status: number): CloudErrorReason {
  if (status >= 500) return 'server-error';
  switch (status) {
    case 401:
      return 'authentication';
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 429:
      return 'rate-limited';
    default:
      return 'bad-request';
  }
}
