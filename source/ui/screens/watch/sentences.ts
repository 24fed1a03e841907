import {countOf, speakUnits} from '../../../text/elapsed.js';
import {reasonSentence} from '../../../text/standing-words.js';
import {serverDetailLines} from '../../../text/server-details.js';
import {type Signs, UNICODE_SIGNS} from '../../../text/signs.js';
import {windowSentences} from '../../../text/time-window.js';
import {timeWords} from '../../../text/watch.js';
import {freshnessOf, speakFreshness} from '../../freshness.js';
import {isAlerted} from './alerts.js';
import {plainText} from '../../spans.js';
import {tonedLine} from '../../toned-line.js';
import {apiNow, selectedRow} from './changes.js';
import {chooserSentences} from './chooser-words.js';
import {overviewOf} from './overview.js';
import {isFiltered, NO_NAMES} from './rows.js';
import type {WatchRow, WatchState} from './state.js';
import {assumedWords, NOTHING_LATE, reasonsOf, troubleWords, unseenSentences} from './troubles.js';
import {answeredAt, cloudWords, countParts, emptyWords, nameOf} from './words.js';

/** So many rows are read out; the rest is found by moving and filtering. */
const MOST_ROWS = 20;

/** Nothing is too long to be said. */
const SPOKEN_ROOM = 1000;
/** Words where others see a sign. */
const SPOKEN_SIGNS: Signs = {
  ...UNICODE_SIGNS,
  ok: 'well,',
  warning: 'attention,',
  stuck: 'attention,',
  failed: 'failed,',
  unknown: 'unknown,',
  dash: '',
};

/** The list for a screen reader: what there is in numbers, then a sentence for each of the next servers. */
export function watchSentences(state: WatchState): readonly string[] {
  if (state.chooser !== undefined) return chooserSentences(state.chooser);
  const {shown, rows, clouds, now} = state;
  const {counts, troubles, unseen} = overviewOf(state);
  const assumed = assumedWords(unseen, SPOKEN_ROOM);
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
    ...(assumed === undefined ? [] : [`${speakUnits(assumed)}.`]),
    ...(state.isLateOnly ? [`Late ones only: ${countOf(shown.length, 'server')}.`] : []),
    ...(isFiltered(state) ? [`Filter ${state.filter.field.text}: ${countOf(shown.length, 'server')}.`] : []),
    ...(state.view === 'list'
      ? around(state).map((row) => rowSentence(state, row, row.id === selected))
      : state.view === 'details'
        ? detailSentences(state)
        : whySentences(state)),
  ];
}

/** All that is known of the server with the cursor, a row each. */
function detailSentences(state: WatchState): readonly string[] {
  const row = selectedRow(state);
  if (row === undefined) return [];
  const {listed, cloud, id} = row;
  const now = apiNow(state, cloud);
  const parts = state.details?.id === id ? state.details.parts : {};
  const {names = NO_NAMES} = state.clouds[cloud] ?? {};
  const view = {names, now, width: SPOKEN_ROOM, signs: SPOKEN_SIGNS, layout: 'rows' as const};
  const rows = serverDetailLines(listed, parts, view)
    .map((line) => plainText(tonedLine(line)).trim())
    // A label alone is one whose value is on its way.
    .filter((text) => text.includes(' '))
    // Labels and parts of a value stand apart by spaces.
    .map((text) => text.replace(/^(\S+) {2,}/, '$1: ').replaceAll(/ {2,}/g, ', '));
  return [
    rowSentence(state, row, true),
    `Its id is ${id}.`,
    ...[...windowSentences(listed, now, SPOKEN_SIGNS), ...rows].map((text) => {
      const spoken = speakUnits(text);
      return /[.!?]$/.test(spoken) ? spoken : `${spoken}.`;
    }),
  ];
}

/** What is late, each kind with the servers that have it, and what could not be looked at. */
function whySentences(state: WatchState): readonly string[] {
  const {troubles, unseen} = overviewOf(state);
  const reasons = troubles.flatMap(reasonsOf).map(({servers, first}) => {
    const names = servers.slice(0, MOST_ROWS).map(({server}) => server.name);
    const reason = speakUnits(reasonSentence(first) ?? first.standing.state);
    return `${countOf(servers.length, 'server')} ${first.standing.state}, ${reason}: ${names.join(', ')}.`;
  });
  return [...(reasons.length === 0 ? [NOTHING_LATE] : reasons), ...unseenSentences(unseen).map(speakUnits)];
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
