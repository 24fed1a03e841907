import test from 'ava';
import fc from 'fast-check';
import type {GuestLayout} from '../../source/domain/flavor/guest-layout.js';
import {cellWidth} from '../../source/text/cells.js';
import {drawGuest, guestInBrief, type DrawingOptions} from '../../source/text/flavor-drawing.js';
import {renderLine, spansOf, type Line} from '../../source/text/line.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {judgedLayout, layoutWithNodes, randomLayout, topologySpecs} from '../helpers/judged-layouts.js';

const plain = (lines: readonly Line[]): string[] => lines.map((line) => renderLine(line, false).trimEnd());

function drawn(layout: GuestLayout, options: Partial<DrawingOptions> = {}): string {
  return plain(drawGuest(layout, {width: 66, signs: UNICODE_SIGNS, ...options}).lines).join('\n');
}

function legend(layout: GuestLayout, options: Partial<DrawingOptions> = {}): string[] {
  return plain(drawGuest(layout, {width: 66, signs: UNICODE_SIGNS, ...options}).legend);
}

const SMALL = judgedLayout(4, 8, {
  ...topologySpecs('2:2:1'),
  'hw:numa_nodes': '1',
  'hw:cpu_policy': 'shared',
});
const MIXED = judgedLayout(16, 64, {
  ...topologySpecs('2:4:2'),
  'hw:numa_nodes': '2',
  'hw:cpu_policy': 'mixed',
  'hw:cpu_dedicated_mask': '^0,^8',
  'hw:mem_page_size': '1GB',
});
const PINNED = judgedLayout(64, 256, {
  ...topologySpecs('2:16:2'),
  'hw:numa_nodes': '2',
  'hw:cpu_policy': 'dedicated',
  'hw:mem_page_size': '1GB',
});
const LARGE = judgedLayout(128, 256, {
  ...topologySpecs('2:32:2'),
  'hw:numa_nodes': '4',
  'hw:cpu_policy': 'mixed',
  'hw:cpu_dedicated_mask': '4-127',
  'hw:mem_page_size': '2MB',
});
const TWO_SOCKETS_A_NODE = judgedLayout(32, 128, {
  ...topologySpecs('4:8:1'),
  'hw:numa_nodes': '2',
  'hw:cpu_policy': 'dedicated',
});
const TORN = judgedLayout(6, 8, {...topologySpecs('1:3:2'), 'hw:numa_nodes': '2'});

test('a small guest: numbers in brackets, the sign of the policy below each', (t) => {
  t.is(
    drawn(SMALL),
    `\
         ┌─ node 0  0-3 ───────────────────────────────── 8 GiB ─┐
socket 0 │ [0] [1]                                               │
         │  □   □                                                │
socket 1 │ [2] [3]                                               │
         │  □   □                                                │
         └───────────────────────────────────────────────────────┘`,
  );
  t.is(
    drawn(SMALL, {width: 42}),
    `\
node 0 socket 0-1  0-3               8 GiB
 [0] [1]
  □   □
 [2] [3]
  □   □`,
  );
});

test('pinned and shared vCPUs: the title has CPUs and memory, the foot has the pages', (t) => {
  t.is(
    drawn(MIXED),
    `\
         ┌─ node 0  0-7 ──────────────────────────────── 32 GiB ─┐
socket 0 │ [ 0  1] [ 2  3] [ 4  5] [ 6  7]                       │
         │   □  ■    ■  ■    ■  ■    ■  ■                        │
         └────────────────────────────────────────── 32 × 1 GiB ─┘
         ┌─ node 1  8-15 ─────────────────────────────── 32 GiB ─┐
socket 1 │ [ 8  9] [10 11] [12 13] [14 15]                       │
         │   □  ■    ■  ■    ■  ■    ■  ■                        │
         └────────────────────────────────────────── 32 × 1 GiB ─┘`,
  );
  t.is(
    drawn(MIXED, {width: 42}),
    `\
node 0 socket 0  0-7                32 GiB
 [ 0  1] [ 2  3] [ 4  5] [ 6  7]
   □  ■    ■  ■    ■  ■    ■  ■
node 1 socket 1  8-15               32 GiB
 [ 8  9] [10 11] [12 13] [14 15]
   □  ■    ■  ■    ■  ■    ■  ■`,
  );
  t.deepEqual(legend(MIXED), ['         ■ pinned: a host CPU of its own   □ shared   [ ] core']);
  t.deepEqual(legend(MIXED, {width: 42}), ['■ pinned  □ shared  [ ] core']);
});

