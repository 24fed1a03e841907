import xterm from '@xterm/headless';
import test from 'ava';
import {SCHEMES} from './colours.js';
import {gridText, readGrid, withoutEmptyEnd, type Grid} from './grid.js';
import {CELL_HEIGHT, CELL_WIDTH, shapesOf, type Shape} from './shapes.js';
import {drawSvg} from './svg.js';

const {dark, light} = SCHEMES;
const CAPTION = {title: 'a title', description: 'what <it> shows & says'};

/** What a terminal shows after this was written to it. */
async function gridOf(text: string, columns = 20, rows = 3): Promise<Grid> {
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
  await new Promise<void>((resolve) => emulator.write(text, resolve));
  const grid = readGrid(emulator);
  emulator.dispose();
  return grid;
}

/** The elements of a picture with their attributes. */
function elementsOf(svg: string, name: string): readonly Readonly<Record<string, string>>[] {
  const elements = svg.matchAll(new RegExp(`<${name} ([^>]*?)/?>(?:([^<]*)</${name}>)?`, 'g'));
  return Array.from(elements, ([, attributes = '', content = '']) => ({
    ...Object.fromEntries(
      Array.from(attributes.matchAll(/([\w:-]+)="([^"]*)"/g), ([, key = '', value = '']) => [key, value]),
    ),
    content,
  }));
}

const textsOf = (svg: string) => elementsOf(svg, 'text');
/** Without the window itself. */
const rectsOf = (svg: string) => elementsOf(svg, 'rect').slice(1);

test('the same screen is the same bytes, and every element is closed', async (t) => {
  const text = '\u001B[1mbold\u001B[0m ✓ <tag> ┌─┐ \u001B[7minverse\u001B[0m';
  const svg = drawSvg(await gridOf(text), dark, CAPTION);
  t.is(svg, drawSvg(await gridOf(text), dark, CAPTION));
  t.not(svg, drawSvg(await gridOf(text), light, CAPTION));
  const open: string[] = [];
  for (const [, end, name = '', own] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end === '/') t.is(open.pop(), name);
    else if (own === '') open.push(name);
  }
  t.deepEqual(open, []);
  t.true(svg.endsWith('</svg>\n'));
  t.regex(svg, /<desc id="description">what &lt;it&gt; shows &amp; says<\/desc>/);
  t.notRegex(svg, /undefined|NaN/);
});

test('a picture is as large as its cells, and every text begins and ends on one', async (t) => {
  const svg = drawSvg(await gridOf('ab cd\r\n  \u001B[32mgreen\u001B[0m plain', 30, 4), dark, CAPTION);
  t.regex(svg, new RegExp(`width="${30 * CELL_WIDTH + 28}" height="${4 * CELL_HEIGHT + 28}"`));
  const texts = textsOf(svg).map(({x, textLength, content, fill}) => [
    Number(x),
    Number(textLength),
    content,
    fill,
  ]);
  t.deepEqual(texts, [
    [14, 50, 'ab cd', undefined],
    [34, 50, 'green', dark.palette[2]],
    [94, 50, 'plain', undefined],
  ]);
});

test('wide characters take two cells, and nothing after them is moved', async (t) => {
  const texts = textsOf(drawSvg(await gridOf('日本x'), dark, CAPTION));
  t.deepEqual(
    texts.map(({x, textLength, content}) => [Number(x), Number(textLength), content]),
    [
      [14, 20, '日'],
      [34, 20, '本'],
      [54, 10, 'x'],
    ],
  );
});

