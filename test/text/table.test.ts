import test from 'ava';
import {cellWidth, cutToCells, padToCells} from '../../source/text/cells.js';
import {renderLine} from '../../source/text/line.js';
import {tableLines} from '../../source/text/table.js';

const lines = (...args: Parameters<typeof tableLines>): string[] =>
  tableLines(...args).map((line) => renderLine(line, false));

test('columns are as wide as their widest cell, and no line ends in spaces', (t) => {
  const columns = [{title: 'HOST'}, {title: 'N', align: 'right'}, {title: 'NOTE'}] as const;
  t.deepEqual(
    lines(columns, [
      ['node-1', '5', 'x'],
      ['c', '10', ''],
    ]),
    ['HOST     N  NOTE', 'node-1   5  x', 'c       10'],
  );
});

test('wide letters count as two cells', (t) => {
  t.deepEqual(
    lines(
      [{title: 'A'}, {title: 'B'}],
      [
        ['日本', 'x'],
        ['abc', 'y'],
      ],
    ),
    ['A     B', '日本  x', 'abc   y'],
  );
});

test('only columns that may shrink are cut, the widest first', (t) => {
  const columns = [{title: 'A', narrowest: 4}, {title: 'B', narrowest: 4}, {title: 'C'}];
  const [, row = ''] = lines(columns, [['aaaaaaaaaaaa', 'bbbbbb', 'cccc']], 20);
  t.is(row, 'aaaaa…  bbbbbb  cccc');
  t.is(cellWidth(row), 20);
});

test('a table that cannot get narrow enough keeps its narrowest form', (t) => {
  const [, row] = lines([{title: 'A', narrowest: 4}, {title: 'BBBB'}], [['aaaaaaaa', 'bbbb']], 5);
  t.is(row, 'aaa…  bbbb');
});

test('foreign text in a cell cannot break the row', (t) => {
  const [, row] = lines([{title: 'A'}, {title: 'B'}], [['x\ny', 'z']]);
  t.is(row, 'x␊y  z');
});

test('a cell has its colour, and what stands beside it has none', (t) => {
  const [, row = ''] = tableLines(
    [{title: ''}, {title: 'NAME'}, {title: 'N', align: 'right'}, {title: 'STATE'}, {title: 'NOTE'}],
    [[{text: '▲', tone: 'warning'}, 'web', '7', {text: 'late', tone: 'bad'}, 'é x']],
  );
  t.is(renderLine(row, true), '\u001B[33m▲\u001B[0m  web   7  \u001B[31mlate \u001B[0m  é x');
});

test('text of other scripts stands in its column between plain cells, cut or not', (t) => {
  const columns = [{title: 'A'}, {title: 'B', narrowest: 3}, {title: 'C', align: 'right'}] as const;
  const rows = [
    ['a', 'plain text', '10'],
    ['b', '日本語', '9'],
    ['c', 'e\u0301', ''],
    ['d', '', '日'],
  ] as const;
  t.deepEqual(lines(columns, rows), [
    'A  B            C',
    'a  plain text  10',
    'b  日本語       9',
    'c  e\u0301',
    'd              日',
  ]);
  t.deepEqual(lines(columns, rows, 12), [
    'A  B       C',
    'a  plai…  10',
    'b  日本…   9',
    'c  e\u0301',
    'd         日',
  ]);
});

test('cutting never splits a letter and never exceeds the width', (t) => {
  t.is(cutToCells('日本語', 4), '日…');
  t.is(cutToCells('日本語', 5), '日本…');
  t.is(cutToCells('e\u0301e\u0301e\u0301', 2), 'e\u0301…');
  t.is(cutToCells('abc', 3), 'abc');
  t.is(cutToCells('abc', 0), '');
  t.is(cutToCells('abc', 1), '…');
  t.is(cutToCells('■■■■', 3), '■■…');
  t.is(padToCells('日', 4, 'right'), '  日');
});
