import {CloudError} from '../../app/errors.js';
import type {ComputeClient} from './compute-client.js';
import {asList, asRecord, parseBody, textOf} from './json.js';
import {withRetries} from './retry.js';

/**
 * Names of projects by id, from Keystone. Names are a comfort: where Keystone refuses the list, or answers
 * something else, there are none, and ids are shown.
 */
export async function readProjectNames(
  client: ComputeClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const {configuration, http, identity, retry} = client;
  const token = await identity.token(signal);
  const base = configuration.authUrl.endsWith('v3') ? configuration.authUrl : `${configuration.authUrl}/v3`;
  const headers = {'X-Auth-Token': token.value.reveal()};
  try {
    const answer = await withRetries(
      () => http.send({method: 'GET', url: `${base}/projects`, headers, signal}),
      'read',
      signal,
      retry,
    );
    if (answer.status !== 200) return new Map();
    const rows = asList(asRecord(parseBody(answer, "Keystone's projects"))?.['projects']) ?? [];
    return new Map(
      rows.flatMap((row) => {
        const [id, name] = [textOf(asRecord(row)?.['id']), textOf(asRecord(row)?.['name'])];
        return id === undefined || name === undefined ? [] : [[id, name] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return new Map();
  }
}
