import test from 'ava';
import type {ColumnId} from '../../../../source/app/watch/watch-view.js';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {plainText} from '../../../../source/ui/spans.js';
import {viewOf} from '../../../../source/ui/screens/watch/chooser.js';
import {watchBindings} from '../../../../source/ui/screens/watch/keys.js';
import {startWatch} from '../../../../source/ui/screens/watch/model.js';
import {watchSentences} from '../../../../source/ui/screens/watch/sentences.js';
import type {WatchAction, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {chooserLines} from '../../../../source/ui/screens/watch/view-columns.js';
import {checkPlace} from '../../../helpers/key-places.js';
import {listed} from '../../../helpers/listed-servers.js';
import {DARK} from '../../../helpers/themes.js';
import {after, watchWith} from '../../../helpers/watch-states.js';

const USUAL: readonly ColumnId[] = ['name', 'project', 'host', 'left', 'fuse'];
const NEWEST_FIRST = {column: 'deleted', direction: 'descending'} as const;
const OPEN: WatchAction = {type: 'choose-columns'};
const TOGGLE: WatchAction = {type: 'show-column'};
const TAKE: WatchAction = {type: 'take-columns'};
const KEEP: WatchAction = {type: 'keep-view'};
const shift = (by: 1 | -1): WatchAction => ({type: 'shift-column', by});
const cursor = (move: 'next' | 'last' | 'first'): WatchAction => ({type: 'move-column-cursor', move});
const list = () => watchWith([listed('web', 3600), listed('db', 60)]);
const order = ({chooser}: WatchState) => chooser?.order.filter((id) => chooser.shown.has(id));
const typed = (text: string): WatchAction => ({type: 'typed', field: fieldOf(text)});

test('the columns that are shown are offered first, then the others', (t) => {
  const {state} = after(list(), OPEN);
  t.deepEqual(order(state), USUAL);
  t.is(state.chooser?.order.length, 13);
  t.is(state.chooser?.list.cursor, 'name');
});

test('columns are taken in and out and moved, and the list has them when that is taken', (t) => {
  const {state} = after(list(), OPEN, cursor('next'), TOGGLE, cursor('next'), shift(-1), shift(-1));
  t.deepEqual(order(state), ['host', 'name', 'left', 'fuse']);
  t.is(state.chooser?.list.cursor, 'host');
  t.is(state.columns, undefined);
  const all = after(state, cursor('last'), TOGGLE, TAKE).state;
  t.deepEqual(all.columns, ['host', 'name', 'left', 'fuse', 'locked']);
  t.is(all.chooser, undefined);
  t.deepEqual(order(after(all, OPEN).state), ['host', 'name', 'left', 'fuse', 'locked']);
});

test('leaving keeps the columns as they were', (t) => {
  const {state} = after(list(), OPEN, TOGGLE, {type: 'leave-columns'});
  t.is(state.columns, undefined);
  t.is(state.chooser, undefined);
});

test('a column moves no further than to the ends', (t) => {
  const {state} = after(list(), OPEN, shift(-1), cursor('last'), shift(1));
  t.deepEqual(order(state), USUAL);
  t.true(state.chooser?.isUsual);
});

test('one column has to stay', (t) => {
  const four = Array.from({length: 4}, () => [TOGGLE, cursor('next')]).flat();
  const {state} = after(list(), OPEN, ...four, TOGGLE);
  t.deepEqual(order(state), ['fuse']);
  t.is(state.chooser?.problem, 'One column has to stay.');
  t.true(watchSentences(state).includes('One column has to stay.'));
  t.is(after(state, cursor('first')).state.chooser?.problem, undefined);
});

test('what is usual is had again, and follows the window', (t) => {
  const own = after(list(), OPEN, TOGGLE, TAKE).state;
  const {state} = after(own, OPEN, cursor('next'), {type: 'usual-columns'});
  t.deepEqual(order(state), USUAL);
  t.is(state.chooser?.list.cursor, 'host');
  const wide = after(state, {type: 'resize', body: {columns: 100, rows: 20}}).state;
  t.deepEqual(order(wide), ['name', 'project', 'host', 'deleted', 'left', 'fuse']);
  t.is(wide.chooser?.list.cursor, 'host');
  t.is(after(wide, TAKE).state.columns, undefined);
  const chosen = after(wide, TOGGLE, {type: 'resize', body: {columns: 250, rows: 20}}).state;
  t.deepEqual(order(chosen), ['name', 'project', 'deleted', 'left', 'fuse']);
});

test('keeping takes the columns, and keeps order and filter with them', (t) => {
  const {state, effects} = after(
    list(),
    {type: 'filter'},
    typed('!ci'),
    {type: 'keep-filter'},
    {type: 'turn-sort'},
    OPEN,
    TOGGLE,
    KEEP,
  );
  const view = {
    columns: ['project', 'host', 'left', 'fuse'] as const,
    sort: {column: 'deleted', direction: 'ascending'} as const,
    filter: '!ci',
  };
  t.deepEqual(effects, [{kind: 'keep-view', view}]);
  t.is(state.chooser, undefined);
  const told = after(state, {type: 'kept', file: '/home/me/config.yaml', view}).state;
  t.is(told.notice?.text, 'columns, order and filter kept in /home/me/config.yaml');
  t.is(told.log[0]?.text, told.notice?.text);
  const failed = after(state, {type: 'unkept', problem: 'profile x: the disk is full'}).state;
  t.like(failed.notice, {meaning: 'failed', text: 'profile x: the disk is full'});
  t.deepEqual(failed.columns, ['project', 'host', 'left', 'fuse']);
});

test('what is as it would be by itself is taken out of the profile', (t) => {
  const {state, effects} = after(list(), OPEN, KEEP);
  const view = {columns: undefined, sort: undefined, filter: undefined};
  t.deepEqual(effects, [{kind: 'keep-view', view}]);
  t.regex(after(state, {type: 'kept', file: 'F', view}).state.notice?.text ?? '', /^F has nothing/);
});

test('a filter that cannot be read is not kept: the program would not start with it', (t) => {
  const {state, effects} = after(
    list(),
    {type: 'filter'},
    typed('/we[b'),
    {type: 'keep-filter'},
    OPEN,
    TOGGLE,
    KEEP,
  );
  t.deepEqual(effects, []);
  t.regex(state.notice?.text ?? '', /^nothing was kept: the filter cannot be read: /);
  t.deepEqual(state.columns, ['project', 'host', 'left', 'fuse']);
});

test('a list begins with the view of the profile, and is kept as the same one', (t) => {
  const view = {columns: ['left', 'name'] as const, sort: NEWEST_FIRST, filter: undefined};
  const {state} = startWatch({clouds: ['a'], text: undefined, view, isReadOnly: false});
  t.deepEqual(state.columns, ['left', 'name']);
  t.deepEqual(state.sort, NEWEST_FIRST);
  t.deepEqual(viewOf(state), view);
  const byName = {...view, sort: {column: 'name', direction: 'ascending'} as const, filter: '!ci'};
  const filtered = startWatch({clouds: ['a'], text: undefined, view: byName, isReadOnly: false}).state;
  t.is(filtered.filter.field.text, '!ci');
  t.deepEqual(viewOf(filtered), byName);
});

test('a text of the command line wins over the filter of the profile, an empty one too', (t) => {
  const view = {columns: undefined, sort: undefined, filter: '!ci'};
  for (const text of ['web', '']) {
    const {state} = startWatch({clouds: ['a'], text, view, isReadOnly: false});
    t.is(state.filter.field.text, text);
    t.deepEqual(state.filter.sort, NEWEST_FIRST);
  }
});

test('sorting goes through the columns that have a heading', (t) => {
  const own = after(list(), OPEN, cursor('last'), TOGGLE, TAKE).state;
  const sorts: string[] = [];
  let state = own;
  for (let time = 0; time < 5; time++) {
    ({state} = after(state, {type: 'sort'}));
    sorts.push(state.sort.column);
  }
  t.deepEqual(sorts, ['locked', 'name', 'project', 'host', 'left']);
});

test('at 80 cells every column is in sight, with what has no room, and the list as it would be', (t) => {
  const {state} = after(list(), OPEN, cursor('last'), TOGGLE, cursor('first'), ...showAll());
  const {chooser} = state;
  if (chooser === undefined) return t.fail();
  const lines = chooserLines(state, chooser, (rows) => [[`${rows} rows`]], SIZE, DARK, true).map(plainText);
  t.is(lines.length, 16);
  for (const id of chooser.order)
    t.true(
      lines.some((line) => line.includes(` ${id} `)),
      id,
    );
  t.true(lines.some((line) => /✓ locked .* no room here/.test(line)));
  t.false(lines.some((line) => /name .* no room/.test(line)));
  t.is(lines.at(-1)?.trim(), '5 rows');
  const low = chooserLines(state, chooser, (rows) => [[`${rows} rows`]], {columns: 80, rows: 8}, DARK, true);
  t.is(low.map(plainText).at(-1)?.trim(), '2 rows');
});

test('read aloud, the row with the cursor says what it has, whether it is shown and where it stands', (t) => {
  const {state} = after(list(), OPEN, cursor('next'));
  const [first, usual, name, project] = watchSentences(state);
  t.is(first, 'Columns. 5 of 13 are shown.');
  t.is(usual, 'They are those that are usual for the window.');
  t.is(name, 'name, its name, shown, first.');
  t.is(project, 'Selected: project, the project that it is of, shown, after name.');
  const moved = after(state, shift(1), TOGGLE).state;
  t.is(
    watchSentences(moved).find((line) => line.startsWith('Selected')),
    'Selected: project, the project that it is of, not shown, after host.',
  );
});

test('the keys are those of the table, and moving them needs no clash', (t) => {
  t.notThrows(() => checkPlace(watchBindings(list()), 'watch'));
  t.notThrows(() => checkPlace(watchBindings(after(list(), OPEN).state), 'watch, columns'));
});

const SIZE = {columns: 80, rows: 20};

/** Takes in what is not shown: all but the last, which is. */
function showAll(): readonly WatchAction[] {
  const to = (count: number) => Array.from({length: count}, () => cursor('next'));
  return [...to(5), ...Array.from({length: 7}, () => [TOGGLE, cursor('next')]).flat()];
}
