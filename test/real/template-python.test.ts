import {spawnSync} from 'node:child_process';
import test from 'ava';
import * as fc from 'fast-check';
import {python} from '../../source/domain/template/formats/python.js';

const READ = `
import ast, json, sys
json.dump([ast.literal_eval(text) for text in json.load(sys.stdin)], sys.stdout)
`;

test('Python reads every text, list and table back as it was', (t) => {
  const text = fc.oneof(
    fc.string({unit: 'binary'}).filter((one) => one.isWellFormed()),
    fc.constantFrom(
      '"',
      "'",
      '\\',
      '\\"""',
      '{{ x }}',
      '%s',
      '\n',
      '\r\n',
      '\t',
      '\u2028',
      '\u{1f600}',
      'True',
      '',
    ),
  );
  const texts = fc.sample(text, 400);
  const lists = fc.sample(fc.array(text, {maxLength: 4}), 100);
  const tables = fc.sample(fc.dictionary(text, text, {maxKeys: 4}), 100);
  const rows = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([name, value]) => ({name, value}));
  const written = [
    ...texts.map((one) => python.text(one, 'whole')),
    ...lists.map((one) => python.list?.(one)),
    ...tables.map((one) => python.table?.(rows(one))),
  ];
  const read = spawnSync('/usr/bin/python3', ['-c', READ], {
    input: JSON.stringify(written),
    encoding: 'utf8',
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8'},
  });
  t.is(read.status, 0, read.stderr);
  const found: unknown = JSON.parse(read.stdout);
  t.deepEqual(found, [...texts, ...lists, ...tables.map((one) => ({...one}))]);
});
