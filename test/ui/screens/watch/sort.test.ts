import test from 'ava';
import fc from 'fast-check';
import type {ListedServer} from '../../../../source/app/watch/watch-types.js';
import {SORT_IDS, type Sort} from '../../../../source/app/watch/watch-view.js';
import {compareTimeLeft} from '../../../../source/domain/reclaim/time-left.js';
import {
  BY_TIME_LEFT,
  compareRows,
  isSameSort,
  mergeRows,
  NEWEST_FIRST,
  nextSort,
  sortRows,
  turned,
} from '../../../../source/ui/screens/watch/sort.js';
import {listed, NAMES} from '../../../helpers/listed-servers.js';

const CLOUDS = [
  {name: 'fra1', names: NAMES},
  {name: 'ber1', names: {projects: new Map([['p1', 'archive']]), users: new Map()}},
];
const row = (server: ListedServer, cloud = 0) => ({cloud, listed: server});
const namesOf = (rows: readonly {readonly listed: ListedServer}[]) =>
  rows.map((one) => one.listed.server.name);
const order = (rows: readonly ReturnType<typeof row>[], sort: Sort) => namesOf(sortRows(rows, sort, CLOUDS));

const STANDINGS = [
  listed('unknown', 60, {}, 'unknown'),
  listed('calm', 80),
  listed('stuck', 60, {host: 'c3'}),
  listed('soon', 7000),
  listed('overdue', 7400, {host: 'c2'}),
  listed('due', 7210),
  listed('restore-failed', 60, {}, 'cleared'),
].map((server) => row(server));

test('by time left, what goes next comes first and what nothing takes soon last, also the other way round', (t) => {
  t.deepEqual(order(STANDINGS, BY_TIME_LEFT), [
    'restore-failed',
    'due',
    'soon',
    'calm',
    'overdue',
    'stuck',
    'unknown',
  ]);
  t.deepEqual(order(STANDINGS, turned(BY_TIME_LEFT)), [
    'calm',
    'soon',
    'due',
    'restore-failed',
    'overdue',
    'stuck',
    'unknown',
  ]);
});

test('newest first, those without a time last', (t) => {
  t.deepEqual(order(STANDINGS, NEWEST_FIRST).slice(0, 2), ['stuck', 'calm']);
  t.deepEqual(order(STANDINGS, NEWEST_FIRST).slice(-2), ['restore-failed', 'unknown']);
  t.deepEqual(order(STANDINGS, turned(NEWEST_FIRST)).slice(-2), ['restore-failed', 'unknown']);
});

test('names are in the order of people', (t) => {
  const rows = ['web-10', 'Web-9', 'db', 'web-9'].map((name) => row(listed(name, 60)));
  t.deepEqual(order(rows, {column: 'name', direction: 'ascending'}), ['db', 'Web-9', 'web-9', 'web-10']);
  t.deepEqual(order(rows, {column: 'name', direction: 'descending'}), ['web-10', 'Web-9', 'web-9', 'db']);
});

test('projects are sorted by name, each in its cloud, and what is missing comes last', (t) => {
  const rows = [
    row(listed('no-project', 60, {projectId: undefined})),
    row(listed('of-shop', 60)),
    row(listed('of-archive', 60), 1),
    row(listed('of-p2', 60, {projectId: 'p2'})),
  ];
  const sort = {column: 'project', direction: 'ascending'} as const;
  t.deepEqual(order(rows, sort), ['of-archive', 'of-p2', 'of-shop', 'no-project']);
  t.deepEqual(order(rows, turned(sort)), ['of-shop', 'of-p2', 'of-archive', 'no-project']);
  t.deepEqual(order(rows, {column: 'cloud', direction: 'ascending'})[0], 'of-archive');
});

test('locked ones come first, those of which nobody knows last', (t) => {
  const rows = [true, undefined, false].map((isLocked) => row(listed(String(isLocked), 60, {isLocked})));
  t.deepEqual(order(rows, {column: 'locked', direction: 'ascending'}), ['true', 'false', 'undefined']);
});

const anyRow = fc
  .record({
    name: fc.constantFrom('a', 'B', 'b', 'web-2', 'web-10'),
    id: fc.uuid(),
    age: fc.constantFrom(10, 60, 7000, 7210, 7400),
    host: fc.constantFrom('c1', 'c2', 'c3', undefined),
    projectId: fc.constantFrom('p1', 'p2', undefined),
    isLocked: fc.constantFrom(true, false, undefined),
    kind: fc.constantFrom('action' as const, 'estimate' as const, 'cleared' as const, 'unknown' as const),
    cloud: fc.constantFrom(0, 1),
  })
  .map(({name, age, kind, cloud, ...changes}) => row(listed(name, age, changes, kind), cloud));
const anySort: fc.Arbitrary<Sort> = fc.record({
  column: fc.constantFrom(...SORT_IDS),
  direction: fc.constantFrom('ascending', 'descending'),
});

test('sorted rows are in the order of their comparison, whatever stood before', (t) => {
  fc.assert(
    fc.property(fc.array(anyRow, {maxLength: 12}), anySort, (rows, sort) => {
      const compare = compareRows(sort, CLOUDS);
      const sorted = sortRows(rows, sort, CLOUDS);
      for (const [index, one] of sorted.entries()) {
        const next = sorted[index + 1];
        t.true(next === undefined || compare(one, next) <= 0);
      }
      t.deepEqual(sortRows(rows.toReversed(), sort, CLOUDS), sorted);
    }),
  );
});

test('by time left the order is that of the standings', (t) => {
  fc.assert(
    fc.property(fc.array(anyRow, {maxLength: 12}), (rows) => {
      const sorted = sortRows(rows, BY_TIME_LEFT, CLOUDS);
      for (const [index, one] of sorted.entries()) {
        const next = sorted[index + 1];
        t.true(next === undefined || compareTimeLeft(one.listed.standing, next.listed.standing) <= 0);
      }
    }),
  );
});

test('rows put among others stand where sorting would put them', (t) => {
  fc.assert(
    fc.property(
      fc.array(anyRow, {maxLength: 12}),
      fc.array(anyRow, {maxLength: 5}),
      anySort,
      (many, few, sort) => {
        const merged = mergeRows(sortRows(many, sort, CLOUDS), few, sort, CLOUDS);
        t.deepEqual(merged, sortRows([...many, ...few], sort, CLOUDS));
      },
    ),
  );
});

test('sorting goes through the columns and comes round', (t) => {
  let sort = BY_TIME_LEFT;
  const seen = SORT_IDS.map(() => (sort = nextSort(sort)).column);
  t.deepEqual(seen.toSorted(), SORT_IDS.toSorted());
  t.true(isSameSort(sort, BY_TIME_LEFT));
  t.deepEqual(nextSort(BY_TIME_LEFT, ['name', 'deleted', 'left', 'fuse']), {
    column: 'name',
    direction: 'ascending',
  });
  t.deepEqual(nextSort({column: 'name', direction: 'descending'}, ['name', 'deleted']), NEWEST_FIRST);
  t.deepEqual(nextSort({column: 'id', direction: 'ascending'}, []), BY_TIME_LEFT);
});
