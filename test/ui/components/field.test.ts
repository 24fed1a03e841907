import test from 'ava';
import {EMPTY_FIELD, fieldOf, paste, typeKey, type Accepts} from '../../../source/ui/components/field.js';
import {fieldLine} from '../../../source/ui/components/field-view.js';
import {lineCells, plainText} from '../../../source/ui/spans.js';
import {DARK, MONO} from '../../helpers/themes.js';

const typed = (start: string, ...keys: readonly string[]) =>
  keys.reduce((field, key) => typeKey(field, key) ?? field, fieldOf(start));

const isDigit: Accepts = (text) => /^\d$/.test(text);

test('keys type, move and take away', (t) => {
  t.deepEqual(typed('', '2', 'h'), {text: '2h', cursor: 2});
  t.is(typed('24', 'left', 'space', 'x').text, '2 x4');
  t.is(typed('abc', 'home', 'delete').text, 'bc');
  t.is(typed('abc', 'backspace', 'backspace', 'backspace', 'backspace').text, '');
  t.is(typed('one two', 'ctrl-w').text, 'one ');
  t.is(typed('one two', 'left', 'left', 'ctrl-u').text, 'wo');
});

test('what a reader sees as one character is taken away as one', (t) => {
  t.is(typed('e\u0301', 'backspace').text, '');
  t.is(typed('a👩‍👩‍👧b', 'left', 'backspace').text, 'ab');
  t.deepEqual(typed('e', '\u0301'), {text: 'e\u0301', cursor: 1});
});

test('keys that are none of the field’s are left to others', (t) => {
  for (const key of ['enter', 'esc', 'tab', 'up', 'ctrl-x']) t.is(typeKey(EMPTY_FIELD, key), undefined);
  t.is(typeKey(EMPTY_FIELD, 'b', isDigit), undefined);
  t.is(typeKey(EMPTY_FIELD, '7', isDigit)?.text, '7');
});

test('of a paste the first line is taken, and what is accepted of it', (t) => {
  t.is(paste(fieldOf('a'), 'b c\nd').text, 'ab c');
  t.is(paste(EMPTY_FIELD, '\n 1,024 \r\n', isDigit).text, '1024');
});

test('a field is as wide as it was asked to be, and its cursor is in sight', (t) => {
  for (const text of ['', 'short', 'a text that is much longer than the field', '日本語日本語日本語']) {
    for (const field of [fieldOf(text), {text, cursor: 0}]) {
      const line = fieldLine(DARK, field, {cells: 12, hasFocus: true});
      t.is(lineCells(line), 12, text);
      t.is(line.filter((span) => typeof span !== 'string' && span.isInverse === true).length, 1, text);
    }
  }
  t.is(plainText(fieldLine(DARK, fieldOf('abcdefgh'), {cells: 5, hasFocus: true})), 'efgh ');
});

test('what is missing of a word is shown behind what was typed, as long as that is right', (t) => {
  const ghost = 'mysql-billing';
  const right = fieldLine(DARK, fieldOf('mysql'), {cells: 20, hasFocus: true, ghost});
  // The cursor stands before what is missing.
  t.is(plainText(right).trimEnd(), 'mysql -billing');
  const wrong = fieldLine(DARK, fieldOf('mysqk'), {cells: 20, hasFocus: true, ghost});
  t.is(plainText(wrong).trimEnd(), 'mysqk');
});

test('without colours a line shows where the field is, and the cursor still stands out', (t) => {
  const line = fieldLine(MONO, fieldOf('2h'), {cells: 6, hasFocus: true});
  t.true(line.some((span) => typeof span !== 'string' && span.isUnderlined === true));
  t.true(line.some((span) => typeof span !== 'string' && span.isInverse === true));
});
