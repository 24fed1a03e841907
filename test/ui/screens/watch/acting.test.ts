import test from 'ava';
import type {Dialog} from '../../../../source/ui/components/dialog.js';
import {fieldOf} from '../../../../source/ui/components/field.js';
import type {Checked} from '../../../../source/ui/screens/watch/acting.js';
import {watchDialog} from '../../../../source/ui/screens/watch/dialogs.js';
import {watchEffects} from '../../../../source/ui/screens/watch/effects.js';
import {watchBindings} from '../../../../source/ui/screens/watch/keys.js';
import {wordFor} from '../../../../source/ui/screens/watch/model-acting.js';
import type {WatchAction, WatchEffect, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {lossesOf} from '../../../../source/app/purge/losses.js';
import type {KnownServer} from '../../../../source/app/servers/server-ports.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import {listed, NOW} from '../../../helpers/listed-servers.js';
import {VirtualClock} from '../../../helpers/virtual-clock.js';
import {after, happened, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const WEB = listed('web', 3600);
const DB = listed('db', 60);
const PASSES: Checked = {
  kind: 'checked',
  checks: [{check: 'state', verdict: 'ok', status: 'SOFT_DELETED', taskState: undefined}],
};
const LOCKED: Checked = {
  kind: 'checked',
  checks: [{check: 'lock', verdict: 'refused', reason: 'legal hold'}],
};

const known = (one: typeof WEB, changes: Partial<KnownServer> = {}): KnownServer => ({
  ...one.server,
  lockedReason: undefined,
  fault: undefined,
  vcpus: 1,
  memoryMib: 512,
  ...changes,
});
const looked = (servers: readonly KnownServer[]): WatchAction => ({
  type: 'purge-looked',
  ids: servers.map(({id}) => id),
  look: {
    plan: {servers, downHosts: new Set(), isAdmin: true},
    left: [],
    losses: lossesOf([]),
    problem: undefined,
  },
});
const RESTORE: WatchAction = {type: 'restore', stop: false};
const PRESS: WatchAction = {type: 'press-restore', stop: false};
const checked = (one: typeof WEB, result: Checked): WatchAction => ({
  type: 'checked',
  id: one.server.id,
  checked: result,
});

/** The restore of web was asked for here, and failed. */
const OWN_FAILURE: WatchAction = {
  type: 'outcome',
  id: WEB.server.id,
  outcome: {
    kind: 'restore',
    server: known(WEB),
    end: {
      kind: 'failed',
      server: known(WEB, {fault: 'no disk'}),
      service: {kind: 'unseen'},
      isAdmin: true,
      rescue: {kind: 'set-error', isAdmin: true, reasons: []},
    },
  },
};

function dialog(state: WatchState): Dialog<WatchAction> {
  const open = watchDialog(state);
  if (open === undefined) throw new Error('no dialog is open');
  return open;
}
const labels = (state: WatchState) => dialog(state).buttons.map(({label}) => label);
const focused = (state: WatchState) => labels(state)[dialog(state).focused];

test('a restore is checked when its dialog opens, and done when all passes and enter is pressed', (t) => {
  const opened = after(watchWith([WEB, DB]), RESTORE);
  t.deepEqual(
    opened.effects.map(({kind}) => kind),
    ['check-restore'],
  );
  t.is(focused(opened.state), 'Restore');
  const ready = after(opened.state, checked(WEB, PASSES)).state;
  t.is(focused(ready), 'Restore');
  const done = after(ready, PRESS);
  t.like(done.effects[0], {kind: 'restore', stop: false});
  t.is(done.state.dialog, undefined);
  t.is(done.state.pending.get(WEB.server.id), 'restoring');
});

test('enter before the checks end counts where all pass, and only there', (t) => {
  const eager = after(watchWith([WEB, DB]), RESTORE, PRESS);
  t.deepEqual(eager.effects, []);
  t.like(after(eager.state, checked(WEB, PASSES)).effects[0], {kind: 'restore'});
  const refused = after(eager.state, checked(WEB, LOCKED));
  t.deepEqual(refused.effects, []);
  t.deepEqual(labels(refused.state), ['Cancel']);
  t.true(dialog(refused.state).sentences.some((text) => text.includes('legal hold')));
});

test('of several those that pass are restored, and Cancel has the focus', (t) => {
  const opened = after(watchWith([WEB, DB]), {type: 'mark-all'}, RESTORE).state;
  const ready = after(opened, checked(WEB, PASSES), checked(DB, LOCKED)).state;
  t.is(focused(ready), 'Cancel');
  const {effects, state} = after(ready, PRESS);
  const [effect] = effects;
  t.deepEqual(effect?.kind === 'restore' ? effect.rows.map(({id}) => id) : [], [WEB.server.id]);
  t.false(state.pending.has(DB.server.id));
});

test('an older answer of Nova leaves a pending restore pending', (t) => {
  const asked = after(watchWith([WEB]), RESTORE, checked(WEB, PASSES), PRESS).state;
  const stale = after(asked, happened({event: 'changed', listed: WEB})).state;
  t.is(stale.pending.get(WEB.server.id), 'restoring');
  const end = after(stale, {
    type: 'outcome',
    id: WEB.server.id,
    outcome: {kind: 'restore', end: {kind: 'locked'}, server: known(WEB)},
  });
  t.is(end.state.pending.size, 0);
  t.regex(end.state.notice?.text ?? '', /^web: Nova refuses: it is locked/);
  t.deepEqual(end.effects, [{kind: 'ask-again'}]);
});

test('what a dialog is about may go while it is open: the dialog says so, and does nothing', (t) => {
  const opened = after(watchWith([WEB, DB]), RESTORE).state;
  const gone = after(opened, happened({event: 'reclaimed', listed: WEB}));
  t.deepEqual(labels(gone.state), ['Close']);
  t.regex(
    dialog(gone.state).sentences.join(' '),
    /web was destroyed by Nova after its interval\. Nothing was done/,
  );
  t.deepEqual(after(gone.state, PRESS).effects, []);
  const other = after(opened, happened({event: 'reclaimed', listed: DB})).state;
  t.is(other.dialog?.kind, 'restore');
});

test('what is destroyed is read again first, and its whole name is typed', (t) => {
  const opened = after(watchWith([WEB, DB]), {type: 'destroy'});
  t.deepEqual(
    opened.effects.map(({kind}) => kind),
    ['look-purge'],
  );
  t.deepEqual(labels(opened.state), ['Cancel']);
  t.deepEqual(after(opened.state, {type: 'press-destroy'}).effects, []);
  const ready = after(opened.state, looked([known(WEB)])).state;
  t.is(dialog(ready).word?.expected, 'web');
  t.is(focused(ready), 'Cancel');
  t.true(dialog(ready).buttons[1]?.needsWord);
  const {effects} = after(ready, {type: 'press-destroy'});
  t.like(effects[0], {kind: 'purge', plan: {servers: [{id: WEB.server.id}]}});
});

test('what was read for an earlier dialog is nothing to the next one', (t) => {
  const state = after(
    watchWith([WEB, DB]),
    {type: 'destroy'},
    {type: 'close-dialog'},
    {type: 'move', move: 'last'},
  );
  const opened = after(state.state, {type: 'destroy'}).state;
  t.is(opened.dialog?.kind === 'purge' ? opened.dialog.rows[0]?.id : undefined, DB.server.id);
  const late = after(opened, looked([known(WEB)])).state;
  t.deepEqual(labels(late), ['Cancel']);
  t.is(dialog(after(late, looked([known(DB)])).state).word?.expected, 'db');
});

test('servers of two clouds are destroyed together, when both clouds were asked', (t) => {
  const {state} = startWatch({clouds: ['a', 'b'], text: '', isReadOnly: false});
  const both = after(
    state,
    {type: 'tick', now: NOW},
    told({kind: 'list', list: waitingList([WEB], {cloud: 'a'})}, 0),
    told({kind: 'list', list: waitingList([DB], {cloud: 'b'})}, 1),
    {type: 'mark-all'},
    {type: 'destroy'},
    looked([known(WEB)]),
  ).state;
  t.deepEqual(labels(both), ['Cancel']);
  const ready = after(both, looked([known(DB)])).state;
  t.is(dialog(ready).word?.expected, '2');
  const {effects} = after(ready, {type: 'press-destroy'});
  t.like(effects[0], {kind: 'purge', rows: [{cloud: 0}, {cloud: 1}]});
});

test('of several the count is typed; of names that cannot be, the beginning of the id; of locked ones a word more', (t) => {
  const word = (state: WatchState) => (state.dialog?.kind === 'purge' ? wordFor(state.dialog) : undefined);
  const both = after(
    watchWith([WEB, DB]),
    {type: 'mark-all'},
    {type: 'destroy'},
    looked([known(WEB), known(DB)]),
  );
  t.is(word(both.state), '2');
  const odd = listed('wéb\u202E', 60, {id: '7c1f0a52-9e0b-4f6d-8d1e-3b0f5c2a9e41'});
  t.is(word(after(watchWith([odd]), {type: 'destroy'}, looked([known(odd)])).state), '7c1f0a52');
  const twin = listed('web', 70, {id: '11111111-9e0b-4f6d-8d1e-3b0f5c2a9e41'});
  const twins = after(
    watchWith([twin, listed('web', 10, {id: 'other'})]),
    {type: 'destroy'},
    looked([known(twin)]),
  );
  t.is(word(twins.state), '11111111');
  const locked = after(watchWith([WEB]), {type: 'destroy'}, looked([known(WEB, {isLocked: true})]));
  t.is(word(locked.state), 'web locked');
});

test('a restore that failed interrupts, rings, looks for a rescue, and is left alone once somebody said so', (t) => {
  const lost = listed('web', 3600, {}, 'cleared');
  const {state, effects} = after(watchWith([WEB, DB]), happened({event: 'changed', listed: lost}));
  t.deepEqual(
    effects.map(({kind}) => kind),
    ['ring', 'judge-rescue'],
  );
  t.is(state.dialog?.kind, 'failed');
  t.deepEqual(labels(state), ['Set it to ERROR', 'Leave it']);
  t.like(after(state, {type: 'press-rescue'}).effects[0], {kind: 'set-error'});
  const soft = after(state, {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'delete-again', seconds: 7200},
  }).state;
  t.deepEqual(labels(soft), ['Give it 2 h again', 'Leave it']);
  t.like(after(soft, {type: 'press-rescue'}).effects[0], {kind: 'delete-again'});
  const unsure = after(state, {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'set-error', reasons: [], isAdmin: true},
  }).state;
  t.deepEqual(labels(unsure), ['Set it to ERROR', 'Leave it']);
  t.like(after(unsure, {type: 'press-rescue'}).effects[0], {kind: 'set-error'});
  const nobody = after(state, {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'set-error', reasons: [], isAdmin: false},
  }).state;
  t.deepEqual(labels(nobody), ['Leave it']);
  const left = after(
    soft,
    {type: 'close-dialog'},
    happened({event: 'added', listed: listed('new', 1)}),
  ).state;
  t.is(left.dialog, undefined);
});

