/** A screen as an SVG picture: every cell in its place, whatever font there is. */
import {coloursOf, type Scheme} from './colours.js';
import type {Cell, Grid} from './grid.js';
import {CELL_HEIGHT, CELL_WIDTH, shapesOf, type Shape} from './shapes.js';

/** What a picture says of itself, for who cannot see it. */
export type Caption = {readonly title: string; readonly description: string};

/** Room between the window's edge and the first cell. */
const PADDING = 14;
const RADIUS = 7;
const FONT_SIZE = 16.5;
/** Where letters stand, from the top of their cell. */
const BASELINE = 15.5;
const FONTS =
  "ui-monospace, 'JetBrains Mono', SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace";

type Rect = Extract<Shape, {kind: 'rect'}> & {readonly fill: string};

/** What is drawn, sorted by what may lie on what. */
type Drawing = {
  readonly backgrounds: Rect[];
  readonly rects: Rect[];
  readonly paths: string[];
  readonly texts: string[];
};

/** Draws a screen. The same screen gives the same bytes. */
export function drawSvg({columns, rows}: Grid, scheme: Scheme, caption: Caption): string {
  const width = columns * CELL_WIDTH + 2 * PADDING;
  const height = rows.length * CELL_HEIGHT + 2 * PADDING;
  const drawing: Drawing = {backgrounds: [], rects: [], paths: [], texts: []};
  for (const [row, cells] of rows.entries()) drawRow(cells, PADDING + row * CELL_HEIGHT, scheme, drawing);
  const {backgrounds, rects, paths, texts} = drawing;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${xmlText(caption.title)}</title>`,
    `<desc id="description">${xmlText(caption.description)}</desc>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="${RADIUS}" fill="${scheme.background}" stroke="${scheme.frame}"/>`,
    group('shape-rendering="crispEdges"', [...joined(backgrounds), ...joined(rects)].map(rectElement)),
    group('stroke-linecap="round" stroke-linejoin="round"', paths),
    group(
      `font-family="${FONTS}" font-size="${FONT_SIZE}" fill="${scheme.text}" xml:space="preserve"`,
      texts,
    ),
    '</svg>',
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n');
}

function group(attributes: string, elements: readonly string[]): string {
  return elements.length === 0 ? '' : `<g ${attributes}>\n${elements.join('\n')}\n</g>`;
}

/** Letters of one look that stand side by side. */
type Run = {
  readonly x: number;
  text: string;
  columns: number;
  readonly look: string;
  readonly isSingle: boolean;
};

function drawRow(cells: readonly Cell[], y: number, scheme: Scheme, drawing: Drawing): void {
  let x = PADDING;
  let run: Run | undefined;
  const endRun = (): void => {
    if (run !== undefined) drawing.texts.push(textElement(run, y));
    run = undefined;
  };
  for (const [index, cell] of cells.entries()) {
    const width = cell.width * CELL_WIDTH;
    const {colour, background} = coloursOf(cell, scheme);
    if (background !== undefined) {
      drawing.backgrounds.push({kind: 'rect', x, y, width, height: CELL_HEIGHT, fill: background});
    }
    if (cell.isUnderlined) {
      drawing.rects.push({kind: 'rect', x, y: y + CELL_HEIGHT - 3, width, height: 1, fill: colour});
    }
    const shapes = shapesOf(cell.text);
    if (shapes !== undefined) {
      endRun();
      for (const shape of shapes) drawShape(shape, x, y, colour, drawing);
    } else if (cell.text === ' ') {
      // One space between words of one look is part of a text that can be copied; more would be collapsed.
      const next = cells[index + 1];
      const isInside =
        run !== undefined && next !== undefined && isLetter(next) && lookOf(next, scheme) === run.look;
      if (isInside && run?.isSingle === false) {
        run.text += ' ';
        run.columns += 1;
      } else endRun();
    } else {
      const look = lookOf(cell, scheme);
      // What fonts may have in another width stands alone, so that nothing after it is moved.
      const isSingle = !/^[\x21-\x7e]$/.test(cell.text);
      if (run === undefined || run.look !== look || isSingle || run.isSingle) {
        endRun();
        run = {x, text: '', columns: 0, look, isSingle};
      }
      run.text += cell.text;
      run.columns += cell.width;
    }
    x += width;
  }
  endRun();
}

function isLetter({text}: Cell): boolean {
  return text !== ' ' && shapesOf(text) === undefined;
}

/** The attributes of a text; what is as in the whole picture is left out. */
function lookOf(cell: Cell, scheme: Scheme): string {
  const {colour} = coloursOf(cell, scheme);
  return [
    colour === scheme.text ? '' : ` fill="${colour}"`,
    cell.isBold ? ' font-weight="700"' : '',
    cell.isItalic ? ' font-style="italic"' : '',
  ].join('');
}

function textElement({x, text, columns, look}: Run, y: number): string {
  const length = columns * CELL_WIDTH;
  return `<text x="${x}" y="${y + BASELINE}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${look}>${xmlText(text)}</text>`;
}

function drawShape(shape: Shape, x: number, y: number, colour: string, {rects, paths}: Drawing): void {
  if (shape.kind === 'rect') {
    rects.push({...shape, x: x + shape.x, y: y + shape.y, fill: colour});
    return;
  }
  const paint =
    shape.line === undefined
      ? `fill="${colour}"`
      : `fill="none" stroke="${colour}" stroke-width="${shape.line}"`;
  paths.push(`<path transform="translate(${x} ${y})" d="${shape.path}" ${paint}/>`);
}

/** Rectangles that go on in the next cell become one. */
function joined(rects: readonly Rect[]): readonly Rect[] {
  const result: Rect[] = [];
  for (const rect of rects) {
    const last = result.at(-1);
    const isNext =
      last !== undefined &&
      last.x + last.width === rect.x &&
      last.y === rect.y &&
      last.height === rect.height &&
      last.fill === rect.fill &&
      last.opacity === rect.opacity;
    if (isNext) result.splice(-1, 1, {...last, width: last.width + rect.width});
    else result.push(rect);
  }
  return result;
}

function rectElement({x, y, width, height, fill, opacity}: Rect): string {
  const more = opacity === undefined ? '' : ` fill-opacity="${opacity}"`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${more}/>`;
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

/** Text as XML can hold it; what it cannot becomes the replacement character. */
function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
