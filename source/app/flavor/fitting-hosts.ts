import type {CloudLimits} from '../../domain/flavor/judged.js';
import type {FlavorHost} from './flavor-ports.js';

/** How many hosts could take a server, by what Nova tells of them: an estimate, as it knows no overcommitment. */
export type FittingHosts = {
  /** Hosts that are up, enabled and no bare metal. */
  readonly total: number;
  /** Those of them that are large enough, whatever runs there. */
  readonly large: number;
  /** Those of them that have so much free, without overcommitment. */
  readonly free: number;
};

/** Hosts for a guest of this size. */
export function fittingHosts(
  {vcpus, memoryMib}: {readonly vcpus: number; readonly memoryMib: number},
  hosts: readonly FlavorHost[],
): FittingHosts {
  const usable = hosts.filter((host) => host.isUsable && isVirtual(host));
  const large = usable.filter((host) => host.vcpus >= vcpus && host.memoryMib >= memoryMib);
  const free = large.filter(
    (host) => host.vcpus - host.vcpusUsed >= vcpus && host.memoryMib - host.memoryMibUsed >= memoryMib,
  );
  return {total: usable.length, large: large.length, free: free.length};
}

/** What the largest hosts have, down ones too: they may be up tomorrow. Undefined where there is none. */
export function cloudLimits(hosts: readonly FlavorHost[]): CloudLimits | undefined {
  const virtual = hosts.filter(isVirtual);
  if (virtual.length === 0) return undefined;
  return {
    largestHostVcpus: Math.max(...virtual.map(({vcpus}) => vcpus)),
    largestHostMemoryMib: Math.max(...virtual.map(({memoryMib}) => memoryMib)),
  };
}

/** Bare metal takes flavors of its own kind. */
function isVirtual({type, vcpus}: FlavorHost): boolean {
  return type.toLowerCase() !== 'ironic' && vcpus > 0;
}
