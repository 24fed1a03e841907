/** What answers a question for its colours: a terminal's input, in raw mode. */
export type AskedInput = NodeJS.ReadableStream & {
  setRawMode?(isRaw: boolean): unknown;
  unshift(chunk: string): void;
};

const QUESTION = '\u001B]11;?\u001B\\';
const ANSWER = /\u001B\]11;(rgba?:[\da-f/]+)(?:\u0007|\u001B\\)/i;

/**
 * Asks the terminal for its background (OSC 11) and waits at most so long. Keys that come meanwhile are given back. The
 * input is left in raw mode, so that an answer that comes later is not shown as text.
 *
 * `undefined`: it does not say.
 */
export async function askBackground(
  input: AskedInput,
  output: NodeJS.WritableStream,
  limitMs: number,
): Promise<'dark' | 'light' | undefined> {
  let received = '';
  input.setEncoding('utf8');
  input.setRawMode?.(true);
  const answer = new Promise<string | undefined>((resolve) => {
    const read = (): void => {
      for (let chunk = input.read(); chunk !== null; chunk = input.read()) received += chunk.toString();
      const found = ANSWER.exec(received);
      if (found !== null) end(found[1]);
    };
    const end = (colour: string | undefined): void => {
      clearTimeout(timer);
      input.off('readable', read);
      resolve(colour);
    };
    // Loading other modules holds timers up, and what has arrived meanwhile is read after them only.
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => end(undefined))), limitMs);
    input.on('readable', read);
  });
  output.write(QUESTION);
  const colour = await answer;
  const typed = received.replace(ANSWER, '');
  if (typed !== '') input.unshift(typed);
  return colour === undefined ? undefined : brightness(colour);
}

/** `rgb:1010/1414/1a1a`, with one to four digits a part; by how bright the eye finds it (ITU-R BT.709). */
function brightness(colour: string): 'dark' | 'light' | undefined {
  const parts = colour
    .slice(colour.indexOf(':') + 1)
    .split('/')
    .map((part) => Number.parseInt(part, 16) / (16 ** part.length - 1));
  const [red, green, blue] = parts;
  if (red === undefined || green === undefined || blue === undefined || parts.some(Number.isNaN))
    return undefined;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? 'light' : 'dark';
}
