import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {restoreServers} from '../../../source/app/restore/restore.js';
import {isGood, type RestoreEvent, type RestoreWish} from '../../../source/app/restore/restore-types.js';
import type {DeleteTime} from '../../../source/domain/reclaim/standing.js';
import {checkWords, restoreSentence, restoreToJson} from '../../../source/text/restore.js';
import {
  FakeNamedServers,
  ID,
  type Look,
  LOST,
  refusal,
  softDeleted,
} from '../../helpers/fake-named-servers.js';

const UNKNOWN = {kind: 'unknown', problem: 'nobody said'} as const;
const WISH: RestoreWish = {
  stop: false,
  lock: undefined,
  waitSeconds: 60,
  isDryRun: false,
  interval: {kind: 'value', seconds: 7200},
};
const RESTORING: Look = {taskState: 'restoring', updatedAt: 2000};
const ACTIVE: Look = {status: 'ACTIVE', updatedAt: 3000};
const BACK: Look = {updatedAt: 3000};

async function restore(
  nova: FakeNamedServers,
  wish: Partial<RestoreWish> = {},
  signal = new AbortController().signal,
  onEvent: (event: RestoreEvent) => void = () => {},
) {
  nova.begin();
  const events: RestoreEvent[] = [];
  const servers = [...nova.rows.values()].map((server) => ({kind: 'found', server}) as const);
  const [end] = await restoreServers(
    nova.ports,
    servers,
    {...WISH, ...wish},
    (event) => {
      events.push(event);
      onEvent(event);
    },
    signal,
  );
  if (end === undefined) throw new Error('no end');
  const target = {word: 'web-1', server: servers[0]?.server};
  const {message, remedy = ''} = restoreSentence(end, target, 'lab');
  const last = events.findLast((event) => event.kind === 'end');
  const json = last === undefined ? {} : restoreToJson(last, 'lab');
  const checks = new Map((last?.checks ?? []).map(({check, verdict}) => [check, verdict]));
  return {end, events, message, remedy, json, checks, isGood: isGood(end)};
}

test('a server is asked for once, by its id, and followed until it is ACTIVE', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING, RESTORING, ACTIVE]);
  const {end, checks, isGood: good} = await restore(nova);
  t.is(end.kind, 'restored');
  t.true(good);
  t.deepEqual(nova.calls, [`restore ${ID}`]);
  t.deepEqual([...checks.values()], ['ok', 'ok', 'ok', 'ok', 'ok']);
  t.is(nova.clock.seconds(), 2);
});

test('a restore that failed is seen at once, and the safe way out is told', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING, BACK]);
  const {end, message, remedy, isGood: good} = await restore(nova);
  t.is(end.kind, 'failed');
  t.false(good);
  t.is(nova.clock.seconds(), 1);
  t.regex(message, /FAILED.*within about a minute, whatever the interval/);
  t.true(remedy.startsWith(`keep it now with: openstack --os-cloud lab server set --state error ${ID} (`));
  t.regex(remedy, /Do not DELETE it again.*every nova-api.*not forced down.*no API host was looked at/);
  t.notRegex(remedy, /takes an admin/);
  t.like(end, {
    service: {kind: 'listed', state: 'up', isForcedDown: false},
    isAdmin: true,
    rescue: {kind: 'set-error', reasons: [{kind: 'api-not-looked-at'}]},
  });
  t.deepEqual(nova.calls, [`restore ${ID}`], 'nothing else is sent');
});

test('what else speaks against another DELETE is told, and whom to ask', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.roles = ['member'];
  nova.services = refusal('forbidden', "Policy doesn't allow it.", 403);
  nova.after.set('restore', [RESTORING, BACK]);
  const {end, remedy} = await restore(nova);
  t.is(end.kind, 'failed');
  t.regex(remedy, /this account is not: ask one at once/);
  t.regex(remedy, /no API host was looked at; whether nova-compute of its host is up cannot be seen\)$/);
  t.deepEqual(nova.calls, [`restore ${ID}`]);
});