test('a server that was just rescued raises no alarm on what was read before, and a new one when its restore fails anew', (t) => {
  const lost = listed('web', 3600, {}, 'cleared');
  const other = (name: string) => happened({event: 'added', listed: listed(name, 1)});
  const rescued = (...outcomes: readonly WatchAction[]) =>
    after(watchWith([WEB, DB]), happened({event: 'changed', listed: lost}), ...outcomes).state;
  const {id} = lost.server;
  const again: WatchAction = {
    type: 'outcome',
    id,
    outcome: {kind: 'again', end: {kind: 'given', server: known(WEB), deletedAt: NOW, seconds: 7200}},
  };
  const soft: WatchAction = {
    type: 'rescue-judged',
    id,
    rescue: {kind: 'delete-again', seconds: 7200},
  };
  const given = after(rescued(soft, {type: 'press-rescue'}, again), other('new'));
  t.is(given.state.dialog, undefined);
  t.deepEqual(given.effects, []);
  const anew = after(
    given.state,
    happened({event: 'changed', listed: listed('web', 5)}),
    other('newer'),
  ).state;
  t.is(anew.settled.size, 0);
  t.is(anew.dialog, undefined);
  t.is(after(anew, happened({event: 'changed', listed: lost})).state.dialog?.kind, 'failed');
  const error: WatchAction = {
    type: 'outcome',
    id,
    outcome: {kind: 'set-error', end: {kind: 'set', server: known(WEB)}},
  };
  const kept = rescued({type: 'press-rescue'}, error);
  t.is(after(kept, other('new')).state.dialog, undefined);
  // Where Nova still shows it a minute later it is in danger.
  const late = after(kept, {type: 'tick', now: NOW + 61_000}).state;
  t.is(late.dialog?.kind, 'failed');
  const purged: WatchAction = {
    type: 'outcome',
    id,
    outcome: {kind: 'purge', end: {kind: 'purged'}, server: known(WEB)},
  };
  const gone = rescued(
    {type: 'close-dialog'},
    {type: 'destroy'},
    looked([known(WEB)]),
    {type: 'press-destroy'},
    purged,
  );
  t.is(after(gone, other('new')).state.dialog, undefined);
});

