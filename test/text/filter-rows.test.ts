import test from 'ava';
import fc from 'fast-check';
import {parseFilter, type RowFilter} from '../../source/app/watch/row-filter.js';
import type {ListedServer} from '../../source/app/watch/watch-types.js';
import {filterHint, type FilterRow, hitsOf, matches, rowMatcher} from '../../source/text/filter-rows.js';
import {graphemesOf} from '../../source/text/graphemes.js';
import {sanitize} from '../../source/text/sanitize.js';
import {listed, NAMES, NOW} from '../helpers/listed-servers.js';

function filterOf(text: string): RowFilter {
  const filter = parseFilter(text);
  if ('problem' in filter) throw new Error(filter.problem);
  return filter;
}

const row = (server: ListedServer, names = NAMES): FilterRow => ({listed: server, cloud: 'fra1', names});
const ROWS = [
  listed('Web-1', 60, {id: 'abcd1234-0000'}),
  listed('db-orders', 7000, {host: 'c2', isLocked: true, projectId: 'p2', flavor: 'm1.large'}),
  listed('late', 9000, {host: 'c2', userId: 'u-unknown'}),
  listed('stuck', 90, {host: 'c3', isLocked: undefined}),
  listed('next', 7210),
  listed('cleared', 60, {}, 'cleared'),
  listed('no-time', 60, {}, 'unknown'),
].map((server) => row(server));

const found = (text: string) =>
  ROWS.filter(rowMatcher(filterOf(text), NOW)).map(({listed: {server}}) => server.name);

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['web', ['Web-1']],
  ['WEB !db', ['Web-1']],
  ['orders p2', ['db-orders']],
  ['shop late', ['late']],
  ['u-unknown', ['late']],
  ['terraform db', ['db-orders']],
  ['c3', ['stuck']],
  ['project:shop c2', ['late']],
  ['project:p1 web', ['Web-1']],
  ['p1 web', []],
  ['name:shop', []],
  ['user:svc web', ['Web-1']],
  ['host:C2', ['db-orders', 'late']],
  ['!host:c1 !host:c3 !late', ['db-orders']],
  ['flavor:large', ['db-orders']],
  ['cloud:fra host:c3', ['stuck']],
  ['cloud:ber', []],
  ['id:bcd', ['Web-1']],
  ['bcd', []],
  ['abc', ['Web-1']],
  ['bcd1', ['Web-1']],
  ['state:late', ['late', 'stuck']],
  ['state:la', ['late', 'stuck']],
  ['state:overdue', ['late']],
  ['state:due', ['next', 'cleared']],
  ['reason:down', ['db-orders', 'late']],
  ['reason:"restore failed"', ['cleared']],
  ['locked:yes', ['db-orders']],
  ['locked:no c2', ['late']],
  ['locked:no c3', []],
  ['deleted:<80s', ['Web-1']],
  ['deleted:>2h', ['late', 'next']],
  ['left:<10m', ['db-orders', 'next', 'cleared']],
  ['left:>1h', ['Web-1']],
  ['/^(web|db)-/', ['Web-1', 'db-orders']],
  ['/^shop$/ /^c2$/', ['late']],
  ['/^p1$/', []],
  ['/^p2$/', ['db-orders']],
  ['/^terra/', []],
  ['/terraform$/ !c1 !c2', ['stuck']],
  ['!/e/', []],
  ['name:/T$/', ['next']],
  ['project:/^p/', ['Web-1', 'db-orders', 'late', 'stuck', 'next', 'cleared', 'no-time']],
  ['state:/^(over|st)/', ['late', 'stuck']],
];
for (const [text, expected] of CASES) {
  test(`a filter finds: ${text}`, (t) => {
    t.deepEqual(found(text), expected);
  });
}

test('no filter lets all through', (t) => {
  t.is(found('').length, ROWS.length);
  t.is(found('project: !').length, ROWS.length);
});

