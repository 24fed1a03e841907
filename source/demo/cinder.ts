/** A small Cinder: the volumes of the embedded cloud's servers, one at a time. */
import type {HttpRequest, Reply} from './http.js';
import {ROOT_DEVICE} from './nova/belongings.js';
import type {NovaCloud} from './nova/cloud.js';
import type {Caller, Image} from './nova/model.js';

/** Answers below `/v3`. A volume that went with its server is not there; one that stayed is free. */
export function answerCinder(
  cloud: NovaCloud,
  caller: Caller | undefined,
  {method}: HttpRequest,
  path: string,
): Reply {
  if (caller === undefined) return {status: 401};
  const [, id] = /^\/v3(?:\/[^/]+)?\/volumes\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined || method !== 'GET') return notFound('The resource could not be found.');
  for (const server of cloud.servers.values()) {
    if (!caller.isAdmin && server.projectId !== caller.project.id) continue;
    const volume = server.volumes.find((one) => one.id === id);
    if (volume === undefined || (server.isDestroyed && volume.isDeletedWithServer)) continue;
    const attachment = {server_id: server.id, volume_id: id, attachment_id: id, device: volume.device};
    return {
      body: {
        volume: {
          id,
          name: volume.name,
          size: volume.sizeGib,
          status: server.isDestroyed ? 'available' : 'in-use',
          bootable: String(volume.isDeletedWithServer),
          attachments: server.isDestroyed ? [] : [attachment],
          'os-vol-tenant-attr:tenant_id': server.projectId,
          ...(volume.device === ROOT_DEVICE && {volume_image_metadata: keptOf(server.image)}),
        },
      },
    };
  }
  return notFound(`Volume ${id} could not be found.`);
}

/** What Cinder keeps of the image that a volume was made of: properties, and some fields with their names. */
function keptOf({id, name, properties}: Image): object {
  return {...properties, image_id: id, image_name: name};
}

function notFound(message: string): Reply {
  return {status: 404, body: {itemNotFound: {code: 404, message}}};
}
