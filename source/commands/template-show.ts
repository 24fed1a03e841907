import {UserError} from '../app/errors.js';
import {exampleUsage, openTemplate, openTemplates} from '../app/template/open-template.js';
import type {Template} from '../app/template/template-types.js';
import type {ExitCode} from '../text/errors.js';
import {userErrorLine} from '../text/errors.js';
import {templateLines, templatesLines, type ExampleUsage} from '../text/template.js';
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

/** `template show`: 1 where how it is used cannot be told. */
export async function runShow(
  context: CommandContext,
  name: string,
  folder: string | undefined,
): Promise<ExitCode> {
  if (name === '') throw new UserError('usage', 'an empty word names no template');
  const {output} = context;
  const ports = await (await context.compose()).templates({folder, profile: context.common.profile});
  const template = await openTemplate(ports.store, name);
  output.json(templateToJson(template));
  const usage = usageOf(template, ports);
  output.lines(templateLines(template, usage.kind === 'known' ? usage.value : undefined, output.columns));
  if (usage.kind === 'known') return 0;
  output.notice(`reprieve: ${userErrorLine(usage.problem)}`);
  return 1;
}

type Usage =
  | {readonly kind: 'known'; readonly value: ExampleUsage | undefined}
  | {readonly kind: 'faulty'; readonly problem: UserError};

/** A template whose usage cannot be rendered is shown all the same. */
function usageOf(template: Template, ports: Parameters<typeof exampleUsage>[1]): Usage {
  try {
    return {kind: 'known', value: exampleUsage(template, ports)};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {kind: 'faulty', problem: error};
  }
}
