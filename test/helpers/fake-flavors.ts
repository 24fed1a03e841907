import {CloudError} from '../../source/app/errors.js';
import type {
  CloudFlavor,
  FlavorCopy,
  FlavorHost,
  FlavorImage,
  Flavors,
  FlavorUse,
} from '../../source/app/flavor/flavor-ports.js';
import type {Listing} from '../../source/app/ports.js';
import type {ServerScope} from '../../source/app/servers/server-ports.js';

type Texts = Readonly<Record<string, string>>;

/** A public flavor of one vCPU. */
export function flavorOf(
  name: string,
  extraSpecs: Texts | undefined = {},
  others: Partial<CloudFlavor> = {},
): CloudFlavor {
  return {
    id: `id-${name}`,
    name,
    vcpus: 1,
    memoryMib: 512,
    diskGib: 1,
    ephemeralGib: 0,
    swapMib: 0,
    rxtxFactor: 1,
    isPublic: true,
    isDisabled: false,
    description: undefined,
    extraSpecs,
    ...others,
  };
}

/** A server with a copy of this flavor as it is, but for what is different in it. */
export function serverOf(name: string, flavor: CloudFlavor, copy: Partial<FlavorCopy> = {}): FlavorUse {
  const {vcpus, memoryMib, diskGib, ephemeralGib, swapMib, extraSpecs} = flavor;
  return {
    id: `id-${name}`,
    name,
    projectId: 'project',
    status: 'ACTIVE',
    host: 'compute-1',
    copy: {name: flavor.name, vcpus, memoryMib, diskGib, ephemeralGib, swapMib, extraSpecs, ...copy},
  };
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
    find: async () => Promise.resolve(undefined),
    access: async () => Promise.resolve([]),
    uses: async () => ({...(await list('servers', has.servers ?? [])), scope: has.scope ?? 'all-projects'}),
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
