import type {
  CloudFlavor,
  FlavorCloud,
  FlavorHost,
  FlavorImage,
  FlavorUse,
  Placement,
} from '../../source/app/flavor/flavor-ports.js';
import type {CloudError} from '../../source/app/errors.js';
import type {NamingPorts} from '../../source/app/flavor/named-flavor.js';
import {flavorYaml} from '../../source/adapters/files/flavor-yaml.js';
import type {Listing} from '../../source/app/ports.js';
import {fakeFlavors} from './fake-flavors.js';

/** What a cloud in memory has; a Zed if nothing else is said. */
export type FlavorScene = {
  readonly flavors?: readonly CloudFlavor[];
  readonly servers?: readonly FlavorUse[];
  /** Without them nobody may look. */
  readonly hosts?: readonly FlavorHost[] | Listing<FlavorHost> | CloudError | 'forbidden';
  readonly images?: readonly FlavorImage[];
  readonly newest?: number;
  /** Without it the cloud has no Placement. */
  readonly candidates?: Placement['candidates'];
};

/** A cloud's flavors that can only be read; whatever changes them, or asks who is signed in, is an error. */
export function flavorCloud({
  flavors = [],
  servers = [],
  hosts = 'forbidden',
  images = [],
  newest = 93,
  candidates = async () => Promise.resolve({kind: 'unavailable', why: 'absent'}),
}: FlavorScene): FlavorCloud {
  const refused = async (): Promise<never> => Promise.reject(new Error('nothing may be changed'));
  return {
    label: {name: 'fra1', authUrl: 'http://127.0.0.1/v3', region: undefined, scope: undefined},
    account: {session: refused, deletions: refused, projectNames: refused, userNames: refused},
    flavors: fakeFlavors({flavors, servers, hosts, images, newest, access: ['shop']}),
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
