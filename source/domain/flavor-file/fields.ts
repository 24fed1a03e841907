/** What of a flavor the judge reads. */
export type FieldRole = 'name' | 'vcpus' | 'ram' | 'disk' | 'specs' | 'image';

/**
 * Names of the same field in what people write and Nova's API answers, in the titles of `openstack flavor list`, and
 * in what else is seen; the first is the one that messages use.
 */
const NAMES: Readonly<Record<FieldRole, readonly string[]>> = {
  name: ['name', 'Name', 'original_name'],
  vcpus: ['vcpus', 'VCPUs'],
  ram: ['ram', 'RAM', 'memory_mb'],
  disk: ['disk', 'Disk'],
  specs: ['extra_specs', 'properties', 'Properties', 'OS-FLV-WITH-EXT-SPECS:extra_specs'],
  image: ['image_properties', 'image_props'],
};

export const ROLES: ReadonlyMap<string, FieldRole> = new Map([
  ...NAMES.name.map((name) => [name, 'name'] as const),
  ...NAMES.vcpus.map((name) => [name, 'vcpus'] as const),
  ...NAMES.ram.map((name) => [name, 'ram'] as const),
  ...NAMES.disk.map((name) => [name, 'disk'] as const),
  ...NAMES.specs.map((name) => [name, 'specs'] as const),
  ...NAMES.image.map((name) => [name, 'image'] as const),
]);

/** Fields of a flavor that no server's fate depends on. */
export const UNREAD: ReadonlySet<string> = new Set([
  'id',
  'ID',
  'description',
  'Description',
  'ephemeral',
  'Ephemeral',
  'OS-FLV-EXT-DATA:ephemeral',
  'swap',
  'Swap',
  'rxtx_factor',
  'RXTX Factor',
  'RXTX factor',
  'is_public',
  'Is Public',
  'os-flavor-access:is_public',
  'is_disabled',
  'disabled',
  'OS-FLV-DISABLED:disabled',
  'access_project_ids',
  'projects',
  'links',
  'location',
]);

/** Fields of Nova's answer beside its list of flavors. */
export const UNREAD_BESIDE_LIST: ReadonlySet<string> = new Set(['flavors_links']);

/** Whether such a field is only there where another program printed the flavor: people do not write it. */
export function isPrintedField(name: string): boolean {
  return ['VCPUs', 'links', 'OS-FLV-EXT-DATA:ephemeral', 'OS-FLV-DISABLED:disabled', 'location'].includes(
    name,
  );
}
