import {findImageEndpoint} from './catalogue.js';
import type {ComputeClient} from './compute-client.js';
import type {Token} from './identity.js';

/** The address of Glance without its version: catalogues name it with that or without. */
export function imageBase({configuration}: ComputeClient, token: Token): string {
  return findImageEndpoint(configuration, token)
    .replace(/\/+$/, '')
    .replace(/\/v\d+(?:\.\d+)?$/, '');
}
