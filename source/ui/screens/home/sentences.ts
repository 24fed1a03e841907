import {speakUnits} from '../../../text/elapsed.js';
import {speakFreshness, freshnessOf} from '../../freshness.js';
import {answeredAt, type HomeState} from './model.js';
import {homeRows, isTrouble, type HomeRow} from './rows.js';
import {homeForm, spokenVerdict} from './verdict-words.js';

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
    ...rows.map((row) => rowSentence(state, row)),
    ...options.places.map(({digit, label: name}) => `Press ${digit} for ${name}.`),
  ];
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
