import type {Listing} from '../../app/ports.js';
import type {ComputeClient} from './compute-client.js';
import {listAll} from './paging.js';

/** Before any server was: for `changes-since`, by which everybody sees soft-deleted servers too. */
export const EVER = '2000-01-01T00:00:00Z';

/** Lists servers with these filters, page after page. */
export type ListServers = <Row extends {readonly id: string}>(
  filters: Readonly<Record<string, string>>,
  decode: (row: unknown) => Row,
  microversion: number,
  signal: AbortSignal,
  tellPage?: (rows: readonly Row[]) => void,
) => Promise<Listing<Row>>;

/** @param limit rows of a page that are asked for */
export function createServerListing(client: ComputeClient, limit: number): ListServers {
  return async (filters, decode, microversion, signal, tellPage) =>
    listAll({
      collection: 'servers',
      limit,
      decode,
      tellPage,
      fetchPage: async (marker) => {
        const query = new URLSearchParams({...filters, limit: String(limit)});
        // A stable order: without it rows move between pages.
        for (const key of ['created_at', 'uuid']) {
          query.append('sort_key', key);
          query.append('sort_dir', 'asc');
        }
        if (marker !== undefined) query.set('marker', marker);
        const path = `/servers/detail?${query.toString()}`;
        return (await client.call({path, microversion, signal})).body;
      },
    });
}
