import type {VolumeRow} from '../../app/servers/server-ports.js';
import {findVolumeEndpoint} from './catalogue.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {count} from './decode.js';
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

/** Catalogues name it with version and project, with the version, or with neither. */
function baseOf({configuration}: ComputeClient, token: Token): string {
  const endpoint = findVolumeEndpoint(configuration, token)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return /\/v\d+(?:\.\d+)?(?:\/[^/]+)?$/.test(endpoint) ? endpoint : `${endpoint}/v3`;
}

function decodeVolume(value: unknown): VolumeRow {
  const row = asRecord(value);
  const name = cleanLine(textOf(row?.['name']) ?? '', 255);
  const devices = (asList(row?.['attachments']) ?? []).flatMap((item) => {
    const attachment = asRecord(item);
    const [server, device] = [textOf(attachment?.['server_id']), textOf(attachment?.['device'])];
    return server === undefined || device === undefined ? [] : [[server, device] as const];
  });
  return {name: name === '' ? undefined : name, sizeGib: count(row?.['size']), devices: new Map(devices)};
}
