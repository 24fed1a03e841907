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

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
