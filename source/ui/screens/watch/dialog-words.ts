import {RECLAIM_SECONDS} from '../../../domain/fleet/impact.js';
import {cutToCells} from '../../../text/cells.js';
import {countOf, formatCount, formatElapsed} from '../../../text/elapsed.js';
import type {Line} from '../../../text/line.js';
import {sanitize} from '../../../text/sanitize.js';
import {type Meaning, UNICODE_SIGNS} from '../../../text/signs.js';
import {reasonWords} from '../../../text/standing-words.js';
import {timeWords} from '../../../text/watch.js';
import type {Dialog} from '../../components/dialog.js';
import {signSpan} from '../../meaning.js';
import {plainText, wrap, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {tonedLine} from '../../toned-line.js';
import {apiNow} from './changes.js';
import {isSettling} from './rows.js';
import type {WatchAction, WatchRow, WatchState} from './state.js';
import {nameOf} from './words.js';

/** A sentence of a dialog, with what it says as a sign before it. */
export type Said = {
  readonly meaning?: Meaning;
  /** Stands out before it. */
  readonly name?: string;
  readonly text: string;
};

/** So many servers are told by name. */
export const MOST_NAMED = 4;

/** How long Nova takes to its next look at most, so many milliseconds after the failure was seen. */
export function untilLook(elapsedMs: number): string {
  const seconds = Math.ceil(RECLAIM_SECONDS - elapsedMs / 1000);
  return seconds > 0 ? `in at most ${formatElapsed(seconds)}` : 'at any moment';
}

/** Whose it is, where, and how long it has. */
export function placeWords(state: WatchState, row: WatchRow): string {
  const {cloud} = row;
  // What is known of it now; the server stays the same one.
  const there = state.rows.find((one) => one.id === row.id && one.cloud === cloud);
  // Who opened the dialog from elsewhere may know already what the first look at hosts will tell.
  const {listed} = there === undefined || isSettling(state, there) ? row : there;
  const left = timeWords(listed, apiNow(state, cloud));
  const reason = reasonWords(listed);
  const time =
    listed.standing.state === 'waiting' ? `${left} left` : `${left}${reason === '' ? '' : `, ${reason}`}`;
  return `${whereWords(state, row)} · ${time}`;
}

export function whereWords(state: WatchState, {listed: {server}, cloud}: WatchRow): string {
  return [
    ...(state.clouds.length > 1 ? [state.clouds[cloud]?.name ?? ''] : []),
    nameOf(state, cloud, 'projects', server.projectId),
    server.host ?? 'no host',
    server.id.slice(0, 8),
  ].join(' · ');
}

/** How many and whose they are, then the first of them by name. */
export function crowdSaid(state: WatchState, rows: readonly WatchRow[]): readonly Said[] {
  const names = rows.slice(0, MOST_NAMED).map(shortName);
  const more = rows.length - names.length;
  return [
    {text: crowdWords(state, rows)},
    {text: `${names.join(', ')}${more > 0 ? ` and ${formatCount(more)} more` : ''}`},
  ];
}

/** That their cloud does not answer at the moment, so that nobody takes waiting for work. */
export function silenceSaid({clouds}: WatchState, rows: readonly WatchRow[]): readonly Said[] {
  const isSilent = rows.some(({cloud}) => clouds[cloud]?.trouble !== undefined);
  return isSilent
    ? [
        {
          meaning: 'warning',
          text: 'Nova does not answer now. It is asked again, and nothing is done before it answers.',
        },
      ]
    : [];
}

/** Of a name that fills lines the beginning is enough where there are several. */
function shortName({listed}: WatchRow): string {
  return cutToCells(sanitize(listed.server.name), NAME_CELLS);
}

const NAME_CELLS = 24;

/** Those that are not of the project that nearly all are of. */
export function strangersSaid(state: WatchState, rows: readonly WatchRow[]): readonly Said[] {
  const project = ({cloud, listed}: WatchRow) => nameOf(state, cloud, 'projects', listed.server.projectId);
  const [most = [], ...others] = [...Map.groupBy(rows, project).values()].toSorted(
    (one, other) => other.length - one.length,
  );
  const [first] = most;
  const strangers = others.flat();
  if (first === undefined || strangers.length === 0 || strangers.length * 4 > rows.length) return [];
  const names = strangers
    .slice(0, MOST_NAMED)
    .map((row) => `${shortName(row)} (${project(row)})`)
    .join(', ');
  const more = strangers.length > MOST_NAMED ? ', …' : '';
  return [
    {
      meaning: 'warning',
      text: `${formatCount(strangers.length)} not of project ${project(first)}: ${names}${more}`,
    },
  ];
}

function crowdWords(state: WatchState, rows: readonly WatchRow[]): string {
  const projects = Map.groupBy(rows, ({cloud, listed}) =>
    nameOf(state, cloud, 'projects', listed.server.projectId),
  );
  const hosts = new Set(rows.map(({listed}) => listed.server.host));
  const parts = [...projects]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, MOST_NAMED)
    .map(([project, of]) => `${project} ${of.length}`);
  return `${countOf(rows.length, 'server')} of ${countOf(projects.size, 'project')} on ${countOf(hosts.size, 'host')}: ${parts.join(', ')}`;
}

/** The same lines for the eye and the ear. */
export function said(
  all: readonly Said[],
  /** Lines behind the first of them. */
  more: (cells: number, theme: Pick<Theme, 'signs'>) => readonly Line[] = () => [],
): Pick<Dialog<WatchAction>, 'lines' | 'sentences'> {
  const [first, ...rest] = all;
  const spoken = more(SPOKEN_CELLS, {signs: UNICODE_SIGNS}).map((line) => plainText(tonedLine(line)).trim());
  return {
    sentences: [aloud(first), ...spoken, ...rest.map(aloud)].map((text) =>
      /[.!?]$/.test(text) ? text : `${text}.`,
    ),
    lines: (cells, theme) => [
      ...(first === undefined ? [] : linesOf(first, cells, theme)),
      ...more(cells, theme).map(tonedLine),
      ...rest.flatMap((one) => linesOf(one, cells, theme)),
    ],
  };
}

function aloud(one: Said | undefined): string {
  const sign = one?.meaning === 'failed' ? 'Problem' : one?.meaning === 'warning' ? 'Attention' : undefined;
  const parts = [sign, one?.name, one?.text].filter((part) => part !== undefined);
  return parts.join(': ').replaceAll(' · ', ', ');
}

const SPOKEN_CELLS = 200;

function linesOf({meaning, name, text}: Said, cells: number, theme: Theme): readonly UiLine[] {
  if (name !== undefined) return wrap([{text: name, isBold: true}, '   ', text], cells);
  if (meaning === undefined) return wrap([text], cells);
  const sign = signSpan(theme, meaning);
  return wrap([text], cells - 2, 0).map((line, index) => [index === 0 ? sign : ' ', ' ', ...line]);
}
