import type {Flavor} from './flavor.js';
import {imageBoolean, imageText, type ImageMeta} from './image-meta.js';
import {readBoolean, readInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** A switch that flavor and image must agree on. Lenient: an unknown word in the flavor is false. */
function checkAgreement(flavor: Flavor, image: ImageMeta, name: string): Refusal | undefined {
  const text = flavor.extraSpecs[`hw:${name}`];
  if (text === undefined) return undefined;
  const byImage = imageBoolean(image, `hw_${name}`);
  const wanted = readBoolean(text);
  if (byImage === undefined || byImage === wanted) return undefined;
  const detail = `is ${String(wanted)}, and the image says ${String(byImage)}`;
  return new Refusal('FlavorImageConflict', `hw:${name}`, detail);
}

/** Source: nova/virt/hardware.py, `get_pmu_constraint`; before Yoga nova/compute/api.py, with an error of its own. */
export function checkPmu(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  const refusal = checkAgreement(flavor, image, 'pmu');
  if (refusal === undefined || image.version >= 2500) return refusal;
  return new Refusal('ImagePMUConflict', refusal.property, refusal.detail);
}

/** Source: nova/virt/hardware.py, `get_vif_multiqueue_constraint`; the flavor has a say from Yoga on. */
export function checkMultiqueue(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  if (flavor.vcpus < 2 || image.version < 2500) return undefined;
  return checkAgreement(flavor, image, 'vif_multiqueue_enabled');
}

/** Source: nova/virt/hardware.py, `get_packed_virtqueue_constraint`, 2024.1 and later. */
export function checkPackedRing(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  return image.version < 2900 ? undefined : checkAgreement(flavor, image, 'virtio_packed_ring');
}

/** The image can lower the flavor's number only. Source: nova/virt/hardware.py, `get_number_of_serial_ports`. */
export function checkSerialPorts({extraSpecs}: Flavor, image: ImageMeta): Refusal | undefined {
  const property = 'hw:serial_port_count';
  const text = extraSpecs[property];
  if (text === undefined || text === '') return undefined;
  const ports = readInteger(text);
  if (ports === undefined) {
    return new Refusal('ImageSerialPortNumberInvalid', property, `must be an integer, not ${quoted(text)}`);
  }
  const byImage = image.integers['hw_serial_port_count'] ?? 0;
  if (ports === 0 || byImage === 0 || byImage <= ports) return undefined;
  return new Refusal(
    'ImageSerialPortNumberExceedFlavorValue',
    property,
    `is ${ports}, and the image asks for ${byImage}; an image can only lower it`,
  );
}

/** Checked after all else when a server is made. Source: nova/virt/hardware.py, `get_pci_numa_policy_constraint`. */
export function checkPciAffinity({extraSpecs}: Flavor, image: ImageMeta): Refusal | undefined {
  const property = 'hw:pci_numa_affinity_policy';
  const wanted = extraSpecs[property];
  if (wanted === undefined || wanted === '') return undefined;
  const byImage = imageText(image, 'hw_pci_numa_affinity_policy');
  if (byImage && byImage !== wanted) {
    return new Refusal(
      'ImagePCINUMAPolicyForbidden',
      property,
      `is ${quoted(wanted)}, and the image says ${byImage}`,
    );
  }
  const known = ['required', 'legacy', 'preferred', ...(image.version >= 2300 ? ['socket'] : [])];
  if (known.includes(wanted)) return undefined;
  return new Refusal(
    'InvalidPCINUMAAffinity',
    property,
    `must be one of ${known.join(', ')}, not ${quoted(wanted)}`,
  );
}
