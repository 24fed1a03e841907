import {typeKey, fieldOf, type Field} from './components/field.js';
import type {Key} from './keys.js';
import type {ScreenEntry} from './screen.js';

/** The palette: what was typed, which row has the cursor, and how far back one went in what was opened before. */
export type Palette = {readonly field: Field; readonly cursor: number; readonly back: number};

/** More rows than this are not read. */
const MOST_ROWS = 6;

export const EMPTY_PALETTE: Palette = {field: fieldOf(''), cursor: 0, back: 0};

/** What a key makes of the palette: another state of it, or a screen to open. */
export type PaletteStep =
  | {readonly kind: 'change'; readonly palette: Palette}
  | {readonly kind: 'open'; readonly name: string; readonly object: string | undefined};

/** What a key does in the palette. `history`: what was opened by it before, newest first. */
export function paletteKey(
  palette: Palette,
  key: Key,
  entries: readonly ScreenEntry[],
  history: readonly string[],
): PaletteStep {
  const found = matches(palette, entries);
  const change = (changes: Partial<Palette>): PaletteStep => ({
    kind: 'change',
    palette: {...palette, ...changes},
  });
  const chosen = found[palette.cursor];
  switch (key) {
    case 'enter':
      return chosen === undefined ? change({}) : {kind: 'open', name: chosen.name, object: objectOf(palette)};
    case 'tab':
      return chosen === undefined ? change({}) : change({field: fieldOf(`${chosen.name} `), cursor: 0});
    case 'down':
      return change({cursor: Math.min(palette.cursor + 1, Math.max(0, found.length - 1))});
    case 'up': {
      if (palette.cursor > 0) return change({cursor: palette.cursor - 1});
      const earlier = history[palette.back];
      return earlier === undefined ? change({}) : change({field: fieldOf(earlier), back: palette.back + 1});
    }
    default: {
      const field = typeKey(palette.field, key);
      return change(field === undefined ? {} : {field, cursor: 0, back: 0});
    }
  }
}

/** The screens that fit what was typed, best first: its letters in this order, near each other, near the start. */
export function matches(palette: Palette, entries: readonly ScreenEntry[]): readonly ScreenEntry[] {
  const word = palette.field.text.trimStart().split(' ')[0]?.toLowerCase() ?? '';
  return entries
    .map((entry) => ({entry, score: scoreOf(word, entry.name)}))
    .filter(({score}) => score !== undefined)
    .toSorted((one, other) => (one.score ?? 0) - (other.score ?? 0))
    .slice(0, MOST_ROWS)
    .map(({entry}) => entry);
}

/** What was typed behind the screen's name: a run, a node. */
function objectOf({field}: Palette): string | undefined {
  const [, ...rest] = field.text.trim().split(/\s+/);
  return rest.length === 0 ? undefined : rest.join(' ');
}

/** Where the last letter was found and how far the letters lie apart; `undefined` where one is missing. */
function scoreOf(word: string, name: string): number | undefined {
  let at = -1;
  let score = 0;
  for (const letter of word) {
    const next = name.indexOf(letter, at + 1);
    if (next === -1) return undefined;
    score += next - at - 1;
    at = next;
  }
  return score;
}
