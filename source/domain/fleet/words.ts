/** The words of a line, or why it cannot be split. */
export type Words =
  | {readonly kind: 'words'; readonly words: readonly string[]}
  | {readonly kind: 'problem'; readonly message: string};

const SPACE = /\s/;

/**
 * Splits a line as Python's `shlex.split(line, comments)` does, which is how Ansible reads host lines and SSH
 * arguments: quotes group and vanish, a backslash takes the next character as it is, and with `comments` an
 * unquoted `#` ends the line, also in the middle of a word.
 */
export function splitWords(line: string, options: {readonly comments: boolean}): Words {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < line.length; index++) {
    const char = line[index] ?? '';
    if (quote !== undefined) {
      if (char === quote) {
        quote = undefined;
      } else if (char === '\\' && quote === '"') {
        const next = line[index + 1];
        if (next === undefined) return {kind: 'problem', message: 'a backslash ends the line'};
        word = `${word ?? ''}${next === '"' || next === '\\' ? next : `\\${next}`}`;
        index++;
      } else {
        word = (word ?? '') + char;
      }
    } else if (SPACE.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (options.comments && char === '#') {
      break;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      const next = line[index + 1];
      if (next === undefined) return {kind: 'problem', message: 'a backslash ends the line'};
      word = (word ?? '') + next;
      index++;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== undefined) return {kind: 'problem', message: `a quotation mark ${quote} is not closed`};
  if (word !== undefined) words.push(word);
  return {kind: 'words', words};
}
