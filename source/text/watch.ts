import type {ListedServer, Names, WaitingList} from '../app/watch/watch-types.js';
import {
  compareTimeLeft,
  countStandings,
  type StandingCounts,
  summarize,
  timeLeftOrder,
} from '../domain/reclaim/time-left.js';
import {countOf, formatCount, formatElapsed, formatIntervalForPeople} from './elapsed.js';
import type {Line, Span, Tone} from './line.js';
import {indented, paragraph, signed, someOf} from './paragraph.js';
import {dateAndTime, shortTime} from './point-in-time.js';
import {sign, type Signs, UNICODE_SIGNS} from './signs.js';
import {reasonSentence, reasonWords} from './standing-words.js';
import {type Column, tableLines} from './table.js';

/** Kinds of trouble that have a line of their own. */
const MOST_TROUBLES = 5;
/** From here on a server is soon gone, in milliseconds. */
const SOON_MS = 600_000;

/** Whose names a list of that width shows; see `waitingLines`. */
export function shownNames(width: number | undefined): readonly (keyof Names)[] {
  return width === undefined || width >= ROOM.user ? ['projects', 'users'] : ['projects'];
}

/** Cells from which on there is room for more. */
const ROOM = {deleted: 100, flavor: 160, user: 120, id: 160};

/**
 * The soft-deleted servers of one or more clouds for people: how many there are and what is wrong with them, then a row
 * for each, by time left.
 *
 * @param width cells of the terminal; undefined where it is none: nothing is cut or left out then
 * @param text what was asked for, where not all were
 */
export function waitingLines(
  lists: readonly WaitingList[],
  width: number | undefined,
  text: string | undefined,
  signs: Signs = UNICODE_SIGNS,
): Line[] {
  const rows = rowsInOrder(lists);
  const servers = rows.map(({listed}) => listed);
  if (servers.length === 0) return emptyLines(lists, text);
  return [
    ...paragraph(countWords(lists, rows, text), 0),
    ...lists.flatMap((list) => troubleLines(list.servers, lists.length > 1 ? list.cloud : undefined, signs)),
    ...paragraph(
      intervalWords(
        servers,
        lists.every(({hasNodes}) => hasNodes),
      ),
      0,
    ),
    ...(servers.some(({deleted}) => deleted.kind === 'estimate') ? paragraph(ESTIMATED, 0) : []),
    '',
    ...serverTable(lists, rows, width, signs),
  ];
}

const ESTIMATED =
  "~: counted from the server's last change, which is its delete or later, so that Nova may take it earlier. --exact asks for the times of the deletes.";

/** By time left, those alike by name. */
export function inOrder(servers: readonly ListedServer[]): readonly ListedServer[] {
  const ranked = servers.map((listed) => ({listed, rank: timeLeftOrder(listed.standing)}));
  ranked.sort(
    ({rank: first, listed: one}, {rank: second, listed: other}) =>
      first - second ||
      compareText(one.server.name, other.server.name) ||
      compareText(one.server.id, other.server.id),
  );
  return ranked.map(({listed}) => listed);
}

/** A server with the list that it is of. `standing`: by the clock of the first list's API. */
type Row = {
  readonly listed: ListedServer;
  readonly list: WaitingList;
  readonly standing: ListedServer['standing'];
};

/** The servers of all lists by time left; the clocks of the APIs may differ. */
function rowsInOrder(lists: readonly WaitingList[]): readonly Row[] {
  const [first] = lists;
  const keyed = lists.flatMap((list) =>
    inOrder(list.servers).map((listed) => {
      const {dueAt} = listed.standing;
      const ahead = list.now - (first?.now ?? list.now);
      const isAhead = dueAt !== undefined && ahead !== 0;
      const standing = isAhead ? {...listed.standing, dueAt: dueAt - ahead} : listed.standing;
      return {listed, list, standing};
    }),
  );
  if (lists.length === 1) return keyed;
  return keyed.toSorted(
    (one, other) =>
      compareTimeLeft(one.standing, other.standing) ||
      compareText(one.listed.server.name, other.listed.server.name),
  );
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function emptyLines(lists: readonly WaitingList[], text: string | undefined): Line[] {
  const others = sum(lists, (list) => list.others);
  if (text === undefined || others === 0) {
    const [first] = lists;
    const where =
      lists.length === 1 && first?.scope === 'own-project' ? 'No server of this project' : 'No server';
    const clouds = lists.length === 1 ? '' : ` in ${someOf(lists.map(scopeWords), lists.length)}`;
    return paragraph(`${where} is waiting${clouds}: nothing is soft-deleted.`, 0);
  }
  return paragraph(
    `No soft-deleted server has "${text}" in its name or id; there are ${formatCount(others)} others.`,
    0,
  );
}

function sum<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((before, item) => before + count(item), 0);
}