test('an alarm that comes by itself has no button that changes anything below an enter meant for something else', (t) => {
  const lost = listed('db', 60, {}, 'cleared');
  const failed = happened({event: 'changed', listed: lost});
  const judged: WatchAction = {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'delete-again', seconds: 7200},
  };
  const list = watchWith([WEB, DB]);
  const others = after(list, failed).state;
  t.is(focused(others), 'Leave it');
  t.is(focused(after(others, judged).state), 'Leave it');
  const restoring = after(list, RESTORE, checked(WEB, PASSES), failed).state;
  t.is(restoring.dialog?.kind, 'failed');
  t.is(focused(restoring), 'Leave it');
  // Who restored it waits for what comes of it.
  const asked = after(list, RESTORE, checked(WEB, PASSES), PRESS).state;
  const own = after(asked, OWN_FAILURE).state;
  t.is(focused(own), 'Set it to ERROR');
  t.true(dialog(own).sentences.some((text) => text.includes('no disk')));
  const busy = after(asked, {type: 'move', move: 'next'}, {type: 'destroy'}, OWN_FAILURE).state;
  t.is(busy.dialog?.kind, 'failed');
  t.is(focused(busy), 'Leave it');
  // Another alarm waits until this one is answered.
  const two = after(others, OWN_FAILURE).state;
  t.like(two.dialog, {kind: 'failed', row: {id: lost.server.id}});
  const next = after(two, {type: 'close-dialog'}).state;
  t.like(next.dialog, {kind: 'failed', row: {id: WEB.server.id}});
  t.regex(next.log[0]?.text ?? '', /^db is left as it is: Nova destroys it at its next look$/);
});

