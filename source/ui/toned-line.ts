import {type Line, type Span, spansOf, type Tone} from '../text/line.js';
import type {UiLine, UiSpan} from './spans.js';
import type {Style} from './theme.js';

const STYLES: Readonly<Record<Tone, Style>> = {
  strong: {isBold: true},
  muted: {colour: 'muted'},
  faint: {colour: 'faint'},
  accent: {colour: 'accent'},
  good: {colour: 'ok'},
  waiting: {colour: 'waiting'},
  warning: {colour: 'overdue'},
  bad: {colour: 'danger'},
  added: {colour: 'ok'},
  removed: {colour: 'danger'},
};

/** A line of what commands print, as screens draw it. */
export function tonedLine(line: Line): UiLine {
  return spansOf(line).map((span: Span): UiSpan => {
    return typeof span === 'string' ? span : {text: span.text, ...STYLES[span.tone]};
  });
}
