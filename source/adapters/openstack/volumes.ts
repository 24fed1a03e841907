import type {VolumeAttachment} from '../../app/doctor/remains-ports.js';
import type {VolumeRow} from '../../app/servers/server-ports.js';
import {findVolumeEndpoint} from './catalogue.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {count} from './decode.js';
import {decodeProperties} from './flavor-rows.js';
import type {Token} from './identity.js';
import {asList, asRecord, textOf} from './json.js';
import {readServiceJson} from './service-call.js';

/** One volume in Cinder. Rejects with `CloudError`, of reason `not-found` where there is none. */
export async function readVolume(
  client: ComputeClient,
  volumeId: string,
  signal: AbortSignal,
): Promise<VolumeRow> {
  const body = await readServiceJson(
    client,
    (token) => `${baseOf(client, token)}/volumes/${encodeURIComponent(volumeId)}`,
    {title: 'Cinder', what: `show volume ${cleanLine(volumeId, 60)}`},
    signal,
  );
  return decodeVolume(asRecord(body)?.['volume']);
}

/** From 3.27 on attachments can be listed. */
const ATTACHMENTS = {'OpenStack-API-Version': 'volume 3.27'};

/** The attachments that Cinder has of a server, whether Nova has it or not. */
export async function readAttachments(
  client: ComputeClient,
  serverId: string,
  signal: AbortSignal,
): Promise<readonly VolumeAttachment[]> {
  const query = new URLSearchParams({instance_id: serverId, all_tenants: '1'}).toString();
  const body = await readServiceJson(
    client,
    (token) => `${baseOf(client, token)}/attachments?${query}`,
    {title: 'Cinder', what: `list attachments of ${cleanLine(serverId, 60)}`},
    signal,
    ATTACHMENTS,
  );
  return (asList(asRecord(body)?.['attachments']) ?? []).flatMap((value): VolumeAttachment[] => {
    const row = asRecord(value);
    const volumeId = textOf(row?.['volume_id']);
    // Where Cinder passes the filter over, others come too.
    if (volumeId === undefined || textOf(row?.['instance']) !== serverId) return [];
    return [{volumeId, status: cleanLine(textOf(row?.['status']) ?? 'unknown', 40)}];
  });
}

/** Catalogues name it with version and project, with the version, or with neither. */
function baseOf({configuration}: ComputeClient, token: Token): string {
  const endpoint = findVolumeEndpoint(configuration, token)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return /\/v\d+(?:\.\d+)?(?:\/[^/]+)?$/.test(endpoint) ? endpoint : `${endpoint}/v3`;
}

function decodeVolume(value: unknown): VolumeRow {
  const row = asRecord(value);
  const devices = (asList(row?.['attachments']) ?? []).flatMap((item) => {
    const attachment = asRecord(item);
    const [server, device] = [textOf(attachment?.['server_id']), textOf(attachment?.['device'])];
    return server === undefined || device === undefined ? [] : [[server, device] as const];
  });
  const image = asRecord(row?.['volume_image_metadata']);
  return {
    name: nameOf(row?.['name']),
    sizeGib: count(row?.['size']),
    devices: new Map(devices),
    image: image && {name: nameOf(image['image_name']), properties: decodeProperties(image)},
  };
}

function nameOf(value: unknown): string | undefined {
  const name = cleanLine(textOf(value) ?? '', 255);
  return name === '' ? undefined : name;
}