test('a server that is soft-deleted at the first look after the answer failed too', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [{}]);
  t.is((await restore(nova)).end.kind, 'failed');
});

test('an answer that was lost is followed by looks, and nothing is sent again', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('restore', LOST);
  nova.after.set('restore', [LOST, RESTORING, ACTIVE]);
  t.is((await restore(nova)).end.kind, 'restored');
  nova.after.set('restore', [{}]);
  const idle = await restore(nova);
  t.is(idle.end.kind, 'unanswered');
  t.regex(idle.message, /no answer came.*the connection broke/);
  nova.after.set('restore', [BACK]);
  t.is((await restore(nova)).end.kind, 'failed', 'the row was touched: Nova had taken it');
  t.is(nova.calls.length, 3);
});

test('a nova-api that fails with 500 may have begun all the same', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('restore', refusal('server-error', 'Nova failed.', 500));
  nova.after.set('restore', [RESTORING, ACTIVE]);
  t.is((await restore(nova)).end.kind, 'restored');
});

test('lack of quota and a policy are told apart', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('restore', refusal('quota', 'Nova refuses for lack of quota.', 403));
  const quota = await restore(nova);
  t.is(quota.end.kind, 'over-quota');
  t.regex(quota.remedy, /raise its quota/);
  nova.refusals.set('restore', refusal('forbidden', "Policy doesn't allow it.", 403));
  const policy = await restore(nova);
  t.is(policy.end.kind, 'forbidden');
  t.regex(policy.remedy, /role member/);
});

test('one that was reclaimed meanwhile is told so, before and after it was asked for', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('restore', refusal('not-found', 'Nova does not have that.', 404));
  t.like((await restore(nova)).end, {kind: 'reclaimed', wasAsked: false});
  nova.refusals.clear();
  nova.after.set('restore', [RESTORING, 'gone']);
  t.like((await restore(nova)).end, {kind: 'reclaimed', wasAsked: true});
});

test('a conflict is told by what the server is then', async (t) => {
  const kinds: string[] = [];
  const looks: readonly Look[] = [
    {taskState: 'restoring'},
    {status: 'ACTIVE'},
    {isLocked: true},
    {status: 'ERROR'},
    'gone',
    {},
  ];
  for (const look of looks) {
    const nova = new FakeNamedServers(softDeleted());
    nova.roles = ['member'];
    nova.refusals.set('restore', refusal('conflict', 'Nova cannot do that now.', 409));
    nova.after.set('restore', [look]);
    kinds.push((await restore(nova)).end.kind);
  }
  t.deepEqual(kinds, ['busy', 'restored-meanwhile', 'locked', 'changed', 'reclaimed', 'conflict']);
});

test('what speaks against it is told before Nova is asked', async (t) => {
  const cases: readonly (readonly [(nova: FakeNamedServers) => void, RegExp])[] = [
    [(nova) => nova.rows.set(ID, softDeleted({status: 'ACTIVE'})), /it is ACTIVE, not soft-deleted/],
    [(nova) => nova.rows.set(ID, softDeleted({taskState: 'restoring'})), /task restoring/],
    [
      (nova) => {
        nova.roles = ['member'];
        nova.rows.set(ID, softDeleted({isLocked: true, lockedReason: 'keep'}));
      },
      /locked \("keep"\), and only an admin/,
    ],
    [(nova) => (nova.services = [{state: 'down'}]), /nova-compute of compute-1 is down/],
    [(nova) => (nova.services = [{isForcedDown: true}]), /forced down/],
    [(nova) => (nova.services = []), /no nova-compute on its host compute-1/],
    [
      (nova) => {
        const free = {limit: undefined, used: 0};
        nova.quotaOf = {instances: {limit: 3, used: 3}, cores: {limit: 20, used: 18}, memoryMib: free};
      },
      /3 of 3 instances are used, and it needs 1$/,
    ],
  ];
  for (const [change, words] of cases) {
    const nova = new FakeNamedServers(softDeleted());
    change(nova);
    const {end, message} = await restore(nova);
    t.is(end.kind, 'refused');
    t.regex(message, words);
    t.deepEqual(nova.calls, []);
  }
});

