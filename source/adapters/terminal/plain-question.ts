/** What a person types on and reads: a terminal, or in tests a pair of streams. */
export type Typewriter = {
  readonly input: NodeJS.ReadableStream & {setRawMode?: (isRaw: boolean) => unknown};
  readonly output: NodeJS.WritableStream;
};

const INTERRUPT = '\u0003';
const END = '\u0004';

/**
 * One question and one line, without moving a cursor: for terminals that cannot (`TERM=dumb`). A secret is not
 * shown. Undefined where the input ended first; rejects with the signal's reason when aborted.
 *
 * @param interrupt called for Ctrl-C, which is only a byte while a secret is typed
 */
export async function askPlainly(
  question: string,
  isSecret: boolean,
  {input, output}: Typewriter,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<string | undefined> {
  // Before the question: who answers at once would see the secret echoed.
  if (isSecret) input.setRawMode?.(true);
  output.write(`${question} `);
  input.setEncoding('utf8');
  let typed = '';
  const done = new AbortController();
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      const onData = (text: string): void => {
        for (const character of text) {
          if (character === '\n' || character === '\r') return resolve(typed);
          if (character === END) return resolve(undefined);
          if (character === INTERRUPT) interrupt();
          else if (character === '\u007F' || character === '\b')
            typed = Array.from(typed).slice(0, -1).join('');
          else typed += character;
        }
      };
      const onEnd = (): void => resolve(undefined);
      const onAbort = (): void => reject(asError(signal.reason));
      input.on('data', onData).on('end', onEnd).on('error', reject);
      signal.addEventListener('abort', onAbort);
      done.signal.addEventListener('abort', () => {
        input.off('data', onData).off('end', onEnd).off('error', reject);
        signal.removeEventListener('abort', onAbort);
      });
      input.resume();
    });
  } finally {
    done.abort();
    input.pause();
    if (isSecret) {
      input.setRawMode?.(false);
      output.write('\n');
    }
  }
}

/** Asks for one line and gives it as it was typed; rejects where the input ended. */
export type AskLine = (question: string, isSecret?: boolean) => Promise<string>;

/** A choice by its number: the list is printed once, and again is asked where the answer is no number of it. */
export async function choosePlainly(
  question: string,
  titles: readonly string[],
  proposed: number,
  askLine: AskLine,
  say: (line: string) => void,
): Promise<number> {
  say(question);
  for (const [index, title] of titles.entries()) say(`  ${index + 1}. ${title}`);
  for (;;) {
    const typed = (await askLine(`Number from 1 to ${titles.length} (${proposed + 1}):`)).trim();
    if (typed === '') return proposed;
    const number = /^[0-9]{1,6}$/.test(typed) ? Number(typed) : 0;
    if (number >= 1 && number <= titles.length) return number - 1;
    say(`That is no number from 1 to ${titles.length}.`);
  }
}

/** Yes or no; the one that an empty line means is the capital letter. */
export async function confirmPlainly(
  question: string,
  isYesProposed: boolean,
  askLine: AskLine,
  say: (line: string) => void,
): Promise<boolean> {
  for (;;) {
    const typed = (await askLine(`${question} (${isYesProposed ? 'Y/n' : 'y/N'})`)).trim().toLowerCase();
    if (typed === '') return isYesProposed;
    if ('yes'.startsWith(typed)) return true;
    if ('no'.startsWith(typed)) return false;
    say('Answer with yes or no.');
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
