import test from 'ava';
import fc from 'fast-check';
import {UserError} from '../../../source/app/errors.js';
import {
  COLUMN_IDS,
  readWatchView,
  SORT_IDS,
  viewSettings,
  type WatchView,
} from '../../../source/app/watch/watch-view.js';

const read = (settings: Readonly<Record<string, unknown>>) =>
  readWatchView(
    new Map(
      Object.entries(settings).map(([key, value], index) => [key, {value, place: `p.yaml:${index + 2}`}]),
    ),
  );

test('a section without a view leaves everything as it is for everybody', (t) => {
  const nothing = {columns: undefined, sort: undefined, filter: undefined};
  t.deepEqual(read({}), nothing);
  t.deepEqual(read({columns: null, sort: '', interval: '2h'}), nothing);
});

test('a view is read', (t) => {
  t.deepEqual(read({columns: ['name', 'left', 'name'], sort: '-deleted', filter: 'host:c1 !ci'}), {
    columns: ['name', 'left'],
    sort: {column: 'deleted', direction: 'descending'},
    filter: 'host:c1 !ci',
  });
  t.deepEqual(read({columns: 'name, host', filter: 12}), {
    columns: ['name', 'host'],
    sort: undefined,
    filter: '12',
  });
});

const REFUSED: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
  [{columns: ['name', 'hosts']}, 'profile p.yaml:2: watch.columns: there is no column "hosts": cloud, name,'],
  [{columns: []}, 'profile p.yaml:2: watch.columns: it names no column'],
  [{columns: {name: 1}}, 'profile p.yaml:2: watch.columns: a text is wanted'],
  [{sort: 'fuse'}, 'profile p.yaml:2: watch.sort: there is no column "fuse": cloud,'],
  [{sort: ['left']}, 'profile p.yaml:2: watch.sort: a text is wanted'],
  [{filter: '/(/'}, 'profile p.yaml:2: watch.filter: /(/ is no regular expression'],
];
for (const [settings, message] of REFUSED) {
  test(`it is told what is wrong with ${JSON.stringify(settings)}`, (t) => {
    const error = t.throws(() => read(settings), {instanceOf: UserError});
    t.is(error.kind, 'usage');
    t.true(error.message.startsWith(message), error.message);
  });
}

test('a column that is nearly one is told', (t) => {
  t.is(t.throws(() => read({sort: '-delted'}), {instanceOf: UserError}).remedy, 'did you mean deleted?');
});

test('what is kept is read again as it was', (t) => {
  const view: fc.Arbitrary<WatchView> = fc.record({
    columns: fc.option(fc.uniqueArray(fc.constantFrom(...COLUMN_IDS), {minLength: 1}), {nil: undefined}),
    sort: fc.option(
      fc.record({
        column: fc.constantFrom(...SORT_IDS),
        direction: fc.constantFrom('ascending' as const, 'descending' as const),
      }),
      {nil: undefined},
    ),
    filter: fc.constantFrom(undefined, 'web', '!ci host:"a b"', '/^x/'),
  });
  fc.assert(fc.property(view, (one) => t.deepEqual(read(viewSettings(one)), one)));
  t.is(viewSettings({columns: undefined, sort: undefined, filter: ''}).filter, undefined);
});
