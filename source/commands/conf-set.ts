import {setOption, type SetOutcome} from '../app/conf/set.js';
import {UserError} from '../app/errors.js';
import type {CommandContext} from './command.js';
import {confQuery, namedSources, type ConfRequest} from './conf-query.js';

export type ConfSetRequest = ConfRequest & {readonly value: string; readonly isDryRun: boolean};

/** `conf set`: 0 when the option has the value, whether or not something had to be written. */
export async function runConfSet(context: CommandContext, request: ConfSetRequest): Promise<0> {
  const {group, option, value, isDryRun} = request;
  const named = namedSources(request.flags);
  if (context.common.readOnly && !isDryRun) {
    throw new UserError('refused', 'nothing was changed: this is read-only mode', {
      remedy: 'leave out --read-only, or add --dry-run',
    });
  }
  const query = await confQuery(context, request);
  const outcome = await setOption((await context.compose()).files(), {named, query, value, isDryRun});
  for (const warning of outcome.warnings) context.output.notice(`warning: ${warning}`);
  if (context.output.isJson) context.output.json(documentOf(request, outcome));
  const name = `[${group}] ${option}`;
  if (outcome.kind === 'unchanged') {
    const where = outcome.file === undefined ? 'by default' : `in ${outcome.file}`;
    context.output.line(`${name} is ${outcome.value} already, ${where}; nothing was changed`);
    return 0;
  }
  if (outcome.kind === 'would-change') {
    for (const line of outcome.diff().split('\n').slice(0, -1)) context.output.line(line);
    return 0;
  }
  context.output.line(`${outcome.file ?? ''}: ${name} = ${outcome.value}, ${how(outcome)}`);
  return 0;
}

function documentOf({group, option}: ConfSetRequest, outcome: SetOutcome) {
  return {
    group,
    option,
    file: outcome.file ?? null,
    before: outcome.before ?? null,
    after: outcome.value,
    changed: outcome.kind === 'changed',
    action: outcome.action ?? null,
    diff: outcome.diff(),
  };
}

function how({action, before}: SetOutcome): string {
  switch (action) {
    case 'replaced':
      return `was ${before === '' || before === undefined ? 'empty' : before}`;
    case 'added-after-continuation':
      return 'added below a value of several lines, which it overrides and which stays as it was';
    case 'added-section':
      return 'added with its section at the end';
    case 'added':
    case 'commented-out':
    case undefined:
      return 'was not set';
  }
}
