import {formatCount} from '../../../text/elapsed.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import type {UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import {isFiltered} from './rows.js';
import type {WatchState} from './state.js';
import {emptyWords} from './words.js';

/** What stands where no row does: that it works, what would appear, and what happened last. */
export function nothingLines(state: WatchState, {columns: cells}: Size, theme: Theme): readonly UiLine[] {
  const {rows, isLateOnly} = state;
  if (rows.length > 0) {
    const late = isLateOnly ? 'No late server' : 'No server';
    const what = isFiltered(state) ? `${late} matches "${state.filter.field.text}"` : 'No server is late';
    const hidden =
      rows.length === 1
        ? '1 is hidden, esc shows it'
        : `${formatCount(rows.length)} are hidden, esc shows them`;
    return [[], [], ...wrapText(`${what}; ${hidden}.`, cells - 2, 3)];
  }
  const [first = '', ...more] = emptyWords(state);
  const isAsking = state.clouds.some(({phase}) => phase === 'signing-in' || phase === 'listing');
  return [
    [],
    [],
    [
      ' ',
      isAsking ? signSpan(theme, 'working') : ' ',
      ' ',
      isAsking ? {text: first, colour: 'muted'} : {text: first, isBold: true},
    ],
    ...more.flatMap((text) => [[' '], ...wrapText(text, cells - 2, 3, {colour: 'muted'})]),
  ];
}

/** What else a filter takes, below what it finds. */
export const FILTER_HELP = 'Also: !not, project:shop, host:cmp-11, user:…, state:late, deleted:<10m, /a.*b/';
