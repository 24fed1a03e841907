import type {Signs} from '../text/signs.js';
import type {UiSpan} from './spans.js';
import type {ColourName, Theme} from './theme.js';

/** Every sign there is, by what it says. */
export type AnySign = keyof Signs;

const COLOURS: Readonly<Partial<Record<AnySign, ColourName>>> = {
  ok: 'ok',
  waiting: 'waiting',
  warning: 'overdue',
  failed: 'danger',
  unknown: 'overdue',
  'put-back': 'overdue',
  none: 'muted',
  stuck: 'stuck',
  now: 'accent',
  soon: 'muted',
  'not-begun': 'faint',
  working: 'accent',
};

/** A sign in its colour. Words beside it say the same. */
export function signSpan(theme: Theme, meaning: AnySign): UiSpan {
  const colour = COLOURS[meaning];
  return colour === undefined ? theme.signs[meaning] : {text: theme.signs[meaning], colour};
}
