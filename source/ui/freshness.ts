import {countOf, formatElapsed} from '../text/elapsed.js';
import {clockTime} from '../text/point-in-time.js';
import type {UiLine} from './spans.js';
import type {Theme} from './theme.js';

/** How old what a screen shows is. Seconds are whole. */
export type Freshness =
  | {readonly kind: 'loading'}
  | {readonly kind: 'live'}
  | {readonly kind: 'old'; readonly seconds: number}
  | {readonly kind: 'lost'; readonly seconds: number};

const LIVE_SECONDS = 10;
const LOST_SECONDS = 30;

/** @param answeredAt when the cloud last answered, epoch milliseconds; undefined: never yet */
export function freshnessOf(answeredAt: number | undefined, now: number): Freshness {
  if (answeredAt === undefined) return {kind: 'loading'};
  const seconds = Math.max(0, Math.floor((now - answeredAt) / 1000));
  if (seconds <= LIVE_SECONDS) return {kind: 'live'};
  return {kind: seconds < LOST_SECONDS ? 'old' : 'lost', seconds};
}

/** The right end of the title bar: clock and freshness, `03:12:47 UTC  ● live`. */
export function freshnessLine(freshness: Freshness, now: number, {signs}: Theme): UiLine {
  const clock = {text: `${clockTime(now)} UTC  `, colour: 'muted'} as const;
  switch (freshness.kind) {
    case 'loading':
      return [clock, {text: `${signs.soon} loading`, colour: 'muted'}];
    case 'live':
      return [clock, {text: signs.due, colour: 'ok'}, {text: ' live', colour: 'muted'}];
    case 'old':
      return [clock, {text: `as of ${formatElapsed(freshness.seconds)} ago`, colour: 'soon'}];
    case 'lost':
      return [clock, {text: `${signs.failed} ${formatElapsed(freshness.seconds)} old`, colour: 'danger'}];
  }
}

/** The same as it is read aloud, with its full stop. */
export function speakFreshness(freshness: Freshness, now: number): string {
  const clock = `${clockTime(now)} UTC.`;
  switch (freshness.kind) {
    case 'loading':
      return `Loading, ${clock}`;
    case 'live':
      return `Live, ${clock}`;
    case 'old':
      return `As of ${countOf(freshness.seconds, 'second')} ago, ${clock}`;
    case 'lost':
      return `No answer for ${countOf(freshness.seconds, 'second')}, ${clock}`;
  }
}
