import {countOf} from '../text/elapsed.js';

/** What puts text on the clipboard of the operator's own terminal (OSC 52). */
export function clipboardSequence(text: string): string {
  return `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}

/** What was copied, in one line. */
export function copiedWords(text: string): string {
  const [first = '', ...more] = text.trimEnd().split('\n');
  return more.length === 0 ? `copied: ${first}` : `copied: ${first} and ${countOf(more.length, 'more line')}`;
}