test('one whose restore hangs is refused with what ends it', async (t) => {
  const restoring = await restore(new FakeNamedServers(softDeleted({taskState: 'restoring'})));
  t.regex(restoring.remedy, /if it hangs .*server set --state active .*, then .* server reboot --hard /);
  const deleting = await restore(new FakeNamedServers(softDeleted({taskState: 'deleting'})));
  t.is(deleting.remedy, 'wait until that is over, then try again');
});

test('what cannot be known is a warning, and the restore goes on', async (t) => {
  const nova = new FakeNamedServers(softDeleted({host: undefined, isLocked: true}));
  nova.roles = [];
  nova.services = refusal('forbidden', 'Nova does not permit this.', 403);
  nova.quotaOf = refusal('forbidden', 'Nova does not permit this.', 403);
  nova.after.set('restore', [ACTIVE]);
  const {end, checks} = await restore(nova, {interval: UNKNOWN});
  t.is(end.kind, 'restored');
  t.deepEqual(
    [...checks],
    [
      ['state', 'ok'],
      ['lock', 'warning'],
      ['service', 'warning'],
      ['quota', 'warning'],
      ['time', 'warning'],
    ],
  );
});

test('what only informs and gets no answer is a warning, and the restore goes on', async (t) => {
  const wordsOf = (events: readonly RestoreEvent[]) =>
    events.flatMap((event) =>
      event.kind === 'checked' ? event.checks.map((check) => `${check.verdict}: ${checkWords(check)}`) : [],
    );
  const away = refusal('server-error', 'Nova failed.', 503);
  const nova = new FakeNamedServers(softDeleted({isLocked: true}));
  nova.after.set('restore', [ACTIVE]);
  nova.roles = away;
  nova.services = away;
  nova.quotaOf = refusal('rate-limited', 'Nova wants fewer requests.', 429);
  nova.deleted = away;
  const {end, events} = await restore(nova);
  t.is(end.kind, 'restored');
  t.deepEqual(wordsOf(events), [
    'ok: it is soft-deleted, and nothing is being done with it',
    'warning: it is locked: Nova refuses unless this account is an admin',
    'warning: whether nova-compute of its host is up could not be checked: Nova failed',
    'warning: whether its project has quota for it is unknown: Nova wants fewer requests',
    'warning: when Nova destroys it could not be checked: Nova failed',
  ]);
  const timeless = new FakeNamedServers(softDeleted());
  timeless.after.set('restore', [ACTIVE]);
  timeless.timeRefusal = refusal('not-an-api', 'Neither Nova nor Keystone tells the time.');
  const without = await restore(timeless);
  t.is(without.end.kind, 'restored');
  t.is(
    wordsOf(without.events).at(-1),
    'warning: when Nova destroys it could not be checked: Neither Nova nor Keystone tells the time',
  );
  timeless.deleted = {kind: 'cleared'};
  const cleared = await restore(timeless);
  t.regex(wordsOf(cleared.events).at(-1) ?? '', /^warning: .*restore that failed.*next look$/);
});

test('what only informs and hangs is not waited for', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [ACTIVE]);
  nova.quota = async (_id, signal) => {
    await nova.clock.sleep(3_600_000, signal);
    throw new Error('it was waited for');
  };
  const {end, events} = await restore(nova);
  t.is(end.kind, 'restored');
  t.is(nova.clock.seconds(), 15);
  const quota = events
    .flatMap((event) => (event.kind === 'checked' ? event.checks : []))
    .find(({check}) => check === 'quota');
  t.is(
    quota === undefined ? undefined : checkWords(quota),
    'whether its project has quota for it is unknown: Nova has not answered for 15 s',
  );
});

test('a server that cannot be looked at itself is not restored', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.show = async () => {
    throw LOST;
  };
  t.is((await restore(nova)).end.kind, 'unseen');
  t.deepEqual(nova.calls, []);
});

