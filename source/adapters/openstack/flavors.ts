import {CloudError, ifAllowed} from '../../app/errors.js';
import type {CloudFlavor, Flavors, FlavorImage} from '../../app/flavor/flavor-ports.js';
import {mapLimited} from '../../app/map-limited.js';
import type {Listing} from '../../app/ports.js';
import type {ExtraSpecs} from '../../domain/flavor/flavor.js';
import type {ComputeClient} from './compute-client.js';
import {UNKNOWN} from './decode.js';
import {
  createUseDecoder,
  decodeCloudFlavor,
  decodeFlavorImage,
  decodeHost,
  decodeSpecs,
} from './flavor-rows.js';
import {listHypervisors} from './hypervisors.js';
import {imageBase} from './image-base.js';
import {asList, asRecord, rowsIn, textOf} from './json.js';
import {listAll} from './paging.js';
import type {ListServers} from './server-listing.js';
import {readServiceJson} from './service-call.js';

/** What each call needs, as N of 2.N; all work with 2.1, with less in the answer. */
const NEEDS = {
  /** 2.55 description, 2.61 extra specs in the row, 2.75 no swap as a number. */
  flavors: 75,
  specs: 1,
  access: 1,
  /** 2.47 the copy of the flavor in the row. Below 2.75, so that no parameter of the query can be an error. */
  servers: 47,
};
const SPECS_IN_ROW = 61;

/** Flavors whose extra specs are asked for at the same time, where each takes a call. */
const SPEC_CALLS = 8;
/** Images of a page; their fields are many. */
const IMAGES = 200;

/** @param limit rows of a page that are asked for */
export function createFlavors(client: ComputeClient, list: ListServers, limit: number): Flavors {
  const flavors: Flavors = {
    async all(signal) {
      // Without `is_public=None` administrators get public ones only; everybody else gets what they may use.
      const listing = await listAll({
        collection: 'flavors',
        limit,
        decode: decodeCloudFlavor,
        fetchPage: async (marker) => {
          const query = new URLSearchParams({is_public: 'None', limit: String(limit)});
          if (marker !== undefined) query.set('marker', marker);
          const path = `/flavors/detail?${query.toString()}`;
          return (await client.call({path, microversion: NEEDS.flavors, signal})).body;
        },
      });
      const rows = listing.rows.filter(({id}) => id !== UNKNOWN);
      const {versions} = await client.endpoint(signal);
      const whole =
        versions.highest >= SPECS_IN_ROW
          ? {...listing, rows}
          : await withSpecs(client, {...listing, rows}, signal);
      return {...whole, rows: whole.rows.toSorted(byName)};
    },

    async find(nameOrId, signal) {
      if (ID.test(nameOrId) && !NOT_IN_A_PATH.has(nameOrId)) {
        const flavor = await show(client, nameOrId, signal);
        if (flavor !== undefined) return flavor;
      }
      const {rows, isComplete, problem} = await flavors.all(signal);
      const found = rows.find(({name}) => name === nameOrId);
      if (found !== undefined || isComplete) return found;
      throw new CloudError(
        'server-error',
        `Nova did not list every flavor: ${problem ?? 'no reason given'}`,
        {
          remedy: 'Name the flavor by its id, or try again.',
        },
      );
    },

    async access(id, signal) {
      const path = `${flavorPath(id)}/os-flavor-access`;
      const {body} = await client.call({path, microversion: NEEDS.access, signal});
      return rowsIn(body, 'flavor_access').flatMap((row) => textOf(asRecord(row)?.['tenant_id']) ?? []);
    },

    async uses(signal, flavorId) {
      const decode = createUseDecoder();
      const filters = flavorId === undefined ? {} : {flavor: flavorId};
      try {
        const all = {...filters, all_tenants: '1'};
        return {...(await list(all, decode, NEEDS.servers, signal)), scope: 'all-projects'};
      } catch (error) {
        if (!(error instanceof CloudError) || error.reason !== 'forbidden') throw error;
        return {...(await list(filters, decode, NEEDS.servers, signal)), scope: 'own-project'};
      }
    },

    async hosts(signal) {
      const listing = await ifAllowed(async () => listHypervisors(client, limit, decodeHost, signal));
      if (listing === undefined) return undefined;
      const rows = listing.rows.flatMap(({host}) => host ?? []);
      const sizeless = listing.rows.length - rows.length;
      if (sizeless === 0) return {...listing, rows};
      const problem = `${sizeless} of the hypervisors came without their size`;
      return {rows, isComplete: false, problem: listing.problem ?? problem};
    },

    images: async (signal) => listFlavorImages(client, signal),

    newestMicroversion: async (signal) => (await client.endpoint(signal)).versions.highest,
  };
  return flavors;
}

