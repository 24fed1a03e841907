/** A POSIX sh program with the values it works on, ready to be fed to `sh` on stdin. */
export type RenderedScript = {readonly title: string; readonly text: string};

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CALLS_MAIN = /^main\b.*<\s*\/dev\/null$/;

/**
 * A value as one word of POSIX sh, whatever it holds. Single quotes are the only quoting in which nothing is
 * special; a single quote itself is closed, escaped and opened again.
 *
 * Throws `RangeError` for what no shell word can hold: NUL, and a lone half of a surrogate pair, which would
 * arrive as another character.
 */
export function shellQuote(value: string): string {
  if (value.includes('\0')) throw new RangeError('A value for a shell must not contain a NUL character.');
  if (!value.isWellFormed()) throw new RangeError('A value for a shell must be well-formed Unicode.');
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A program with its values, as one text for `sh` on stdin. `program` defines functions and its last line is
 * `main … </dev/null`. Values become quoted assignments before it.
 *
 * All of it is one brace group: a shell reads a group to its end before it runs anything in it, so a transfer
 * that is cut anywhere runs nothing.
 *
 * Throws `RangeError` for a variable name that is none, a value that cannot be quoted, or a program whose last
 * line does not call `main` with its own stdin.
 */
export function renderScript(
  title: string,
  program: string,
  variables: Readonly<Record<string, string>>,
): RenderedScript {
  const lastLine = program.trimEnd().split('\n').at(-1) ?? '';
  if (!CALLS_MAIN.test(lastLine)) {
    throw new RangeError(`The last line of the program "${title}" must be: main </dev/null`);
  }
  const assignments = Object.entries(variables).map(([name, value]) => {
    if (!VARIABLE_NAME.test(name)) throw new RangeError(`"${name}" is not a name for a shell variable.`);
    return `${name}=${shellQuote(value)}\n`;
  });
  return {title, text: `{\n${assignments.join('')}${program.trimEnd()}\nexit\n}\n`};
}
