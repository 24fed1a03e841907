import type {CloudFlavor, FlavorHost, FlavorImage, FlavorUse} from '../../app/flavor/flavor-ports.js';
import type {ExtraSpecs} from '../../domain/flavor/flavor.js';
import {IMAGE_FIELDS} from '../../domain/flavor/image-fields.js';
import {count, decodeServer, UNKNOWN} from './decode.js';
import {asRecord, textOf} from './json.js';
import {TextPool} from './text-pool.js';

type Fields = Readonly<Record<string, unknown>>;

/** A row of flavors/detail, or of one flavor. Extra specs are in it from 2.61 on, for who may read them. */
export function decodeCloudFlavor(value: unknown): CloudFlavor {
  const row = asRecord(value) ?? {};
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    name: textOf(row['name']) ?? UNKNOWN,
    vcpus: numberOf(row['vcpus']),
    memoryMib: numberOf(row['ram']),
    diskGib: numberOf(row['disk']),
    ephemeralGib: numberOf(row['OS-FLV-EXT-DATA:ephemeral']),
    swapMib: numberOf(row['swap']),
    rxtxFactor: typeof row['rxtx_factor'] === 'number' ? row['rxtx_factor'] : 1,
    isPublic: row['os-flavor-access:is_public'] !== false,
    isDisabled: row['OS-FLV-DISABLED:disabled'] === true,
    description: textOf(row['description']),
    extraSpecs: decodeSpecs(row['extra_specs']),
  };
}

/** Extra specs of an answer; undefined where it has none in it. */
export function decodeSpecs(value: unknown): ExtraSpecs | undefined {
  const specs = asRecord(value);
  return specs === undefined ? undefined : textsIn(specs, () => true);
}

/** The copy of a flavor that a server carries; undefined where Nova does not show it (below 2.47). */
export function decodeCopy(flavor: Fields): FlavorUse['copy'] {
  const name = textOf(flavor['original_name']);
  if (name === undefined) return undefined;
  return {
    name,
    vcpus: numberOf(flavor['vcpus']),
    memoryMib: numberOf(flavor['ram']),
    diskGib: numberOf(flavor['disk']),
    ephemeralGib: numberOf(flavor['ephemeral']),
    swapMib: numberOf(flavor['swap']),
    extraSpecs: decodeSpecs(flavor['extra_specs']),
  };
}

/** More different copies than this are not kept for the sake of others. */
const MOST_COPIES = 20_000;

/** Reads rows of a server listing; servers with equal copies of a flavor share one object. */
export function createUseDecoder(): (value: unknown) => FlavorUse {
  const texts = new TextPool();
  const copies = new Map<string, FlavorUse['copy']>();
  const copyOf = (flavor: Fields): FlavorUse['copy'] => {
    const key = JSON.stringify(flavor);
    const known = copies.get(key);
    if (known !== undefined) return known;
    if (copies.size >= MOST_COPIES) copies.clear();
    const copy = decodeCopy(flavor);
    if (copy !== undefined) copies.set(key, copy);
    return copy;
  };
  return (value) => {
    const {id, name, projectId, status, host} = decodeServer(value);
    return {
      id,
      name,
      projectId: texts.same(projectId),
      status: texts.same(status),
      host: texts.same(host),
      copy: copyOf(asRecord(asRecord(value)?.['flavor']) ?? {}),
    };
  };
}

/** A host with the id of its row; undefined where the row does not tell its size. */
export type HostRow = {readonly id: string; readonly host: FlavorHost | undefined};

/** A row of os-hypervisors/detail, up to 2.87. */
export function decodeHost(value: unknown): HostRow {
  const row = asRecord(value) ?? {};
  const [vcpus, memoryMib] = [count(row['vcpus']), count(row['memory_mb'])];
  const id = textOf(row['id']) ?? UNKNOWN;
  if (vcpus === undefined || memoryMib === undefined) return {id, host: undefined};
  return {
    id,
    host: {
      host: textOf(asRecord(row['service'])?.['host']) ?? textOf(row['hypervisor_hostname']) ?? UNKNOWN,
      vcpus,
      vcpusUsed: numberOf(row['vcpus_used']),
      memoryMib,
      memoryMibUsed: numberOf(row['memory_mb_used']),
      isUsable: row['state'] === 'up' && row['status'] === 'enabled',
      type: textOf(row['hypervisor_type']) ?? UNKNOWN,
    },
  };
}

/** Fields of Glance's own that only look like properties of Nova's. */
const GLANCES: ReadonlySet<string> = new Set(['os_hidden', 'os_hash_algo', 'os_hash_value']);

/** Nova's own, and the old names that it still reads, such as `architecture`. */
function isOfNova(name: string): boolean {
  return (/^(?:hw_|os_|img_|trait:)/.test(name) || IMAGE_FIELDS.has(name)) && !GLANCES.has(name);
}

/** A row of Glance's list of images: properties stand among its fields. */
export function decodeFlavorImage(value: unknown): FlavorImage {
  const row = asRecord(value) ?? {};
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    name: textOf(row['name']) ?? UNKNOWN,
    properties: decodeProperties(row),
  };
}

/** Properties of an image, as far as they are Nova's. */
export function decodeProperties(fields: Fields): Readonly<Record<string, string>> {
  return textsIn(fields, isOfNova);
}

function textsIn(fields: Fields, isWanted: (name: string) => boolean): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      const isText = typeof value === 'string' || typeof value === 'number';
      return isText && isWanted(name) ? [[name, String(value)] as const] : [];
    }),
  );
}

/** A size; none at all is written as an empty text below 2.75. */
function numberOf(value: unknown): number {
  return count(typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value) ?? 0;
}
