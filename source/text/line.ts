import {sanitize} from './sanitize.js';

/** What a piece of text says about itself; the sign or word beside it always says the same without colour. */
export type Tone =
  'strong' | 'muted' | 'faint' | 'accent' | 'good' | 'waiting' | 'warning' | 'bad' | 'added' | 'removed';

/** A piece of a line. A bare text has no tone. */
export type Span = string | {readonly text: string; readonly tone: Tone};

/** One line: pieces side by side. */
export type Line = Span | readonly Span[];

const CODES: Readonly<Record<Tone, string>> = {
  strong: '1',
  muted: '2',
  faint: '2',
  accent: '36',
  good: '32',
  waiting: '34',
  warning: '33',
  bad: '31',
  added: '32',
  removed: '31',
};

/** The pieces of a line. */
export function spansOf(line: Line): readonly Span[] {
  return typeof line === 'string' || 'text' in line ? [line] : line;
}

/** A line as it is written, without its end. Every piece is sanitised here, so no caller can forget it. */
export function renderLine(line: Line, hasColour: boolean): string {
  let result = '';
  for (const span of spansOf(line)) {
    const text = sanitize(typeof span === 'string' ? span : span.text);
    const isPlain = !hasColour || typeof span === 'string' || text === '';
    result += isPlain ? text : `\u001B[${CODES[span.tone]}m${text}\u001B[0m`;
  }
  return result;
}