/** Which cloud, and whose servers of it. */
function scopeWords({cloud, scope}: WaitingList): string {
  return `${cloud} (${scope === 'own-project' ? 'own project' : 'all projects'})`;
}

function countWords(lists: readonly WaitingList[], rows: readonly Row[], text: string | undefined): string {
  const counts = countStandings(
    summarize(rows, ({standing}) => standing),
    lists[0]?.now ?? 0,
  );
  const others = sum(lists, (list) => list.others);
  const where =
    lists.length > 1
      ? `in ${someOf(lists.map(scopeWords), lists.length)}`
      : lists[0]?.scope === 'own-project'
        ? 'in this project'
        : 'in all projects';
  const all =
    text === undefined
      ? `${formatCount(counts.all)} soft-deleted ${where}`
      : `${formatCount(counts.all)} of ${formatCount(counts.all + others)} soft-deleted ${where} with "${text}" in name or id`;
  return `${all}: ${bucketWords(counts)}.`;
}

const BUCKETS: readonly (readonly [keyof StandingCounts, string])[] = [
  ['due', 'due'],
  ['destroying', 'destroying'],
  ['restoring', 'restoring'],
  ['inMinute', 'in 1 min'],
  ['inTenMinutes', 'in 10 min'],
  ['inHour', 'in 1 h'],
  ['later', 'later'],
  ['overdue', 'overdue'],
  ['stuck', 'stuck'],
  ['unknown', 'unknown'],
];

function bucketWords(counts: StandingCounts): string {
  return BUCKETS.flatMap(([key, words]) =>
    counts[key] === 0 ? [] : [`${formatCount(counts[key])} ${words}`],
  ).join(', ');
}

/** A line for each kind and cause of what does not go as it should. */
function troubleLines(servers: readonly ListedServer[], cloud: string | undefined, signs: Signs): Line[] {
  const where = cloud === undefined ? '' : ` in ${cloud}`;
  const troubled = inOrder(
    servers.filter(({standing: {state, cause}}) => cause !== undefined && state !== 'waiting'),
  );
  const kinds = [
    ...Map.groupBy(troubled, (listed) => `${listed.standing.state}: ${reasonSentence(listed)}`).values(),
  ];
  const lines = kinds.slice(0, MOST_TROUBLES).flatMap((alike): Line[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const words = `${formatCount(alike.length)} ${first.standing.state}${where}: ${reasonSentence(first)}`;
    return signed(signOf(first, 0, signs), words, 0);
  });
  const more = kinds.length - MOST_TROUBLES;
  return more > 0 ? [...lines, `and ${countOf(more, 'more cause')}${where}, in the list`] : lines;
}

function intervalWords(servers: readonly ListedServer[], hasNodes: boolean): string {
  const of = (source: ListedServer['intervalSource']) =>
    servers.filter(({intervalSource}) => intervalSource === source);
  const [seen, assumed, unknown] = [of('host'), of('assumed'), of('none')];
  const parts: string[] = [];
  if (seen.length > 0) parts.push(`${secondsOf(seen)} as the hosts themselves run with it`);
  if (assumed.length > 0) {
    const isTried = assumed.some(({unseen}) => unseen !== undefined);
    const looked = isTried ? 'could not be looked at' : 'not looked at';
    parts.push(`${secondsOf(assumed)} as given, ${looked}${onHosts(assumed, seen.length > 0)}`);
  }
  if (unknown.length > 0) {
    const remedy = hasNodes ? 'give --interval' : 'name nodes with --inventory, or give --interval';
    parts.push(`not known${onHosts(unknown, parts.length > 0)}: ${remedy}`);
  }
  return `Interval: ${parts.join('; ')}.`;
}

function secondsOf(servers: readonly ListedServer[]): string {
  const seconds = servers.flatMap(({interval}) => (interval.kind === 'value' ? interval.seconds : 0));
  return someOf([...new Set(seconds)].toSorted((one, other) => one - other).map(formatIntervalForPeople), 3);
}

function onHosts(servers: readonly ListedServer[], areOthersElse: boolean): string {
  const hosts = [...new Set(servers.flatMap(({server}) => server.host ?? []))];
  return !areOthersElse || hosts.length === 0 ? '' : ` on ${someOf(hosts)}`;
}

