import type {SetupPorts} from '../../../app/setup/session.js';
import type {Screen} from '../../screen.js';
import type {SetupAction, SetupEffect} from './actions.js';
import {commandOf} from './command.js';
import {dialogOf} from './dialogs.js';
import {type Leaving, SetupWork} from './effects.js';
import {setupFrame, setupLog, setupMeanwhile} from './frame.js';
import {setupBindings, setupText} from './keys.js';
import {setupLegend} from './legend.js';
import {startSetup, updateSetup} from './model.js';
import {shownProof} from './proof/model.js';
import {setupSentences} from './sentences.js';
import {isSetupWaiting} from './selectors.js';
import type {SetupOptions, SetupState} from './state.js';
import {SetupBody} from './view.js';

/** The guided set-up as a screen. */
export function setupScreen(
  ports: SetupPorts,
  options: SetupOptions,
  leaving: Leaving,
): Screen<SetupState, SetupAction, SetupEffect> {
  const work = new SetupWork(ports, options, leaving);
  return {
    name: 'set-up',
    program: {
      start: startSetup(options, ports.clock.now()),
      update: updateSetup,
      run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: ({rows}) => ({type: 'resize', rows}),
    bindings: setupBindings,
    text: setupText,
    dialog: dialogOf,
    stage: (state) => (shownProof(state) === undefined ? state.step : `${state.step}, proof`),
    frame: setupFrame,
    Body: SetupBody,
    sentences: setupSentences,
    announcements: ({news}) => news,
    command: commandOf,
    isWaiting: isSetupWaiting,
    log: setupLog,
    legend: setupLegend,
    meanwhile: setupMeanwhile,
    commandsInstead: ['reprieve status', 'reprieve plan --interval 2h', 'reprieve apply --interval 2h'],
  };
}
