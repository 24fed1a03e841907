import test from 'ava';
import type {AgainEnd, AgainEvent} from '../../../source/app/again/again-types.js';
import {type AgainWish, deleteAgain} from '../../../source/app/again/delete-again.js';
import type {IntervalReading} from '../../../source/domain/fleet/interval-change.js';
import {againSentence} from '../../../source/text/again.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {
  FakeNamedServers,
  ID,
  type Look,
  LOST,
  refusal,
  softDeleted,
} from '../../helpers/fake-named-servers.js';

const ON: FleetShape = {computes: 2, compute: '3600', apis: 2, api: '3600'};
const DELETING: Look = {taskState: 'soft-deleting', updatedAt: 2000};
const WAITING: Look = {updatedAt: 3000};
const FRESH = {kind: 'action', time: Date.UTC(2026, 10, 22, 18, 1)} as const;
const HOUR: IntervalReading = {kind: 'value', seconds: 3600};
const OTHER_ID = ID.replaceAll('1', '2');

type Scene = {readonly fleet: FakeFleet; readonly nova: FakeNamedServers};

/** A cloud that is on, with one soft-deleted server that a DELETE gives a new time. */
function scene(shape: FleetShape = ON, ...rows: readonly ReturnType<typeof softDeleted>[]): Scene {
  const nova = new FakeNamedServers(...(rows.length === 0 ? [softDeleted()] : rows));
  nova.after.set('delete', [DELETING, DELETING, WAITING]);
  nova.deletedAgain = FRESH;
  return {fleet: new FakeFleet(shape), nova};
}

async function again(
  {fleet, nova}: Scene,
  wish: Partial<AgainWish> = {},
  signal = new AbortController().signal,
  onEvent: (event: AgainEvent) => void = () => {},
) {
  const events: AgainEvent[] = [];
  const ends = await deleteAgain(
    {
      ...fleet.process().ports(),
      servers: nova,
      waitingServers: nova.waitingServers,
      account: nova.account,
    },
    [...nova.rows.values()].map((server) => ({server, interval: HOUR})),
    {
      loadFleet: async () => ({source: 'fake', hosts: fleet.hosts, selected: [], notices: []}),
      parallel: 10,
      waitSeconds: 60,
      ...wish,
    },
    (event) => {
      events.push(event);
      onEvent(event);
    },
    signal,
  );
  const [end] = ends;
  if (end === undefined) throw new Error('no end');
  const {message, remedy = ''} = againSentence(end, ID, 'lab');
  return {end, ends, events, kind: end.kind, message, remedy};
}

/** Why nothing was sent. */
function reasonsOf(end: AgainEnd): string {
  return end.kind === 'not-safe'
    ? [end.verdict.kind, ...end.verdict.reasons.map(({kind}) => kind)].join(' ')
    : end.kind;
}

test('where every API host is on and the host is up it is deleted once, by id, and waits anew', async (t) => {
  const {fleet, nova} = scene();
  const {end, message, events} = await again({fleet, nova});
  t.like(end, {kind: 'given', deletedAt: FRESH.time, seconds: 3600});
  t.is(message, 'deleted again: it waits 1 h (3,600 s) anew');
  t.deepEqual(nova.calls, [`delete ${ID}`]);
  t.deepEqual(
    [...new Set(fleet.calls.map(({node}) => node))].toSorted(),
    ['api-1', 'api-2'],
    'every API host, and no other node',
  );
  t.deepEqual(
    events.map(({kind}) => kind),
    ['looked', 'asked', 'seen', 'end'],
  );
});

test('a failed restore gets its delete time back', async (t) => {
  const {fleet, nova} = scene();
  nova.deleted = {kind: 'cleared'};
  t.is((await again({fleet, nova})).kind, 'given');
  t.deepEqual(nova.calls, [`delete ${ID}`]);
});