test('the ASCII form has the same places', (t) => {
  t.is(
    drawn(MIXED, {signs: ASCII_SIGNS}),
    `\
         +- node 0  0-7 -------------------------------- 32 GiB -+
socket 0 | [ 0  1] [ 2  3] [ 4  5] [ 6  7]                       |
         |   o  #    #  #    #  #    #  #                        |
         +------------------------------------------ 32 x 1 GiB -+
         +- node 1  8-15 ------------------------------- 32 GiB -+
socket 1 | [ 8  9] [10 11] [12 13] [14 15]                       |
         |   o  #    #  #    #  #    #  #                        |
         +------------------------------------------ 32 x 1 GiB -+`,
  );
});

test('where numbers have no room there is a sign for each thread, and then one for each core', (t) => {
  t.is(
    drawn(PINNED),
    `\
         ┌─ node 0  0-31 ────────────────────────────── 128 GiB ─┐
socket 0 │ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └───────────────────────────────────────── 128 × 1 GiB ─┘
         ┌─ node 1  32-63 ───────────────────────────── 128 GiB ─┐
socket 1 │ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └───────────────────────────────────────── 128 × 1 GiB ─┘`,
  );
  t.is(
    drawn(PINNED, {width: 42}),
    `\
node 0 socket 0  0-31              128 GiB
 ■■■■■■■■ ■■■■■■■■
node 1 socket 1  32-63             128 GiB
 ■■■■■■■■ ■■■■■■■■`,
  );
});

test('a socket that several nodes share is named once, where it begins', (t) => {
  t.is(
    drawn(LARGE),
    `\
         ┌─ node 0  0-31 ─────────────────────────────── 64 GiB ─┐
socket 0 │ □□ □□ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └────────────────────────────────────── 32,768 × 2 MiB ─┘
         ┌─ node 1  32-63 ────────────────────────────── 64 GiB ─┐
         │ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └────────────────────────────────────── 32,768 × 2 MiB ─┘
         ┌─ node 2  64-95 ────────────────────────────── 64 GiB ─┐
socket 1 │ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └────────────────────────────────────── 32,768 × 2 MiB ─┘
         ┌─ node 3  96-127 ───────────────────────────── 64 GiB ─┐
         │ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■       │
         └────────────────────────────────────── 32,768 × 2 MiB ─┘`,
  );
  t.is(
    drawn(LARGE, {width: 42}),
    `\
node 0 socket 0  0-31               64 GiB
 □□■■■■■■ ■■■■■■■■
node 1 socket 0  32-63              64 GiB
 ■■■■■■■■ ■■■■■■■■
node 2 socket 1  64-95              64 GiB
 ■■■■■■■■ ■■■■■■■■
node 3 socket 1  96-127             64 GiB
 ■■■■■■■■ ■■■■■■■■`,
  );
});

