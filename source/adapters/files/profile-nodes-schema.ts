import * as z from 'zod';
import {serviceProblem} from '../../domain/fleet/host-variables.js';
import {accountNameProblem, pathProblem} from '../../domain/fleet/names.js';

const filePath = checked(pathProblem);

const overrides = z.looseObject({
  user: checked(accountNameProblem).optional(),
  sysroot: filePath.optional(),
  config: z.union([filePath.transform((file) => [file]), z.array(filePath).min(1)]).optional(),
  service: checked(serviceProblem).optional(),
  restart: checked(commandProblem).optional(),
});

/** `nodes` of a profile. In a file of its own, so that the validator is loaded only where there are any. */
export const nodeRules = z.record(z.string(), overrides.nullable());

function checked(problemOf: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({code: 'custom', message: problem.replace(/\.$/, '')});
  });
}

function commandProblem(text: string): string | undefined {
  if (text.trim() === '') return 'The command is empty.';
  return /[\p{Cc}\p{Cf}]/u.test(text)
    ? 'The command must be one line without control characters.'
    : undefined;
}
