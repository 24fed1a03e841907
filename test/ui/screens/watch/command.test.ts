import test from 'ava';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {watchCommand} from '../../../../source/ui/screens/watch/command.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import type {WatchAction} from '../../../../source/ui/screens/watch/state.js';
import {listed} from '../../../helpers/listed-servers.js';
import {after, watchWith} from '../../../helpers/watch-states.js';

const FLAGS = ['--cloud', 'fra1'];
const LIST = ['--interval', '2h'];
const typed = (text: string): WatchAction => ({type: 'typed', field: fieldOf(text)});
const web = listed('web', 60);

test('the command shows what is shown', (t) => {
  const state = watchWith([web]);
  t.is(watchCommand(state, FLAGS, LIST), 'reprieve watch --cloud fra1 --interval 2h');
  const filtered = after(state, typed('!ci host:c1')).state;
  t.is(watchCommand(filtered, FLAGS, []), "reprieve watch '!ci host:c1' --cloud fra1");
  const late = after(filtered, {type: 'late-only'}).state;
  t.is(watchCommand(late, FLAGS, []), "reprieve watch '!ci host:c1 state:late' --cloud fra1");
  const dashed = after(state, typed('-1')).state;
  t.is(watchCommand(dashed, FLAGS, LIST), 'reprieve watch --cloud fra1 --interval 2h -- -1');
});

test('where the profile has a filter that is not wanted, an empty text says so', (t) => {
  const view = {columns: undefined, sort: undefined, filter: '!ci'};
  const {state} = startWatch({clouds: ['a'], text: undefined, view, isReadOnly: false});
  t.is(watchCommand(state, FLAGS, []), "reprieve watch '!ci' --cloud fra1");
  const all = after(state, {type: 'clear-filter'}).state;
  t.is(watchCommand(all, FLAGS, []), "reprieve watch '' --cloud fra1");
  const kept = after(all, {type: 'kept', file: 'F', view: {...view, filter: undefined}}).state;
  t.is(watchCommand(kept, FLAGS, []), 'reprieve watch --cloud fra1');
});

test('a dialog has its own command, without the flags of the list', (t) => {
  const state = after(watchWith([web]), {type: 'restore', stop: true}).state;
  t.is(watchCommand(state, FLAGS, LIST), `reprieve restore ${web.server.id} --stop --cloud fra1`);
});