test('a node may hold two sockets', (t) => {
  t.is(
    drawn(TWO_SOCKETS_A_NODE),
    `\
         ┌─ node 0  0-15 ─────────────────────────────── 64 GiB ─┐
socket 0 │ [ 0] [ 1] [ 2] [ 3] [ 4] [ 5] [ 6] [ 7]               │
         │   ■    ■    ■    ■    ■    ■    ■    ■                │
socket 1 │ [ 8] [ 9] [10] [11] [12] [13] [14] [15]               │
         │   ■    ■    ■    ■    ■    ■    ■    ■                │
         └───────────────────────────────────────────────────────┘
         ┌─ node 1  16-31 ────────────────────────────── 64 GiB ─┐
socket 2 │ [16] [17] [18] [19] [20] [21] [22] [23]               │
         │   ■    ■    ■    ■    ■    ■    ■    ■                │
socket 3 │ [24] [25] [26] [27] [28] [29] [30] [31]               │
         │   ■    ■    ■    ■    ■    ■    ■    ■                │
         └───────────────────────────────────────────────────────┘`,
  );
  t.is(
    drawn(TWO_SOCKETS_A_NODE, {width: 42}),
    `\
node 0 socket 0-1  0-15             64 GiB
 [ 0] [ 1] [ 2] [ 3] [ 4] [ 5] [ 6] [ 7]
   ■    ■    ■    ■    ■    ■    ■    ■
 [ 8] [ 9] [10] [11] [12] [13] [14] [15]
   ■    ■    ■    ■    ■    ■    ■    ■
node 1 socket 2-3  16-31            64 GiB
 [16] [17] [18] [19] [20] [21] [22] [23]
   ■    ■    ■    ■    ■    ■    ■    ■
 [24] [25] [26] [27] [28] [29] [30] [31]
   ■    ■    ■    ■    ■    ■    ■    ■`,
  );
});

test('a core that the edge of a node cuts is drawn torn, in the colour of a warning', (t) => {
  t.is(
    drawn(TORN),
    `\
         ┌─ node 0  0-2 ───────────────────────────────── 4 GiB ─┐
socket 0 │ [0 1] [2                                              │
         └───────────────────────────────────────────────────────┘
         ┌─ node 1  3-5 ───────────────────────────────── 4 GiB ─┐
         │  3] [4 5]                                             │
         └───────────────────────────────────────────────────────┘`,
  );
  const {lines} = drawGuest(TORN, {width: 66, signs: UNICODE_SIGNS});
  const warned = lines.flatMap(spansOf).filter((span) => typeof span !== 'string' && span.tone === 'warning');
  t.is(warned.map((span) => (typeof span === 'string' ? span : span.text)).join(''), '[2 3]');
});

test('a guest without nodes has neither frames nor policies', (t) => {
  const layout = judgedLayout(16, 64, topologySpecs('2:4:2'));
  t.is(
    drawn(layout),
    `\
socket 0  [ 0  1] [ 2  3] [ 4  5] [ 6  7]                      0-7
socket 1  [ 8  9] [10 11] [12 13] [14 15]                     8-15`,
  );
  t.is(
    drawn(layout, {width: 42}),
    `\
socket 0  0-7
  [ 0  1] [ 2  3] [ 4  5] [ 6  7]
socket 1  8-15
  [ 8  9] [10 11] [12 13] [14 15]`,
  );
  t.deepEqual(legend(layout), ['[ ] a core, the numbers are its threads']);
  t.deepEqual(legend(layout, {width: 35}), ['[ ] core']);
});

test('realtime vCPUs have a bold sign of their own', (t) => {
  const layout = judgedLayout(4, 4, {
    'hw:cpu_policy': 'dedicated',
    'hw:cpu_realtime': 'yes',
    'hw:cpu_realtime_mask': '^0',
    'hw:cpu_sockets': '1',
  });
  t.true(drawn(layout).includes('│  ■   *   *   *  '), drawn(layout));
  const {lines} = drawGuest(layout, {width: 66, signs: UNICODE_SIGNS});
  const stars = lines.flatMap(spansOf).filter((span) => typeof span !== 'string' && span.text.trim() === '*');
  t.deepEqual(
    stars.map((span) => typeof span !== 'string' && span.tone),
    ['strong', 'strong', 'strong'],
  );
  t.deepEqual(legend(layout), [
    '         ■ pinned: a host CPU of its own   * pinned and realtime',
    '         [ ] core',
  ]);
});

test('nodes stand side by side where the window is wide and they are as easy to read', (t) => {
  t.is(
    drawn(MIXED, {width: 146}).split('\n')[1],
    'socket 0 │ [ 0  1] [ 2  3] [ 4  5] [ 6  7]                       │  ' +
      'socket 1 │ [ 8  9] [10 11] [12 13] [14 15]                       │',
  );
  t.is(drawn(MIXED, {width: 146}).split('\n').length, 4);
  t.true(drawn(PINNED, {width: 146}).includes('[62 63]'), 'numbers are worth more than two abreast');
});

