import {CloudError} from '../../app/errors.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {asRecord, textOf} from './json.js';
import type {Microversion} from './microversion.js';

export type ServerFields = Readonly<Record<string, unknown>>;

export function serverPath(id: string): string {
  return `/servers/${encodeURIComponent(id)}`;
}

/** `GET /servers/{id}`; undefined where Nova has none with this id. */
export async function serverRow(
  client: ComputeClient,
  id: string,
  microversion: Microversion,
  signal: AbortSignal,
): Promise<ServerFields | undefined> {
  try {
    const {body} = await client.call({path: serverPath(id), microversion, signal});
    const row = asRecord(asRecord(body)?.['server']);
    if (row !== undefined) return row;
  } catch (error) {
    // Nova's own 404: a page of somebody else's is no answer about the server.
    if (error instanceof CloudError && error.reason === 'not-found') return undefined;
    throw error;
  }
  throw new CloudError('not-an-api', "Nova's answer has no server in it.", {
    remedy: 'Check that the endpoint is the compute API, and what stands between.',
  });
}

/** `POST /servers/{id}/action`, sent once. */
export async function actOnServer(
  client: ComputeClient,
  id: string,
  body: object,
  signal: AbortSignal,
  microversion: Microversion = 1,
): Promise<void> {
  const path = `${serverPath(id)}/action`;
  await client.call({method: 'POST', path, body, microversion, signal});
}

/** `DELETE /servers/{id}`, sent once. */
export async function deleteServer(client: ComputeClient, id: string, signal: AbortSignal): Promise<void> {
  await client.call({method: 'DELETE', path: serverPath(id), microversion: 1, signal});
}

/**
 * A text as a pattern for the filter `name`, which is a regular expression of the database: what is no plain letter
 * stands for anything, since databases differ in what they escape and in what a character is. It finds too much.
 */
export function namePattern(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]+/g, '.+');
}

/** Why a server is in ERROR. */
export function faultOf(row: ServerFields): string | undefined {
  const fault = textOf(asRecord(row['fault'])?.['message']);
  return fault === undefined ? undefined : cleanLine(fault);
}
