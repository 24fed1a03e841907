import {UserError} from '../app/errors.js';
import {openTemplate, openTemplates} from '../app/template/open-template.js';
import {readDescription} from '../app/template/read-description.js';
import {testTemplate} from '../app/template/test-template.js';
import type {Template} from '../app/template/template-types.js';
import type {Composition} from '../compose.js';
import {userErrorLine, type ExitCode} from '../text/errors.js';
import {testLines} from '../text/template-files.js';
import type {CommandContext} from './command.js';

type Ports = Awaited<ReturnType<Composition['templates']>>;

/** `template test`: 1 where an example cannot be rendered, or what comes out cannot be read. */
export async function runTest(
  context: CommandContext,
  words: readonly string[],
  folder: string | undefined,
): Promise<ExitCode> {
  const {output, looks} = context;
  const ports = await (await context.compose()).templates({folder, profile: context.common.profile});
  const {templates, problems} = await wanted(ports, words);
  for (const problem of problems) output.notice(`reprieve: ${userErrorLine(problem)}`);
  let isGood = problems.length === 0;
  for (const template of templates) {
    const report = await testTemplate(template, ports);
    for (const {example, files, unread, problem} of report.outcomes) {
      output.json({
        template: template.name,
        example,
        files,
        unread,
        problem: problem ?? null,
        unseen: report.unseen,
      });
      if (problem !== undefined) isGood = false;
    }
    output.lines(testLines(template, report, looks.signs));
  }
  return isGood ? 0 : 1;
}

async function wanted(ports: Ports, words: readonly string[]) {
  if (words.length === 0) return openTemplates(ports.store);
  const templates: Template[] = [];
  const problems: UserError[] = [];
  for (const word of words) {
    try {
      templates.push(
        word.includes('/') ? await readDescription(ports.at(word)) : await openTemplate(ports.store, word),
      );
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error);
    }
  }
  return {templates, problems};
}
