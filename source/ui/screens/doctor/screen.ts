import type {Screen, Shell} from '../../screen.js';
import {doctorCommand} from './command.js';
import {doctorDialog} from './dialogs.js';
import {runDoctor, type DoctorScreenPorts} from './effects.js';
import {doctorFrame, doctorLegend, doctorMeanwhile} from './frame.js';
import {doctorBindings, doctorText} from './keys.js';
import {startDoctor, updateDoctor} from './model.js';
import {doctorSentences} from './sentences.js';
import type {DoctorAction, DoctorEffect, DoctorOptions, DoctorState} from './state.js';
import {DoctorBody} from './view.js';

/** Why it is still there and what is wrong with the set-up: findings with evidence, cause and remedy. */
export function doctorScreen(
  ports: DoctorScreenPorts,
  options: DoctorOptions,
  shell: Pick<Shell, 'open' | 'copy'>,
): Screen<DoctorState, DoctorAction, DoctorEffect> {
  return {
    name: 'doctor',
    thing: 'finding',
    program: {
      start: startDoctor(options),
      update: updateDoctor,
      run: async (effect, dispatch, signal) => runDoctor(ports, shell, effect, dispatch, signal),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: (body) => ({type: 'resize', body}),
    bindings: doctorBindings,
    text: doctorText,
    dialog: doctorDialog,
    // When all is known it is read aloud anew.
    spokenPlace: ({diagnosis, opened}) =>
      `${opened?.id ?? 'list'}, ${diagnosis?.chart === undefined ? 'looking' : 'looked'}`,
    frame: doctorFrame,
    Body: DoctorBody,
    sentences: doctorSentences,
    announcements: ({news}) => news,
    command: doctorCommand,
    isWaiting: ({look}) => look.kind === 'looking',
    legend: doctorLegend,
    meanwhile: doctorMeanwhile,
    commandsInstead: ['reprieve doctor --once', 'reprieve doctor --json'],
  };
}
