import {Finding} from '../finding.js';
import type {Flavor} from '../flavor.js';
import type {Judged} from '../judged.js';
import {readInteger} from '../python-values.js';

/**
 * Whether the size is what Placement is asked for: a flavor of whole machines takes it back with `resources:VCPU=0`, in
 * any group; what is no number is passed over (nova: nova/scheduler/utils.py, `ResourceRequest`).
 */
function isAsked({extraSpecs}: Flavor, resource: 'VCPU' | 'MEMORY_MB'): boolean {
  const names = resource === 'VCPU' ? ['VCPU', 'PCPU'] : [resource];
  return !Object.entries(extraSpecs).some(([name, value]) => {
    const asked = /^resources[a-zA-Z0-9_-]{0,64}:(.*)$/s.exec(name)?.[1];
    return asked !== undefined && names.includes(asked) && (readInteger(value) ?? -1) >= 0;
  });
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
