import {UserError, type UserErrorKind, withoutStop, withRemedy} from '../app/errors.js';
import {sanitize} from './sanitize.js';

/** Exit codes of the command line; scripts depend on them. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

const EXIT_CODES: Readonly<Record<UserErrorKind, ExitCode>> = {
  failed: 1,
  usage: 2,
  refused: 3,
  unreachable: 4,
};

/** The exit code that an error stands for. A bug is 1: what was done before it is unknown. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof UserError ? EXIT_CODES[error.kind] : 1;
}

/**
 * The lines for stderr: one that says what happened, where, and what to do; the stack and its causes only when
 * `isVerbose`. A bug says so, and how to get the stack.
 */
export function errorLines(error: unknown, isVerbose: boolean): string[] {
  const first = error instanceof UserError ? userErrorLine(error) : bugLine(error, isVerbose);
  return isVerbose ? [first, ...stackLines(error)] : [first];
}

/** What happened and what to do, as one line without a prefix. */
export function userErrorLine(error: UserError): string {
  const message = withoutStop(sanitize(error.message));
  return error.remedy === undefined ? message : withRemedy(message, sanitize(error.remedy));
}

function bugLine(error: unknown, isVerbose: boolean): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const advice = isVerbose
    ? 'report it with the lines below'
    : 'run it again with -v for the stack, and report it';
  return `this is a bug in reprieve: ${sanitize(what).slice(0, 500)}; ${advice}`;
}

function stackLines(error: unknown): string[] {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  let current = error;
  while (current instanceof Error && !seen.has(current)) {
    seen.add(current);
    const stack = current.stack ?? `${current.name}: ${current.message}`;
    lines.push(
      ...stack
        .split('\n')
        .map((line, index) => (index === 0 && lines.length > 0 ? `caused by ${line}` : line)),
    );
    current = current.cause;
  }
  return lines.map((line) => sanitize(line));
}
