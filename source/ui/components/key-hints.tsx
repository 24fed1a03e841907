import type {ReactNode} from 'react';
import type {ActionName} from '../actions.js';
import {shownKeys, type Binding} from '../keys.js';
import {fit, lineCells, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {Lines} from './row.js';

export type KeyHintsProps = {
  readonly theme: Theme;
  /** In the order of their use; only those with a hint are shown. */
  readonly bindings: readonly Binding<unknown>[];
  readonly cells: number;
};

/** More keys than this are not read any more; help (`?`) has all of them. */
const MOST_HINTS = 7;

/** What leaves first where there are too many: it is in help too, and help itself stays. */
const FIRST_TO_LEAVE: readonly ActionName[] = ['command', 'log', 'quit'];
const LAST_TO_LEAVE: ActionName = 'help';

/** The keys that matter now, a destroying one alone at the right edge. */
export function KeyHints({theme, bindings, cells}: KeyHintsProps): ReactNode {
  return <Lines theme={theme} lines={[hintsLine(theme, bindings, cells)]} />;
}

/** The line of keys in so many cells. */
export function hintsLine(theme: Theme, bindings: readonly Binding<unknown>[], cells: number): UiLine {
  const told = bindings.filter(({hint}) => hint !== undefined);
  const danger = told.find(({isDangerous}) => isDangerous === true);
  const right: UiLine = danger === undefined ? [] : [...hintSpans(danger), ' '];
  const room = cells - lineCells(right) - (danger === undefined ? 1 : 3);
  let calm = told.filter((binding) => binding !== danger);
  while (calm.length > MOST_HINTS || lineCells(leftLine(calm)) > room) {
    const leaving = leavesNext(calm);
    if (leaving === undefined) break;
    calm = calm.filter((binding) => binding !== leaving);
  }
  const left = fit(leftLine(calm), cells - lineCells(right), 'left', theme.signs.cut);
  return [...left, ...right];
}

function leftLine(bindings: readonly Binding<unknown>[]): UiLine {
  return bindings.flatMap((binding, index) => [index === 0 ? ' ' : '   ', ...hintSpans(binding)]);
}

function hintSpans(binding: Binding<unknown>): UiLine {
  return [
    {text: shownKeys(binding), colour: binding.isDangerous === true ? 'danger' : 'accent', isBold: true},
    {text: ` ${binding.hint ?? ''}`, colour: 'muted'},
  ];
}

function leavesNext(bindings: readonly Binding<unknown>[]): Binding<unknown> | undefined {
  for (const wanted of FIRST_TO_LEAVE) {
    const found = bindings.find(({name}) => name === wanted);
    if (found !== undefined) return found;
  }
  return bindings.findLast(({name}) => name !== LAST_TO_LEAVE);
}
