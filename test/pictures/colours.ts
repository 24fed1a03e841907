/** The colours of the terminals that are drawn. */
import type {Cell, Colour} from './grid.js';

export type SchemeName = 'dark' | 'light';

export type Scheme = {
  readonly name: SchemeName;
  readonly text: string;
  readonly background: string;
  /** The line around the window. */
  readonly frame: string;
  /** Colours 0 to 15. */
  readonly palette: readonly string[];
};

/** Colours 0 to 15 are those of the screens, where a terminal has no more: see source/ui/theme.ts. */
export const SCHEMES: Readonly<Record<SchemeName, Scheme>> = {
  dark: {
    name: 'dark',
    text: '#dfe3e8',
    background: '#11151a',
    frame: '#2b333c',
    palette: [
      ...['#1b222a', '#ff7a66', '#4fc3a1', '#f2994a', '#5a9bd4', '#d69ae0', '#5a80a3', '#dfe3e8'],
      ...['#87919c', '#ff7a66', '#4fc3a1', '#f2d24b', '#63c5ea', '#d69ae0', '#63c5ea', '#ffffff'],
    ],
  },
  light: {
    name: 'light',
    text: '#1f2429',
    background: '#ffffff',
    frame: '#d5dbe1',
    palette: [
      ...['#1f2429', '#ba5472', '#044c34', '#753706', '#00658f', '#4a3563', '#00658f', '#5d6873'],
      ...['#5d6873', '#ba5472', '#044c34', '#9d6d02', '#00658f', '#4a3563', '#00658f', '#1f2429'],
    ],
  },
};

/** The levels of the colour cube of 256 colours, as xterm has them. */
const LEVELS = [0, 95, 135, 175, 215, 255];
/** How much of its colour dim text keeps; the rest is background. */
const DIM = 0.62;

/** What a cell is drawn in, as `#rrggbb`; `background` is undefined where it is the window's own. */
export function coloursOf(
  cell: Cell,
  scheme: Scheme,
): {readonly colour: string; readonly background: string | undefined} {
  const front = hexOf(cell.colour, scheme, scheme.text);
  const back = hexOf(cell.background, scheme, scheme.background);
  const [colour, background] = cell.isInverse ? [back, front] : [front, back];
  return {
    colour: cell.isDim ? mix(colour, background, DIM) : colour,
    background: background === scheme.background ? undefined : background,
  };
}

function hexOf(colour: Colour, {palette}: Scheme, own: string): string {
  if (colour === 'default') return own;
  if (typeof colour === 'string') return colour;
  if (colour < 16) return palette[colour] ?? own;
  if (colour >= 232) {
    const grey = 8 + 10 * (colour - 232);
    return hex(grey, grey, grey);
  }
  const index = colour - 16;
  const level = (step: number): number => LEVELS[Math.floor(index / step) % 6] ?? 0;
  return hex(level(36), level(6), level(1));
}

function mix(one: string, other: string, share: number): string {
  const part = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    Math.round(part(one, at) * share + part(other, at) * (1 - share)),
  );
  return hex(red, green, blue);
}

function hex(...parts: readonly [number, number, number]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
