import test from 'ava';
import {prepareProof, type PreparePorts} from '../../../source/app/proof/prepare-proof.js';
import {MARK, MARK_BY} from '../../../source/app/proof/proof-types.js';
import {removeServer} from '../../../source/app/proof/remove-server.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';
import {FakeServers} from '../../helpers/fake-servers.js';
import {fakeAccount} from '../../helpers/seen-fleet.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const {signal} = new AbortController();
const service = (host: string, changes: Partial<ComputeService> = {}): ComputeService => ({
  id: host,
  binary: 'nova-compute',
  host,
  zone: 'nova',
  status: 'enabled',
  state: 'up',
  disabledReason: undefined,
  isForcedDown: false,
  updatedAt: undefined,
  ...changes,
});

function portsOf(services: readonly ComputeService[] = [service('compute-1')]) {
  const clock = new VirtualClock();
  const servers = new FakeServers(clock);
  const ports: PreparePorts = {servers, account: fakeAccount(), cloud: {services: async () => services}};
  return {clock, servers, ports};
}

const prepare = async (ports: PreparePorts) =>
  prepareProof(ports, 'ab12cd34', {by: 'root@bastion', run: 'r1'}, signal);

test('everything that would be made is known before anything is made', async (t) => {
  const {ports, servers} = portsOf([
    service('compute-1'),
    service('compute-2', {state: 'down'}),
    service('compute-3', {status: 'disabled'}),
    service('compute-4'),
    service('controller', {binary: 'nova-conductor'}),
  ]);
  const offer = await prepare(ports);
  t.like(offer, {
    name: 'reprieve-proof-ab12cd34',
    project: 'admin',
    hosts: 2,
    by: 'root@bastion',
    earlier: [],
  });
  t.is(offer.choice.flavor.name, 'm1.tiny');
  t.deepEqual(servers.calls, [], 'nothing was changed');
});

test('a cloud without a compute that takes servers is told at once', async (t) => {
  const {ports} = portsOf([service('compute-1', {status: 'disabled'})]);
  await t.throwsAsync(prepare(ports), {message: /no compute is up and enabled/});
});

test('what earlier proofs left is found by its mark, not by its name, the oldest first', async (t) => {
  const {ports, servers, clock} = portsOf();
  const left = (id: string, name: string, hours: number) =>
    servers.put({
      id,
      name: `reprieve-proof-${name}`,
      createdAt: clock.now() - hours * 3_600_000,
      status: 'SOFT_DELETED',
      metadata: new Map([
        [MARK, `reprieve-proof-${name}`],
        [MARK_BY, 'ann@bastion'],
      ]),
    });
  left('young', 'bb', 1);
  left('old', 'aa', 30);
  servers.put({id: 'alike', name: 'reprieve-proof-mine-not-yours'});
  const {earlier} = await prepare(ports);
  t.deepEqual(
    earlier.map(({id, by, status}) => `${id} ${by} ${status}`),
    ['old ann@bastion SOFT_DELETED', 'young ann@bastion SOFT_DELETED'],
  );
});

test('an earlier server is read again before it is destroyed, and left alone without its mark', async (t) => {
  const {servers, clock} = portsOf();
  const around = {servers, clock, cloud: {services: async () => []}};
  const name = 'reprieve-proof-aa';
  servers.put({id: 'one', name, metadata: new Map([[MARK, name]])});
  servers.put({id: 'two', name, metadata: new Map()});
  t.is(await removeServer(around, {id: 'one', name}, () => undefined), undefined);
  const left = await removeServer(around, {id: 'two', name}, () => undefined);
  t.regex(left?.problem ?? '', /does not carry the mark/);
  t.is(await removeServer(around, {id: 'three', name}, () => undefined), undefined, 'gone already');
  t.deepEqual(servers.calls, ['forceDelete one']);
});
