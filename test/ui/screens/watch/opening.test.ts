import test from 'ava';
import type {Opening} from '../../../../source/ui/screens/watch/opening.js';
import {watchDialog} from '../../../../source/ui/screens/watch/dialogs.js';
import {watchText} from '../../../../source/ui/screens/watch/keys.js';
import {selectedRow} from '../../../../source/ui/screens/watch/changes.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import type {WatchAction, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {listed, NAMES, NOW} from '../../../helpers/listed-servers.js';
import {after, told, waitingList} from '../../../helpers/watch-states.js';

const WANTED = listed('wanted', 300);
const OTHERS = [listed('first', 7000), listed('second', 6000)];
const TICK: WatchAction = {type: 'tick', now: NOW};
const SIGNED_IN: WatchAction = {type: 'signed-in', cloud: 0, name: 'fra1'};
const page = (...servers: readonly (typeof WANTED)[]) => told({kind: 'page', servers, now: NOW});
const list = (...servers: readonly (typeof WANTED)[]) => told({kind: 'list', list: waitingList(servers)});
const at = (doing: 'restore' | 'destroy' | 'details'): Opening => ({
  kind: 'server',
  listed: WANTED,
  names: NAMES,
  doing,
});

function opened(opening: Opening, isReadOnly = false): WatchState {
  return after(startWatch({clouds: ['fra1'], text: '', opening, isReadOnly}).state, TICK).state;
}

const nameOf = (state: WatchState): string | undefined => selectedRow(state)?.listed.server.name;

test('at a restore its dialog is open before anything was asked, and is checked once the cloud can be', (t) => {
  const start = opened(at('restore'));
  t.like(watchDialog(start), {title: 'Restore wanted'});
  t.is(start.clouds[0]?.names, NAMES);
  const row = {id: WANTED.server.id, cloud: 0, listed: WANTED};
  const {state, effects} = after(start, SIGNED_IN);
  t.deepEqual(effects, [{kind: 'check-restore', rows: [row]}]);
  // It signs in anew where the cloud did not answer.
  t.deepEqual(after(state, SIGNED_IN).effects, []);
  const listedNow = after(state, page(...OTHERS), list(...OTHERS, WANTED)).state;
  t.is(nameOf(listedNow), 'wanted');
  t.is(listedNow.dialog?.kind, 'restore');
});

test('a restore that is pressed before the list is there is one of that server', (t) => {
  const checked: WatchAction = {
    type: 'checked',
    id: WANTED.server.id,
    checked: {kind: 'checked', checks: []},
  };
  const {effects} = after(opened(at('restore')), SIGNED_IN, {type: 'press-restore', stop: false}, checked);
  t.like(effects[0], {kind: 'restore', stop: false});
  t.is(effects[0]?.kind === 'restore' ? effects[0].rows[0]?.id : undefined, WANTED.server.id);
});

test('at details they open with the row, which keeps the cursor', (t) => {
  const {state} = after(opened(at('details')), SIGNED_IN, page(...OTHERS));
  t.is(state.view, 'list');
  const {state: there, effects} = after(state, list(...OTHERS, WANTED));
  t.is(there.view, 'details');
  t.is(nameOf(there), 'wanted');
  t.like(effects[0], {kind: 'read-details', row: {id: WANTED.server.id}});
  t.is(nameOf(after(there, list(listed('newer', 1), ...OTHERS, WANTED)).state), 'wanted');
});

test('one that is gone meanwhile is said to be, and nothing else opens', (t) => {
  const {state} = after(opened(at('details')), SIGNED_IN, list(...OTHERS));
  t.is(state.view, 'list');
  t.is(state.notice?.text, 'wanted is no longer among the soft-deleted servers');
  t.is(after(state, list(...OTHERS, WANTED)).state.view, 'list');
});

test('whoever moves on before its row comes stays there', (t) => {
  const {state} = after(
    opened(at('details')),
    SIGNED_IN,
    page(...OTHERS),
    {type: 'move', move: 'next'},
    list(...OTHERS, WANTED),
  );
  t.is(state.view, 'list');
  t.is(nameOf(state), 'second');
});

test('where nothing may be changed no restore opens, but its details', (t) => {
  const {state, effects} = after(opened(at('restore'), true), SIGNED_IN, list(...OTHERS, WANTED));
  t.is(state.dialog, undefined);
  t.is(state.view, 'details');
  t.false(effects.some(({kind}) => kind === 'check-restore'));
});

test('at a destroy its dialog opens with the row, and what is lost is read first', (t) => {
  const {state} = after(opened(at('destroy')), SIGNED_IN, page(...OTHERS));
  t.is(state.dialog, undefined);
  const {state: there, effects} = after(state, list(...OTHERS, WANTED));
  t.like(there.dialog, {kind: 'purge', isUnique: true});
  const looks = effects.flatMap((one) => (one.kind === 'look-purge' ? one.rows.map(({id}) => id) : []));
  t.deepEqual(looks, [WANTED.server.id]);
  const readOnly = after(opened(at('destroy'), true), SIGNED_IN, list(...OTHERS, WANTED)).state;
  t.is(readOnly.dialog, undefined);
  t.is(readOnly.view, 'details');
});

test('to find a server the filter is open at once', (t) => {
  const state = opened({kind: 'find-server'});
  t.is(watchText(state)?.field.text, '');
  const {state: found} = after(
    state,
    SIGNED_IN,
    list(...OTHERS, WANTED),
    watchText(state)?.change({text: 'want', cursor: 4}) ?? TICK,
  );
  t.is(nameOf(found), 'wanted');
});
