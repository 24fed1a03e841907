import type {
  CloudFlavor,
  FlavorCloud,
  FlavorHost,
  FlavorImage,
  FlavorUse,
  Placement,
} from '../../source/app/flavor/flavor-ports.js';
import {CloudError} from '../../source/app/errors.js';
import type {NamingPorts} from '../../source/app/flavor/named-flavor.js';
import {flavorYaml} from '../../source/adapters/files/flavor-yaml.js';
import type {Listing} from '../../source/app/ports.js';

/** What a cloud in memory has; a Zed if nothing else is said. */
export type FlavorScene = {
  readonly flavors?: readonly CloudFlavor[];
  readonly servers?: readonly (FlavorUse & {readonly flavorId: string})[];
  readonly hosts?: readonly FlavorHost[] | Listing<FlavorHost> | CloudError;
  readonly images?: readonly FlavorImage[];
  readonly newest?: number;
  /** Without it the cloud has no Placement. */
  readonly candidates?: Placement['candidates'];
};

const listing = <Row>(rows: readonly Row[]): Listing<Row> => ({rows, isComplete: true, problem: undefined});

/** A cloud's flavors that can only be read; whatever changes them, or asks who is signed in, is an error. */
export function flavorCloud({
  flavors = [],
  servers = [],
  hosts,
  images = [],
  newest = 93,
  candidates = async () => Promise.resolve({kind: 'unavailable', why: 'absent'}),
}: FlavorScene): FlavorCloud {
  const refused = async (): Promise<never> => Promise.reject(new Error('nothing may be changed'));
  return {
    label: {name: 'fra1', authUrl: 'http://127.0.0.1/v3', region: undefined, scope: undefined},
    account: {session: refused, deletions: refused, projectNames: refused, userNames: refused},
    flavors: {
      all: async () => Promise.resolve(listing(flavors)),
      find: async (word) =>
        Promise.resolve(flavors.find(({id}) => id === word) ?? flavors.find(({name}) => name === word)),
      access: async () => Promise.resolve(['shop']),
      uses: async (_signal, flavorId) => {
        const rows = servers.filter((server) => flavorId === undefined || server.flavorId === flavorId);
        return Promise.resolve({...listing(rows), scope: 'all-projects'});
      },
      async hosts() {
        await Promise.resolve();
        if (hosts instanceof CloudError) throw hosts;
        return hosts === undefined || 'rows' in hosts ? hosts : listing(hosts);
      },
      images: async () => Promise.resolve(listing(images)),
      newestMicroversion: async () => Promise.resolve(newest),
    },
    changes: {
      create: refused,
      remove: refused,
      setSpecs: refused,
      removeSpec: refused,
      setDescription: refused,
      addAccess: refused,
      removeAccess: refused,
    },
    placement: {candidates},
  };
}

/** Files in memory, and the cloud; without one whoever asks for it fails. */
export function namingPorts(files: Readonly<Record<string, string>>, cloud?: FlavorCloud): NamingPorts {
  return {
    inputs: {
      yaml: () => Promise.resolve(flavorYaml()),
      inputs: {
        async read(name) {
          await Promise.resolve();
          const text = files[name];
          return text === undefined
            ? {kind: 'failed', reason: 'there is no such file'}
            : {kind: 'bytes', bytes: new TextEncoder().encode(text)};
        },
      },
    },
    cloud: async () => {
      if (cloud === undefined) throw new Error('no cloud may be asked');
      return Promise.resolve(cloud);
    },
  };
}

/** A public flavor of one vCPU, but for what is different in it. */
export function cloudFlavor(name: string, different: Partial<CloudFlavor> = {}): CloudFlavor {
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
    extraSpecs: {},
    ...different,
  };
}

/** A server with a copy of a flavor as it is, but for what is different in it. */
export function serverWith(
  name: string,
  flavor: CloudFlavor,
  different: Partial<NonNullable<FlavorUse['copy']>> = {},
): FlavorUse & {readonly flavorId: string} {
  const {vcpus, memoryMib, diskGib, extraSpecs} = flavor;
  return {
    id: `id-${name}`,
    name,
    projectId: 'project',
    status: 'ACTIVE',
    host: 'compute-1',
    copy: {name: flavor.name, vcpus, memoryMib, diskGib, extraSpecs, ...different},
    flavorId: flavor.id,
  };
}
