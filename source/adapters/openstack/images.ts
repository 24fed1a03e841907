import type {ImageRow} from '../../app/servers/server-ports.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {UNKNOWN} from './decode.js';
import {imageBase} from './image-base.js';
import {asList, asRecord, textOf} from './json.js';
import {readServiceJson} from './service-call.js';

/** The smallest come first: a cloud may have thousands of images, and none of the large ones is wanted. */
const QUERY = 'status=active&sort_key=size&sort_dir=asc&limit=200';

/** Active images of Glance, the smallest first. Rejects with `CloudError` where they cannot be listed. */
export async function listImages(client: ComputeClient, signal: AbortSignal): Promise<readonly ImageRow[]> {
  const body = await readServiceJson(
    client,
    (token) => `${imageBase(client, token)}/v2/images?${QUERY}`,
    {title: 'Glance', what: 'list images'},
    signal,
  );
  const rows = asList(asRecord(body)?.['images']) ?? [];
  return rows.map(decodeImage);
}

/** A row of Glance's list. What is missing or odd makes an image that cannot be started from. */
export function decodeImage(value: unknown): ImageRow {
  const row = asRecord(value) ?? {};
  const size = count(row['size']);
  // A snapshot of a server on a volume has no data of its own, a server's image may need a kernel beside it.
  const needsMore = ['block_device_mapping', 'kernel_id', 'ramdisk_id'].some(
    (key) => textOf(row[key]) !== undefined,
  );
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    name: cleanLine(textOf(row['name']) ?? UNKNOWN, 80),
    bytes: size,
    minDiskGib: count(row['min_disk']),
    minMemoryMib: count(row['min_ram']),
    diskFormat: textOf(row['disk_format']),
    isSnapshot: row['image_type'] === 'snapshot',
    isWhole: textOf(row['id']) !== undefined && row['container_format'] === 'bare' && size > 0 && !needsMore,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
