import type {SignMeaning} from '../../components/help.js';
import {type AnySign, signSpan} from '../../meaning.js';
import type {Theme} from '../../theme.js';
import type {SetupState, StepName} from './state.js';
import {runLegend} from './view-run-grid.js';

type Named = readonly (readonly [sign: AnySign, name: string])[];

const ROWS: Readonly<Record<Exclude<StepName, 'run'>, Named>> = {
  cloud: [
    ['ok', 'signed in'],
    ['not-begun', 'not asked'],
    ['failed', 'cannot be used'],
  ],
  nodes: [
    ['ok', 'ready'],
    ['warning', 'look at it'],
    ['failed', 'wrong, or not seen'],
    ['none', 'left out, not chosen'],
  ],
  interval: [
    ['warning', 'look at it'],
    ['failed', 'cannot be taken'],
  ],
  changes: [
    ['ok', 'well'],
    ['warning', 'look at it'],
    ['failed', 'refused'],
  ],
  result: [
    ['ok', 'as wanted'],
    ['put-back', 'put back'],
    ['failed', 'failed'],
    ['none', 'not touched'],
    ['unknown', 'unknown'],
  ],
};

/** What the signs of the step mean: those of a run's cells where they are shown, else those of rows. */
export function setupLegend(theme: Theme, {step}: Pick<SetupState, 'step'>): readonly SignMeaning[] {
  if (step === 'run') return runLegend(theme);
  return ROWS[step].map(([sign, name]) => ({sign: [signSpan(theme, sign)], name}));
}
