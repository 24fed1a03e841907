import {assert, property, string} from 'fast-check';
import test from 'ava';
import {safeJson} from '../../source/text/json.js';
import {renderLine} from '../../source/text/line.js';
import {sanitize} from '../../source/text/sanitize.js';

const CASES: readonly (readonly [string, string, string])[] = [
  ['plain text', 'web-1 (prod)', 'web-1 (prod)'],
  ['other scripts', 'größe 日本語 العربية', 'größe 日本語 العربية'],
  ['a colour', '\u001B[31mred\u001B[0m', '␛[31mred␛[0m'],
  ['a title', '\u001B]0;owned\u0007', '␛]0;owned␇'],
  ['a newline and a tab', 'a\r\n\tb', 'a␍␊␉b'],
  ['DEL and C1', '\u007F\u009B31m', '␡�31m'],
  ['right-to-left override', 'a\u202Egnp.exe', 'a�gnp.exe'],
  ['isolates', '\u2066a\u2069', '�a�'],
  ['zero-width', 'a\u200Bb\uFEFFc\u00ADd', 'a�b�c�d'],
  ['line separators', 'a\u2028b\u2029c', 'a�b�c'],
  ['half a surrogate pair', 'a\uD800b', 'a�b'],
  ['invisible letters', '\u3164\u115F', '��'],
  ['tags', 'a\u{E0041}', 'a�'],
  ['an emoji with joiners', '👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
  ['a joiner that joins nothing', 'a\u200Db', 'a�b'],
  ['a mark with nothing before it', '\u0301a', '�a'],
  ['an accent', 'e\u0301', 'e\u0301'],
];

for (const [what, text, expected] of CASES) {
  test(`${what} comes out as one safe line`, (t) => {
    t.is(sanitize(text), expected);
  });
}

test('no stack of marks runs into other lines', (t) => {
  const result = sanitize(`a${'\u0301'.repeat(500)}`);
  t.true(result.length < 20);
  t.true(result.endsWith('�'));
});

test('nothing that a terminal obeys gets through, whatever comes in', (t) => {
  const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F]/u;
  assert(
    property(string({unit: 'binary'}), (text) => {
      const once = sanitize(text);
      return !unsafe.test(once);
    }),
  );
  t.pass();
});

test('every piece of a line is made safe, with and without colour', (t) => {
  const line = ['a\n', {text: '\u001B[2J', tone: 'bad'}] as const;
  t.is(renderLine(line, false), 'a␊␛[2J');
  t.is(renderLine(line, true), 'a␊\u001B[31m␛[2J\u001B[0m');
});

test('JSON keeps the value and holds nothing that a terminal obeys', (t) => {
  assert(
    property(string({unit: 'binary'}), (text) => {
      const json = safeJson({text});
      t.false(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E]/u.test(json));
      t.deepEqual(JSON.parse(json), {text});
    }),
  );
});
