import type {Screen, Shell} from '../../screen.js';
import type {FlavorAction, FlavorEffect} from './actions.js';
import {flavorCommand} from './command.js';
import {flavorDialog} from './dialogs.js';
import {type FlavorPorts, FlavorWork} from './effects.js';
import {flavorFrame, flavorLegend, flavorMeanwhile} from './frame.js';
import {flavorBindings, flavorText} from './keys.js';
import {startFlavor, updateFlavor} from './model.js';
import {flavorSentences} from './sentences.js';
import type {FlavorOptions, FlavorState} from './state.js';
import {unsavedWords} from './unsaved.js';
import {FlavorBody} from './view.js';

/** The wizard of flavors as a screen. */
export function flavorScreen(
  ports: FlavorPorts,
  options: FlavorOptions,
  shell: Pick<Shell, 'afterwards' | 'copy' | 'open'>,
): Screen<FlavorState, FlavorAction, FlavorEffect> {
  const work = new FlavorWork(ports, options, shell);
  return {
    name: 'flavor',
    program: {
      start: startFlavor(options, ports.kept.last, ports.clock.now()),
      update: updateFlavor,
      run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: ({rows}) => ({type: 'resize', rows}),
    bindings: flavorBindings,
    text: flavorText,
    dialog: flavorDialog,
    stage: ({step, saving}) => (saving.kind === 'none' ? step : `${step}, ${saving.kind}`),
    spokenPlace: ({step, panel, isByNode, saving}) =>
      [step, panel, isByNode ? 'by node' : '', saving.kind].filter((part) => part !== undefined).join(', '),
    frame: flavorFrame,
    Body: FlavorBody,
    sentences: flavorSentences,
    announcements: ({news}) => news,
    command: flavorCommand,
    isWaiting: ({saving}) => saving.kind === 'planning' || saving.kind === 'running',
    legend: flavorLegend,
    meanwhile: flavorMeanwhile,
    unsaved: unsavedWords,
    commandsInstead: ['reprieve flavor check flavors.yaml', 'reprieve flavor create flavors.yaml'],
  };
}
