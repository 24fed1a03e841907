import {UserError} from '../app/errors.js';
import {newTemplateFiles} from '../app/template/new-template.js';
import type {ExitCode} from '../text/errors.js';
import {commandLine} from '../text/command-line.js';
import type {CommandContext} from './command.js';

/** `template new`: a folder with a description, an example and a file that says how to go on. */
export async function runNew(
  context: CommandContext,
  name: string,
  folder: string | undefined,
): Promise<ExitCode> {
  if (!/^[a-z0-9][a-z0-9_.-]*$/i.test(name)) {
    throw new UserError('usage', `${JSON.stringify(name)} cannot be the name of a template`, {
      remedy: 'take letters, digits, dots, hyphens and underscores',
    });
  }
  const {output} = context;
  const ports = await (
    await context.compose()
  ).templates({folder, profile: context.common.profile, isNew: true});
  const target = `${ports.ownFolder}/${name}`;
  const into = ports.folder(target);
  const files = newTemplateFiles(name);
  for (const {path} of files) {
    if ((await into.look(path)).kind !== 'absent') {
      throw new UserError('refused', `${target}/${path} is there already; nothing was written`, {
        remedy: 'take another name',
      });
    }
  }
  const hidden = await ports.store.find(name);
  await into.write(files.map((file) => ({...file, isExecutable: false, before: undefined})));
  if (hidden !== undefined) {
    output.notice(`notice: it takes the place of the template ${hidden.folder}`);
  }
  output.json({name, folder: target, files: files.map(({path}) => path)});
  output.lines([
    `${target} is begun: ${files.map(({path}) => path).join(', ')}.`,
    'Change them, and look at what comes out:',
    `  ${commandLine(['reprieve', 'template', 'test', name, ...flag(folder)])}`,
    `  ${commandLine(['reprieve', 'template', 'render', name, ...flag(folder)])}`,
  ]);
  return 0;
}

function flag(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--templates', folder];
}
