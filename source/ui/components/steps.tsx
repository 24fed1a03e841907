import type {ReactNode} from 'react';
import type {Step} from '../screen.js';
import {fit, lineCells, type UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {Lines} from './row.js';

export type StepsProps = {
  readonly theme: Theme;
  readonly steps: readonly Step[];
  readonly cells: number;
};

/** The steps of a wizard: what is done and was answered, where one is, what is to come. */
export function Steps({theme, steps, cells}: StepsProps): ReactNode {
  return <Lines theme={theme} lines={[stepsLine(theme, steps, cells)]} />;
}

/** The steps in so many cells: they move together, then answers leave, before anything is cut. */
export function stepsLine(theme: Theme, steps: readonly Step[], cells: number): UiLine {
  const names = steps.map(({name, state}) => ({name, state}));
  const tries = [...(cells >= 110 ? [{steps, gap: 5}] : []), {steps, gap: 3}, {steps, gap: 2}];
  const lines = [...tries, {steps: names, gap: 3}, {steps: names, gap: 2}].map((one) =>
    lineOf(theme, one.steps, one.gap),
  );
  const line = lines.find((one) => lineCells(one) < cells) ?? lines.at(-1) ?? [];
  return fit(line, cells, 'left', theme.signs.cut);
}

function lineOf(theme: Theme, steps: readonly Step[], gap: number): UiLine {
  return steps.flatMap((step, index) => [
    index === 0 ? ' ' : ' '.repeat(gap),
    ...stepSpans(theme, step),
    ...(step.answer === undefined ? [] : [' ', {text: step.answer, isBold: true}]),
  ]);
}

function stepSpans(theme: Theme, {name, state}: Step): UiLine {
  switch (state) {
    case 'done':
      return [
        {text: theme.signs.ok, colour: 'ok'},
        {text: ` ${name}`, colour: 'muted'},
      ];
    case 'wrong':
      return [
        {text: theme.signs.failed, colour: 'danger'},
        {text: ` ${name}`, colour: 'muted'},
      ];
    case 'now':
      return [{text: `${theme.signs.now} ${name}`, colour: 'accent', isBold: true}];
    case 'to-come':
      return [{text: `${theme.signs['not-begun']} ${name}`, colour: 'faint'}];
  }
}
