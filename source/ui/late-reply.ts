/** The terminal's answer to a question for its colours, as it arrives among keys. */
const REPLY_BEGINS = ']';
const REPLY_ENDS = '\\';
const BELL = '\u0007';

/** Longer than any answer: then it was none. */
const MOST_PARTS = 8;

/**
 * Takes out what a slow terminal answers after nobody waits for it any more (OSC 11): Ink hands such an answer over as
 * alt-`]`, its text, and alt-`\` or a bell, and its letters would be pressed as keys. Gives what is left of an input,
 * `undefined` where nothing is.
 *
 * @param onLate called when an answer was taken out: the line is slow
 */
export function createReplyFilter(
  onLate: () => void = () => undefined,
): (input: string, isMeta: boolean) => string | undefined {
  let partsLeft = 0;
  return (input, isMeta) => {
    if (isMeta && input === REPLY_BEGINS) {
      partsLeft = MOST_PARTS;
      return undefined;
    }
    if (partsLeft === 0) return input;
    partsLeft--;
    if (isMeta && input === REPLY_ENDS) {
      partsLeft = 0;
      onLate();
      return undefined;
    }
    const bell = input.indexOf(BELL);
    if (bell !== -1) {
      partsLeft = 0;
      onLate();
      return input.slice(bell + 1);
    }
    // No answer holds anything else: a key was meant.
    if (isMeta || !/^[\d;:/a-z]+$/i.test(input)) {
      partsLeft = 0;
      return input;
    }
    return undefined;
  };
}
