import test from 'ava';
import {amountBar, fuse, progressBar} from '../../../source/ui/components/bars.js';
import {diffLines, parseUnifiedDiff} from '../../../source/ui/components/diff.js';
import {histogram, type HistogramOptions} from '../../../source/ui/components/histogram.js';
import {lineCells, plainText} from '../../../source/ui/spans.js';
import {ASCII, DARK, MONO} from '../../helpers/themes.js';

test('progress is as long as its share, in half cells, and always as wide as its room', (t) => {
  t.is(plainText(progressBar(MONO, 0.55, 10)), '━━━━━╸╌╌╌╌');
  t.is(plainText(progressBar(ASCII, 0.5, 10)), '=====-----');
  const plain = {...DARK, signs: ASCII.signs, isAscii: true};
  t.is(plainText(progressBar(plain, 0.5, 10)), '=====-----');
  for (const share of [-1, 0, 0.001, 0.5, 0.999, 1, 2]) t.is(lineCells(progressBar(DARK, share, 22)), 22);
  t.is(plainText(progressBar(MONO, 1, 4)), '━━━━');
  t.is(plainText(progressBar(MONO, 0, 4)), '╌╌╌╌');
});

test('a fuse is as long as the root of what is left, at least half a cell, and never nothing', (t) => {
  const hour = 3600;
  t.is(plainText(fuse(DARK, 2 * hour, 2 * hour, 12)), '━━━━━━━━━━━━');
  t.is(plainText(fuse(DARK, hour / 2, 2 * hour, 12)), '━━━━━━');
  t.is(plainText(fuse(DARK, 1, 2 * hour, 12)), '╸');
  t.is(plainText(fuse(DARK, 0, 2 * hour, 12)), '');
  t.is(plainText(fuse(DARK, 3 * hour, 2 * hour, 12)), '━━━━━━━━━━━━');
});

test('an amount has a bar of its share', (t) => {
  t.is(plainText(amountBar(DARK, 2, 2380, 14)), '╸');
  t.is(plainText(amountBar(DARK, 340, 2380, 14)), '━━');
  t.is(plainText(amountBar(DARK, 2380, 2380, 14)), '━━━━━━━━━━━━━━');
  t.is(plainText(amountBar(DARK, 0, 2380, 14)), '');
});

test('columns are as high as their number, over as many rows as there are, and a rule cuts them', (t) => {
  const options: HistogramOptions = {values: [1, 8, 16, 0], rows: 2, colourOf: () => 'ok', cutBefore: 2};
  t.deepEqual(histogram(DARK, options).map(plainText), ['  │█ ', '▁█│█ ']);
  t.deepEqual(histogram(ASCII, options).map(plainText), ['  |# ', '_#|# ']);
});

test('the smallest number is seen beside the largest, and nothing is seen of none', (t) => {
  const [line] = histogram(DARK, {values: [1, 100_000, 0], rows: 1, colourOf: () => 'ok'});
  t.is(plainText(line ?? []), '▁█ ');
  t.is(plainText(histogram(DARK, {values: [], rows: 1, colourOf: () => 'ok'})[0] ?? []), '');
  t.is(plainText(histogram(DARK, {values: [0, 0], rows: 1, colourOf: () => 'ok'})[0] ?? []), '  ');
});

const ONE_ROW: Omit<HistogramOptions, 'values'> = {rows: 1, colourOf: () => 'ok'};

test('wide columns have a gap', (t) => {
  const options: HistogramOptions = {...ONE_ROW, values: [1, 2], columnCells: 3, gap: 1};
  t.is(plainText(histogram(DARK, options)[0] ?? []), '▄▄▄ ███ ');
});

const UNIFIED = `--- /etc/nova/nova.conf
+++ /etc/nova/nova.conf
@@ -12,3 +12,4 @@
 # Delayed delete
-reclaim_instance_interval = 86400
+reclaim_instance_interval = 7200
+-- a line that begins with signs
 debug = false
`;

test('a difference has the numbers of its lines, and a sign beside each colour', (t) => {
  const diff = parseUnifiedDiff(UNIFIED);
  t.deepEqual(
    diffLines(DARK, diff, 44).map((line) => plainText(line).trimEnd()),
    [
      '  12   # Delayed delete',
      '  13  -reclaim_instance_interval = 86400',
      '  13  +reclaim_instance_interval = 7200',
      '  14  +-- a line that begins with signs',
      '  15   debug = false',
    ],
  );
});
