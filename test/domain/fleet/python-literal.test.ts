import test from 'ava';
import {readPythonLiteral} from '../../../source/domain/fleet/python-literal.js';

const CASES: readonly (readonly [string, unknown])[] = [
  ['22', 22],
  ['022', '022'],
  ['0', 0],
  ['00', 0],
  ['-3', -3],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['0x10', 16],
  ['1_000', 1000],
  ['True', true],
  ['true', 'true'],
  ['None', null],
  ['Nonesuch', 'Nonesuch'],
  ["'a'", 'a'],
  [`"a" 'b'`, 'ab'],
  [String.raw`'a\'b'`, "a'b"],
  ["[1, 'b', [2]]", [1, 'b', [2]]],
  ['[1,]', [1]],
  ['[1 2]', '[1 2]'],
  ['1,2', [1, 2]],
  ['(1)', 1],
  ['(1,)', [1]],
  ['()', []],
  ["{'a': 1, 'b': [None]}", {a: 1, b: [null]}],
  ['5 # five', 5],
  ['abc # not a comment', 'abc # not a comment'],
  ['', ''],
  ['1.2.3', '1.2.3'],
  ['10.0.0.1', '10.0.0.1'],
  ['99999999999999999999', '99999999999999999999'],
  ['1 + 1', '1 + 1'],
];

for (const [text, value] of CASES) {
  test(`${text === '' ? 'an empty text' : text} is ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(readPythonLiteral(text), value);
  });
}
