/**
 * Characters that are drawn and not written: lines and blocks, which have to join their neighbours whatever the font,
 * and the signs of the screens, which many fonts lack or have in another width.
 */

/** Size of a cell in pixels. Whole numbers, so that neighbours share an edge. */
export const CELL_WIDTH = 10;
export const CELL_HEIGHT = 21;

/** A part of a cell, in pixels from its upper left corner. */
export type Shape =
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** 1 where not said. */
      readonly opacity?: number;
    }
  /** `path` is data of an SVG path from the corner; drawn as an area, or as a line of this width. */
  | {readonly kind: 'path'; readonly path: string; readonly line: number | undefined};

const [W, H] = [CELL_WIDTH, CELL_HEIGHT];
const [MIDDLE, CENTRE] = [W / 2, (H - 1) / 2];
/** Widths of light and heavy lines. */
const LINES = [0, 1, 3];

/** Lines by the weight of their arms: up, right, down, left. */
const ARMS: Readonly<Record<string, string>> = {
  ...{'─': '0101', '│': '1010', '┌': '0110', '┐': '0011', '└': '1100', '┘': '1001'},
  ...{'├': '1110', '┤': '1011', '┬': '0111', '┴': '1101', '┼': '1111'},
  ...{'╴': '0001', '╵': '1000', '╶': '0100', '╷': '0010'},
  ...{'━': '0202', '┃': '2020', '┏': '0220', '┓': '0022', '┗': '2200', '┛': '2002'},
  ...{'┣': '2220', '┫': '2022', '┳': '0222', '┻': '2202', '╋': '2222'},
  ...{'╸': '0002', '╹': '2000', '╺': '0200', '╻': '0020', '╼': '0201', '╾': '0102'},
};

const rect = (x: number, y: number, width: number, height: number, opacity?: number): Shape =>
  opacity === undefined ? {kind: 'rect', x, y, width, height} : {kind: 'rect', x, y, width, height, opacity};