test('an alarm takes no letter of a filter: it waits for a pause, or for the end of typing', (t) => {
  const failed = happened({event: 'changed', listed: listed('db', 60, {}, 'cleared')});
  const tick = (seconds: number): WatchAction => ({type: 'tick', now: NOW + seconds * 1000});
  const letter = (text: string): WatchAction => ({type: 'typed', field: fieldOf(text)});
  const typing = after(watchWith([WEB, DB]), {type: 'filter'}, letter('w'), failed).state;
  t.is(typing.dialog, undefined);
  const more = after(typing, tick(1), letter('we'), tick(2), OWN_FAILURE).state;
  t.is(more.dialog, undefined);
  const paused = after(more, tick(3));
  t.like(paused.state.dialog, {kind: 'failed', row: {id: WEB.server.id}});
  t.deepEqual(
    paused.effects.map(({kind}) => kind),
    ['ring', 'judge-rescue'],
  );
  t.is(focused(paused.state), 'Leave it');
  t.true(paused.state.filter.isTyping);
  const kept = after(typing, {type: 'keep-filter'}).state;
  t.is(focused(kept), 'Leave it');
  const naming = after(watchWith([WEB, DB]), {type: 'export'}, {type: 'name-export', field: fieldOf('a')});
  t.is(after(naming.state, failed).state.dialog, undefined);
  t.is(after(naming.state, failed, {type: 'leave-export'}).state.dialog?.kind, 'failed');
});

test('a failed restore that was left alone mutes no later one of that server', (t) => {
  const lost = listed('web', 3600, {}, 'cleared');
  const failed = happened({event: 'changed', listed: lost});
  const left = after(watchWith([WEB, DB]), failed, {type: 'close-dialog'}).state;
  t.is(after(left, failed).state.dialog, undefined);
  const again = after(left, happened({event: 'changed', listed: listed('web', 5)})).state;
  t.is(again.dialog, undefined);
  t.is(after(again, failed).state.dialog?.kind, 'failed');
  const gone = after(left, happened({event: 'restored', listed: lost})).state;
  t.is(gone.dismissed.size, 0);
  t.is(after(gone, happened({event: 'added', listed: lost})).state.dialog?.kind, 'failed');
  // The list may come as a whole, after silence.
  const whole = after(left, told({kind: 'list', list: waitingList([DB])})).state;
  t.is(whole.dismissed.size, 0);
  // An own one is told before the list has it.
  const asked = after(watchWith([WEB, DB]), RESTORE, checked(WEB, PASSES), PRESS, OWN_FAILURE).state;
  t.is(asked.dialog?.kind, 'failed');
  const stale = happened({event: 'changed', listed: listed('web', 3601)});
  const shown = after(asked, {type: 'close-dialog'}, stale, failed).state;
  t.is(shown.dialog, undefined);
  // Who restores it once more wants to know what comes of that.
  const more = after(shown, RESTORE, checked(lost, PASSES), PRESS).state;
  t.is(more.dismissed.size, 0);
});

