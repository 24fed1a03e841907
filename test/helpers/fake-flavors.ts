import {CloudError} from '../../source/app/errors.js';
import type {
  CloudFlavor,
  FlavorHost,
  FlavorImage,
  Flavors,
  FlavorUse,
} from '../../source/app/flavor/flavor-ports.js';
import type {Listing} from '../../source/app/ports.js';
import type {ServerScope} from '../../source/app/servers/server-ports.js';
import {cloudFlavor} from './cloud-flavors.js';

type Texts = Readonly<Record<string, string>>;

/** A public flavor with these extra specs; undefined: Nova does not let us read them. */
export function flavorOf(
  name: string,
  extraSpecs: Texts | undefined = {},
  others: Partial<CloudFlavor> = {},
): CloudFlavor {
  return cloudFlavor(name, {extraSpecs, ...others});
}

export function hostOf(host: string, vcpus: number, memoryMib: number, type = 'QEMU'): FlavorHost {
  return {host, vcpus, vcpusUsed: 0, memoryMib, memoryMibUsed: 0, isUsable: true, type};
}

export function imageOf(name: string, properties: Texts): FlavorImage {
  return {id: `id-${name}`, name, properties};
}

/** What the fake has: rows, a listing that is not whole, or an error. */
type Rows<Row> = readonly Row[] | Listing<Row> | CloudError;

export type FakeFlavors = {
  readonly flavors?: Rows<CloudFlavor>;
  readonly servers?: Rows<FlavorUse>;
  readonly scope?: ServerScope;
  readonly hosts?: Rows<FlavorHost> | 'forbidden';
  readonly images?: Rows<FlavorImage>;
  /** Projects that may use the private ones. */
  readonly access?: readonly string[];
  readonly newest?: number | CloudError;
};

/** The flavors of a cloud that lies in memory; a Zed with one host of 16 CPUs and 64 GiB. */
export function fakeFlavors(has: FakeFlavors): Flavors & {readonly asked: string[]} {
  const asked: string[] = [];
  const list = async <Row>(what: string, rows: Rows<Row>): Promise<Listing<Row>> => {
    asked.push(what);
    await Promise.resolve();
    if (rows instanceof CloudError) throw rows;
    return 'isComplete' in rows ? rows : {rows, isComplete: true, problem: undefined};
  };
  const {hosts = [hostOf('compute-1', 16, 65_536)], newest = 93} = has;
  return {
    asked,
    all: async () => list('flavors', has.flavors ?? []),
    async find(word) {
      const {rows} = await list('flavors', has.flavors ?? []);
      return rows.find(({id}) => id === word) ?? rows.find(({name}) => name === word);
    },
    access: async () => Promise.resolve(has.access ?? []),
    async uses(_signal, flavorId) {
      const listing = await list('servers', has.servers ?? []);
      const scope = has.scope ?? 'all-projects';
      if (flavorId === undefined) return {...listing, scope};
      const {rows} = await list('flavors', has.flavors ?? []);
      const name = rows.find(({id}) => id === flavorId)?.name;
      // A server whose copy is not told may have it.
      return {...listing, rows: listing.rows.filter(({copy}) => (copy?.name ?? name) === name), scope};
    },
    async hosts() {
      if (hosts === 'forbidden') {
        asked.push('hosts');
        return undefined;
      }
      return list('hosts', hosts);
    },
    images: async () => list('images', has.images ?? []),
    async newestMicroversion() {
      await Promise.resolve();
      if (newest instanceof CloudError) throw newest;
      return newest;
    },
  };
}

/** A listing that broke off. */
export function brokenOff<Row>(rows: readonly Row[], problem = 'the listing broke off'): Listing<Row> {
  return {rows, isComplete: false, problem};
}
