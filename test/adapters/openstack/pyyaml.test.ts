import test from 'ava';
import * as fc from 'fast-check';
import {parseJson, parseYaml, plainScalar} from '../../../source/adapters/openstack/pyyaml.js';
import {numberAsText} from '../../../source/domain/python-number.js';

for (const [text, value] of [
  ['yes', true],
  ['Off', false],
  ['y', 'y'],
  ['', null],
  ['~', null],
  ['1e5', '1e5'],
  ['1.5e+3', 1500],
  ['12345678901234567890123456789e12', '12345678901234567890123456789e12'],
  ['0123', 83n],
  ['0o17', '0o17'],
  ['089', '089'],
  ['0x1F', 31n],
  ['0b11', 3n],
  ['1_000', 1000n],
  ['1:30', 90n],
  ['-7', -7n],
  ['123456789012345678901234567890', 123456789012345678901234567890n],
  ['.5', 0.5],
  ['1.', 1],
  ['.inf', Infinity],
  ['2026-01-01', '2026-01-01'],
] as const) {
  test(`the plain scalar "${text}" is read as PyYAML reads it`, (t) => {
    t.is(plainScalar(text), value);
  });
}

test('numbers become the text that Python makes of them', (t) => {
  t.is(numberAsText(3n), '3');
  t.is(numberAsText(3), '3.0');
  t.is(numberAsText(1.1), '1.1');
  t.is(numberAsText(1e300), '1e+300');
  t.is(numberAsText(0.000_01), '1e-05');
  t.is(numberAsText(123_456.5), '123456.5');
});

test('quoted values stay text, keys too, and merges and anchors work', async (t) => {
  const parsed = await parseYaml(`
base: &base {a: "1", b: 'yes', c: 2}
yes: 1
top:
  <<: *base
  c: !!str 3
  d: !!int "4"
`);
  t.deepEqual(parsed, {
    value: {
      base: {a: '1', b: 'yes', c: 2n},
      yes: 1n,
      top: {a: '1', b: 'yes', c: '3', d: 4n},
    },
  });
});

test('of a key that stands twice the last one counts', async (t) => {
  t.deepEqual(await parseYaml('a: 1\na: 2\n'), {value: {a: 2n}});
});

test('no text makes the readers throw', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.string({unit: 'binary', maxLength: 60}), async (text) => {
      t.is(typeof (await parseYaml(text)), 'object');
      t.is(typeof parseJson(text), 'object');
    }),
    {numRuns: 200},
  );
});

test('aliases that grow beyond measure are refused', async (t) => {
  const rows = Array.from(
    {length: 9},
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
  );
  const parsed = await parseYaml(`a0: &a0 x\n${rows.join('\n')}\n`);
  t.true('problem' in parsed);
});