const UNSAFE: readonly (readonly [string, FleetShape, (fleet: FakeFleet) => void, string, RegExp])[] = [
  [
    'nova-api is off',
    {...ON, api: '0'},
    () => {},
    'final api-off api-off',
    /would be final, .*nova-api on api-1 is 0 \(off\)/,
  ],
  [
    'one of two API hosts runs with another value than its file has',
    ON,
    (fleet) => fleet.node('api-2').write('/etc/nova/nova.conf', '[DEFAULT]\n'),
    'unsure api-unseen',
    /may be final.*api-2 was not seen: the configuration changed after the service started/,
  ],
  [
    'one of two API hosts was switched off',
    ON,
    (fleet) => {
      fleet.node('api-2').write('/etc/nova/nova.conf', '[DEFAULT]\n');
      fleet.node('api-2').restart('api');
    },
    'final api-off',
    /nova-api on api-2 is not set \(off\)/,
  ],
  [
    'one of two API hosts cannot be reached',
    ON,
    (fleet) => (fleet.node('api-2').isReachable = false),
    'unsure api-unseen',
    /nova-api on api-2 was not seen: api-2: connection refused/,
  ],
  [
    'an API host is of another cloud',
    ON,
    (fleet) => fleet.foreignApis.add('api-2'),
    'unsure api-unseen',
    /api-2 was not seen: the API on port \d+ lists other services/,
  ],
  [
    'the listener of an API host does not answer',
    ON,
    (fleet) => fleet.deafApis.add('api-2'),
    'unsure api-unseen',
    /api-2 was not seen: no listener of nova-api.service answers/,
  ],
  ['no API host is known', {...ON, apis: 0}, () => {}, 'unsure no-api-host', /no API host is known/],
  [
    'nova-compute of its host is down',
    ON,
    (fleet) => fleet.node('compute-1').restart('compute'),
    'final host-down',
    /nova-compute of compute-1 is down/,
  ],
];

for (const [name, shape, change, reasons, words] of UNSAFE) {
  test(`nothing is sent where ${name}`, async (t) => {
    const set = scene(shape);
    set.fleet.node('compute-1').healthOf = () => 'mute';
    change(set.fleet);
    await set.fleet.clock.sleep(90_000);
    const {end, message} = await again(set);
    t.is(reasonsOf(end), reasons);
    t.regex(message, words);
    t.deepEqual(set.nova.calls, []);
  });
}

test('nothing is sent where its host is forced down, not listed or unknown, or it has none', async (t) => {
  const cases = [
    [{isForcedDown: true}, {}, 'final forced-down'],
    [{state: 'unknown'}, {}, 'unsure service-unknown'],
    [{}, {host: 'compute-9'}, 'final no-service'],
    [{}, {host: undefined}, 'final no-host'],
    [{state: 'unknown', host: 'compute-0'}, {host: 'compute-9'}, 'unsure service-unseen'],
  ] as const;
  for (const [service, row, reasons] of cases) {
    const {fleet, nova} = scene(ON, softDeleted(row));
    const services = fleet.services();
    fleet.services = () => services.map((one) => (one.host === 'compute-1' ? {...one, ...service} : one));
    const {end} = await again({fleet, nova});
    t.is(reasonsOf(end), reasons);
    t.deepEqual(nova.calls, []);
  }
});

test('nothing is sent where services may not be listed, or the inventory cannot be read', async (t) => {
  const hidden = scene();
  hidden.fleet.services = () => {
    throw refusal('forbidden', "Policy doesn't allow it.", 403);
  };
  t.is(reasonsOf((await again(hidden)).end), 'unsure api-not-looked-at service-unseen');
  t.deepEqual(hidden.fleet.calls, [], 'no node is touched');
  const unread = scene();
  const {end} = await again(unread, {
    loadFleet: () => Promise.reject(refusal('configuration', 'inventory hosts.ini: no such file')),
  });
  t.is(reasonsOf(end), 'unsure api-not-looked-at');
  t.deepEqual([...hidden.nova.calls, ...unread.nova.calls], []);
});

