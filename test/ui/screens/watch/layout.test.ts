import test from 'ava';
import fc from 'fast-check';
import {COLUMN_IDS, type ColumnId} from '../../../../source/app/watch/watch-view.js';
import {layoutColumns, LEFT_CELLS} from '../../../../source/ui/screens/watch/layout.js';

const ONE_CLOUD = {clouds: 1, isOwnProject: false};
const shown = (cells: number, chosen?: readonly ColumnId[], facts = ONE_CLOUD) =>
  layoutColumns(chosen, cells, facts)
    .map((one) => `${one.column.id} ${one.cells}`)
    .join(', ');

test('more is shown in a wider window', (t) => {
  t.is(shown(80), 'name 22, project 10, host 12, left 13, fuse 11');
  t.is(shown(100), 'name 22, project 10, host 12, deleted 12, left 13, fuse 17');
  t.is(shown(120), 'name 23, project 10, user 14, host 12, deleted 12, left 13, fuse 20');
  t.is(shown(160), 'name 37, id 8, project 10, user 14, host 12, flavor 14, deleted 12, left 13, fuse 20');
  t.is(
    shown(200),
    'name 40, id 8, project 10, user 14, host 12, flavor 14, deleted 12, left 13, fuse 20, reason 25, locked 8',
  );
  t.is(
    shown(250),
    'name 40, id 8, project 20, user 20, host 24, flavor 24, deleted 12, left 13, fuse 20, reason 30, locked 8',
  );
});

test('an id is shown as its beginning or as a whole', (t) => {
  t.is(shown(80, ['id', 'left']), 'id 36, left 13');
  t.is(shown(80, ['id', 'name']), 'id 8, name 40');
});

test('the cloud is shown where there are several, the project where there can be several', (t) => {
  t.is(
    shown(80, undefined, {clouds: 2, isOwnProject: false}),
    'cloud 8, name 15, project 10, host 12, left 13, fuse 8',
  );
  t.is(shown(80, undefined, {clouds: 1, isOwnProject: true}), 'name 25, host 12, left 13, fuse 20');
});

test('what was chosen is shown in that order, once', (t) => {
  t.is(shown(80, ['left', 'name', 'left', 'state']), 'left 13, name 40, state 10');
});

test('where there is no room for all that was chosen, the least of use leaves', (t) => {
  t.is(shown(80, COLUMN_IDS), 'cloud 6, name 12, project 8, host 8, deleted 9, left 13, fuse 8');
});

test('columns never go beyond the window, keep their order, and are as wide as they must be', (t) => {
  const chosen = fc.option(fc.uniqueArray(fc.constantFrom(...COLUMN_IDS), {minLength: 1}), {nil: undefined});
  fc.assert(
    fc.property(
      chosen,
      fc.integer({min: 80, max: 300}),
      fc.integer({min: 1, max: 3}),
      (ids, cells, clouds) => {
        const laid = layoutColumns(ids, cells, {clouds, isOwnProject: false});
        const total = laid.reduce((sum, one) => sum + one.cells + 2, LEFT_CELLS - 2);
        t.true(total <= cells - 1);
        for (const {column, cells: width} of laid) {
          t.true(width >= column.widths.least && width <= column.widths.most);
        }
        const order = laid.map(({column}) => (ids ?? COLUMN_IDS).indexOf(column.id));
        t.deepEqual(
          order,
          order.toSorted((one, other) => one - other),
        );
      },
    ),
  );
});
