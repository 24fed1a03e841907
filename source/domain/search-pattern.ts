/** Regular expressions have to look at no more than this of a text: Nova's longest name. In UTF-16 code units. */
export const LONGEST_SUBJECT = 255;

/** A third one would take seconds on a text of that length. */
const MOST_REPEATS = 2;
/** Each of these doubles what there is to try at worst. */
const MOST_OPTIONAL = 8;

/** What a quantifier at the beginning of a text says. */
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/**
 * A regular expression that somebody typed to search with, in capitals or not, or in words why it is none.
 *
 * JavaScript's expressions go back and try again, and a careless one tries for hours. So one that repeats a group with
 * a repeat or a choice inside, has too many repeats, or refers back is refused; and nobody gives it more than
 * {@link LONGEST_SUBJECT} characters ({@link subjectOf}). It can still be made slow on purpose: it is the user's own.
 */
export function searchPattern(source: string): RegExp | {readonly problem: string} {
  // Found is found anywhere: what stands around it need not be matched.
  const core = source.replace(/^(?:\.\*\??)+/, '').replace(/(?<!\\)(?:\.\*\??)+$/, '');
  const slow = slowness(core);
  if (slow !== undefined) return {problem: `/${source}/ ${slow}`};
  try {
    return new RegExp(core, 'i');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(': ') + 2).toLowerCase();
    return {problem: `/${source}/ is no regular expression: ${reason}`};
  }
}

/** The part of a text that a regular expression is given. */
export function subjectOf(text: string): string {
  return text.length > LONGEST_SUBJECT ? text.slice(0, LONGEST_SUBJECT) : text;
}

/** Why an expression could take for ever; undefined where it could not, or is none. */
function slowness(source: string): string | undefined {
  // Whether each open group, the whole expression first, has something in it that can match in several ways.
  const groups = [false];
  let repeats = 0;
  let optional = 0;
  let index = 0;
  while (index < source.length) {
    const atom = atomAt(source, index);
    index += atom.length;
    if (/^\\(?:[1-9]|k<)/.test(atom)) return 'refers back to a group, which can take for ever';
    if (atom === '(') {
      groups.push(false);
      const kind = /^\?(?:<?[=!]|:|<\w+>)/.exec(source.slice(index));
      index += kind?.[0].length ?? 0;
      continue;
    }
    if (atom === '|') groups[groups.length - 1] = true;
    const isLoose = atom === ')' && groups.length > 1 && groups.pop() === true;
    const quantifier = QUANTIFIER.exec(source.slice(index))?.[0] ?? '';
    index += quantifier.length;
    const isOptional = quantifier.startsWith('?') || /^\{(?:0,)?1\}/.test(quantifier);
    const isVariable = quantifier !== '' && !/^\{\d+\}/.test(quantifier);
    if (isLoose && quantifier !== '' && !isOptional) {
      return 'repeats a group that has a repeat or a choice in it, which can take for ever';
    }
    if (isVariable && isOptional) optional++;
    else if (isVariable) repeats++;
    if (isVariable || isLoose) groups[groups.length - 1] = true;
  }
  if (repeats > MOST_REPEATS)
    return `has more than ${MOST_REPEATS} repeats, which can take for ever; write it as several`;
  return optional > MOST_OPTIONAL
    ? `has more than ${MOST_OPTIONAL} optional parts, which can take for ever`
    : undefined;
}

/** What a quantifier would stand behind: an escaped character, a class, or one character. */
function atomAt(source: string, index: number): string {
  const match = /^(?:\\k<\w*>|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/.exec(source.slice(index));
  return match?.[0] ?? source.slice(index);
}
