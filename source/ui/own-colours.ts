/** A colour of the operator's own: exact, or a number of the terminal's own palette. */
export type OwnColour =
  | {readonly kind: 'rgb'; readonly red: number; readonly green: number; readonly blue: number}
  | {readonly kind: 'number'; readonly number: number};

/** Levels of the cube of 6 x 6 x 6 colours among the 256 of xterm, from number 16 on. */
const CUBE = [0, 95, 135, 175, 215, 255];
const FIRST_OF_CUBE = 16;
const FIRST_GREY = 232;
const GREYS = 24;

/** Reads `#rrggbb`, or a number from 0 to 255. Throws `RangeError` with a sentence for people. */
export function parseOwnColour(text: string): OwnColour {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  if (hex !== null) {
    const [red = 0, green = 0, blue = 0] = hex.slice(1).map((part) => Number.parseInt(part, 16));
    return {kind: 'rgb', red, green, blue};
  }
  const number = Number(text);
  if (!/^\d{1,3}$/.test(text) || number > 255) {
    throw new RangeError(`"${text}" is no colour: "#rrggbb" with its quotes, or a number from 0 to 255`);
  }
  return {kind: 'number', number};
}

/**
 * The SGR parameters of a colour, as text (38) or as background (48). `undefined` where a terminal of so many colours
 * has none that is near enough: of 16 only those that were asked for by their number.
 */
export function sgrOfOwn(
  colour: OwnColour,
  depth: 'truecolor' | '256' | '16',
  ground: '38' | '48',
): string | undefined {
  if (colour.kind === 'rgb') {
    if (depth === '16') return undefined;
    const {red, green, blue} = colour;
    return depth === 'truecolor' ? `${ground};2;${red};${green};${blue}` : `${ground};5;${nearest(colour)}`;
  }
  const {number} = colour;
  if (depth !== '16') return `${ground};5;${number}`;
  if (number > 15) return undefined;
  const base = ground === '38' ? 30 : 40;
  return String(number < 8 ? base + number : base + 60 + number - 8);
}

/** The nearest of the cube and the greys; the first 16 look different in every terminal. */
function nearest({red, green, blue}: Extract<OwnColour, {kind: 'rgb'}>): number {
  const levels = [red, green, blue].map((part) => indexOfNearest(CUBE, part));
  const [r = 0, g = 0, b = 0] = levels;
  const cube = levels.map((level) => CUBE[level] ?? 0);
  const greys = Array.from({length: GREYS}, (_, index) => 8 + index * 10);
  const grey = indexOfNearest(greys, (red + green + blue) / 3);
  const level = greys[grey] ?? 0;
  const distance = (other: readonly number[]) =>
    [red, green, blue].reduce((sum, part, index) => sum + (part - (other[index] ?? 0)) ** 2, 0);
  return distance([level, level, level]) < distance(cube)
    ? FIRST_GREY + grey
    : FIRST_OF_CUBE + 36 * r + 6 * g + b;
}

function indexOfNearest(levels: readonly number[], wanted: number): number {
  const distances = levels.map((level) => Math.abs(level - wanted));
  return distances.indexOf(Math.min(...distances));
}
