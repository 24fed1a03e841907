/** Volumes, ports and actions of a server, each as one row or as a section. */
import type {DetailValues, PortAddresses} from '../app/watch/detail-types.js';
import type {ServerVolume} from '../app/purge/losses.js';
import type {ServerAction} from '../app/servers/server-ports.js';
import {cellWidth, cutToCells, padToCells} from './cells.js';
import {countOf} from './elapsed.js';
import {type Line, type Span, spansOf} from './line.js';
import {signed, withBreaks} from './paragraph.js';
import {clockOrDay, dayAndTime} from './point-in-time.js';
import {sanitize} from './sanitize.js';
import {type Meaning, sign, type Signs} from './signs.js';
import {formatDisk} from './sizes.js';
import {volumeName, volumeTable} from './volume-words.js';

type View = {readonly now: number; readonly width: number; readonly signs: Signs};
type Section = {readonly title: string; readonly lines: readonly Line[]};

function fateOf({isDeletedWithServer}: ServerVolume): {readonly words: string; readonly short: string} {
  if (isDeletedWithServer === undefined) return {words: 'fate unknown', short: 'unknown'};
  return isDeletedWithServer
    ? {words: 'deleted on destroy', short: 'deleted'}
    : {words: 'kept on destroy', short: 'kept'};
}

export function volumesRow({volumes, problem}: DetailValues['volumes'], {signs}: View): readonly Span[] {
  if (volumes.length === 0) return ['none'];
  const words = volumes.map((volume) => {
    const size = volume.sizeGib === undefined ? '' : ` ${formatDisk(volume.sizeGib)}`;
    return `${volumeName(volume)}${size} ${fateOf(volume).words}`;
  });
  const why: readonly Span[] = problem === undefined ? [] : ['; ', sign(signs, 'unknown'), ` ${problem}`];
  return [`${volumes.length}  ${words.join(', ')}`, ...why];
}

export function volumesSection({volumes, problem}: DetailValues['volumes'], view: View): Section {
  if (volumes.length === 0) return {title: 'none', lines: []};
  const {width, signs} = view;
  const rows = volumeTable(volumes, fateOf, width - 1, signs);
  return {title: String(volumes.length), lines: [...rows, ...problemLines(problem, view)]};
}

/** Addresses of a port, floating ones after a word. */
function portWords({addresses, floating}: PortAddresses, word: string): string {
  return [addresses.join(', '), floating.length === 0 ? '' : `${word} ${floating.join(', ')}`]
    .filter((part) => part !== '')
    .join('  ');
}

export function portsRow({ports, source, problem}: DetailValues['ports'], {signs}: View): readonly Span[] {
  const words = ports.map((port) => portWords(port, 'fip')).filter((text) => text !== '');
  const text = words.length > 0 ? words.join(', ') : ports.length > 0 ? 'without an address' : 'none';
  const remembered = source === 'nova' ? ', as Nova remembers' : '';
  return [
    `${text}${remembered}`,
    ...(problem === undefined ? [] : ['; ', sign(signs, 'unknown'), ` ${problem}`]),
  ];
}

export function portsSection({ports, source, problem}: DetailValues['ports'], view: View): Section {
  const remembered = source === 'nova' ? ', as Nova remembers' : '';
  if (ports.length === 0) return {title: `none${remembered}`, lines: problemLines(problem, view)};
  const lines = ports.map((port) => {
    const words = portWords(port, 'floating');
    return cutToCells(sanitize(words === '' ? 'without an address' : words), view.width - 1);
  });
  const title = source === 'nova' ? `addresses${remembered}` : String(ports.length);
  return {title, lines: [...lines, ...problemLines(problem, view)]};
}

const RESULTS: Readonly<Record<ServerAction['result'], Meaning | undefined>> = {
  succeeded: 'ok',
  failed: 'failed',
  'under-way': 'now',
  unknown: undefined,
};

/** The newest actions that fit, and how many there are. */
export function actionsRow(
  {actions}: DetailValues['actions'],
  {now, signs}: View,
  room: number,
): readonly Span[] {
  if (actions.length === 0) return ['none'];
  const end = `${actions.length} in all`;
  const shown: Span[] = [];
  let left = room - cellWidth(end);
  for (const {action, startedAt, result} of actions) {
    const words = `${startedAt === undefined ? '?' : clockOrDay(startedAt, now)} ${sanitize(action)}`;
    const meaning = RESULTS[result];
    left -= cellWidth(words) + (meaning === undefined ? 0 : 2) + 3;
    if (left < 0) break;
    shown.push(words, ...(meaning === undefined ? [] : [' ', sign(signs, meaning)]), '   ');
  }
  return [...shown, end];
}

/** Actions that a section shows. */
const MOST_ACTIONS = 8;
const REQUEST_CELLS = 12;
const LONGEST_ACTION = 16;

export function actionsSection({actions, users}: DetailValues['actions'], view: View): Section {
  const {now, signs, width} = view;
  if (actions.length === 0) return {title: 'none', lines: []};
  const shown = actions.slice(0, MOST_ACTIONS);
  const times = shown.map(({startedAt}) => (startedAt === undefined ? '?' : dayAndTime(startedAt, now)));
  const timeCells = Math.max(...times.map(cellWidth));
  const words = shown.map(({action}) => cutToCells(sanitize(action), LONGEST_ACTION));
  const wordCells = Math.max(...words.map(cellWidth));
  const lines = shown.flatMap((action, index): Line[] => {
    const meaning = RESULTS[action.result];
    const head: Line = [
      padToCells(times[index] ?? '', timeCells),
      `  ${padToCells(words[index] ?? '', wordCells)}  `,
      meaning === undefined ? ' ' : sign(signs, meaning),
    ];
    const room = width - 1 - timeCells - 2 - wordCells - 2 - 1;
    // Its beginning tells it from others: nothing has to say that there is more.
    const request = cutToCells(sanitize(action.requestId), REQUEST_CELLS + 1).replace(/…$/, '');
    const who = action.userId === undefined ? '' : sanitize(users.get(action.userId) ?? '');
    const more: Span[] = [];
    let left = room;
    for (const text of [request, who]) {
      if (text === '' || cellWidth(text) + 1 > left) continue;
      more.push(' ', {text, tone: 'muted'});
      left -= cellWidth(text) + 1;
    }
    return [[...spansOf(head), ...more], ...problemLines(action.problem, view, 'failed')];
  });
  const rest = actions.length - shown.length;
  return {
    title: 'newest first, UTC',
    lines: rest > 0 ? [...lines, `and ${countOf(rest, 'earlier one')}`] : lines,
  };
}

function problemLines(
  problem: string | undefined,
  view: View,
  meaning: Meaning = 'unknown',
): readonly Line[] {
  if (problem === undefined) return [];
  const width = view.width - 1;
  return signed(sign(view.signs, meaning), withBreaks(problem, width - 2), 0, width);
}
