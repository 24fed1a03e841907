import test from 'ava';
import fc from 'fast-check';
import {EXPORT_FORMATS, exportRows} from '../../source/text/watch-export.js';
import {lasting, listed, NAMES} from '../helpers/listed-servers.js';

const row = (...given: Parameters<typeof listed>) => ({
  listed: listed(...given),
  cloud: 'fra1',
  names: NAMES,
});

/** The fields of a CSV text, as RFC 4180 has them. */
function fieldsOf(csv: string): string[][] {
  const lines: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = field.exec(csv); match !== null; match = field.exec(csv)) {
    lines.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') lines.push([]);
    if (field.lastIndex === csv.length) return lines.slice(0, -1);
  }
  throw new Error(`no CSV: ${csv}`);
}

const csvOf = (...rows: readonly ReturnType<typeof row>[]) => {
  const [headings = [], ...lines] = fieldsOf(exportRows(rows, 'csv'));
  return lines.map((line) => Object.fromEntries(headings.map((heading, index) => [heading, line[index]])));
};

test('CSV has all that is known, with ISO times', (t) => {
  const [late, unknown] = csvOf(
    row('late, "very"', 7400, {id: '7', host: 'c2', isLocked: true}),
    row('x', 60, {projectId: 'p9', userId: undefined, host: undefined, isLocked: undefined}, 'unknown'),
  );
  t.deepEqual(late, {
    cloud: 'fra1',
    id: '7',
    name: 'late, "very"',
    project_id: 'p1',
    project_name: 'shop',
    user_id: 'u1',
    user_name: 'svc-terraform',
    host: 'c2',
    flavor: 'm1.tiny',
    deleted_at: '2026-11-22T09:56:40.000Z',
    deleted_at_source: 'action',
    interval: '7200',
    interval_source: 'host',
    due_at: '2026-11-22T11:56:40.000Z',
    state: 'overdue',
    reason: 'nova-compute on c2 is down, and nothing is reclaimed there until it is up',
    cause: 'host-down',
    status: 'SOFT_DELETED',
    task_state: '',
    locked: 'true',
  });
  t.like(unknown, {project_id: 'p9', project_name: '', user_id: '', host: '', deleted_at: '', locked: ''});
});

test('an interval beyond what a date can hold is exported as it is, and its due time as the latest', (t) => {
  for (const seconds of [9_999_999_999_999, 10 ** 18, 1e20]) {
    const long = {...row('long', 60), listed: lasting('long', seconds)};
    t.like(csvOf(long)[0], {interval: String(seconds), due_at: '9999-12-31T00:00:00.000Z', state: 'waiting'});
    t.regex(exportRows([long], 'json'), /"due_at":\s*"9999-12-31T00:00:00.000Z"/);
    t.true(exportRows([long], 'markdown').includes('9999-12-31'));
  }
  const long = {...row('long', 60), listed: lasting('long', 2 ** 31 - 1)};
  t.like(csvOf(long)[0], {due_at: '2094-12-10T15:13:07.000Z', state: 'waiting'});
});

for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '"=1', '\uFF1D1', "'=1"]) {
  test(`a spreadsheet does not calculate the name ${name}`, (t) => {
    const text = exportRows([row(name, 60)], 'csv');
    t.is(csvOf(row(name, 60))[0]?.['name'], `'${name}`);
    t.false(/(?:^|[,;"])[=+@\uFF1D]/m.test(text.replaceAll('""', '')));
  });
}

test('a name with a semicolon stays in its cell', (t) => {
  t.true(exportRows([row('a;=1', 60)], 'csv').includes('"a;=1"'));
});

test('JSON has the objects of watch --json, with names, and text as it was', (t) => {
  const evil = 'x\u001B]0;y\u0007\u202E\n';
  const text = exportRows([row(evil, 60), row('b', 60, {projectId: 'p9'}, 'estimate')], 'json');
  const parsed: readonly Record<string, unknown>[] = JSON.parse(text);
  const [first, second, ...others] = parsed;
  t.like(first, {
    event: 'present',
    name: evil,
    cloud: 'fra1',
    project_name: 'shop',
    user_name: 'svc-terraform',
  });
  t.like(second, {name: 'b', project_id: 'p9', project_name: null, deleted_at_source: 'updated'});
  t.deepEqual(others, []);
  t.is(text.split('\n').length, 5);
});

test('Markdown is a table for people', (t) => {
  const lines = exportRows(
    [row('web-1', 80, {isLocked: true}), row('b', 60, {host: undefined}, 'estimate')],
    'markdown',
  );
  t.deepEqual(lines.split('\n'), [
    '| Cloud | Name | ID | Project | User | Host | Flavor | Deleted | Due | State | Reason | Locked |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    '| fra1 | web-1 | id-of-web-1 | shop | svc-terraform | c1 | m1.tiny | 2026-11-22T11:58:40.000Z | 2026-11-22T13:58:40.000Z | waiting |  | yes |',
    '| fra1 | b | id-of-b | shop | svc-terraform |  | m1.tiny | about 2026-11-22T11:59:00.000Z |  | stuck | it has no host, so no periodic task ever takes it | no |',
    '',
  ]);
});

test('nothing of a name is markup in Markdown', (t) => {
  const cell = (name: string) =>
    exportRows([row(name, 60)], 'markdown')
      .split('\n')[2]
      ?.split(/(?<!\\) \| /)[1];
  t.is(cell('a|b\\|c'), String.raw`a\|b\\\|c`);
  t.is(cell('![x](http://y)<b>`*_'), String.raw`\!\[x\]\(http\://y\)\<b\>\`\*\_`);
  t.is(cell('www.example.org'), String.raw`www\.example.org`);
  t.is(cell('&#124;'), String.raw`\&#124;`);
  t.is(cell('  '), '"  "');
  t.is(cell('\u2800'), '"\u2800"');
  t.is(cell(''), '""');
  t.is(cell('a\nb'), 'a␊b');
});

test('an empty list is still whole', (t) => {
  t.is(exportRows([], 'json'), '[]\n');
  t.is(exportRows([], 'csv').split('\r\n').length, 2);
  t.is(exportRows([], 'markdown').split('\n').length, 3);
});

test('text of tenants does nothing to a terminal, and keeps to its place, in every format', (t) => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '\u001B]0;owned\u0007',
      '\u202Egnp.exe',
      'a\r\nb\n| c |',
      '龍'.repeat(255),
      '\u200B\u2060',
      '',
      '\u009B31m',
      '"|\\',
    ),
    fc.string({unit: 'binary', maxLength: 20}),
  );
  fc.assert(
    fc.property(hostile, hostile, hostile, (name, flavor, project) => {
      const names = {...NAMES, projects: new Map([['p1', project]])};
      const rows = [{listed: listed(name, 60, {id: '1', flavor}), cloud: 'fra1', names}];
      for (const format of EXPORT_FORMATS) {
        const text = exportRows(rows, format);
        t.notRegex(text.replaceAll(/\r?\n/g, ''), /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }
      t.is(csvOf(...rows).length, 1);
      t.is(Object.keys(csvOf(...rows)[0] ?? {}).length, 20);
      const lines = exportRows(rows, 'markdown').trimEnd().split('\n');
      t.is(lines.length, 3);
      // Twelve cells have thirteen walls that no backslash takes away.
      t.is(lines[2]?.replaceAll(/\\./g, '').split('|').length, 14);
    }),
  );
});
