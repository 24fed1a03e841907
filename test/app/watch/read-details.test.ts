// Details of soft-deleted servers, through the adapters, from the embedded cloud.
import test from 'ava';
import type {ExecutionContext} from 'ava';
import type {CloudConfiguration} from '../../../source/adapters/openstack/configuration.js';
import {serviceReader} from '../../../source/app/servers/read-services.js';
import {readLosses} from '../../../source/app/purge/losses.js';
import type {DetailPorts, Details} from '../../../source/app/watch/detail-types.js';
import {type DetailNews, withNews} from '../../../source/app/watch/detail-types.js';
import {estimateOf, listServer} from '../../../source/app/watch/listed-server.js';
import {readDetails} from '../../../source/app/watch/read-details.js';
import type {ListedServer} from '../../../source/app/watch/watch-types.js';
import type {Reply} from '../../../source/demo/http.js';
import type {Port, Volume} from '../../../source/demo/nova/belongings.js';
import type {Intercept} from '../../../source/demo/openstack.js';
import {HOSTS, makeNova, type TestNova, value} from '../../helpers/demo-nova.js';
import {manualClock} from '../../helpers/http-clock.js';
import {serveNova} from '../../helpers/served-nova.js';

const {signal} = new AbortController();
const [HOST = ''] = HOSTS;

const BOOT: Volume = {
  id: 'vol-boot',
  name: 'boot',
  sizeGib: 80,
  device: '/dev/vda',
  isDeletedWithServer: true,
};
const DATA: Volume = {
  ...BOOT,
  id: 'vol-data',
  name: 'orders-data',
  sizeGib: 500,
  device: '/dev/vdb',
  isDeletedWithServer: false,
};
const PORT: Port = {
  id: 'port-1',
  mac: 'fa:16:3e:00:00:01',
  address: '10.20.4.17',
  floating: {id: 'fip-1', address: '203.0.113.41'},
};

type Scene = {
  readonly nova: TestNova;
  readonly id: string;
  readonly listed: ListedServer;
  readonly ports: DetailPorts;
};

/** A server of the member's project that was stopped and then deleted. */
async function open(
  t: ExecutionContext,
  as: 'admin' | 'member' = 'admin',
  {
    intercept,
    changes = {},
  }: {readonly intercept?: Intercept; readonly changes?: Partial<CloudConfiguration>} = {},
): Promise<Scene> {
  const nova = makeNova(value(3600), value(3600));
  const id = nova.boot(HOST, 'db-orders-01');
  Object.assign(nova.cloud.servers.get(id) ?? {}, {volumes: [BOOT, DATA], ports: [PORT]});
  nova.ask('POST', `/servers/${id}/action`, {body: {'os-stop': null}, as: 'member'});
  nova.advance(3600);
  nova.ask('DELETE', `/servers/${id}`, {as: 'member'});
  nova.advance(5);
  nova.ask('POST', `/servers/${id}/action`, {body: {lock: {locked_reason: 'audit\u001B]0;x\u0007'}}});
  const served = await serveNova(t, nova, intercept);
  const cloud = served.cloud(as, changes);
  const server = await cloud.waitingServers.show(id, signal);
  if (server === undefined) throw new Error('the server is not there');
  const nothing = new Map<string, never>();
  const around = {services: undefined, hosts: nothing, unseen: nothing, assumedSeconds: 3600};
  return {
    nova,
    id,
    listed: listServer(server, estimateOf(server), around, nova.cloud.now()),
    ports: {
      details: cloud.serverDetails,
      servers: cloud.namedServers,
      account: cloud,
      readServices: serviceReader({cloud, clock: manualClock()}),
    },
  };
}

async function read({ports, listed}: Pick<Scene, 'ports' | 'listed'>) {
  const told: DetailNews[] = [];
  let details: Details = {};
  await readDetails(
    ports,
    listed,
    (news) => {
      told.push(news);
      details = withNews(details, news);
    },
    signal,
  );
  return {details, told};
}

const refuse =
  (pattern: RegExp, reply: Reply): Intercept =>
  ({path}) =>
    pattern.test(path) ? reply : undefined;

