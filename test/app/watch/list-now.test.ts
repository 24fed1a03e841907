import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {listNow} from '../../../source/app/watch/list-now.js';
import type {WaitingList, WatchOptions} from '../../../source/app/watch/watch-types.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {FakeWaiting} from '../../helpers/fake-waiting.js';

const {signal} = new AbortController();
const ON: FleetShape = {computes: 2, compute: '3600', apis: 1, api: '3600'};

async function list(waiting: FakeWaiting, given: Partial<WatchOptions> = {}): Promise<WaitingList> {
  const {ports, options} = waiting.watch(given);
  return (await listNow(ports, options, signal)).list;
}

/** `name state cause source` of each. */
const words = ({servers}: WaitingList) =>
  servers.map(({server, standing: {state, cause}, intervalSource}) =>
    [server.name, state, cause, intervalSource].filter((word) => word !== undefined).join(' '),
  );

test('the interval of each server is that of its own host', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-2').write('/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 60\n');
  fleet.node('compute-2').restart('compute');
  await fleet.clock.sleep(30_000);
  const waiting = new FakeWaiting(fleet);
  waiting.delete('a', 120);
  waiting.delete('b', 100, {host: 'compute-2'});
  const found = await list(waiting);
  t.deepEqual(words(found), ['a waiting host', 'b due host']);
  t.is(found.problem, undefined);
  t.deepEqual(found.unseen, []);
});

test('a host that cannot be looked at has the interval that was given, and is named', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-2').isReachable = false;
  const waiting = new FakeWaiting(fleet);
  waiting.delete('a', 120, {host: 'compute-2'});
  const found = await list(waiting, {assumedSeconds: 60});
  t.deepEqual(words(found), ['a due assumed']);
  t.deepEqual(
    found.unseen.map(({host}) => host),
    ['compute-2'],
  );
  t.is(found.servers[0]?.unseen, found.unseen[0]?.problem);
  const unknown = await list(waiting);
  t.deepEqual(words(unknown), ['a unknown interval-unknown none']);
  const [{interval} = {interval: undefined}] = unknown.servers;
  t.true(interval?.kind === 'unknown' && interval.problem.startsWith('it could not be looked at: '));
});

test('only the hosts of these servers are looked at, and none where none is known', async (t) => {
  const fleet = new FakeFleet(ON);
  const waiting = new FakeWaiting(fleet);
  waiting.delete('a', 120);
  await list(waiting);
  t.deepEqual([...new Set(fleet.calls.map(({node}) => node))], ['compute-1']);
  fleet.calls.length = 0;
  const loadFleet = async () => ({source: undefined, hosts: [], selected: [], notices: []});
  const found = await list(waiting, {loadFleet, assumedSeconds: 60});
  t.deepEqual(words(found), ['a due assumed']);
  t.false(found.hasNodes);
  t.deepEqual(fleet.calls, []);
});

test('a host that the inventory calls otherwise is found by what it says of itself', async (t) => {
  const fleet = new FakeFleet(ON);
  const [, first, second] = fleet.hosts;
  if (first === undefined || second === undefined) throw new Error('no hosts');
  const selected = [{...first, name: 'rack-1'}, second];
  const waiting = new FakeWaiting(fleet);
  waiting.delete('a', 120);
  const loadFleet = async () => ({source: 'fake', hosts: selected, selected, notices: []});
  t.deepEqual(words(await list(waiting, {loadFleet})), ['a waiting host']);
});

test('the clock of the host counts', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-1').skewMs = 600_000;
  const waiting = new FakeWaiting(fleet);
  waiting.delete('a', 3010);
  t.deepEqual(words(await list(waiting)), ['a due host']);
});

test('delete times are estimated until the actions are asked for', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('a', 3500, {updatedAt: waiting.fleet.clock.now() - 10_000});
  waiting.delete('b', 3500);
  waiting.times.set('b', {kind: 'cleared'});
  waiting.delete('gone', 10);
  waiting.times.set('gone', new CloudError('not-found', 'Nova does not have that'));
  const [rough] = (await list(waiting)).servers;
  t.is(rough?.deleted.kind, 'estimate');
  const exact = await list(waiting, {isExact: true});
  t.deepEqual(words(exact), ['a waiting host', 'b due restore-failed host']);
  t.is((rough?.standing.dueAt ?? 0) - (exact.servers[0]?.standing.dueAt ?? 0), 3_490_000);
});

test('a restore that begins while the times are asked for is no restore that failed', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  for (const name of ['begun', 'done', 'failed']) waiting.delete(name, 100);
  waiting.beforeTimes = (id) => {
    if (id !== 'failed') {
      const isDone = id === 'done';
      waiting.change(id, isDone ? {status: 'ACTIVE'} : {taskState: 'restoring'});
    }
    waiting.times.set(id, {kind: 'cleared'});
  };
  const found = await list(waiting, {isExact: true});
  t.deepEqual(words(found), ['begun waiting host', 'failed due restore-failed host']);
});

