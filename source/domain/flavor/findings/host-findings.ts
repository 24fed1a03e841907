import {Finding} from '../finding.js';
import type {Flavor} from '../flavor.js';
import type {Judged} from '../judged.js';

/**
 * Whether the size is what Placement is asked for: a flavor of whole machines takes it back with `resources:VCPU=0`
 * (nova: nova/scheduler/utils.py, `ResourceRequest`).
 */
function isAsked({extraSpecs}: Flavor, name: 'VCPU' | 'MEMORY_MB'): boolean {
  return extraSpecs[`resources:${name}`] === undefined;
}

/** What no host of the cloud can hold; nothing where the cloud is not known. */
export function hostFindings({flavor, limits}: Judged): Finding[] {
  if (limits === undefined) return [];
  const findings: Finding[] = [];
  if (flavor.vcpus > limits.largestHostVcpus && isAsked(flavor, 'VCPU')) {
    const message = `No host has ${flavor.vcpus} CPUs, the largest has ${limits.largestHostVcpus}: no host is found.`;
    const advice = `Make a flavor of at most ${limits.largestHostVcpus} vCPUs.`;
    findings.push(new Finding('error', 'VcpusOfNoHost', 'vcpus', message, advice));
  }
  if (flavor.memoryMib > limits.largestHostMemoryMib && isAsked(flavor, 'MEMORY_MB')) {
    const message = `No host has ${flavor.memoryMib} MiB of memory, the largest has ${limits.largestHostMemoryMib}: no host is found.`;
    const advice = `Make a flavor of at most ${limits.largestHostMemoryMib} MiB.`;
    findings.push(new Finding('error', 'MemoryOfNoHost', 'ram', message, advice));
  }
  return findings;
}