test('colours of 16, 256 and 16 million, bold, dim, inverse and underlined', async (t) => {
  const text = [
    '\u001B[91ma\u001B[0m',
    '\u001B[38;5;79mb\u001B[0m',
    '\u001B[38;5;240mc\u001B[0m',
    '\u001B[38;2;1;2;3md\u001B[0m',
    '\u001B[1me\u001B[0m',
    '\u001B[2mf\u001B[0m',
    '\u001B[7mg\u001B[0m',
    '\u001B[4mh\u001B[0m',
  ].join('');
  const svg = drawSvg(await gridOf(text), dark, CAPTION);
  const fills = Object.fromEntries(textsOf(svg).map(({content = '', fill}) => [content, fill]));
  t.is(fills['a'], dark.palette[9]);
  t.is(fills['b'], '#5fd7af');
  t.is(fills['c'], '#585858');
  t.is(fills['d'], '#010203');
  t.is(textsOf(svg).find(({content}) => content === 'e')?.['font-weight'], '700');
  t.regex(fills['f'] ?? '', /^#[0-9a-f]{6}$/);
  t.is(fills['g'], dark.background);
  t.deepEqual(
    rectsOf(svg).map(({x, height, fill}) => [Number(x), Number(height), fill]),
    [
      [14 + 6 * CELL_WIDTH, CELL_HEIGHT, dark.text],
      [14 + 7 * CELL_WIDTH, 1, dark.text],
    ],
  );
});

test('a background is one area without seams', async (t) => {
  const svg = drawSvg(await gridOf('\u001B[48;2;9;9;9mab c \u001B[0md'), dark, CAPTION);
  t.deepEqual(
    rectsOf(svg).map(({x, width, fill}) => [x, width, fill]),
    [['14', '50', '#090909']],
  );
});

test('a bar that goes on is one area, and one that is half a cell ends in its middle', async (t) => {
  const rects = rectsOf(drawSvg(await gridOf('━━━╸▁▁'), dark, CAPTION));
  t.deepEqual(
    rects.map(({x, width, height}) => [Number(x), Number(width), Number(height)]),
    [
      [14, 35, 3],
      [54, 20, 3],
    ],
  );
});

/** Whether a shape of a cell touches an edge of it, with these widths and places of lines. */
function edge(shapes: readonly Shape[], side: 'up' | 'right' | 'down' | 'left'): string {
  const spans = shapes.flatMap((shape) => {
    if (shape.kind !== 'rect') return [];
    const {x, y, width, height} = shape;
    const across = `${x}+${width}`;
    const along = `${y}+${height}`;
    if (side === 'up') return y === 0 ? [across] : [];
    if (side === 'down') return y + height === CELL_HEIGHT ? [across] : [];
    if (side === 'left') return x === 0 ? [along] : [];
    return x + width === CELL_WIDTH ? [along] : [];
  });
  return spans.join(' ');
}

test('lines meet at the edges of cells, light with light and heavy with heavy', (t) => {
  const at = (character: string, side: Parameters<typeof edge>[1]) => edge(shapesOf(character) ?? [], side);
  for (const [pieces, [horizontal, vertical]] of [
    [
      ['┌┬┐', '├┼┤', '└┴┘'],
      ['─', '│'],
    ],
    [
      ['┏┳┓', '┣╋┫', '┗┻┛'],
      ['━', '┃'],
    ],
  ] as const) {
    for (const [row, text] of pieces.entries()) {
      for (const [column, character] of Array.from(text).entries()) {
        t.is(at(character, 'left'), column === 0 ? '' : at(horizontal, 'right'), character);
        t.is(at(character, 'right'), column === 2 ? '' : at(horizontal, 'left'), character);
        t.is(at(character, 'up'), row === 0 ? '' : at(vertical, 'down'), character);
        t.is(at(character, 'down'), row === 2 ? '' : at(vertical, 'up'), character);
      }
    }
  }
});

test('no shape leaves its cell, and the signs of the screens are shapes', (t) => {
  const codes = [...Array.from({length: 0x80}, (_, index) => 0x25_00 + index), 0x25_80, 0x28_01, 0x28_ff];
  for (let code = 0x25_80; code <= 0x25_9f; code += 1) codes.push(code);
  for (const code of codes) {
    for (const shape of shapesOf(String.fromCodePoint(code)) ?? []) {
      if (shape.kind !== 'rect') continue;
      const {x, y, width, height} = shape;
      const isInside = x >= 0 && y >= 0 && x + width <= CELL_WIDTH && y + height <= CELL_HEIGHT;
      t.true(isInside && width > 0 && height > 0, code.toString(16));
    }
  }
  for (const sign of '✓○◔●▲◆✗▌▸·↶■□▁▃▅█━╸│─┌') t.true((shapesOf(sign) ?? []).length > 0, sign);
  for (const letter of 'aZ?–…→é') t.is(shapesOf(letter), undefined);
});

test('empty rows at the end can be left out, coloured ones stay', async (t) => {
  t.is(withoutEmptyEnd(await gridOf('a\r\n', 5, 6)).rows.length, 1);
  t.is(withoutEmptyEnd(await gridOf('a\r\n\u001B[44m \u001B[0m', 5, 6)).rows.length, 2);
  t.is(gridText(await gridOf('a b\r\n日', 5, 2)), 'a b\n日');
});
