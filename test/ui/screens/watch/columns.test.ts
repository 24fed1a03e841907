import test from 'ava';
import {COLUMN_IDS, type ColumnId} from '../../../../source/app/watch/watch-view.js';
import type {ListedServer} from '../../../../source/app/watch/watch-types.js';
import {COLUMNS, columnOf} from '../../../../source/ui/screens/watch/columns.js';
import {listed, NAMES, NOW} from '../../../helpers/listed-servers.js';

const text = (id: ColumnId, server: ListedServer, cells = 40) =>
  columnOf(id).text({listed: server, cloud: 'fra1', names: NAMES}, NOW, cells);

test('every column that can be named exists', (t) => {
  t.deepEqual(COLUMNS.map(({id}) => id).toSorted(), COLUMN_IDS.toSorted());
});

test('a row says what is known', (t) => {
  const server = listed('web-1', 80, {id: '0b7e6c9a-1f8e-4f6e-9d0f-2f5f6f1d2c3b', isLocked: true});
  const row = Object.fromEntries(COLUMN_IDS.map((id) => [id, text(id, server)]));
  t.deepEqual(row, {
    cloud: 'fra1',
    name: 'web-1',
    id: '0b7e6c9a-1f8e-4f6e-9d0f-2f5f6f1d2c3b',
    project: 'shop',
    user: 'svc-terraform',
    host: 'c1',
    flavor: 'm1.tiny',
    deleted: '11:58:40',
    left: '1 h 58 min',
    fuse: '',
    state: 'waiting',
    reason: '',
    locked: 'locked',
  });
  t.is(text('id', server, 8), '0b7e6c9a');
});

test('what is not known is said to be so, and an id stands for a name that is unknown', (t) => {
  const changes = {
    projectId: 'p9',
    userId: undefined,
    host: undefined,
    flavor: undefined,
    isLocked: undefined,
  };
  const hidden = listed('x', 60, {...changes, isHostShown: false}, 'unknown');
  t.deepEqual(
    (['project', 'user', 'host', 'flavor', 'deleted', 'locked'] as const).map((id) => text(id, hidden)),
    ['p9', '?', '?', '?', '?', '?'],
  );
  t.is(text('host', listed('x', 60, changes)), '');
});

test('a time of another day says the day first, and an estimate says so', (t) => {
  const old = listed('x', 4 * 86_400 - 3600);
  t.is(text('deleted', old, 12), '11-18 13:00');
  t.is(text('deleted', old, 9), '11-18');
  t.is(text('deleted', listed('x', 4 * 86_400, {}, 'estimate'), 12), '~11-18 12:00');
  t.is(text('deleted', listed('x', 80, {}, 'estimate'), 9), '~11:58:40');
  t.is(text('deleted', listed('x', 400 * 86_400), 9), '2025-10-18');
});

test('what is overdue says so in one unit, rounded up, so that it fits', (t) => {
  const left = (ageSeconds: number) => text('left', listed('x', ageSeconds, {host: 'c2'}));
  t.is(left(7242), 'overdue 42 s');
  t.is(left(7381), 'overdue 4 min');
  t.is(left(7200 + 3600 + 1), 'overdue 2 h');
  t.is(left(7200 + 3 * 86_400), 'overdue 3 d');
  for (const age of [7201, 7259.9, 7799, 10_799, 93_599]) t.true(left(age).length <= 14, left(age));
});

test('the reason stands where the fuse would, where there is no time that could burn', (t) => {
  t.is(text('fuse', listed('x', 60, {host: 'c3'})), 'no interval');
  t.is(text('fuse', listed('x', 60, {}, 'cleared')), 'restore failed');
  t.is(text('fuse', listed('x', 7205)), 'next tick');
  t.is(text('fuse', listed('x', 60, {host: 'c2'})), '');
  t.is(text('reason', listed('x', 60, {host: 'c2'})), 'host down');
});
