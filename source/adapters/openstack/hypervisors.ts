import type {Listing} from '../../app/ports.js';
import type {ComputeClient} from './compute-client.js';
import {listAll} from './paging.js';

/** 2.33 paging, 2.53 UUIDs; 2.88 took the sizes away. N of 2.N. */
export const NEEDS_OF_HYPERVISORS = 87;
const PAGING = 33;

/** Every row of os-hypervisors/detail. Rejects with reason `forbidden` where only administrators may look. */
export async function listHypervisors<Row extends {readonly id: string}>(
  client: ComputeClient,
  limit: number,
  decode: (value: unknown) => Row,
  signal: AbortSignal,
): Promise<Listing<Row>> {
  const {versions} = await client.endpoint(signal);
  const isPaged = Math.min(versions.highest, NEEDS_OF_HYPERVISORS) >= PAGING;
  return listAll({
    collection: 'hypervisors',
    limit: isPaged ? limit : Infinity,
    decode,
    fetchPage: async (marker) => {
      const query = new URLSearchParams(isPaged ? {limit: String(limit)} : {});
      if (isPaged && marker !== undefined) query.set('marker', marker);
      const path = `/os-hypervisors/detail${query.size === 0 ? '' : `?${query.toString()}`}`;
      return (await client.call({path, microversion: NEEDS_OF_HYPERVISORS, signal})).body;
    },
  });
}
