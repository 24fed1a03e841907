import {Finding} from '../finding.js';
import type {Judged} from '../judged.js';
import {requestedResources} from '../placement-requests.js';

/**
 * Whether the size is what Placement is asked for: a flavor of whole machines takes it back with `resources:VCPU=0`, in
 * any group; what is no number is passed over (nova: nova/scheduler/utils.py, `ResourceRequest`).
 */
function isAsked({flavor, release}: Judged, resource: 'VCPU' | 'MEMORY_MB'): boolean {
  const names = resource === 'VCPU' ? ['VCPU', 'PCPU'] : [resource];
  return !requestedResources(flavor.extraSpecs, release).some((one) => names.includes(one.resource));
}

/** What no host of the cloud can hold; nothing where the cloud is not known. */
export function hostFindings(judged: Judged): Finding[] {
  const {flavor, limits} = judged;
  if (limits === undefined) return [];
  const findings: Finding[] = [];
  if (flavor.vcpus > limits.largestHostVcpus && isAsked(judged, 'VCPU')) {
    const message = `No host has ${flavor.vcpus} CPUs, the largest has ${limits.largestHostVcpus}: no host is found.`;
    const advice = `Make a flavor of at most ${limits.largestHostVcpus} vCPUs.`;
    findings.push(new Finding('error', 'VcpusOfNoHost', 'vcpus', message, advice));
  }
  if (flavor.memoryMib > limits.largestHostMemoryMib && isAsked(judged, 'MEMORY_MB')) {
    const message = `No host has ${flavor.memoryMib} MiB of memory, the largest has ${limits.largestHostMemoryMib}: no host is found.`;
    const advice = `Make a flavor of at most ${limits.largestHostMemoryMib} MiB.`;
    findings.push(new Finding('error', 'MemoryOfNoHost', 'ram', message, advice));
  }
  return findings;
}
