// Ports and volumes of the embedded cloud come, stay and go as with Neutron and Cinder.
import test from 'ava';
import {CloudError} from '../../source/app/errors.js';
import {asRecord} from '../../source/adapters/openstack/json.js';
import {setScene} from '../../source/demo/scene.js';
import {createRandom} from '../../source/demo/random.js';
import {HOSTS, makeNova, value} from '../helpers/demo-nova.js';
import {serveNova} from '../helpers/served-nova.js';

const {signal} = new AbortController();

test('servers of the scene have ports and volumes, which only their project and administrators see', async (t) => {
  const nova = makeNova(value(3600), value(3600));
  setScene(nova.cloud, createRandom(3), {servers: 60, waitingUpToSeconds: 3000});
  const served = await serveNova(t, nova);
  const [admin, member] = [served.cloud('admin').serverDetails, served.cloud('member').serverDetails];
  const mine = nova.cloud.projects[1]?.id;
  const waiting = [...nova.cloud.servers.values()].filter(({isDestroyed}) => !isDestroyed);
  const [own, other] = [true, false].map((isMine) =>
    waiting.find(({projectId, volumes}) => (projectId === mine) === isMine && volumes.length > 0),
  );
  if (own === undefined || other === undefined) return t.fail('the scene has too few volumes');
  for (const server of [own, other]) {
    const [volume] = server.volumes;
    t.is((await admin.volume(volume?.id ?? '', signal)).sizeGib, volume?.sizeGib);
    t.deepEqual(
      (await admin.ports(server.id, signal)).flatMap(({addresses}) => addresses),
      server.ports.map(({address}) => address),
    );
  }
  t.is((await member.volume(own.volumes[0]?.id ?? '', signal)).name, own.volumes[0]?.name);
  t.deepEqual(await member.ports(other.id, signal), []);
  const error = await t.throwsAsync<CloudError>(member.volume(other.volumes[0]?.id ?? '', signal), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'not-found');
});

test('a purge takes the ports and the volumes that go with the server, and leaves the others free', async (t) => {
  const nova = makeNova(value(3600), value(3600));
  const id = nova.boot(HOSTS[0] ?? '');
  const volume = {name: 'v', sizeGib: 1, device: '/dev/vdb'};
  const volumes = [
    {...volume, id: 'goes', isDeletedWithServer: true},
    {...volume, id: 'stays', isDeletedWithServer: false},
  ];
  Object.assign(nova.cloud.servers.get(id) ?? {}, {volumes});
  const {serverDetails} = (await serveNova(t, nova)).cloud('admin');
  t.is((await serverDetails.ports(id, signal)).length, 1);
  t.is((await serverDetails.volume('stays', signal)).devices.get(id), '/dev/vdb');
  nova.ask('POST', `/servers/${id}/action`, {body: {forceDelete: null}});
  nova.advance(5);
  t.deepEqual(await serverDetails.ports(id, signal), []);
  t.is((await serverDetails.volume('stays', signal)).devices.size, 0);
  await t.throwsAsync(serverDetails.volume('goes', signal), {instanceOf: CloudError});
});

test('a server that is made without a network has no port', (t) => {
  const nova = makeNova(value(3600), value(3600));
  const server = {
    name: 'bare',
    flavorRef: nova.cloud.flavors[0]?.id,
    imageRef: nova.cloud.images[0]?.id,
    networks: 'none',
  };
  nova.ask('POST', '/servers', {body: {server}});
  const made = [...nova.cloud.servers.values()].find(({name}) => name === 'bare');
  t.deepEqual(made?.ports, []);
  const row = asRecord(asRecord(nova.ask('GET', `/servers/${made?.id}`).body)?.['server']);
  t.deepEqual(row?.['addresses'], {});
});
