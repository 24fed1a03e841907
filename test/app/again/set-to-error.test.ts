import test from 'ava';
import {setToError} from '../../../source/app/again/set-to-error.js';
import {setErrorSentence} from '../../../source/text/again.js';
import {FakeNamedServers, ID, LOST, refusal, softDeleted} from '../../helpers/fake-named-servers.js';

async function set(
  nova: FakeNamedServers,
  signal = new AbortController().signal,
  tell: (text: string) => void = () => {},
) {
  nova.begin();
  const end = await setToError({servers: nova, clock: nova.clock}, {id: ID}, tell, signal);
  const {message, remedy = ''} = setErrorSentence(end, ID, 'lab');
  return {end, kind: end.kind, message, remedy};
}

test('a soft-deleted server is set to ERROR once, by id, and seen in ERROR', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('reset error', [{}, {status: 'ERROR'}]);
  const {kind, message, remedy} = await set(nova);
  t.is(kind, 'set');
  t.deepEqual(nova.calls, [`reset error ${ID}`]);
  t.is(message, 'it is in ERROR now, and Nova never reclaims it');
  t.regex(remedy, /log of nova-compute on compute-1 .*openstack --os-cloud lab server reboot --hard/);
});

test('it is read again just before, and left alone where it is something else by then', async (t) => {
  const cases = [
    ['gone', 'gone', /it is gone/],
    [{status: 'DELETED'}, 'gone', /it is gone/],
    [{status: 'ERROR'}, 'already', /in ERROR already/],
    [{status: 'ACTIVE'}, 'restored', /it is ACTIVE: somebody restored it/],
    [{status: 'SHUTOFF'}, 'refused', /it is SHUTOFF now, and was left alone/],
    [{taskState: 'restoring'}, 'refused', /it is SOFT_DELETED, restoring now/],
  ] as const;
  for (const [row, kind, words] of cases) {
    const nova = row === 'gone' ? new FakeNamedServers() : new FakeNamedServers(softDeleted(row));
    const seen = await set(nova);
    t.is(seen.kind, kind);
    t.regex(seen.message, words);
    t.deepEqual(nova.calls, []);
  }
});

test('a tick that was faster, a restore, and a Nova that did nothing are told apart', async (t) => {
  const cases = [
    ['gone', 'destroyed', /periodic task of its host came first/],
    [{status: 'ACTIVE'}, 'changed', /it is ACTIVE now, not in ERROR/],
    [{}, 'unanswered', /unknown: Nova took it, and it is soft-deleted still/],
  ] as const;
  for (const [look, kind, words] of cases) {
    const nova = new FakeNamedServers(softDeleted());
    nova.after.set('reset error', [look]);
    const seen = await set(nova);
    t.is(seen.kind, kind);
    t.regex(seen.message, words);
  }
});

test('what Nova refuses is told with whom to ask', async (t) => {
  const cases = [
    [refusal('forbidden', "Policy doesn't allow it.", 403), 'forbidden', /ask one at once/],
    [refusal('not-found', 'gone', 404), 'gone', /nothing can bring it back/],
    [refusal('conflict', 'Nova cannot do that now.', 409), 'denied', /server show/],
  ] as const;
  for (const [error, kind, words] of cases) {
    const nova = new FakeNamedServers(softDeleted());
    nova.refusals.set('reset error', error);
    const seen = await set(nova);
    t.is(seen.kind, kind);
    t.regex(seen.remedy, words);
  }
});

test('an answer that was lost is followed by looks, and nothing is sent again', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.refusals.set('reset error', LOST);
  nova.after.set('reset error', [LOST, {status: 'ERROR'}]);
  t.is((await set(nova)).kind, 'set');
  nova.after.set('reset error', [{}]);
  const {kind, message} = await set(nova);
  t.is(kind, 'unanswered');
  t.regex(message, /the connection broke$/);
  t.deepEqual(nova.calls, [`reset error ${ID}`, `reset error ${ID}`]);
});

test('a Nova that cannot be asked is told, before and after', async (t) => {
  const nova = new FakeNamedServers(softDeleted());
  nova.show = () => Promise.reject(LOST);
  t.is((await set(nova)).kind, 'unseen');
  t.deepEqual(nova.calls, []);
  const later = new FakeNamedServers(softDeleted());
  later.after.set('reset error', [LOST]);
  t.is((await set(later)).kind, 'unanswered');
});

test('whoever stops the program is told what Nova was asked for', async (t) => {
  const stopper = new AbortController();
  const nova = new FakeNamedServers(softDeleted());
  nova.after.set('reset error', [{}]);
  const {end} = await set(nova, stopper.signal, () => stopper.abort());
  t.deepEqual(end, {kind: 'interrupted', wasAsked: true});
  const early = new FakeNamedServers(softDeleted());
  t.deepEqual((await set(early, AbortSignal.abort())).end, {kind: 'interrupted', wasAsked: false});
  t.deepEqual(early.calls, []);
});
