import test from 'ava';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {watchCommand} from '../../../../source/ui/screens/watch/command.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import type {WatchAction} from '../../../../source/ui/screens/watch/state.js';
import {listed} from '../../../helpers/listed-servers.js';
import {after, happened, watchWith} from '../../../helpers/watch-states.js';

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

test('what has no command of ours is told as Nova’s client does it', (t) => {
  const {id} = web.server;
  const again = after(watchWith([web]), {type: 'another-interval'}).state;
  t.is(watchCommand(again, FLAGS, LIST), `openstack --os-cloud fra1 server delete ${id}`);
  const lost = listed('lost', 60, {}, 'cleared');
  const alarm = after(watchWith([]), happened({event: 'added', listed: lost})).state;
  t.is(
    watchCommand(alarm, FLAGS, LIST),
    `openstack --os-cloud fra1 server set --state error ${lost.server.id}`,
  );
  const judged: WatchAction = {
    type: 'rescue-judged',
    id: lost.server.id,
    rescue: {kind: 'delete-again', seconds: 7200},
  };
  t.is(
    watchCommand(after(alarm, judged).state, FLAGS, LIST),
    `openstack --os-cloud fra1 server delete ${lost.server.id}`,
  );
});