test('a name that becomes known later is found, its id no more', (t) => {
  const server = listed('x', 60, {projectId: 'p9'});
  const isFound = (text: string, names = NAMES) => matches(filterOf(text), row(server, names), NOW);
  t.true(isFound('p9'));
  t.false(isFound('payments'));
  const names = {...NAMES, projects: new Map([['p9', 'Payments']])};
  t.true(isFound('payments', names));
  t.false(isFound('p9', names));
  t.true(isFound('project:p9', names));
});

test('names that look the same are found whichever way they are written', (t) => {
  const server = listed('cafe\u0301', 60);
  t.true(matches(filterOf('caf\u00E9'), row(server), NOW));
});

test('a name is searched as it is shown: what it hides does not help it to hide', (t) => {
  const server = listed('ord\u200Bers\u001B[2J', 60);
  t.false(matches(filterOf('orders'), row(server), NOW));
  t.true(matches(filterOf('\u241B[2j'), row(server), NOW));
  t.true(matches(filterOf('ord'), row(server), NOW));
});

test('a matcher says the same as its words, each for itself', (t) => {
  const word = fc.constantFrom(
    'web',
    '!web',
    'c',
    'shop',
    'state:late',
    '!host:c2',
    '/e/',
    '!/^.*o/',
    'left:<2h',
  );
  fc.assert(
    fc.property(fc.array(word, {maxLength: 4}), fc.constantFrom(...ROWS), (words, one) => {
      const each = words.every((text) => matches(filterOf(text), one, NOW));
      t.is(rowMatcher(filterOf(words.join(' ')), NOW)(one), each);
    }),
  );
});

function marked(text: string, name: string): string {
  const shown = sanitize(name);
  let result = '';
  let end = 0;
  for (const hit of hitsOf(filterOf(text), shown)) {
    result += `${shown.slice(end, hit.start)}<${shown.slice(hit.start, hit.end)}>`;
    ({end} = hit);
  }
  return result + shown.slice(end);
}

test('hits are marked in the name', (t) => {
  t.is(marked('orders', 'db-Orders-orders'), 'db-<Orders>-<orders>');
  t.is(marked('db or name:rs', 'db-orders'), '<db>-<or>de<rs>');
  t.is(marked('order rders', 'db-orders'), 'db-<orders>');
  t.is(marked('!db host:orders project:/o/', 'db-orders'), 'db-orders');
  t.is(marked('/o.d/ name:/x*/', 'db-orders'), 'db-<ord>ers');
  t.is(marked('a.b*', 'xa.b*a-b'), 'x<a.b*>a-b');
});

test('a mark never parts a letter from its accents', (t) => {
  t.is(marked('e', 'xe\u0301y'), 'x<e\u0301>y');
  t.is(marked('m', '👩‍🚒m'), '👩‍🚒<m>');
});

test('marks are in order, apart, on whole characters, whatever the name', (t) => {
  fc.assert(
    fc.property(
      fc.string({unit: 'grapheme', minLength: 1, maxLength: 5}).filter((text) => !/["\s]/.test(text)),
      fc.string({unit: 'grapheme', maxLength: 40}),
      (wanted, around) => {
        const shown = sanitize(around + wanted + around);
        const ends = new Set([0]);
        let length = 0;
        for (const grapheme of graphemesOf(shown)) ends.add((length += grapheme.length));
        let last = -1;
        for (const {start, end} of hitsOf(filterOf(`"${wanted}"`), shown)) {
          t.true(start > last && end > start && ends.has(start) && ends.has(end));
          last = end;
        }
      },
    ),
  );
});

test('the hint is as long as there is room', (t) => {
  t.is(filterHint(72), 'Also: !not, project:shop, host:cmp-11, user:…, state:late, deleted:<10m');
  t.true(filterHint(250).endsWith('cloud:…'));
  for (const cells of [20, 40, 80, 120]) t.true(filterHint(cells).length <= cells);
});

test('what the hint says can be typed', (t) => {
  for (const example of filterHint(1000).slice(6).split(', '))
    t.is(filterOf(example).terms.length, 1, example);
});
