import {UserError} from '../app/errors.js';
import {openTemplate, openTemplates} from '../app/template/open-template.js';
import type {ExitCode} from '../text/errors.js';
import {userErrorLine} from '../text/errors.js';
import {templateLines, templatesLines} from '../text/template.js';
import {templateToJson} from '../text/template-json.js';
import type {CommandContext} from './command.js';

/** `template list`: 0, also where a template cannot be read: it is told on stderr, and the code is 1. */
export async function runList(context: CommandContext, folder: string | undefined): Promise<ExitCode> {
  const {output} = context;
  const {store} = await (await context.compose()).templates({folder, profile: context.common.profile});
  const {templates, problems} = await openTemplates(store);
  output.json(templates.map(templateToJson));
  output.lines(templatesLines(templates, output.columns));
  for (const problem of problems) output.notice(`reprieve: ${userErrorLine(problem)}`);
  return problems.length === 0 ? 0 : 1;
}

/** `template show`. */
export async function runShow(
  context: CommandContext,
  name: string,
  folder: string | undefined,
): Promise<ExitCode> {
  if (name === '') throw new UserError('usage', 'an empty word names no template');
  const {output} = context;
  const {store} = await (await context.compose()).templates({folder, profile: context.common.profile});
  const template = await openTemplate(store, name);
  output.json(templateToJson(template));
  output.lines(templateLines(template, output.columns));
  return 0;
}
