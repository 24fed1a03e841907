/** Flavors of a cloud, and servers that have them. */
import type {CloudFlavor, FlavorCopy, FlavorUse} from '../../source/app/flavor/flavor-ports.js';

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

/** A server with a copy of this flavor as it is, but for what is different in it. */
export function serverWith(name: string, flavor: CloudFlavor, copy: Partial<FlavorCopy> = {}): FlavorUse {
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