test('actions that Nova keeps to itself leave the estimate, and are asked for once', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  for (let index = 0; index < 30; index += 1) {
    waiting.delete(`s${index}`, 10);
    waiting.times.set(`s${index}`, new CloudError('forbidden', 'no'));
  }
  const found = await list(waiting, {isExact: true});
  t.is(found.servers.filter(({deleted}) => deleted.kind === 'estimate').length, 30);
  t.is(found.timesProblem, undefined);
  t.true(waiting.asked.filter((what) => what.startsWith('times')).length <= 10);
});

test('an API that stops to answer in the middle leaves the list, and is told', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  for (let index = 0; index < 30; index += 1) waiting.delete(`s${index}`, 10);
  for (let index = 5; index < 30; index += 1)
    waiting.times.set(`s${index}`, new CloudError('unreachable', 'Nova does not answer'));
  const found = await list(waiting, {isExact: true});
  t.is(found.servers.length, 30);
  t.is(found.servers.filter(({deleted}) => deleted.kind === 'action').length, 5);
  t.is(found.timesProblem, 'Nova does not answer');
});

test('a list that broke off says so', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('a', 10);
  waiting.problem = 'the listing broke off after one page';
  const found = await list(waiting);
  t.is(found.problem, 'the listing broke off after one page');
  t.is(found.servers.length, 1);
});

test('only servers with the text in their name or id', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('Web-1', 10);
  waiting.delete('db-1', 10, {id: 'cafe-web-9'});
  waiting.delete('db-2', 10);
  const found = await list(waiting, {text: 'wEb'});
  t.deepEqual(
    found.servers.map(({server}) => server.name),
    ['Web-1', 'db-1'],
  );
  t.is(found.others, 1);
});

test('somebody of a project sees no hosts: their interval is what was given', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.scope = 'own-project';
  waiting.delete('a', 120, {host: undefined, isHostShown: false});
  const {ports, options} = waiting.watch({assumedSeconds: 3600});
  const services = async () => Promise.reject(new CloudError('forbidden', 'no'));
  const {list: found} = await listNow({...ports, cloud: {...ports.cloud, services}}, options, signal);
  t.deepEqual(words(found), ['a waiting assumed']);
  t.is(found.scope, 'own-project');
});

test('a server without a host, or on one that Nova does not list, is stuck', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('a', 120, {host: undefined});
  waiting.delete('b', 120, {host: 'old-name'});
  t.deepEqual(words(await list(waiting)), ['a stuck no-host none', 'b stuck no-service none']);
});

test('only names that are awaited are asked for, each user once', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('a', 120);
  waiting.delete('b', 100);
  const asked: string[] = [];
  const account = {
    projectNames: async () => {
      asked.push('projects');
      return new Map([['p', 'shop']]);
    },
    userNames: async (ids: Iterable<string>) => {
      asked.push(...ids);
      return new Map([['u', 'ann']]);
    },
  };
  const names = async (...awaitedNames: WatchOptions['awaitedNames']) => {
    const {ports, options} = waiting.watch({awaitedNames});
    return (await listNow({...ports, account}, options, signal)).list.names;
  };
  t.deepEqual(await names(), {projects: new Map(), users: new Map()});
  t.deepEqual(asked, []);
  t.deepEqual(await names('projects'), {projects: new Map([['p', 'shop']]), users: new Map()});
  t.deepEqual(await names('projects', 'users'), {
    projects: new Map([['p', 'shop']]),
    users: new Map([['u', 'ann']]),
  });
  t.deepEqual(new Set(asked), new Set(['projects', 'u']));
});

test('servers of a cell that does not answer are missing, which is told', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.delete('a', 120);
  const {ports, options} = waiting.watch();
  const services = async () => {
    const [first, ...more] = await ports.cloud.services(signal);
    if (first === undefined) throw new Error('no services');
    const silent = {...first, host: 'far-1', status: 'unknown', state: 'unknown'} as const;
    return [first, ...more, silent];
  };
  const look = async () =>
    (await listNow({...ports, cloud: {...ports.cloud, services}}, options, signal)).list;
  const found = await look();
  t.deepEqual(words(found), ['a waiting host']);
  t.regex(found.problem ?? '', /^a cell of Nova does not answer: its servers are missing, those of far-1$/);
  waiting.problem = 'the second page did not come';
  t.regex((await look()).problem ?? '', /^the second page did not come; a cell of Nova does not answer/);
});
