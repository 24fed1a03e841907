import type {ReactNode} from 'react';
import {Lines} from '../../components/row.js';
import type {BodyProps, Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import type {SetupAction} from './actions.js';
import type {SetupState} from './state.js';
import {changeLines} from './view-changes.js';
import {cloudLines} from './view-cloud.js';
import {intervalLines} from './view-interval.js';
import {nodeLines} from './view-nodes.js';
import {shownProof} from './proof/model.js';
import {proofLines} from './proof/view.js';
import {resultLines} from './view-result.js';
import {runLines} from './view-run.js';

/** The body of the wizard. */
export function SetupBody(props: BodyProps<SetupState, SetupAction>): ReactNode {
  const {state, size, whole, theme, hasFocus} = props;
  // A dialog covers the bottom; what is above it stays where it was.
  const lines = setupLines(state, whole, theme, hasFocus);
  return <Lines theme={theme} lines={lines.slice(0, size.rows)} />;
}

/** The rows of the step that is open, never more than there is room for. */
export function setupLines(state: SetupState, size: Size, theme: Theme, hasFocus = true): readonly UiLine[] {
  return linesOf(state, size, theme, hasFocus).slice(0, size.rows);
}

function linesOf(state: SetupState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  switch (state.step) {
    case 'cloud':
      return cloudLines(state, size, theme, hasFocus);
    case 'nodes':
      return nodeLines(state, size, theme, hasFocus);
    case 'interval':
      return intervalLines(state, size, theme, hasFocus);
    case 'changes':
      return changeLines(state, size, theme, hasFocus);
    case 'run':
      return runLines(state, size, theme, hasFocus);
    case 'result': {
      const proof = shownProof(state);
      return proof === undefined
        ? resultLines(state, size, theme, hasFocus)
        : proofLines(state, proof, size, theme, hasFocus);
    }
  }
}
