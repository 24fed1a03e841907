import {readInteger} from './python-values.js';

/** What Nova makes of an image property; a value that does not fit refuses every server from the image. */
export type ImageField = {
  /** Place in the order in which Nova reads the properties, the old names first. */
  readonly order: number;
  /** The release that read it first, as in `NovaRelease`. */
  readonly since: number;
  readonly accepts: (value: string, version: number) => boolean;
  /** What is accepted, as the end of a sentence. */
  readonly wants: string;
};

type Kind = Pick<ImageField, 'accepts' | 'wants'>;

const any: Kind = {accepts: () => true, wants: 'any text'};
const integer: Kind = {accepts: (value) => readInteger(value) !== undefined, wants: 'an integer'};

function oneOf(words: string, from: (value: string) => string = (value) => value): Kind {
  const known = new Set(words.split(' '));
  return {accepts: (value) => known.has(from(value)), wants: `one of ${words.replaceAll(' ', ', ')}`};
}

/** The words of a kind, and one more from a release on. */
function joinedBy(words: string, newest: string, since: number): Kind {
  const old = oneOf(words);
  const all = oneOf(`${words} ${newest}`);
  return {
    accepts: (value, version) => (version < since ? old : all).accepts(value, version),
    wants: all.wants,
  };
}

/** In lower case, old names replaced. */
function lower(old: Readonly<Record<string, string>> = {}): (value: string) => string {
  return (value) => {
    const word = value.toLowerCase();
    return Object.hasOwn(old, word) ? (old[word] ?? word) : word;
  };
}

const diskBus = oneOf('fdc ide sata scsi usb virtio xen lxc uml');
const architecture = oneOf(
  'alpha armv6 armv7l armv7b aarch64 cris i686 ia64 lm32 m68k microblaze microblazeel mips mipsel mips64 mips64el ' +
    'openrisc parisc parisc64 ppc ppcle ppc64 ppc64le ppcemb s390 s390x sh4 sh4eb sparc sparc64 unicore32 x86_64 ' +
    'xtensa xtensaeb',
  lower({i386: 'i686', i486: 'i686', i586: 'i686', x86_32: 'i686', x86_32p: 'i686', amd64: 'x86_64'}),
);
const scsiModel = oneOf(
  'buslogic ibmvscsi lsilogic lsisas1068 lsisas1078 virtio-scsi vmpvscsi',
  lower({lsilogicsas: 'lsisas1068', paravirtual: 'vmpvscsi'}),
);
const vifModel = oneOf(
  'virtio ne2k_pci pcnet rtl8139 e1000 e1000e netfront spapr-vlan lan9118 sriov vmxnet vmxnet3 igb',
  lower({
    virtuale1000: 'e1000',
    virtuale1000e: 'e1000e',
    virtualpcnet32: 'pcnet',
    virtualsriovethernetcard: 'sriov',
    virtualvmxnet: 'vmxnet',
    virtualvmxnet3: 'vmxnet3',
  }),
);
const vmMode = oneOf('hvm xen uml exe', lower({pv: 'xen', hv: 'hvm', baremetal: 'hvm'}));
const hypervisor = oneOf(
  'baremetal bhyve docker fake hyperv ironic kqemu kvm lxc lxd openvz parallels phyp qemu test uml vbox vz vmware ' +
    'xen zvm prsm',
  lower({xapi: 'xen'}),
);
const COMPARISON = /^\s*(?:<=|>=|<|>|!=|==)\s*(\S+)\s*$/u;
const STRICT_VERSION = /^\d+\.\d+(?:\.\d+)?(?:[ab]\d+)?$/;
/** PEP 440, as Python's package packaging reads it. */
const PACKAGE_VERSION =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i;

/** Comparisons with versions; oslo.utils 7.4, of 2025.1, reads more of them. */
const versions: Kind = {
  accepts: (value, release) =>
    value.split(',').every((part) => {
      const version = COMPARISON.exec(part)?.[1];
      return version !== undefined && (release < 3100 ? STRICT_VERSION : PACKAGE_VERSION).test(version);
    }),
  wants: 'comparisons such as ">=2.6"',
};

/**
 * The properties whose value can be refused, in Nova's order. Booleans are lenient and texts are free, so they are
 * not here. Source: nova/objects/image_meta.py, `ImageMetaProps.fields`, and nova/objects/fields.py.
 */
