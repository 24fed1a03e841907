import {isRealtime} from '../cpu-masks.js';
import {Finding, removeSpec, setSpec, type Edit} from '../finding.js';
import type {Judged} from '../judged.js';
import {numaOf} from '../judged.js';
import {readBoolean} from '../python-values.js';

type Partner = {
  readonly name: string;
  /** Whether the spec does something here. */
  readonly hasEffect: (judged: Judged, value: string) => boolean;
  readonly needs: string;
  readonly cure: (name: string) => Edit[];
};

const remove = (name: string): Edit[] => [removeSpec(name)];

function isOn({flavor, imageProperties}: Judged, name: string): boolean {
  const text = flavor.extraSpecs[`hw:${name}`] ?? imageProperties[`hw_${name}`];
  return text !== undefined && readBoolean(text);
}

/** Specs that do nothing without another one. */
const PARTNERS: readonly Partner[] = [
  {
    name: 'hw:cpu_realtime_mask',
    hasEffect: ({flavor}) => isRealtime(flavor),
    needs: 'hw:cpu_realtime yes',
    cure: remove,
  },
  {
    name: 'hw:emulator_threads_policy',
    hasEffect: (judged) => numaOf(judged) !== undefined,
    needs: 'a NUMA topology or pinned CPUs',
    cure: remove,
  },
  {
    name: 'hw:tpm_model',
    hasEffect: ({flavor, imageProperties}) =>
      (flavor.extraSpecs['hw:tpm_version'] || imageProperties['hw_tpm_version'] || '') !== '',
    needs: 'hw:tpm_version',
    cure: () => [setSpec('hw:tpm_version', '2.0')],
  },
  {
    name: 'hw:mem_encryption_model',
    hasEffect: (judged) => isOn(judged, 'mem_encryption'),
    needs: 'hw:mem_encryption true',
    cure: remove,
  },
  {
    name: 'hw:ephemeral_encryption_format',
    hasEffect: (judged) => isOn(judged, 'ephemeral_encryption'),
    needs: 'hw:ephemeral_encryption true',
    cure: () => [setSpec('hw:ephemeral_encryption', 'true')],
  },
  {
    name: 'hw:vif_multiqueue_enabled',
    hasEffect: ({flavor}, value) => flavor.vcpus > 1 || !readBoolean(value),
    needs: 'two vCPUs or more',
    cure: remove,
  },
];

/** Specs that are read and do nothing, as what they belong to is missing. */
export function partnerFindings(judged: Judged): Finding[] {
  if (judged.checks.first !== undefined) return [];
  const findings: Finding[] = [];
  for (const {name, hasEffect, needs, cure} of PARTNERS) {
    const value = judged.flavor.extraSpecs[name];
    if (value === undefined || value === '' || judged.storeProblems.has(name) || hasEffect(judged, value))
      continue;
    const message = `${name} has no effect without ${needs}.`;
    findings.push(new Finding('warning', 'ExtraSpecWithoutEffect', name, message, () => cure(name)));
  }
  return [...findings, ...sharedSet(judged)];
}

/**
 * Hosts without `[compute] cpu_shared_set` refuse to build a realtime guest whose emulator shares CPUs (nova:
 * nova/virt/libvirt/driver.py, `_get_guest_memory_backing_config`).
 */
function sharedSet({flavor}: Judged): Finding[] {
  if (!isRealtime(flavor) || flavor.extraSpecs['hw:emulator_threads_policy'] !== 'share') return [];
  const message =
    'With realtime and emulator threads that share, a host without cpu_shared_set refuses the guest.';
  const advice = 'Set [compute] cpu_shared_set on the hosts that such guests are for.';
  return [new Finding('info', 'HostNeedsSharedSet', 'hw:emulator_threads_policy', message, advice)];
}
