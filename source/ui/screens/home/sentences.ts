import {formatCount, speakUnits} from '../../../text/elapsed.js';
import {timeWords} from '../../../text/watch.js';
import {speakFreshness, freshnessOf} from '../../freshness.js';
import {apiNow} from '../watch/changes.js';
import type {WatchRow} from '../watch/state.js';
import {nameOf} from '../watch/words.js';
import {listedRows, type ListName} from './lists.js';
import {answeredAt, type HomeState} from './model.js';
import {homeRows, isTrouble, type HomeRow} from './rows.js';
import {homeForm, lateCounts, spokenVerdict} from './verdict-words.js';
import {ageWords, isAwaited} from './view-lists.js';

/** Rows of each list that are read aloud. */
const MOST_SPOKEN = 5;

/** Home for a screen reader: the verdict first, then a sentence for each line, units in words. */
export function homeSentences(state: HomeState): readonly string[] {
  const {label, now, options} = state;
  const scope = label?.scope === undefined ? '' : `, ${label.scope}`;
  const cloud = label === undefined ? '' : ` Cloud ${label.name}${scope}.`;
  const form = homeForm(state);
  const freshness = form === 'no-cloud' ? '' : ` ${speakFreshness(freshnessOf(answeredAt(state), now), now)}`;
  const rows = homeRows(state).filter(({id}) => form !== 'no-cloud' || id === 'runs');
  return [
    `Home.${cloud}${freshness}`,
    ...spokenVerdict(state),
    ...(form === 'no-cloud' ? options.ways.map(({command, help}) => `${command}: ${help}.`) : []),
    ...(form === 'state' ? serverSentences(state) : []),
    ...rows.map((row) => rowSentence(state, row)),
    ...options.places.map(({digit, label: name}) => `Press ${digit} for ${name}.`),
  ];
}

/** What is late, what is due next and what was deleted last; `Selected: ` before the server that the keys are about. */
function serverSentences(state: HomeState): readonly string[] {
  const {waiting, lists} = state;
  const late = lateCounts(state).map(({count, word}) => `${formatCount(count)} ${word}`);
  const rows = listedRows(state);
  const {focus} = lists;
  const sentenceOf = (list: ListName, what: string, time: (row: WatchRow) => string) => (row: WatchRow) => {
    const {server} = row.listed;
    const isSelected = focus === list && row.id === lists[list].cursor;
    const project = nameOf(waiting, row.cloud, 'projects', server.projectId);
    return `${isSelected ? 'Selected: ' : ''}${what}: ${server.name}, project ${project}: ${time(row)}.`;
  };
  const left = ({listed, cloud}: WatchRow): string => {
    if (isAwaited(state, listed)) return 'its host is being asked';
    const words = spokenTime(timeWords(listed, apiNow(waiting, cloud)));
    return listed.standing.state === 'waiting' ? `${words} left` : words;
  };
  const ago = (row: WatchRow): string => `${spokenTime(ageWords(state, row))} ago`;
  const due = rows.due.map(sentenceOf('due', 'Due next', left));
  const deleted = rows.deleted.map(sentenceOf('deleted', 'Deleted last', ago));
  return [...(late.length === 0 ? [] : [`${late.join(', ')}.`]), ...spokenRows(due), ...spokenRows(deleted)];
}

function spokenTime(words: string): string {
  return speakUnits(words).replace('~', 'about ');
}

/** The first rows, and the one with the cursor wherever it is. */
function spokenRows(sentences: readonly string[]): readonly string[] {
  return sentences.filter((text, index) => index < MOST_SPOKEN || text.startsWith('Selected: '));
}

function rowSentence({options}: HomeState, row: HomeRow): string {
  const {label, value, detail, meaning, digit} = row;
  const place = options.places.find((one) => one.digit === digit);
  const waits = meaning === 'soon' ? 'is being asked' : 'not asked yet';
  const figure = meaning === 'soon' && value !== undefined ? `${value}, so far` : (value ?? waits);
  const words = detail.long === '' ? '' : `. ${begun(detail.long)}`;
  const subject = isTrouble(row) ? `Problem: ${label}` : label;
  const press = isTrouble(row) && place !== undefined ? ` Press ${place.digit} for ${place.label}.` : '';
  return `${subject}: ${speakUnits(`${figure}${words}`)}.${press}`.replaceAll('..', '.');
}

/** Our own phrases begin a sentence here; names stay as they are. */
function begun(text: string): string {
  return /^(the|needs|asks|being|nothing|maybe|with|name) /.test(text)
    ? text.slice(0, 1).toUpperCase() + text.slice(1)
    : text;
}

/** A line of the log as it is read aloud: how long it took is no news. */
export function spokenEvent(text: string): string {
  const words = speakUnits(text.replace(/ {2}.*$/, ''));
  const sentence = /^(signed|looked) /.test(words) ? words.slice(0, 1).toUpperCase() + words.slice(1) : words;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
