import type {ComputeClient} from './compute-client.js';
import type {HttpAnswer} from './http-client.js';
import type {Token} from './identity.js';
import {withRetries} from './retry.js';

/**
 * A read of a service beside Nova, with one new login after a 401. Gives the answer whatever its status; rejects
 * with `CloudError` where none came, and where the login fails.
 *
 * @param urlOf the address, for services that only the token's catalogue knows
 */
export async function readService(
  {http, identity, retry}: ComputeClient,
  urlOf: (token: Token) => string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const ask = async (token: Token): Promise<HttpAnswer> => {
    const headers = {'X-Auth-Token': token.value.reveal()};
    const url = urlOf(token);
    return withRetries(async () => http.send({method: 'GET', url, headers, signal}), 'read', signal, retry);
  };
  const token = await identity.token(signal);
  const answer = await ask(token);
  if (answer.status !== 401) return answer;
  identity.reject(token);
  return ask(await identity.token(signal));
}
