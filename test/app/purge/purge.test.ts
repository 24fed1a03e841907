import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import {mustAsk, unagreed, wordToType} from '../../../source/app/purge/agree.js';
import {planPurge, purgeServers} from '../../../source/app/purge/purge.js';
import type {PurgeEnd, PurgeWish} from '../../../source/app/purge/purge-types.js';
import {purgeSentence} from '../../../source/text/purge.js';
import {
  FakeNamedServers,
  ID,
  type Look,
  LOST,
  refusal,
  softDeleted,
} from '../../helpers/fake-named-servers.js';

const {signal} = new AbortController();
const DELETING: Look = {taskState: 'deleting'};

async function purge(nova: FakeNamedServers, wish: Partial<PurgeWish> = {}) {
  nova.begin();
  const plan = await planPurge(nova.ports, [softDeleted()], signal);
  const [end] = await purgeServers(
    nova.ports,
    plan,
    {locked: false, waitSeconds: 60, ...wish},
    () => {},
    signal,
  );
  if (end === undefined) throw new Error('no end');
  const {message, remedy = ''} = purgeSentence(end, softDeleted(), 'lab');
  return {end, kind: end.kind, message, remedy, plan};
}

test('a server is asked for once and followed until Nova has none with its id', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('forceDelete', [DELETING, {status: 'DELETED'}, 'gone']);
  t.is((await purge(nova)).kind, 'purged');
  t.deepEqual(nova.calls, [`forceDelete ${ID}`]);
  t.is((await purge(nova, {waitSeconds: 0})).kind, 'asked', 'nobody waits unless asked to');
});

test('it is read again just before: what became of it meanwhile is told apart', async (t) => {
  const cases: readonly (readonly [
    Partial<Parameters<typeof softDeleted>[0]> | 'gone',
    PurgeEnd['kind'],
    RegExp,
  ])[] = [
    ['gone', 'gone', /gone already/],
    [{status: 'ACTIVE'}, 'restored', /somebody restored it meanwhile/],
    [{status: 'ERROR'}, 'refused', /it is ERROR, and only soft-deleted/],
    [{taskState: 'restoring'}, 'refused', /task restoring/],
    [{isLocked: true}, 'refused', /it is locked/],
  ];
  for (const [row, kind, words] of cases) {
    const nova = row === 'gone' ? new FakeNamedServers() : new FakeNamedServers(softDeleted(row));
    const seen = await purge(nova);
    t.is(seen.kind, kind);
    t.regex(seen.message, words);
    t.deepEqual(nova.calls, []);
  }
});

test('where Nova would take it and forget it, it is not asked, and the way out is told', async (t) => {
  for (const taskState of ['soft-deleting', 'deleting']) {
    const nova = new FakeNamedServers(softDeleted({taskState}));
    const {kind, message, remedy} = await purge(nova);
    t.is(kind, 'refused');
    t.regex(message, new RegExp(`task ${taskState}: Nova would take the purge and forget it`));
    t.regex(remedy, /server set --state active .*, then .*server delete --force/);
    t.deepEqual(nova.calls, []);
  }
});

test('a locked server is purged only where locked ones are asked for, and by an admin', async (t) => {
  const nova = new FakeNamedServers(softDeleted({isLocked: true}));
  nova.after.set('forceDelete', ['gone']);
  t.is((await purge(nova, {locked: true})).kind, 'purged');
  nova.roles = ['member'];
  const member = await purge(nova, {locked: true});
  t.is(member.kind, 'refused');
  t.regex(member.message, /no admin/);
});

test('one that is gone when Nova is asked, one that Nova refuses, one that stays, one that hangs', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('forceDelete', refusal('not-found', 'Nova does not have that.', 404));
  t.is((await purge(nova)).kind, 'gone');
  nova.refusals.set('forceDelete', refusal('forbidden', 'Nova does not permit this.', 403));
  t.is((await purge(nova)).kind, 'denied');
  nova.refusals.clear();
  nova.after.set('forceDelete', [DELETING, {status: 'ERROR', fault: 'no libvirt'}]);
  const failed = await purge(nova);
  t.is(failed.kind, 'failed');
  t.regex(failed.message, /still there: ERROR: no libvirt/);
});

test('one that hangs is told with what it is', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('forceDelete', [DELETING]);
  const {kind, message} = await purge(nova);
  t.is(kind, 'late');
  t.regex(message, /still there after 60 s: it is SOFT_DELETED, deleting/);
});

test('an answer that was lost is followed by looks, also where nobody waits', async (t) => {
  const looks: readonly (readonly [Look[], PurgeEnd['kind']])[] = [
    [[DELETING], 'asked'],
    [['gone'], 'purged'],
    [[{}], 'unanswered'],
  ];
  for (const [after, kind] of looks) {
    const nova = new FakeNamedServers(softDeleted());
    nova.refusals.set('forceDelete', LOST);
    nova.after.set('forceDelete', after);
    t.is((await purge(nova, {waitSeconds: 0})).kind, kind);
    t.is(nova.calls.length, 1);
  }
});

test('hosts that are down are named before anybody agrees', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.services = [{state: 'down'}];
  nova.after.set('forceDelete', ['gone']);
  t.deepEqual([...(await purge(nova)).plan.downHosts], ['compute-1']);
});

test('--yes is enough for one server; several need their number too', (t) => {
  t.false(mustAsk(1, {isYes: true, destroy: undefined}));
  t.true(mustAsk(1, {isYes: false, destroy: undefined}));
  t.true(mustAsk(2, {isYes: true, destroy: undefined}));
  t.true(mustAsk(2, {isYes: false, destroy: 2}));
  t.false(mustAsk(2, {isYes: true, destroy: 2}));
  t.false(mustAsk(2, {isYes: true, destroy: 9}));
  for (const [count, destroy] of [
    [3, 2],
    [1, 0],
  ] as const) {
    const error = t.throws(() => mustAsk(count, {isYes: true, destroy}), {instanceOf: UserError});
    t.is(error.kind, 'refused');
    t.regex(error.message, new RegExp(`^${count} server.*--destroy allows ${destroy}`));
    t.regex(error.remedy ?? '', new RegExp(`--destroy ${count}$`));
  }
  t.regex(unagreed(2, {isYes: false, destroy: undefined}).remedy ?? '', /add: --yes --destroy 2$/);
  t.regex(unagreed(1, {isYes: false, destroy: undefined}).remedy ?? '', /add: --yes$/);
});

test('the name of one is typed, the number of several', (t) => {
  t.is(wordToType([softDeleted()]), 'web-1');
  t.is(wordToType([softDeleted(), softDeleted()]), '2');
});
