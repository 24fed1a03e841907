import {formatCount} from '../../../text/elapsed.js';
import {reasonSentence} from '../../../text/standing-words.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import type {UiLine, UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {wrapText} from '../../wrap.js';
import type {Overview} from './overview.js';
import type {WatchState} from './state.js';
import {NOTHING_LATE, reasonsOf, unseenSentences} from './troubles.js';
import {troubleSign} from './view-head.js';

/** So many servers of a kind are named. */
const MOST_NAMED = 6;

/** Every kind of trouble in whole sentences with the servers that have it, and what could not be looked at. */
export function whyLines(
  {clouds}: WatchState,
  {troubles, unseen}: Overview,
  {columns: cells, rows}: Size,
  theme: Theme,
): readonly UiLine[] {
  const said = (sign: UiSpan, text: string): readonly UiLine[] => {
    const [first = [], ...more] = wrapText(text, cells - 2, 3);
    return [[' ', sign, ' ', ...first.slice(1)], ...more];
  };
  const lines: readonly UiLine[] = [
    ...troubles.flatMap(reasonsOf).flatMap((reason): readonly UiLine[] => {
      const {servers, first} = reason;
      const names = servers.slice(0, MOST_NAMED).map(({server}) => server.name);
      const more = servers.length - names.length;
      return [
        [' '],
        ...said(
          troubleSign(reason, theme),
          `${formatCount(servers.length)} ${first.standing.state}: ${reasonSentence(first) ?? ''}.`,
        ),
        ...wrapText(`${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`, cells - 2, 3, {
          colour: 'muted',
        }),
      ];
    }),
    ...clouds.flatMap(({problem}) =>
      problem === undefined
        ? []
        : [[' '], ...said(signSpan(theme, 'warning'), `Servers may be missing: ${problem}.`)],
    ),
    ...(unseen.length === 0 ? [] : [[' ']]),
    ...unseenSentences(unseen).flatMap((text) => said(signSpan(theme, 'unknown'), text)),
  ];
  if (lines.length === 0) return [[' '], ...said(signSpan(theme, 'ok'), NOTHING_LATE)];
  return lines.length <= rows
    ? lines
    : [...lines.slice(0, rows - 1), [{text: `   ${theme.signs.cut} and more`, colour: 'muted'}]];
}