type Cell = {readonly column: Column; readonly text: (listed: ListedServer, list: WaitingList) => Span};

function serverTable(
  lists: readonly WaitingList[],
  rows: readonly Row[],
  width: number | undefined,
  signs: Signs,
): Line[] {
  const has = (room: number) => width === undefined || width >= room;
  const deletedAt = (time: number, now: number) =>
    width === undefined ? dateAndTime(time) : shortTime(time, now);
  const cells: readonly (Cell | false)[] = [
    {column: {title: ''}, text: (listed, {now}) => signOf(listed, now, signs)},
    lists.length > 1 && {column: {title: 'CLOUD', narrowest: 6}, text: (_listed, {cloud}) => cloud},
    {column: {title: 'NAME', narrowest: 12}, text: ({server}) => server.name},
    has(ROOM.id) && {column: {title: 'ID'}, text: ({server}) => server.id},
    lists.some(({scope}) => scope === 'all-projects') && {
      column: {title: 'PROJECT', narrowest: 8},
      text: ({server}, {names}) => nameOf(server.projectId, names.projects),
    },
    has(ROOM.user) && {
      column: {title: 'USER', narrowest: 8},
      text: ({server}, {names}) => nameOf(server.userId, names.users),
    },
    rows.some(({listed: {server}}) => server.isHostShown) && {
      column: {title: 'HOST', narrowest: 8},
      text: ({server}) => server.host ?? signs.none,
    },
    has(ROOM.flavor) && {
      column: {title: 'FLAVOR', narrowest: 8},
      text: ({server}) => server.flavor ?? '?',
    },
    has(ROOM.deleted) && {
      column: {title: 'DELETED', align: 'right'},
      text: ({deleted}, {now}) => {
        if (deleted.kind === 'action') return deletedAt(deleted.time, now);
        return deleted.kind === 'estimate' ? `~${deletedAt(deleted.time, now)}` : signs.none;
      },
    },
    {column: {title: 'TIME LEFT', align: 'right'}, text: (listed, {now}) => timeWords(listed, now)},
    {column: {title: '', narrowest: 8}, text: noteOf},
  ];
  const shown = cells.filter((cell) => cell !== false);
  return tableLines(
    shown.map(({column}) => column),
    rows.map(({listed, list}) => shown.map(({text}) => text(listed, list))),
    width === undefined ? undefined : width - 1,
  ).map((line) => indented(line, 1));
}

/** The name that is known for an id; where none is, the id. */
function nameOf(id: string | undefined, names: ReadonlyMap<string, string>): string {
  return id === undefined ? '?' : (names.get(id) ?? id);
}

function noteOf(listed: ListedServer): string {
  const {isLocked} = listed.server;
  return [reasonWords(listed), isLocked === true ? 'locked' : ''].filter((word) => word !== '').join(', ');
}

/** The time that is left, or the word that stands for it. */
export function timeWords({standing: {state, dueAt}, deleted}: ListedServer, now: number): string {
  const about = deleted.kind === 'estimate' ? '~' : '';
  if (state === 'waiting' && dueAt !== undefined) return `${about}${formatElapsed((dueAt - now) / 1000)}`;
  if (state === 'overdue' && dueAt !== undefined) {
    return `overdue ${about}${formatElapsed(roundedUp((now - dueAt) / 1000))}`;
  }
  return state;
}

/** To what is shown: seconds below ten minutes, then minutes, hours from a day on. */
function roundedUp(seconds: number): number {
  const unit = seconds <= 600 ? 1 : seconds <= 86_400 ? 60 : 3600;
  return Math.ceil(seconds / unit) * unit;
}

function signOf({standing: {state, cause, dueAt}}: ListedServer, now: number, signs: Signs): Span {
  const toned = (text: string, tone: Tone): Span => ({text, tone});
  if (cause === 'restore-failed') return sign(signs, 'failed');
  switch (state) {
    case 'due':
      return toned(signs.due, 'warning');
    case 'waiting':
      return dueAt !== undefined && dueAt - now <= SOON_MS
        ? toned(signs.soon, 'warning')
        : sign(signs, 'waiting');
    case 'overdue':
      return sign(signs, 'warning');
    case 'stuck':
      return sign(signs, 'stuck');
    case 'unknown':
      return sign(signs, 'unknown');
    case 'restoring':
    case 'destroying':
      return sign(signs, 'now');
  }
}