test('more than twelve rows: those that are alike fold', (t) => {
  const nodes = judgedLayout(256, 256, {
    ...topologySpecs('16:8:2'),
    'hw:numa_nodes': '16',
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0',
  });
  t.is(
    drawn(nodes, {width: 42}),
    `\
node 0 socket 0  0-15               16 GiB
 □■ ■■ ■■ ■■ ■■ ■■ ■■ ■■
node 1 socket 1  16-31              16 GiB
 ■■ ■■ ■■ ■■ ■■ ■■ ■■ ■■
nodes 2 to 15 the same: sockets 2 to 15`,
  );
  const sockets = judgedLayout(16, 64, {'hw:numa_nodes': '1'});
  t.is(
    drawn(sockets, {width: 42}),
    `\
node 0 socket 0-15  0-15            64 GiB
 [ 0]
 sockets 1 to 15 the same`,
  );
  t.is(
    drawn(judgedLayout(16, 64, {}), {width: 42}),
    `\
socket 0  0
  [ 0]
sockets 1 to 15 the same              1-15`,
  );
});

test('a row of very many cores goes on in words', (t) => {
  const layout = judgedLayout(2048, 64, {
    ...topologySpecs('1:1024:2'),
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0-2,^2047',
  });
  t.is(
    drawn(layout, {width: 42}),
    `\
node 0 socket 0  0-2047             64 GiB
 □◧■■■■■■ ■■■■■■■■ ■■■■■■■■ ■■■■■■■■
 ■■■■■■■■ ■■■■■■■■ ■■■■■■■■ ■■■■■■■■
 ■■■■■■■■ ■■■■■■■■ ■■■■■■■■ ■■■■■■■■
 928 more cores`,
  );
  t.deepEqual(legend(layout, {width: 60, form: 'narrow'}), [
    '■ pinned  □ shared  a sign is a core of 2 threads',
    '◧ its threads differ',
  ]);
});

test('where there are too few lines what is alike folds first, and what is left out is told', (t) => {
  const layout = judgedLayout(16, 64, {...topologySpecs('8:2:1'), 'hw:numa_nodes': '8'});
  t.is(drawn(layout, {width: 42}).split('\n').length, 16);
  t.is(
    drawn(layout, {width: 42, lines: 6}),
    `\
node 0 socket 0  0-1                 8 GiB
 [ 0] [ 1]
nodes 1 to 7 the same: sockets 1 to 7`,
  );
  t.is(
    drawn(MIXED, {lines: 7}),
    `\
         ┌─ node 0  0-7 ──────────────────────────────── 32 GiB ─┐
socket 0 │ [ 0  1] [ 2  3] [ 4  5] [ 6  7]                       │
         │   □  ■    ■  ■    ■  ■    ■  ■                        │
         └────────────────────────────────────────── 32 × 1 GiB ─┘
and 1 more node`,
  );
});

test('where there are too few lines for numbers nodes stand side by side', (t) => {
  const eight = judgedLayout(128, 256, {...topologySpecs('2:32:2'), 'hw:numa_nodes': '8'});
  t.is(drawn(eight, {width: 120}).split('\n').length, 24);
  const tight = drawn(eight, {width: 120, lines: 14}).split('\n');
  t.is(tight.length, 12);
  t.is(tight[1]?.match(/│/g)?.length, 4, tight[1]);
});

test('memory that is not made of whole pages, and nodes without a CPU, are told', (t) => {
  const layout = layoutWithNodes(
    [1, 2, 1],
    [
      {id: 0, shared: [{first: 0, last: 1}], pinned: [], memoryMib: 1025},
      {id: 1, shared: [], pinned: [], memoryMib: 512},
    ],
    {pageSizeKib: 2048},
  );
  const text = drawn(layout);
  t.true(text.includes('─ not whole pages of 2 MiB ─┘'), text);
  t.true(text.includes('┌─ node 1  no CPU ─'), text);
});