test('another interval is only offered where one more DELETE is surely soft', (t) => {
  const opened = after(watchWith([WEB]), {type: 'another-interval'});
  t.deepEqual(
    opened.effects.map(({kind}) => kind),
    ['judge-again'],
  );
  t.deepEqual(labels(opened.state), ['Cancel']);
  const judged = (verdict: Extract<WatchAction, {type: 'again-judged'}>['verdict']) =>
    after(opened.state, {type: 'again-judged', id: WEB.server.id, verdict}).state;
  const final = judged({kind: 'final', reasons: [{kind: 'host-down', host: 'c1'}]});
  t.deepEqual(labels(final), ['Cancel']);
  t.deepEqual(after(final, {type: 'press-again'}).effects, []);
  const soft = judged({kind: 'soft', seconds: 7200});
  t.like(after(soft, {type: 'press-again'}).effects[0], {kind: 'delete-again'});
});

test('read-only: the alarm of a failed restore tells, and nothing that is pressed changes anything', (t) => {
  const lost = listed('web', 3600, {}, 'cleared');
  const readOnly = {...watchWith([WEB, DB]), isReadOnly: true};
  const {state} = after(readOnly, happened({event: 'changed', listed: lost}));
  t.deepEqual(labels(state), ['Leave it']);
  t.true(dialog(state).sentences.some((text) => text.includes('--read-only')));
  t.deepEqual(after(state, {type: 'press-rescue'}).effects, []);
  const judged = after(state, {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'delete-again', seconds: 7200},
  });
  t.deepEqual(labels(judged.state), ['Leave it']);
  t.deepEqual(after(judged.state, {type: 'press-rescue'}).effects, []);
  const wanted: readonly WatchAction[] = [RESTORE, {type: 'destroy'}, {type: 'another-interval'}];
  for (const action of wanted) t.is(after(readOnly, action).state.dialog, undefined, action.type);
  // A dialog that is open for whatever reason.
  const opened = {...after(watchWith([WEB]), RESTORE, checked(WEB, PASSES)).state, isReadOnly: true};
  t.deepEqual(after(opened, PRESS).effects, []);
  const purging = {
    ...after(watchWith([WEB]), {type: 'destroy'}, looked([known(WEB)])).state,
    isReadOnly: true,
  };
  t.deepEqual(after(purging, {type: 'press-destroy'}).effects, []);
});

test('read-only: work that changes servers is refused where it would be done', async (t) => {
  const clock = new VirtualClock(NOW);
  const cloud = {name: 'fra1', clock, open: async () => Promise.reject(new Error('not asked for'))};
  const files = {writeNew: async () => '', keepView: async () => ''};
  const run = watchEffects([cloud], {copy: () => {}, ring: () => {}, afterwards: () => {}}, files, {
    isReadOnly: true,
    placeFlags: [],
  });
  const row = {id: WEB.server.id, cloud: 0, listed: WEB};
  const plan = {servers: [], downHosts: new Set<string>(), isAdmin: true};
  const writes: readonly WatchEffect[] = [
    {kind: 'restore', rows: [row], stop: false},
    {kind: 'purge', rows: [row], plan},
    {kind: 'delete-again', row},
    {kind: 'set-error', row},
  ];
  for (const effect of writes) {
    await t.throwsAsync(async () => run(effect, () => {}, new AbortController().signal), {
      message: `${effect.kind} with --read-only`,
    });
  }
});

test('read-only has no key that changes anything', (t) => {
  const state = {...watchWith([WEB]), isReadOnly: true};
  const keys = watchBindings(state).flatMap((binding) => binding.keys);
  for (const key of ['r', 'R', 'i', 'ctrl-k']) t.false(keys.includes(key), key);
  const usual = watchBindings(watchWith([WEB])).flatMap((binding) => binding.keys);
  for (const key of ['r', 'R', 'i', 'ctrl-k']) t.true(usual.includes(key), key);
});
