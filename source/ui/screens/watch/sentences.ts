import {countOf, speakUnits} from '../../../text/elapsed.js';
import {reasonSentence} from '../../../text/standing-words.js';
import {timeWords} from '../../../text/watch.js';
import {freshnessOf, speakFreshness} from '../../freshness.js';
import {isAlerted} from './alerts.js';
import {apiNow} from './changes.js';
import {overviewOf} from './overview.js';
import {isFiltered} from './rows.js';
import type {WatchRow, WatchState} from './state.js';
import {troubleWords} from './troubles.js';
import {answeredAt, cloudWords, countParts, emptyWords, nameOf} from './words.js';

/** So many rows are read out; the rest is found by moving and filtering. */
const MOST_ROWS = 20;

/** Nothing is too long to be said. */
const SPOKEN_ROOM = 1000;

/** The list for a screen reader: what there is in numbers, then a sentence for each of the next servers. */
export function watchSentences(state: WatchState): readonly string[] {
  const {shown, rows, clouds, now} = state;
  const {counts, troubles} = overviewOf(state);
  const freshness = speakFreshness(freshnessOf(answeredAt(state), now), apiNow(state));
  const parts = countParts(counts).map(({count, words}) => `${count} ${words}`);
  const selected = state.list.cursor;
  return [
    `Watch. Cloud ${cloudWords(state)}. ${freshness}`,
    ...clouds.flatMap(({name, trouble}) =>
      trouble === undefined ? [] : [`Problem: ${name}: ${trouble.text.replace(/[.!?]$/, '')}.`],
    ),
    ...(rows.length === 0 ? emptyWords(state) : [`${parts.map(speakUnits).join(', ')}.`]),
    ...troubles.map((trouble) => `${speakUnits(troubleWords(trouble, SPOKEN_ROOM))}.`),
    ...(state.isLateOnly ? [`Late ones only: ${countOf(shown.length, 'server')}.`] : []),
    ...(isFiltered(state) ? [`Filter ${state.filter.field.text}: ${countOf(shown.length, 'server')}.`] : []),
    ...around(state).map((row) => rowSentence(state, row, row.id === selected)),
  ];
}

/** The rows around the cursor. */
function around({shown, list}: WatchState): readonly WatchRow[] {
  const first = Math.max(0, Math.min(list.index - MOST_ROWS / 2, shown.length - MOST_ROWS));
  return shown.slice(first, first + MOST_ROWS);
}

function rowSentence(state: WatchState, {listed, cloud}: WatchRow, isSelected: boolean): string {
  const {server} = listed;
  const where = server.host === undefined ? '' : ` on ${server.host}`;
  const reason = reasonSentence(listed);
  const now = apiNow(state, cloud);
  const left = listed.standing.state === 'waiting' ? ' left' : '';
  const alert = isAlerted(state, listed, now) ? 'Alert: ' : '';
  const words = `${server.name}, project ${nameOf(state, cloud, 'projects', server.projectId)}${where}: ${timeWords(listed, now)}${left}`;
  return `${isSelected ? 'Selected: ' : ''}${alert}${speakUnits(words)}${reason === undefined ? '' : `, ${speakUnits(reason)}`}.`;
}