test('a server that is due within seconds is a warning', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [ACTIVE]);
  t.is((await restore(nova, {interval: {kind: 'value', seconds: 75}})).checks.get('time'), 'warning');
  nova.deleted = {kind: 'cleared'};
  t.is((await restore(nova)).checks.get('time'), 'warning', 'an earlier restore cleared its time');
});

test('a delete time that Nova does not tell is no sign of a restore that failed', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [ACTIVE]);
  const timeOf = async (deleted: DeleteTime | CloudError, wish: Partial<RestoreWish> = {}) => {
    nova.deleted = deleted;
    const {events} = await restore(nova, {...wish, isDryRun: true});
    const check = events
      .findLast((event) => event.kind === 'end')
      ?.checks.find((one) => one.check === 'time');
    return check === undefined ? undefined : `${check.verdict}: ${checkWords(check)}`;
  };
  const unknown = 'warning: when Nova destroys it is unknown';
  t.is(await timeOf({kind: 'unknown'}), unknown);
  t.is(await timeOf(refusal('forbidden', "Policy doesn't allow it.", 403)), unknown);
  t.is(
    await timeOf({kind: 'unknown'}, {interval: UNKNOWN}),
    `${unknown}: nobody said which interval its host has (--interval)`,
  );
  // What a host is seen to run with decides, also where that is nothing.
  for (const interval of [{kind: 'unset'}, {kind: 'value', seconds: 0}, {kind: 'empty'}] as const) {
    t.is(await timeOf({kind: 'unknown'}, {interval}), 'ok: Nova does not destroy it by itself');
  }
  for (const wish of [{}, {interval: UNKNOWN}]) {
    t.regex((await timeOf({kind: 'cleared'}, wish)) ?? '', /^warning: .*restore that failed.*next look$/);
  }
});

test('a dry run asks Nova for nothing', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  const {end, isGood: good} = await restore(nova, {isDryRun: true, stop: true});
  t.is(end.kind, 'would-restore');
  t.true(good);
  t.deepEqual(nova.calls, []);
});

test('it is stopped and then locked when it is ACTIVE', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING, ACTIVE]);
  nova.after.set('stop', [{status: 'ACTIVE', taskState: 'powering-off'}, {status: 'SHUTOFF'}]);
  const {end, message} = await restore(nova, {stop: true, lock: 'INC-1'});
  t.like(end, {kind: 'restored', done: ['stop', 'lock'], short: []});
  t.is(message, 'restored and stopped: SHUTOFF on compute-1, locked');
  t.deepEqual(nova.calls, [`restore ${ID}`, `stop ${ID}`, 'INC-1', `lock ${ID}`]);
});

test('a guest is given time to shut down, however short the server is followed', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  const stopping: Look = {status: 'ACTIVE', taskState: 'powering-off'};
  nova.after.set('restore', [ACTIVE]);
  nova.after.set('stop', [...Array.from({length: 40}, () => stopping), {status: 'SHUTOFF'}]);
  const {end} = await restore(nova, {stop: true, waitSeconds: 5});
  t.like(end, {kind: 'restored', done: ['stop'], short: []});
});

test('a stop that Nova refuses leaves a server that runs, which is told', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [ACTIVE]);
  nova.refusals.set('stop', refusal('conflict', 'Nova cannot do that now.', 409));
  const {message, remedy, isGood: good} = await restore(nova, {stop: true});
  t.false(good);
  t.regex(message, /restored: ACTIVE on compute-1; NOT stopped, its guest runs: Nova cannot do that now/);
  t.regex(remedy, /server stop/);
});

test('one that does not come within the time is told with what it is', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING]);
  const {end, message} = await restore(nova);
  t.is(end.kind, 'late');
  t.regex(message, /not ACTIVE after 60 s: it is SOFT_DELETED, restoring/);
});

