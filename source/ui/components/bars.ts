import type {UiLine} from '../spans.js';
import type {ColourName, Theme} from '../theme.js';

/** How much of something is done, `share` from 0 to 1, in half cells. The number beside it says the same. */
export function progressBar(theme: Theme, share: number, cells: number): UiLine {
  const {bar, dash} = theme.signs;
  const halves = Math.round(Math.min(1, Math.max(0, share)) * cells * 2);
  const done = halvesOf(theme, halves);
  // Without colours the rest needs a form of its own; where signs are plain, colours are not trusted either.
  const rest = theme.depth === 'none' || theme.isAscii ? dash : bar;
  return [
    {text: done, colour: 'ok'},
    {text: rest.repeat(Math.max(0, cells - Math.ceil(halves / 2))), colour: 'faint'},
  ];
}

/**
 * A fuse: one scale for all rows, so that equal length is equal time on every row. Its length is the root of what is
 * left of the longest, in half cells, at least one half: so the last minutes, which matter, have room and days still
 * fit. No empty track.
 */
export function fuse(
  theme: Theme,
  left: number,
  longest: number,
  cells: number,
  colour: ColourName = 'waiting',
): UiLine {
  if (left <= 0 || longest <= 0 || cells <= 0) return [];
  const halves = Math.max(1, Math.round(cells * 2 * Math.sqrt(Math.min(1, left / longest))));
  return [{text: halvesOf(theme, halves), colour}];
}

/** A bar whose length is proportional: for amounts beside each other. At least half a cell where there is something. */
export function amountBar(
  theme: Theme,
  amount: number,
  largest: number,
  cells: number,
  colour: ColourName = 'waiting',
): UiLine {
  if (amount <= 0 || largest <= 0 || cells <= 0) return [];
  const halves = Math.max(1, Math.round(cells * 2 * Math.min(1, amount / largest)));
  return [{text: halvesOf(theme, halves), colour}];
}

function halvesOf(theme: Theme, halves: number): string {
  return theme.signs.bar.repeat(Math.floor(halves / 2)) + theme.signs['half-bar'].repeat(halves % 2);
}
