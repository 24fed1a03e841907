import test from 'ava';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import {searchPreparation} from '../../../../source/ui/screens/watch/rows.js';
import type {WatchState} from '../../../../source/ui/screens/watch/state.js';
import {listed, NOW} from '../../../helpers/listed-servers.js';
import {after, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const [WEB, DB, OLD] = [listed('web', 3600), listed('db', 60), listed('old', 7000)];

const rows = ({rows: all}: WatchState) => all.map(({cloud, listed: {server}}) => `${cloud} ${server.name}`);

test('a server that two entries list stands once, with the first of them, whichever answers first', (t) => {
  const {state} = startWatch({clouds: ['a', 'b', 'c'], text: '', isReadOnly: false});
  const of = (cloud: number, ...servers: readonly (typeof WEB)[]) =>
    told({kind: 'list', list: waitingList(servers)}, cloud);
  const tick = {type: 'tick', now: NOW} as const;
  const wanted = ['0 old', '1 web', '2 db'];
  const lists = [of(0, OLD), of(1, WEB, OLD), of(2, DB, WEB)];
  for (const order of [lists, lists.toReversed()]) {
    t.deepEqual(rows(after(state, tick, ...order).state), wanted);
  }
  const page = told({kind: 'page', servers: [OLD, WEB], now: NOW}, 2);
  const changed = told({kind: 'servers', news: [{event: 'changed', listed: OLD}]}, 1);
  const {state: later} = after(state, tick, ...lists, page, changed);
  t.deepEqual(rows(later), wanted);
  const gone = told({kind: 'servers', news: [{event: 'restored', listed: WEB}]}, 1);
  t.deepEqual(rows(after(later, gone).state), ['0 old', '2 db']);
});

test('what is filtered by time goes by the clock of the cloud that a server is of', (t) => {
  const {state} = startWatch({clouds: ['a', 'b'], text: 'left:<30m', isReadOnly: false});
  // The API of b is 40 minutes ahead.
  const ahead = waitingList([DB], {now: NOW + 40 * 60_000});
  const {state: both} = after(
    state,
    {type: 'tick', now: NOW},
    told({kind: 'list', list: waitingList([WEB, OLD])}, 0),
    told({kind: 'list', list: ahead}, 1),
    {type: 'filter'},
    {type: 'typed', field: fieldOf('left:<90m')},
  );
  t.deepEqual(both.shown.map(({listed: {server}}) => server.name).toSorted(), ['db', 'old', 'web']);
});

test('what a search looks at is prepared in steps while the first letter is awaited', (t) => {
  const servers = Array.from({length: 2500}, (_, index) => listed(`web-${index}`, 60 + index));
  let asked = 0;
  class CountedNames extends Map<string, string> {
    override get(id: string): string | undefined {
      asked += 1;
      return super.get(id);
    }
  }
  const names = {projects: new CountedNames([['p1', 'shop']]), users: new Map<string, string>()};
  const list = after(watchWith(servers), {type: 'names', cloud: 0, names}).state;
  const {state, effects} = after(list, {type: 'filter'});
  const [effect] = effects;
  t.is(effect?.kind, 'prepare-search');
  asked = 0;
  const steps = searchPreparation(list);
  const askedInStep: number[] = [];
  while (steps.next().done !== true) askedInStep.push(asked);
  t.deepEqual([...askedInStep, asked], [0, 1000, 2000, 2500]);
  const found = after(state, {type: 'typed', field: fieldOf('web-24')}).state;
  t.is(found.shown.length, 111);
  t.is(asked, 2500);
});
