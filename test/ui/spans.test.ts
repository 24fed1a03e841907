import fc from 'fast-check';
import test from 'ava';
import {cellWidth} from '../../source/text/cells.js';
import {UNICODE_SIGNS} from '../../source/text/signs.js';
import {
  columns,
  fit,
  lineCells,
  paint,
  place,
  plainText,
  spread,
  withStyle,
  type UiLine,
} from '../../source/ui/spans.js';
import type {Theme} from '../../source/ui/theme.js';

const DARK: Theme = {name: 'dark', depth: '256', signs: UNICODE_SIGNS, isAscii: false, hasMotion: true};

test('a line is cut with a sign that something is missing, or filled up', (t) => {
  t.is(plainText(fit(['fra1-cmp-', {text: '112', isBold: true}], 8)), 'fra1-cm…');
  t.is(plainText(fit(['abc', 'def'], 6)), 'abcdef');
  t.is(plainText(fit(['abc'], 6)), 'abc   ');
  t.is(plainText(fit(['abc'], 6, 'right')), '   abc');
  t.is(plainText(fit(['abc', 'def'], 3, 'left', '~')), 'ab~');
  t.is(plainText(fit(['abc'], 0)), '');
});

test('a wide character is never halved', (t) => {
  t.is(plainText(fit(['日本語'], 4)), '日… ');
  t.is(plainText(fit(['日本語'], 5)), '日本…');
});

test('any foreign text fits exactly, whatever it holds', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({unit: 'binary'})), fc.integer({min: 1, max: 40}), (texts, cells) => {
      const line = fit(texts, cells);
      t.is(lineCells(line), cells);
      t.is(cellWidth(paint(DARK, line)), cells);
    }),
    {numRuns: 300},
  );
});

test('columns have their exact widths, two apart, and one without width is not there', (t) => {
  const line = columns([
    {cells: 6, line: ['a']},
    {cells: 0, line: ['gone']},
    {cells: 4, align: 'right', line: ['7']},
  ]);
  t.is(plainText(line), 'a          7');
});

test('the right part of a line stays, the left one is cut', (t) => {
  t.is(plainText(spread(['left'], ['2 of 41'], 16)), 'left     2 of 41');
  t.is(plainText(spread(['a long left part'], ['2 of 41'], 16)), 'a long … 2 of 41');
});

test('under an axis, what would run into its neighbour is left out', (t) => {
  const parts = [
    {at: 0, line: ['now']},
    {at: 2, line: ['1 h']},
    {at: 6, line: ['2 h']},
  ];
  t.is(plainText(place(parts)).trimEnd(), 'now   2 h');
});

test('foreign text cannot colour, link or break a row', (t) => {
  const evil: UiLine = ['a\u001B[31mb\nc\u001B]8;;http://x\u0007d'];
  const painted = paint(DARK, evil);
  t.false(painted.includes('\u001B'));
  t.false(painted.includes('\n'));
});

test('pieces that look the same are said once', (t) => {
  const bold: UiLine = [{text: 'a', isBold: true}, {text: 'b', isBold: true}, 'c'];
  t.is(paint(DARK, bold), '\u001B[1mab\u001B[0mc');
});

test('a style below a line yields to what a piece says itself', (t) => {
  const line = withStyle(['a', {text: 'b', colour: 'ok'}], {colour: 'muted'});
  t.deepEqual(line, [
    {text: 'a', colour: 'muted'},
    {text: 'b', colour: 'ok'},
  ]);
});