test('an API host that hangs is not waited for longer than half a minute', async (t) => {
  const {fleet, nova} = scene();
  const ports = fleet.process().ports();
  const shell = {
    ...ports.shell,
    run: async (...[node, script, options]: Parameters<typeof ports.shell.run>) => {
      if (node.name === 'api-2') await fleet.clock.sleep(3_600_000, options.signal);
      return ports.shell.run(node, script, options);
    },
  };
  const wish = {
    loadFleet: async () => ({source: 'fake', hosts: fleet.hosts, selected: [], notices: []}),
    parallel: 10,
    waitSeconds: 60,
  };
  const all = {...ports, shell, servers: nova, waitingServers: nova.waitingServers, account: nova.account};
  const targets = [{server: softDeleted(), interval: HOUR}];
  const [end] = await deleteAgain(all, targets, wish, () => {}, new AbortController().signal);
  t.is(end === undefined ? '' : reasonsOf(end), 'unsure api-unseen');
  t.true(fleet.clock.seconds() < 31);
  t.deepEqual(nova.calls, []);
});

test('it is read again just before: what became of it meanwhile is told apart, and left alone', async (t) => {
  const cases = [
    ['gone', 'gone', /it is gone: Nova reclaimed it meanwhile, or somebody purged it/],
    [{status: 'DELETED'}, 'gone', /it is gone/],
    [{status: 'ACTIVE'}, 'restored', /somebody restored it meanwhile/],
    [{status: 'ERROR'}, 'refused', /it is ERROR now, and was left alone/],
    [{taskState: 'restoring'}, 'refused', /it is SOFT_DELETED, restoring now/],
    [{status: 'ACTIVE', taskState: 'deleting'}, 'refused', /it is ACTIVE, deleting now/],
  ] as const;
  for (const [row, kind, words] of cases) {
    const set = scene(ON, softDeleted());
    const {show} = set.nova;
    set.nova.show = async (id, signal) => {
      const server = await show.call(set.nova, id, signal);
      return row === 'gone' || server === undefined ? undefined : {...server, ...row};
    };
    const seen = await again(set);
    t.is(seen.kind, kind);
    t.regex(seen.message, words);
    t.deepEqual(set.nova.calls, []);
  }
});

test('what it was destroyed by after the DELETE is not guessed', async (t) => {
  for (const looks of [['gone'], [{taskState: 'deleting'}, 'gone'], [{status: 'DELETED'}]] as const) {
    const {fleet, nova} = scene();
    nova.after.set('delete', [...looks]);
    const {kind, message} = await again({fleet, nova});
    t.is(kind, 'destroyed');
    t.regex(message, /periodic task of its host came first, or the DELETE was final/);
  }
});

test('one that became something else after the DELETE is told with what it is', async (t) => {
  const {fleet, nova} = scene();
  nova.after.set('delete', [{status: 'ERROR', fault: 'no space'}]);
  const {kind, message} = await again({fleet, nova});
  t.is(kind, 'changed');
  t.is(message, 'it is ERROR now, not soft-deleted: no space');
});

test('what Nova refuses is told apart by what the server is then', async (t) => {
  const conflict = refusal('conflict', 'Nova cannot do that now.', 409);
  const cases = [
    [refusal('not-found', 'gone', 404), {}, 'gone'],
    [refusal('forbidden', "Policy doesn't allow it.", 403), {}, 'denied'],
    [conflict, {isLocked: true}, 'locked'],
    [conflict, {}, 'denied'],
    [conflict, {status: 'ACTIVE'}, 'restored'],
    [conflict, {taskState: 'restoring'}, 'refused'],
    [conflict, 'gone', 'gone'],
  ] as const;
  for (const [error, look, kind] of cases) {
    const {fleet, nova} = scene();
    nova.roles = ['member'];
    nova.refusals.set('delete', error);
    nova.after.set('delete', [look]);
    t.is((await again({fleet, nova})).kind, kind);
    t.deepEqual(nova.calls, [`delete ${ID}`]);
  }
});