test('cores in brief: the first ones and the last', (t) => {
  const brief = (layout: GuestLayout, width: number): string =>
    renderLine(guestInBrief(layout, {width, signs: UNICODE_SIGNS}), false);
  const sixteen = judgedLayout(16, 64, {});
  t.is(brief(sixteen, 66), '[ 0] [ 1] [ 2] … [15]');
  t.is(brief(sixteen, 42), '[ 0] [ 1] … [15]');
  t.is(brief(judgedLayout(2, 4, {}), 42), '[0] [1]');
  t.is(brief(judgedLayout(1, 4, {}), 42), '[0]');
  t.is(
    brief(judgedLayout(64, 4, {'hw:cpu_max_sockets': '1', 'hw:cpu_max_cores': '1'}), 42),
    '1 core of 64 threads',
  );
});

test('whatever is judged, no line is wider than there is room, in signs and in ASCII', (t) => {
  fc.assert(
    fc.property(
      randomLayout,
      fc.integer({min: 35, max: 200}),
      fc.constantFrom('wide', 'narrow', undefined),
      fc.option(fc.integer({min: 4, max: 30}), {nil: undefined}),
      (layout, width, form, lines) => {
        const options = {
          width,
          ...(form === undefined ? {} : {form}),
          ...(lines === undefined ? {} : {lines}),
        };
        for (const signs of [UNICODE_SIGNS, ASCII_SIGNS]) {
          const drawing = drawGuest(layout, {...options, signs});
          const texts = [...drawing.lines, ...drawing.legend].map((line) => renderLine(line, false));
          for (const text of texts) {
            t.true(cellWidth(text) <= width, `${width}: ${text}`);
            if (signs === ASCII_SIGNS) t.regex(text, /^[ -~]*$/);
          }
          if (lines !== undefined) t.true(drawing.lines.length <= lines);
        }
      },
    ),
  );
});

test('every vCPU of a guest is drawn once, where numbers have room', (t) => {
  fc.assert(
    fc.property(
      randomLayout.filter(({topology: [sockets]}) => sockets < 7),
      (layout) => {
        const {lines} = drawGuest(layout, {width: 2000, signs: UNICODE_SIGNS, form: 'narrow'});
        const rows = lines.map((line) => renderLine(line, false));
        if (rows.some((row) => row.includes('the same'))) return;
        const numbers = rows
          .filter((row) => row.startsWith(' '))
          .flatMap((row) => row.match(/\d+/g) ?? [])
          .map(Number);
        t.deepEqual(
          numbers.toSorted((a, b) => a - b),
          Array.from({length: layout.vcpus}, (_, cpu) => cpu),
        );
      },
    ),
  );
});

test('a guest of thousands of vCPUs, and the largest that there can be, are drawn at once', (t) => {
  const odd = (count: number): string => Array.from({length: count}, (_, at) => at * 2 + 1).join(',');
  const layouts = [
    judgedLayout(2_147_483_647, 64, {
      'hw:cpu_max_threads': '2147483647',
      'hw:cpu_max_sockets': '1',
      'hw:cpu_max_cores': '1',
    }),
    judgedLayout(2_147_483_646, 64, {'hw:cpu_max_sockets': '2147483647'}),
    judgedLayout(65_536, 1024, {'hw:numa_nodes': '65536', 'hw:cpu_policy': 'dedicated'}),
    judgedLayout(4096, 1024, {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': odd(900)}),
    judgedLayout(4096, 1024, {
      ...topologySpecs('128:16:2'),
      'hw:numa_nodes': '128',
      'hw:cpu_policy': 'mixed',
      'hw:cpu_dedicated_mask': odd(900),
    }),
  ];
  const start = performance.now();
  for (const layout of layouts) {
    for (const width of [35, 42, 66, 106, 200]) {
      const {lines} = drawGuest(layout, {width, signs: UNICODE_SIGNS});
      t.true(lines.length > 0 && lines.length < 120, String(lines.length));
      guestInBrief(layout, {width, signs: UNICODE_SIGNS});
    }
  }
  t.true(performance.now() - start < 1000, `${performance.now() - start} ms`);
});