test('an administrator sees every part of a server that was stopped before its delete', async (t) => {
  const scene = await open(t);
  const {details, told} = await read(scene);
  const member = scene.nova.cloud.users[1];
  t.deepEqual(details.flavor, {
    part: 'flavor',
    value: {name: 'm1.tiny', vcpus: 1, memoryMib: 512, diskGib: 1},
  });
  t.like(details.lock, {value: {isLocked: true, reason: 'audit ]0;x'}});
  t.like(details.fault, {value: undefined});
  t.deepEqual(details.volumes, {
    part: 'volumes',
    value: {
      volumes: [
        {id: 'vol-boot', name: 'boot', sizeGib: 80, isBoot: true, isDeletedWithServer: true},
        {id: 'vol-data', name: 'orders-data', sizeGib: 500, isBoot: false, isDeletedWithServer: false},
      ],
      problem: undefined,
    },
  });
  t.deepEqual(details.ports, {
    part: 'ports',
    value: {
      ports: [{addresses: ['10.20.4.17'], floating: ['203.0.113.41']}],
      source: 'neutron',
      problem: undefined,
    },
  });
  const {actions} = details;
  if (actions === undefined || !('value' in actions)) return t.fail('no actions');
  t.deepEqual(
    actions.value.actions.map(({action, result}) => [action, result]),
    [
      ['delete', 'succeeded'],
      ['stop', 'succeeded'],
      ['create', 'succeeded'],
    ],
  );
  t.is(actions.value.deletedBy, member?.id);
  t.deepEqual(actions.value.users, new Map([[member?.id ?? '', member?.name ?? '']]));
  const stop = scene.nova.cloud.servers.get(scene.id)?.actions.find(({action}) => action === 'stop');
  t.deepEqual(details.power, {
    part: 'power',
    value: {kind: 'off', action: 'stop', since: stop?.startedAt},
  });
  t.like(details.service, {
    value: {
      host: HOST,
      service: {kind: 'listed', state: 'up', isForcedDown: false},
    },
  });
  t.like(details.quota, {value: {check: {verdict: 'ok', short: []}, vcpus: 1, memoryMib: 512}});
  t.is(told.filter(({part}) => part === 'actions').length, 2, 'first without what only events tell');
});

test('a member sees its own server, is told what it may not see, and nothing else is lost by that', async (t) => {
  const {details} = await read(await open(t, 'member'));
  t.like(details.service, {value: {host: undefined, service: {kind: 'unseen'}}});
  t.like(details.flavor, {value: {name: 'm1.tiny'}});
  t.like(details.ports, {value: {source: 'neutron'}});
  t.like(details.quota, {value: {check: {verdict: 'ok'}}});
  t.like(details.power, {value: {kind: 'off'}});
  const {actions} = details;
  t.is(actions !== undefined && 'value' in actions ? actions.value.users.size : 0, 1, 'its own name');
});

test('a project that has no room for it is told with what is short', async (t) => {
  const scene = await open(t);
  const project = scene.nova.cloud.projects[1]?.id ?? '';
  scene.nova.cloud.quotas.set(project, {instances: 0, cores: 4, ram: 256});
  const {details} = await read(scene);
  t.like(details.quota, {
    value: {
      check: {
        verdict: 'refused',
        short: [
          {what: 'instances', limit: 0, used: 0, needed: 1},
          {what: 'memoryMib', limit: 256, used: 0, needed: 512},
        ],
      },
    },
  });
});

test('what is forbidden says so, and spoils no other part', async (t) => {
  const forbidden = {status: 403, body: {forbidden: {code: 403, message: 'no'}}};
  const intercept = refuse(/os-instance-actions|\/limits/, forbidden);
  const {details} = await read(await open(t, 'member', {intercept}));
  t.deepEqual(details.actions, {part: 'actions', problem: 'not shown to this account'});
  t.deepEqual(details.power, {part: 'power', problem: 'not shown to this account'});
  t.deepEqual(details.quota, {part: 'quota', problem: 'not shown to this account'});
  t.like(details.flavor, {value: {name: 'm1.tiny'}});
  t.like(details.volumes, {value: {problem: undefined}});
});

test('events that are not shown leave actions without results', async (t) => {
  const intercept = refuse(/os-instance-actions\/req-/, {status: 403, body: {forbidden: {message: 'no'}}});
  const {details} = await read(await open(t, 'member', {intercept}));
  const {actions} = details;
  if (actions === undefined || !('value' in actions)) return t.fail('no actions');
  t.deepEqual(
    actions.value.actions.map(({action, result}) => [action, result]),
    [
      ['delete', 'unknown'],
      ['stop', 'unknown'],
      ['create', 'unknown'],
    ],
  );
});

