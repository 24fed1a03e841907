import test from 'ava';
import {CloudError, UserError} from '../../../../source/app/errors.js';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {selectedRow} from '../../../../source/ui/screens/watch/changes.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import type {WatchAction, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {answeredAt, eventWords} from '../../../../source/ui/screens/watch/words.js';
import {listed, NAMES, NOW} from '../../../helpers/listed-servers.js';
import {after, happened, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const WEB = listed('web', 3600);
const DB = listed('db', 60);
const OLD = listed('old', 7000);
const DOWN = listed('down', 8000, {host: 'c2'});

test('asking again is answered at once, and ends in what came of it', (t) => {
  const quiet = watchWith([WEB]);
  const asked = after(quiet, {type: 'ask-again'});
  t.deepEqual(asked.effects, [{kind: 'ask-again'}]);
  t.is(asked.state.notice?.text, 'asking Nova …');
  const waiting = after(asked.state, {type: 'tick', now: NOW + 60_000}).state;
  t.is(waiting.notice?.text, 'asking Nova …', 'it stands until there is an answer');
  const answered = after(waiting, told({kind: 'answered', now: NOW + 60_000})).state;
  t.like(answered.notice, {meaning: 'ok', text: 'Nova answered: 1 server soft-deleted'});
  const problem = new CloudError('unreachable', 'nova timed out');
  const silent = after(quiet, told({kind: 'trouble', problem, retryMs: 5000})).state;
  const again = after(silent, {type: 'ask-again'}, told({kind: 'trouble', problem, retryMs: 5000})).state;
  t.like(again.notice, {meaning: 'failed', text: 'nova timed out'});
  t.is(again.log.filter(({text}) => text === 'nova timed out').length, 2, 'who asked is told each time');
  const back = after(
    again,
    {type: 'ask-again'},
    told({kind: 'recovered'}),
    told({kind: 'answered', now: NOW}),
  );
  t.like(back.state.notice, {meaning: 'ok', text: 'Nova answers again'});
  t.is(back.state.log[0]?.text, 'Nova answers again');
  const once = after(again, told({kind: 'answered', now: NOW})).state;
  t.is(once.notice, again.notice, 'what was not asked for is not told');
});

const names = ({shown}: WatchState) => shown.map(({listed: {server}}) => server.name);
const selected = (state: WatchState) => selectedRow(state)?.listed.server.name;
const move = (to: 'next' | 'last'): WatchAction => ({type: 'move', move: to});
const typed = (text: string): WatchAction => ({type: 'typed', field: fieldOf(text)});

test('every cloud is followed from the start', (t) => {
  t.deepEqual(startWatch({clouds: ['a', 'b'], text: '', isReadOnly: false}).effects, [
    {kind: 'follow', cloud: 0},
    {kind: 'follow', cloud: 1},
  ]);
});

test('pages come one after the other, and the whole list takes their place', (t) => {
  const {state} = startWatch({clouds: ['fra1'], text: '', isReadOnly: false});
  const first = after(state, {type: 'tick', now: NOW}, told({kind: 'page', servers: [DB, WEB], now: NOW}));
  t.deepEqual(names(first.state), ['web', 'db']);
  const second = after(first.state, told({kind: 'page', servers: [OLD, WEB], now: NOW}));
  t.deepEqual(names(second.state), ['old', 'web', 'db']);
  t.is(second.state.clouds[0]?.phase, 'listing');
  const whole = after(second.state, told({kind: 'list', list: waitingList([DB, OLD])}));
  t.deepEqual(names(whole.state), ['old', 'db']);
  t.is(whole.state.clouds[0]?.phase, 'listed');
});

test('what is late comes after what goes next, and ! shows it alone', (t) => {
  const state = watchWith([DOWN, DB, OLD]);
  t.deepEqual(names(state), ['old', 'db', 'down']);
  const late = after(state, {type: 'late-only'}).state;
  t.deepEqual(names(late), ['down']);
  t.deepEqual(names(after(late, {type: 'late-only'}).state), ['old', 'db', 'down']);
});

test('the cursor stays at the top until somebody presses a key, then on its server', (t) => {
  const state = watchWith([WEB, DB]);
  t.is(selected(state), 'web');
  const older = after(state, happened({event: 'added', listed: OLD})).state;
  t.is(selected(older), 'old');
  const chosen = after(older, move('next')).state;
  t.is(selected(chosen), 'web');
  const more = after(chosen, happened({event: 'added', listed: listed('older', 7100)})).state;
  t.deepEqual(names(more), ['older', 'old', 'web', 'db']);
  t.is(selected(more), 'web');
});

test('where the server of the cursor leaves, the next one below has it, and the strip says why', (t) => {
  const state = after(watchWith([OLD, WEB, DB]), move('next')).state;
  const restored = after(state, happened({event: 'restored', listed: WEB})).state;
  t.is(selected(restored), 'db');
  t.regex(restored.notice?.text ?? '', /^web was restored/);
  t.regex(restored.log[0]?.text ?? '', /^web was restored/);
  const other = after(state, happened({event: 'reclaimed', listed: OLD})).state;
  t.is(selected(other), 'web');
  t.is(other.notice, undefined);
});

test('marks stay with their servers and go with them', (t) => {
  const state = after(watchWith([OLD, WEB, DB]), {type: 'mark'}).state;
  t.deepEqual([...state.marks], [OLD.server.id]);
  t.is(selected(state), 'web');
  const all = after(state, {type: 'mark-all'}).state;
  t.is(all.marks.size, 3);
  t.is(after(all, {type: 'mark-all'}).state.marks.size, 0);
  const gone = after(all, happened({event: 'purged', listed: WEB})).state;
  t.deepEqual([...gone.marks].toSorted(), [DB.server.id, OLD.server.id].toSorted());
});

test('a filter finds while it is typed, newest first, with the best hit selected', (t) => {
  const state = watchWith([OLD, WEB, DB, listed('web-2', 10)]);
  const found = after(state, {type: 'filter'}, typed('web')).state;
  t.deepEqual(names(found), ['web-2', 'web']);
  t.is(selected(found), 'web-2');
  const kept = after(
    found,
    {type: 'keep-filter'},
    happened({event: 'added', listed: listed('web-3', 5)}),
  ).state;
  t.deepEqual(names(kept), ['web-3', 'web-2', 'web']);
  t.is(selected(kept), 'web-2');
  const wrong = after(kept, typed('/we[b')).state;
  t.deepEqual(names(wrong), names(kept));
  t.truthy(wrong.filter.problem);
  const all = after(wrong, {type: 'clear-filter'}).state;
  t.deepEqual(names(all), ['old', 'web', 'db', 'web-2', 'web-3']);
  t.is(selected(all), 'web-2');
});

test('what is filtered by time follows the time', (t) => {
  const state = watchWith([listed('web', 7200 - 660), listed('db', 7200 - 3600), listed('late', 7200)]);
  const found = after(state, {type: 'filter'}, typed('left:<10m')).state;
  t.deepEqual(names(found).toSorted(), ['late']);
  const pass = (from: WatchState, seconds: number) => {
    let next = from;
    for (let second = 1; second <= seconds; second++) {
      next = after(next, {type: 'tick', now: from.now + second * 1000}).state;
    }
    return next;
  };
  const soon = pass(found, 66);
  t.deepEqual(names(soon).toSorted(), ['late', 'web']);
  t.is(selected(soon), 'late', 'the cursor stays on its server');
  const fresh = after(soon, typed('deleted:<112m')).state;
  t.deepEqual(names(fresh).toSorted(), ['db', 'web']);
  t.deepEqual(names(pass(fresh, 120)), ['db']);
  // Where no time is in the filter nothing is looked through.
  const still = after(state, typed('web')).state;
  t.is(pass(still, 10).shown, still.shown);
});

test('trouble empties nothing, is told once, and goes when Nova answers', (t) => {
  const problem = new CloudError('unreachable', 'Nova does not answer');
  const trouble = told({kind: 'trouble', problem, retryMs: 5000});
  const state = after(watchWith([OLD, WEB]), trouble, trouble).state;
  t.deepEqual(names(state), ['old', 'web']);
  t.like(state.clouds[0]?.trouble, {retryAt: NOW + 5000});
  t.is(state.log.filter(({meaning}) => meaning === 'failed').length, 1);
  const well = after(state, told({kind: 'recovered'}), told({kind: 'answered', now: NOW})).state;
  t.is(well.clouds[0]?.trouble, undefined);
});

test('a first list that cannot be had is told with when it is tried again', (t) => {
  const {state} = startWatch({clouds: ['fra1'], text: '', isReadOnly: false});
  const failed = after(state, {
    type: 'failed',
    cloud: 0,
    error: new UserError('failed', 'wrong password'),
    retryAt: undefined,
  }).state;
  t.like(failed.clouds[0], {phase: 'failed', trouble: {text: 'wrong password', retryAt: undefined}});
  t.deepEqual(after(failed, {type: 'ask-again'}).effects, [{kind: 'ask-again'}]);
});

test('of hundreds that change at once only the number is told', (t) => {
  const state = watchWith([]);
  const many = Array.from({length: 300}, (_, index) => ({
    event: 'added' as const,
    listed: listed(`s${index}`, 100 + index),
  }));
  const next = after(state, happened(...many)).state;
  t.is(next.rows.length, 300);
  t.is(next.log[0]?.text, '300 servers came, changed or left');
});

test('servers of two clouds are one list, and news of one leave those of the other', (t) => {
  const {state} = startWatch({clouds: ['a', 'b'], text: '', isReadOnly: false});
  const both = after(
    state,
    {type: 'tick', now: NOW},
    told({kind: 'list', list: waitingList([OLD], {cloud: 'a'})}, 0),
    told({kind: 'list', list: waitingList([WEB], {cloud: 'b'})}, 1),
    told({kind: 'servers', news: [{event: 'added', listed: DB}]}, 1),
  ).state;
  t.deepEqual(names(both), ['old', 'web', 'db']);
  const again = after(both, told({kind: 'list', list: waitingList([], {cloud: 'a'})}, 0)).state;
  t.deepEqual(names(again), ['web', 'db']);
});

test('copying the id copies that of the selected server', (t) => {
  const {effects} = after(watchWith([OLD, WEB]), move('last'), {type: 'copy-id'});
  t.deepEqual(effects, [{kind: 'copy', text: WEB.server.id}]);
});

test('names that come later sort and filter the list anew', (t) => {
  const state = after(
    watchWith([listed('web', 3600, {projectId: 'p2'}), listed('db', 60, {projectId: 'p3'})]),
    {type: 'names', cloud: 0, names: {projects: new Map(), users: new Map()}},
  ).state;
  let byProject = state;
  while (byProject.sort.column !== 'project') byProject = after(byProject, {type: 'sort'}).state;
  t.deepEqual(names(byProject), ['web', 'db']);
  const projects = new Map([
    ['p2', 'shop'],
    ['p3', 'archive'],
  ]);
  const known = {type: 'names', cloud: 0, names: {projects, users: new Map()}} as const;
  t.deepEqual(names(after(byProject, known).state), ['db', 'web']);
  const filtered = after(state, typed('project:shop')).state;
  t.deepEqual(names(filtered), []);
  t.deepEqual(names(after(filtered, known).state), ['web']);
});

test('of several clouds each keeps the name that it was asked for by, and the log says which one it is about', (t) => {
  const {state} = startWatch({clouds: ['de/north', 'de/south'], text: '', isReadOnly: false});
  const one = after(state, {type: 'tick', now: NOW}, told({kind: 'list', list: waitingList([DB])}, 1)).state;
  t.deepEqual(
    one.clouds.map(({name}) => name),
    ['de/north', 'de/south'],
  );
  t.is(one.log[0]?.text, 'de/south: 1 server soft-deleted');
  const failed = after(one, {
    type: 'failed',
    cloud: 0,
    error: new UserError('failed', 'refused'),
    retryAt: undefined,
  }).state;
  t.is(failed.log[0]?.text, 'de/north: refused');
  t.is(answeredAt(one), undefined);
  t.is(answeredAt(failed), NOW);
});

test('the log says by whom, by id until the name is known', (t) => {
  const state = watchWith([OLD, WEB]);
  const wordsOf = (some: WatchState) => some.log.slice(0, 3).map((event) => eventWords(some, event));
  const restored = {...WEB, server: {...WEB.server, status: 'ACTIVE'}};
  const next = after(
    state,
    happened(
      {event: 'added', listed: DB, by: 'u1'},
      {event: 'restored', listed: restored, by: 'u2'},
      {event: 'purged', listed: OLD, by: 'u1'},
    ),
  ).state;
  t.deepEqual(wordsOf(next), [
    'old was destroyed before its time by svc-terraform',
    'web was restored: ACTIVE on c1 by u2',
    'db, 1 h 59 min left, was deleted by svc-terraform',
  ]);
  t.regex(next.notice?.text ?? '', /by svc-terraform$/);
  const users = new Map([...NAMES.users, ['u2', 'm.keller'] as const]);
  const named = after(next, {type: 'names', cloud: 0, names: {...NAMES, users}}).state;
  t.is(wordsOf(named)[1], 'web was restored: ACTIVE on c1 by m.keller');
});

test('what is searched stays in order while servers come, change and leave', (t) => {
  const many = Array.from({length: 40}, (_, index) => listed(`web-${index}`, 100 + index * 7));
  const [first = WEB, second = WEB, third = WEB] = many;
  const newer = listed('web-3', 50);
  const searching = after(watchWith(many), {type: 'filter'}, typed('web')).state;
  const changed = after(
    searching,
    happened(
      {event: 'changed', listed: newer},
      {event: 'added', listed: listed('web-new', 130)},
      {event: 'reclaimed', listed: third},
    ),
  ).state;
  const others = many.filter(({server: {name}}) => name !== 'web-3' && name !== third.server.name);
  const fresh = watchWith([...others, newer, listed('web-new', 130)]);
  t.deepEqual(names(changed), names(after(fresh, {type: 'filter'}, typed('web')).state));
  t.deepEqual(names(changed).slice(0, 3), ['web-3', first.server.name, second.server.name]);
});

test('one that left for ERROR was not restored', (t) => {
  const state = watchWith([WEB, DB]);
  const broken = {...WEB, server: {...WEB.server, status: 'ERROR'}};
  const next = after(state, happened({event: 'restored', listed: broken})).state;
  t.like(next.log[0], {
    meaning: 'failed',
    text: 'web was not restored: it is ERROR on c1, where nothing reclaims it',
  });
  t.is(next.log[0]?.what, undefined);
  t.is(next.notice?.meaning, 'warning');
});