/** Ids as Nova takes them; what is none is not put into an address. */
const ID = /^[a-zA-Z0-9. _-]{1,255}$/;
/** `/flavors/detail` is the list, and dots lead elsewhere. */
const NOT_IN_A_PATH: ReadonlySet<string> = new Set(['detail', '.', '..']);

export function flavorPath(id: string): string {
  return `/flavors/${encodeURIComponent(id)}`;
}

/** One flavor with its extra specs; undefined where Nova has none with this id, or none that we may see. */
async function show(
  client: ComputeClient,
  id: string,
  signal: AbortSignal,
): Promise<CloudFlavor | undefined> {
  try {
    const {body, microversion} = await client.call({
      path: flavorPath(id),
      microversion: NEEDS.flavors,
      signal,
    });
    const flavor = flavorIn(body);
    if (microversion >= SPECS_IN_ROW) return flavor;
    return {...flavor, extraSpecs: await ifAllowed(async () => readSpecs(client, id, signal))};
  } catch (error) {
    // Nova's own 404: a page of somebody else's is no answer about the flavor.
    if (error instanceof CloudError && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/** The flavor of an answer. Throws `not-an-api` where there is none in it. */
export function flavorIn(body: unknown): CloudFlavor {
  const row = asRecord(asRecord(body)?.['flavor']);
  const flavor = row === undefined ? undefined : decodeCloudFlavor(row);
  if (flavor !== undefined && flavor.id !== UNKNOWN) return flavor;
  throw new CloudError('not-an-api', "Nova's answer has no flavor in it.", {
    remedy: 'Check that the endpoint is the compute API, and what stands between.',
  });
}

async function readSpecs(client: ComputeClient, id: string, signal: AbortSignal): Promise<ExtraSpecs> {
  const path = `${flavorPath(id)}/os-extra_specs`;
  const {body} = await client.call({path, microversion: NEEDS.specs, signal});
  return decodeSpecs(asRecord(body)?.['extra_specs']) ?? {};
}

/** Adds the extra specs, a call for each flavor. One that is gone meanwhile leaves the list. */
async function withSpecs(
  client: ComputeClient,
  {rows, isComplete, problem}: Listing<CloudFlavor>,
  signal: AbortSignal,
): Promise<Listing<CloudFlavor>> {
  const problems: string[] = [];
  const found = await mapLimited(rows, SPEC_CALLS, async (flavor): Promise<readonly CloudFlavor[]> => {
    try {
      return [{...flavor, extraSpecs: await readSpecs(client, flavor.id, signal)}];
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.reason === 'not-found') return [];
      if (error.reason !== 'forbidden') problems.push(`extra specs could not be read: ${error.message}`);
      return [flavor];
    }
  });
  return {
    rows: found.flat(),
    isComplete: isComplete && problems.length === 0,
    problem: problem ?? problems[0],
  };
}

function byName(one: CloudFlavor, other: CloudFlavor): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

async function listFlavorImages(client: ComputeClient, signal: AbortSignal): Promise<Listing<FlavorImage>> {
  const listing = await listAll({
    collection: 'images',
    limit: IMAGES,
    decode: decodeFlavorImage,
    fetchPage: async (marker) => {
      const query = new URLSearchParams({status: 'active', limit: String(IMAGES)});
      if (marker !== undefined) query.set('marker', marker);
      const body = asRecord(
        await readServiceJson(
          client,
          (token) => `${imageBase(client, token)}/v2/images?${query.toString()}`,
          {title: 'Glance', what: 'list images'},
          signal,
        ),
      );
      // Glance has one link where Nova has a list of them.
      const links = textOf(body?.['next']) === undefined ? [] : [{rel: 'next'}];
      return {images: asList(body?.['images']) ?? [], images_links: links};
    },
  });
  return {...listing, rows: listing.rows.filter(({id}) => id !== UNKNOWN)};
}
