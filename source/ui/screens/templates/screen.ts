import type {Screen, Shell} from '../../screen.js';
import type {TemplatesAction, TemplatesEffect} from './actions.js';
import {templatesCommand} from './command.js';
import {templatesDialog} from './dialogs.js';
import {type TemplatesPorts, TemplatesWork} from './effects.js';
import {templatesFrame, templatesLegend, templatesMeanwhile} from './frame.js';
import {templatesBindings, templatesText} from './keys.js';
import {startTemplates, updateTemplates} from './model.js';
import {templatesSentences} from './sentences.js';
import type {TemplatesOptions, TemplatesState} from './state.js';
import {TemplatesBody} from './view.js';

/** Templates as a screen: pick one, fill it in, see its files as they will be, write or print them. */
export function templatesScreen(
  ports: TemplatesPorts,
  options: TemplatesOptions,
  shell: Pick<Shell, 'afterwards' | 'copy'>,
): Screen<TemplatesState, TemplatesAction, TemplatesEffect> {
  const work = new TemplatesWork(ports, shell);
  return {
    name: 'templates',
    thing: 'template',
    program: {
      start: startTemplates(options, ports.clock.now()),
      update: updateTemplates,
      run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
    },
    tick: (now) => ({type: 'tick', now}),
    resize: ({rows, columns}) => ({type: 'resize', rows, columns}),
    bindings: templatesBindings,
    text: templatesText,
    dialog: templatesDialog,
    // When all is there it is read aloud anew.
    spokenPlace: ({form, found}) =>
      form === undefined
        ? `pick, ${found.kind}`
        : `${form.template.name}, ${form.stage.kind}, ${form.preview.kind}`,
    frame: templatesFrame,
    Body: TemplatesBody,
    sentences: templatesSentences,
    announcements: ({news}) => news,
    command: templatesCommand,
    isWaiting: ({found, form}) =>
      found.kind === 'loading' || form?.stage.kind === 'looking' || form?.stage.kind === 'writing',
    legend: templatesLegend,
    meanwhile: templatesMeanwhile,
    commandsInstead: ['reprieve template list', 'reprieve template render NAME'],
  };
}