const CURRENT: readonly (readonly [name: string, kind: Kind, since?: number])[] = [
  ['hw_architecture', architecture],
  ['hw_emulation_architecture', architecture, 2500],
  ['hw_cdrom_bus', diskBus],
  ['hw_cpu_cores', integer],
  ['hw_cpu_sockets', integer],
  ['hw_cpu_max_cores', integer],
  ['hw_cpu_max_sockets', integer],
  ['hw_cpu_max_threads', integer],
  ['hw_cpu_policy', joinedBy('dedicated shared', 'mixed', 2200)],
  ['hw_cpu_thread_policy', oneOf('prefer isolate require')],
  ['hw_cpu_threads', integer],
  ['hw_device_id', integer],
  ['hw_disk_bus', diskBus],
  ['hw_floppy_bus', diskBus],
  ['hw_firmware_type', oneOf('uefi bios')],
  ['hw_input_bus', oneOf('usb virtio'), 2300],
  ['hw_mem_encryption_model', oneOf('amd-sev amd-sev-es'), 3200],
  ['hw_numa_nodes', integer],
  ['hw_numa_cpus', any],
  ['hw_numa_mem', any],
  ['hw_pci_numa_affinity_policy', joinedBy('required legacy preferred', 'socket', 2300)],
  ['hw_pointer_model', oneOf('usbtablet')],
  ['hw_rescue_bus', diskBus],
  ['hw_rescue_device', oneOf('cdrom disk floppy fs lun')],
  ['hw_rng_model', oneOf('virtio')],
  ['hw_serial_port_count', integer],
  ['hw_scsi_model', scsiModel],
  ['hw_video_model', joinedBy('cirrus qxl vga vmvga xen virtio gop none', 'bochs', 2400)],
  ['hw_video_ram', integer],
  ['hw_vif_model', vifModel],
  ['hw_viommu_model', oneOf('intel smmuv3 virtio auto'), 2600],
  ['hw_vm_mode', vmMode],
  ['hw_watchdog_action', oneOf('none pause poweroff reset disabled')],
  ['hw_tpm_model', oneOf('tpm-tis tpm-crb'), 2200],
  ['hw_tpm_version', oneOf('1.2 2.0'), 2200],
  ['hw_ephemeral_encryption_format', oneOf('plain luks luksv2'), 2600],
  ['hw_maxphysaddr_mode', oneOf('passthrough emulate'), 2900],
  ['hw_maxphysaddr_bits', integer, 2900],
  ['hw_sound_model', oneOf('sb16 es1370 pcspk ac97 ich6 ich9 usb virtio'), 3200],
  ['hw_usb_model', oneOf('none nec-xhci qemu-xhci'), 3200],
  ['hw_redirected_usb_ports', integer, 3200],
  ['img_compression_level', integer],
  ['img_hv_requested_version', versions],
  ['img_hv_type', hypervisor],
  ['img_config_drive', oneOf('optional mandatory')],
  ['img_version', integer],
  ['img_signature_hash_method', oneOf('SHA-224 SHA-256 SHA-384 SHA-512')],
  [
    'img_signature_key_type',
    oneOf('DSA ECC_SECP384R1 ECC_SECP521R1 ECC_SECT409K1 ECC_SECT409R1 ECC_SECT571K1 ECC_SECT571R1 RSA-PSS'),
  ],
  ['os_secure_boot', oneOf('required disabled optional')],
  ['os_type', oneOf('linux windows', lower())],
];

/** Old names of properties (`_legacy_property_map`), as far as their value can be refused; read before the others. */
const OLD: readonly (readonly [name: string, kind: Kind])[] = [
  ['architecture', architecture],
  ['vmware_image_version', integer],
  ['xenapi_device_id', integer],
  ['xenapi_image_compression_level', integer],
  ['vm_mode', vmMode],
  ['hypervisor_version_requires', versions],
  ['hypervisor_type', hypervisor],
  [
    'vmware_adaptertype',
    {
      ...scsiModel,
      accepts: (value, version) => value === '' || value === 'ide' || scsiModel.accepts(value, version),
    },
  ],
];

export const IMAGE_FIELDS: ReadonlyMap<string, ImageField> = new Map(
  [...OLD, ...CURRENT].map(([name, kind, since = 2100], order) => [name, {...kind, since, order}]),
);

/** The place of the two NUMA lists, which are read from `hw_numa_cpus.0` and so on. */
export const NUMA_CPUS_ORDER = IMAGE_FIELDS.get('hw_numa_cpus')?.order ?? 0;
export const NUMA_MEMORY_ORDER = IMAGE_FIELDS.get('hw_numa_mem')?.order ?? 0;