test('an answer that was lost is followed by looks, and nothing is sent again', async (t) => {
  const lost = scene();
  lost.nova.refusals.set('delete', LOST);
  lost.nova.after.set('delete', [LOST, DELETING, WAITING]);
  t.is((await again(lost)).kind, 'given');
  const idle = scene();
  idle.nova.refusals.set('delete', refusal('server-error', 'Nova failed.', 500));
  idle.nova.after.set('delete', [{}]);
  idle.nova.deletedAgain = undefined;
  const {kind, message, remedy} = await again(idle);
  t.is(kind, 'unanswered');
  t.regex(message, /unknown: Nova failed$/);
  t.regex(remedy, /as long as it is SOFT_DELETED it can be tried again/);
  t.deepEqual([...lost.nova.calls, ...idle.nova.calls], [`delete ${ID}`, `delete ${ID}`]);
});

test('a DELETE that Nova took and that left the old delete time is no success', async (t) => {
  const {fleet, nova} = scene();
  nova.deletedAgain = undefined;
  nova.after.set('delete', [{}]);
  const {kind, message} = await again({fleet, nova});
  t.is(kind, 'unanswered');
  t.regex(message, /recorded no new delete/);
});

test('where Nova keeps its actions to itself the end of the task is taken for it', async (t) => {
  const {fleet, nova} = scene();
  nova.deleted = refusal('forbidden', "Policy doesn't allow it.", 403);
  nova.deletedAgain = undefined;
  t.like((await again({fleet, nova})).end, {kind: 'given', deletedAt: undefined});
});

test('one that does not come to rest within the time is told with its task', async (t) => {
  const {fleet, nova} = scene();
  nova.after.set('delete', [DELETING]);
  const {kind, message, remedy} = await again({fleet, nova});
  t.is(kind, 'late');
  t.regex(message, /after 60 s: it is SOFT_DELETED, soft-deleting$/);
  t.regex(remedy, /as long as it has a task Nova does not reclaim it/);
});

test('a Nova that does not answer is told of each server', async (t) => {
  const {fleet, nova} = scene(ON, softDeleted(), softDeleted({id: OTHER_ID}));
  fleet.isNovaDown = () => true;
  const {ends} = await again({fleet, nova});
  t.deepEqual(
    ends.map(({kind}) => kind),
    ['unseen', 'unseen'],
  );
  t.deepEqual(nova.calls, []);
});

test('whoever stops the program before the DELETE stops it, and after it is told that Nova goes on', async (t) => {
  for (const [kind, wasAsked] of [
    ['looked', false],
    ['seen', true],
  ] as const) {
    const set = scene();
    const stopper = new AbortController();
    const {end} = await again(set, {}, stopper.signal, (event) => {
      if (event.kind === kind) stopper.abort();
    });
    t.deepEqual(end, {kind: 'interrupted', wasAsked});
    t.is(set.nova.calls.length, wasAsked ? 1 : 0);
  }
});

test('the API hosts are looked at once for many servers, and again before a look is too old', async (t) => {
  const rows = Array.from({length: 20}, (_, index) =>
    softDeleted({id: ID.replace(/..$/, String(index).padStart(2, '0'))}),
  );
  const {fleet, nova} = scene(ON, ...rows);
  nova.show = async (id) => ({
    ...softDeleted({id}),
    ...(nova.calls.includes(`delete ${id}`) ? DELETING : {}),
  });
  const {ends} = await again({fleet, nova}, {waitSeconds: 20});
  t.true(ends.every(({kind}) => kind === 'late'));
  t.is(nova.calls.length, 20);
  const looks = fleet.calls.filter(({node}) => node === 'api-1').length;
  t.is(looks, 3, 'eight at a time, twenty seconds each');
});