const area = (path: string): Shape => ({kind: 'path', path, line: undefined});
const stroke = (path: string, line = 1.6): Shape => ({kind: 'path', path, line});
const circle = (radius: number): string =>
  `M${Number((MIDDLE - radius).toFixed(2))} ${CENTRE}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;

const SIGNS: Readonly<Record<string, readonly Shape[]>> = {
  '✓': [stroke('M1.5 11L4 13.5L8.5 7.5')],
  '✔': [stroke('M1.5 11L4 13.5L8.5 7.5', 2.2)],
  '✗': [stroke('M1.8 7.3L8.2 13.7M8.2 7.3L1.8 13.7')],
  '○': [stroke(circle(3), 1.3)],
  '◔': [
    stroke(circle(3), 1.3),
    area(`M${MIDDLE} ${CENTRE}V${CENTRE - 3}A3 3 0 0 1 ${MIDDLE + 3} ${CENTRE}Z`),
  ],
  '●': [area(circle(3.2))],
  '◆': [area('M5 6L9.2 10.2L5 14.4L0.8 10.2Z')],
  '▲': [area('M5 5.5L9.6 14H0.4Z')],
  '▸': [area('M3 7.2L7.4 10.2L3 13.2Z')],
  '❯': [stroke('M3 6.5L7 10.5L3 14.5')],
  '■': [rect(1, 6, 8, 8)],
  '□': [stroke('M1.5 6.5H8.5V13.5H1.5Z', 1)],
  '·': [rect(4, 9, 2, 2)],
  '↶': [stroke('M2 9.5A3.4 3.4 0 1 1 5 14', 1.4), area('M0 8L4.4 8.4L1.6 11.6Z')],
  ...arcs(),
};

/** Rounded corners, from the middle of one light line to the middle of the other. */
function arcs(): Readonly<Record<string, readonly Shape[]>> {
  const [x, y, round] = [MIDDLE - 0.5, CENTRE + 0.5, 5];
  const arc = (toY: number, toX: number): readonly Shape[] => [
    stroke(`M${x} ${toY}V${y + Math.sign(toY - y) * round}Q${x} ${y} ${toX} ${y}`, 1),
  ];
  return {'╭': arc(H, W), '╮': arc(H, 0), '╰': arc(0, W), '╯': arc(0, 0)};
}

/** Quarters of a cell, by bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
const QUADRANTS: Readonly<Record<string, number>> = {
  ...{'▖': 4, '▗': 8, '▘': 1, '▙': 13, '▚': 9, '▛': 7, '▜': 11, '▝': 2, '▞': 6, '▟': 14},
};

/** How a character is drawn; undefined where it is written as text. */
export function shapesOf(character: string): readonly Shape[] | undefined {
  const arms = ARMS[character];
  if (arms !== undefined) return armShapes(Array.from(arms, Number));
  const sign = SIGNS[character];
  if (sign !== undefined) return sign;
  const quarters = QUADRANTS[character];
  if (quarters !== undefined) return quadrantShapes(quarters);
  return blockShapes(character.codePointAt(0) ?? 0);
}

/** Every arm reaches the middle, and over it by half of what it meets there, so that corners are closed. */
function armShapes([up = 0, right = 0, down = 0, left = 0]: readonly number[]): readonly Shape[] {
  const width = (weight: number): number => LINES[weight] ?? 0;
  const across = Math.max(width(left), width(right));
  const along = Math.max(width(up), width(down));
  const top = (line: number): number => CENTRE - (line - 1) / 2;
  const start = (line: number): number => Math.floor(MIDDLE - line / 2);
  const shapes: Shape[] = [];
  if (left > 0 && left === right) shapes.push(rect(0, top(width(left)), W, width(left)));
  else {
    const half = Math.max(0, along);
    if (left > 0) shapes.push(rect(0, top(width(left)), start(half) + Math.max(half, 0), width(left)));
    if (right > 0) shapes.push(rect(start(half), top(width(right)), W - start(half), width(right)));
  }
  if (up > 0 && up === down) shapes.push(rect(start(width(up)), 0, width(up), H));
  else {
    if (up > 0) shapes.push(rect(start(width(up)), 0, width(up), top(across) + across));
    if (down > 0) shapes.push(rect(start(width(down)), top(across), width(down), H - top(across)));
  }
  return shapes;
}

function quadrantShapes(bits: number): readonly Shape[] {
  const upper = Math.ceil(H / 2);
  const places = [
    [1, 0, 0, upper],
    [2, MIDDLE, 0, upper],
    [4, 0, upper, H - upper],
    [8, MIDDLE, upper, H - upper],
  ] as const;
  return places.flatMap(([bit, x, y, height]) => ((bits & bit) === 0 ? [] : [rect(x, y, MIDDLE, height)]));
}

/** Block elements U+2580 to U+2595 and braille, which spinners are made of. */
function blockShapes(code: number): readonly Shape[] | undefined {
  const lower = (eighths: number): Shape => {
    const height = Math.round((H * eighths) / 8);
    return rect(0, H - height, W, height);
  };
  if (code === 0x25_80) return [rect(0, 0, W, Math.ceil(H / 2))];
  if (code >= 0x25_81 && code <= 0x25_88) return [lower(code - 0x25_80)];
  if (code >= 0x25_89 && code <= 0x25_8f) return [rect(0, 0, (W * (0x25_90 - code)) / 8, H)];
  if (code === 0x25_90) return [rect(MIDDLE, 0, MIDDLE, H)];
  if (code >= 0x25_91 && code <= 0x25_93) return [rect(0, 0, W, H, (code - 0x25_90) / 4)];
  if (code === 0x25_94) return [rect(0, 0, W, Math.round(H / 8))];
  if (code === 0x25_95) return [rect(W - W / 8, 0, W / 8, H)];
  if (code > 0x28_00 && code <= 0x28_ff) return brailleShapes(code - 0x28_00);
  return undefined;
}

/** Dots of braille in the order of their bits: two columns of three, then the lowest row. */
function brailleShapes(bits: number): readonly Shape[] {
  const places = [
    ...[0, 1, 2].map((row) => [2, row] as const),
    ...[0, 1, 2].map((row) => [6, row] as const),
    [2, 3] as const,
    [6, 3] as const,
  ];
  return places.flatMap(([x, row], index) =>
    (bits & (1 << index)) === 0 ? [] : [rect(x, 4 + row * 4, 2, 2)],
  );
}