test('without Neutron the addresses are those that Nova remembers; without Cinder volumes have their ids', async (t) => {
  const intercept = refuse(/^\/(?:network|volume)\//, {status: 500, body: {}});
  const {details} = await read(await open(t, 'admin', {intercept}));
  t.like(details.ports, {
    value: {ports: [{addresses: ['10.20.4.17'], floating: ['203.0.113.41']}], source: 'nova'},
  });
  const {ports, volumes} = details;
  t.regex(ports !== undefined && 'value' in ports ? (ports.value.problem ?? '') : '', /Neutron .*HTTP 500/);
  if (volumes === undefined || !('value' in volumes)) return t.fail('no volumes');
  t.regex(volumes.value.problem ?? '', /Cinder .*HTTP 500/);
  t.deepEqual(volumes.value.volumes, [
    {id: 'vol-boot', name: undefined, sizeGib: undefined, isBoot: false, isDeletedWithServer: true},
    {id: 'vol-data', name: undefined, sizeGib: undefined, isBoot: false, isDeletedWithServer: false},
  ]);
});

test('a volume that Cinder does not know does not hide the others', async (t) => {
  const missing = {status: 404, body: {itemNotFound: {code: 404, message: 'none'}}};
  const {details} = await read(await open(t, 'admin', {intercept: refuse(/volumes\/vol-boot$/, missing)}));
  const {volumes} = details;
  if (volumes === undefined || !('value' in volumes)) return t.fail('no volumes');
  t.is(volumes.value.problem, undefined);
  t.deepEqual(
    volumes.value.volumes.map(({name}) => name),
    [undefined, 'orders-data'],
  );
});

test('a server that went meanwhile has no parts of its own any more, and its actions still', async (t) => {
  const scene = await open(t);
  scene.nova.ask('POST', `/servers/${scene.id}/action`, {body: {forceDelete: null}});
  scene.nova.advance(10);
  const {details} = await read(scene);
  for (const part of ['flavor', 'lock', 'fault', 'volumes', 'quota'] as const) {
    t.deepEqual(details[part], {part, problem: 'Nova has no such server any more'}, part);
  }
  t.like(details.actions, {value: {deletedBy: scene.nova.cloud.users[0]?.id}});
});

test('an abort ends it with its reason, and nothing is told from then on', async (t) => {
  const scene = await open(t);
  const stop = new AbortController();
  const told: DetailNews[] = [];
  const reading = readDetails(
    scene.ports,
    scene.listed,
    (news) => {
      told.push(news);
      stop.abort(new Error('the cursor went on'));
    },
    stop.signal,
  );
  await t.throwsAsync(reading, {message: 'the cursor went on'});
  t.is(told.length, 1);
});

test('a part that is there stays where it cannot be read again', (t) => {
  const lock = {part: 'lock', value: {isLocked: true, reason: undefined}} as const;
  const before = withNews({}, lock);
  t.deepEqual(withNews(before, {part: 'lock', problem: 'no'}), {lock});
  t.deepEqual(withNews({}, {part: 'lock', problem: 'no'}), {lock: {part: 'lock', problem: 'no'}});
});

test('a purge of several tells which volumes go and which stay, and what is not known', async (t) => {
  const {ports, id} = await open(t);
  const losses = await readLosses(ports.details, [id, 'gone'], signal);
  t.deepEqual(
    [losses.deleted.map(({name}) => name), losses.kept.map(({name}) => name), losses.deletedGib],
    [['boot'], ['orders-data'], 80],
  );
  t.is(losses.servers, 2);
  t.is(losses.problem, undefined);
  const intercept = refuse(/volumes\//, {status: 500, body: {}});
  const blind = await open(t, 'admin', {intercept});
  const half = await readLosses(blind.ports.details, [blind.id], signal);
  t.is(half.deletedGib, undefined);
  t.regex(half.problem ?? '', /Cinder/);
});

test('one reader of services who gives up does not take the answer from another', async (t) => {
  const {promise, resolve} = Promise.withResolvers<void>();
  let asked = 0;
  const services = async (given: AbortSignal) => {
    asked += 1;
    await Promise.race([
      promise,
      new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(given.reason))),
    ]);
    return [];
  };
  const reader = serviceReader({cloud: {services}, clock: manualClock()});
  const stop = new AbortController();
  const first = reader(stop.signal);
  const second = reader(signal);
  stop.abort(new Error('gone on'));
  await t.throwsAsync(first, {message: 'gone on'});
  resolve();
  t.deepEqual(await second, []);
  t.is(asked, 2);
});
