import {signSpan, type AnySign} from '../../meaning.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {muted, wrapped} from '../../components/draft.js';

/** What a part is drawn in. */
export type PartRoom = {readonly theme: Theme; readonly cells: number};

/** A sign, and a sentence that goes on below itself. */
export function signedLines(
  {theme, cells}: PartRoom,
  sign: AnySign,
  text: string,
  colour?: 'muted',
): readonly UiLine[] {
  return wrapped(text, cells - 2).map((line, index) => [
    ...(index === 0 ? [signSpan(theme, sign), ' '] : ['  ']),
    colour === undefined ? line : muted(line),
  ]);
}

/** Text that goes on in the next line. */
export function mutedLines(text: string, cells: number): readonly UiLine[] {
  return wrapped(text, cells).map((line) => [muted(line)]);
}