test('one that is to be stopped is followed on until it is ACTIVE, and stopped then', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  // A look each second for 20 s, then one in three: 100 looks are more than a minute and less than half an hour.
  nova.after.set('restore', [...Array.from({length: 100}, () => RESTORING), ACTIVE]);
  nova.after.set('stop', [{status: 'SHUTOFF'}]);
  const {end, events} = await restore(nova, {stop: true, lock: 'INC-1'});
  t.like(end, {kind: 'restored', done: ['stop', 'lock'], short: []});
  t.true(nova.clock.seconds() > 60);
  const seen = events.flatMap((event) => (event.kind === 'seen' ? [event.text] : []));
  t.true(
    seen.includes('not ACTIVE after 60 s; it is to be stopped, so it is followed on, until 30 min are over'),
  );
});

test('one that is to be stopped and does not come at all is told not to be stopped and locked', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING]);
  const {end, message, remedy, json} = await restore(nova, {stop: true, lock: 'do not start'});
  t.like(end, {kind: 'late', seconds: 1800});
  t.regex(message, /not ACTIVE after 1800 s, NOT stopped, NOT locked: it is SOFT_DELETED, restoring/);
  t.true(remedy.includes('once it is ACTIVE (its guest runs then), do it with: '));
  t.true(remedy.includes(`openstack --os-cloud lab server stop ${ID}, then openstack --os-cloud lab `));
  t.true(remedy.includes(`--os-compute-api-version 2.73 server lock --reason 'do not start' ${ID}`));
  t.deepEqual(json['not_done'], ['stop', 'lock']);
});

test('what was left undone is told however it ends', async (t) => {
  const wish = {stop: true, lock: 'INC-1'};
  const stopper = new AbortController();
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING]);
  const stopped = await restore(nova, wish, stopper.signal, ({kind}) => {
    if (kind === 'seen') stopper.abort();
  });
  nova.after.set('restore', [RESTORING, refusal('authentication', 'The password is no longer right.', 401)]);
  const refused = await restore(nova, wish);
  nova.after.set('restore', [{status: 'ERROR'}]);
  const failed = await restore(nova, wish);
  nova.refusals.set('restore', refusal('conflict', 'Nova cannot do that now.', 409));
  nova.after.set('restore', [ACTIVE]);
  const meanwhile = await restore(nova, wish);
  const all = [stopped, refused, failed, meanwhile];
  t.deepEqual(
    all.map(({end}) => end.kind),
    ['interrupted', 'late', 'changed', 'restored-meanwhile'],
  );
  for (const {message, remedy, json, isGood: good} of all) {
    t.false(good);
    t.regex(message, /, NOT stopped, NOT locked/);
    t.true(remedy.includes(`server stop ${ID}, then `), remedy);
    t.true(remedy.includes(`server lock --reason INC-1 ${ID}`), remedy);
    t.deepEqual(json['not_done'], ['stop', 'lock']);
  }
  nova.after.set('restore', [{status: 'SHUTOFF'}]);
  t.deepEqual((await restore(nova, wish)).json['not_done'], ['lock'], 'it does not run');
});

test('whoever stops the program before Nova is asked has nothing left undone', async (t) => {
  const stopper = new AbortController();
  const nova = new FakeNamedServers(softDeleted());
  const {end, message, json} = await restore(nova, {stop: true}, stopper.signal, () => stopper.abort());
  t.like(end, {kind: 'interrupted', wasAsked: false});
  t.is(message, 'interrupted: nothing was done with it');
  t.deepEqual(json['not_done'], []);
});

test('whoever stops the program is told that Nova goes on', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('restore', [RESTORING]);
  const stopper = new AbortController();
  const {end} = await restore(nova, {}, stopper.signal, ({kind}) => {
    if (kind === 'seen') stopper.abort();
  });
  t.like(end, {kind: 'interrupted', wasAsked: true});
});

test('a server that failed does not keep the others from being restored', async (t) => {
  const other = softDeleted({id: ID.replaceAll('1', '2'), name: 'web-2'});
  const nova = new FakeNamedServers(softDeleted({status: 'ACTIVE'}), other);
  nova.after.set('restore', [RESTORING, ACTIVE]);
  const {events} = await restore(nova);
  t.deepEqual(
    events.flatMap((event) => (event.kind === 'end' ? [event.end.kind] : [])),
    ['refused', 'restored'],
  );
});
