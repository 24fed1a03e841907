import {writeValue} from '../../../domain/template/read-value.js';
import {commandLine} from '../../../text/command-line.js';
import {canBeWritten, folderOf, triedValues} from './form.js';
import type {TemplatesState} from './state.js';

/** The command that does the same; empty where no command line can say the values. */
export function templatesCommand(state: TemplatesState): string {
  const {form, options} = state;
  if (form === undefined) return commandLine(['reprieve', 'template', 'list', ...options.flags]);
  const tried = triedValues(state);
  if (!tried.every((one) => one.origin === '--set' || canBeWritten(one))) return '';
  const sets = tried.flatMap(({definition: {name, type}, value, origin}) => {
    const typed = form.written[name];
    if (typed !== undefined) return ['--set', `${name}=${typed}`];
    return value === undefined || origin === 'default' ? [] : ['--set', `${name}=${writeValue(value, type)}`];
  });
  const folder = folderOf(state);
  const isPrinted = form.stage.kind === 'print' || folder === undefined;
  return commandLine([
    'reprieve',
    'template',
    'render',
    form.template.name,
    ...sets,
    ...options.flags,
    ...(isPrinted ? [] : ['-o', folder]),
  ]);
}
