import test from 'ava';
import {startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const ID = 'a5f4cc8d-a8af-4b39-bbc7-38f4caa9ced2';
const NOVA = `/v2.1/servers/${ID}`;

function server(image: unknown, volumes: readonly string[]) {
  return {
    server: {
      id: ID,
      name: 'web-1',
      status: 'ACTIVE',
      image,
      flavor: {original_name: 'f', vcpus: 2, ram: 256, disk: 0, extra_specs: {'hw:watchdog_action': 'reset'}},
      'OS-EXT-STS:power_state': 3,
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
      'os-extended-volumes:volumes_attached': volumes.map((id) => ({id})),
    },
  };
}

function volume(device: string, metadata?: object) {
  return {
    volume: {
      name: 'v',
      size: 1,
      attachments: [{server_id: ID, device}],
      ...(metadata && {volume_image_metadata: metadata}),
    },
  };
}

test('a server is read with the copy of its flavor, its image as it keeps it, and the power state', async (t) => {
  const image = {id: 'i', properties: {hw_watchdog_action: 'pause', owner_specified: 'x'}};
  const {cloud} = await startOpenStack(t, {routes: {[`GET ${NOVA}`]: {body: server(image, [])}}});
  t.like(await cloud().guestServers.show(ID, signal), {
    powerState: 'paused',
    copy: {name: 'f', vcpus: 2, extraSpecs: {'hw:watchdog_action': 'reset'}},
    image: {kind: 'image', id: 'i', properties: {hw_watchdog_action: 'pause'}},
  });
});

test('the image of a server that starts from a volume is that of its first disk', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      [`GET ${NOVA}`]: {body: server('', ['data', 'root'])},
      'GET /v3/volumes/data': {body: volume('/dev/vdb')},
      'GET /v3/volumes/root': {
        body: volume('/dev/vda', {image_name: 'debian', hw_watchdog_action: 'reset', checksum: 'c'}),
      },
    },
  });
  const {guestServers} = fake.cloud({volumeEndpoint: `${fake.url}/v3`});
  const found = await guestServers.show(ID, signal);
  if (found === undefined) throw new Error('there is one');
  t.deepEqual(found.image, {kind: 'volume', volumeIds: ['data', 'root'], rootDevice: '/dev/vda'});
  t.deepEqual(await guestServers.volumeImage(found, signal), {
    name: 'debian',
    properties: {hw_watchdog_action: 'reset'},
  });
});
