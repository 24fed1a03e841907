import {CloudError} from '../../app/errors.js';
import type {GuestImage, GuestServer, GuestServers, PowerState} from '../../app/servers/server-ports.js';
import type {ComputeClient} from './compute-client.js';
import {decodeCopy, decodeFlavorImage, decodeProperties} from './flavor-rows.js';
import {imageBase} from './image-base.js';
import {asList, asRecord, textOf} from './json.js';
import {decodeKnownServer, GONE, listNamed, listOfAll} from './named-servers.js';
import {type ServerFields, serverRow} from './server-calls.js';
import type {ListServers} from './server-listing.js';
import {readServiceJson} from './service-call.js';
import {readVolume} from './volumes.js';

/**
 * 2.47 the copy of the flavor, 2.98 the properties of the image; all works with 2.1, with less in the answer. The
 * queries have parameters alone that 2.75 and later know.
 */
const NEEDS = 98;

/** Volumes of a server that are looked at for the first one; that stands at the head of the list, as a rule. */
const MOST_VOLUMES = 4;

/** Servers and what their guests are to be like. */
export function createGuestServers(client: ComputeClient, list: ListServers): GuestServers {
  return {
    async show(id, signal) {
      const row = await serverRow(client, id, NEEDS, signal);
      return row === undefined ? undefined : decodeGuest(row);
    },

    named: async (name, which, signal) => listNamed(list, name, which, decodeGuest, signal, NEEDS),

    async all(signal) {
      const listing = await listOfAll(list, {}, decodeGuest, signal, NEEDS);
      return {...listing, rows: listing.rows.filter(({status}) => !GONE.includes(status))};
    },

    async image(id, signal) {
      try {
        const body = await readServiceJson(
          client,
          (token) => `${imageBase(client, token)}/v2/images/${encodeURIComponent(id)}`,
          {title: 'Glance', what: 'show an image'},
          signal,
        );
        return decodeFlavorImage(body);
      } catch (error) {
        // Deleted, or another project's: the server keeps what it had.
        const isHidden =
          error instanceof CloudError && (error.reason === 'not-found' || error.reason === 'forbidden');
        if (isHidden) return undefined;
        throw error;
      }
    },

    async volumeImage({id, image}, signal) {
      if (image?.kind !== 'volume') return undefined;
      const {volumeIds, rootDevice} = image;
      for (const volumeId of volumeIds.slice(0, MOST_VOLUMES)) {
        const volume = await readVolume(client, volumeId, signal);
        const isFirst = volumeIds.length === 1 || volume.devices.get(id) === rootDevice;
        if (isFirst) return volume.image;
      }
      return undefined;
    },
  };
}

/** Nova's numbers (nova/compute/power_state.py). */
const POWER_STATES: Readonly<Record<number, PowerState>> = {
  0: 'none',
  1: 'running',
  3: 'paused',
  4: 'shutdown',
  6: 'crashed',
  7: 'suspended',
};

function decodeGuest(row: ServerFields): GuestServer {
  const power = row['OS-EXT-STS:power_state'];
  return {
    ...decodeKnownServer(row),
    powerState: (typeof power === 'number' ? POWER_STATES[power] : undefined) ?? 'unknown',
    instanceName: textOf(row['OS-EXT-SRV-ATTR:instance_name']),
    hypervisorHostname: textOf(row['OS-EXT-SRV-ATTR:hypervisor_hostname']),
    copy: decodeCopy(asRecord(row['flavor']) ?? {}),
    image: row['image'] === '' ? decodeVolumes(row) : decodeImage(row['image']),
  };
}

function decodeVolumes(row: ServerFields): GuestImage {
  const volumes = asList(row['os-extended-volumes:volumes_attached']) ?? [];
  return {
    kind: 'volume',
    volumeIds: volumes.flatMap((volume) => textOf(asRecord(volume)?.['id']) ?? []),
    rootDevice: textOf(row['OS-EXT-SRV-ATTR:root_device_name']),
  };
}

function decodeImage(value: unknown): GuestImage | undefined {
  const image = asRecord(value);
  const id = textOf(image?.['id']);
  if (id === undefined) return undefined;
  const properties = asRecord(image?.['properties']);
  return {kind: 'image', id, properties: properties && decodeProperties(properties)};
}
