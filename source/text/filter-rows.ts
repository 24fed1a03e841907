import {
  type FilterTerm,
  foldCase,
  type RowFilter,
  type TextField,
  type TextTest,
} from '../app/watch/row-filter.js';
import type {ListedServer, Names} from '../app/watch/watch-types.js';
import type {WaitingServer} from '../domain/reclaim/waiting-server.js';
import {subjectOf} from '../domain/search-pattern.js';
import {graphemesOf, SIMPLE_TEXT} from './graphemes.js';
import {sanitize} from './sanitize.js';
import {reasonSentence, reasonWords} from './standing-words.js';

/** A row that a filter is held against. Rows of one cloud share its names. */
export type FilterRow = {
  readonly listed: ListedServer;
  readonly cloud: string;
  readonly names: Names;
  /** What is searched in it, from the first time on. Whoever keeps a row for many filters has `undefined` there. */
  searched?: Haystack | undefined;
};

/** A part of a text: from its first code unit to the one behind its last. */
export type Hit = {readonly start: number; readonly end: number};

/** A word so short that is in many ids by chance finds the beginning of an id only. */
const SHORTEST_INSIDE_ID = 4;

type Test = (row: FilterRow) => boolean;

/**
 * The filter as a question to a row. It is made for one pass over the rows: what it finds out about a project, a user
 * or a host it does not look at again.
 *
 * @param now epoch milliseconds by the API's clock
 */
export function rowMatcher(filter: RowFilter, now: number): Test {
  const tests = filter.terms.map((term): Test => {
    const test = testOf(term, now);
    return term.isNegated ? (row) => !test(row) : test;
  });
  const [first, ...others] = tests;
  if (first === undefined) return () => true;
  if (others.length === 0) return first;
  return (row) => first(row) && others.every((test) => test(row));
}

/** Whether the filter lets one row through. Of many rows ask a {@link rowMatcher}. */
export function matches(filter: RowFilter, row: FilterRow, now: number): boolean {
  return rowMatcher(filter, now)(row);
}

/** Where a name as it is shown (sanitised) has what was asked for: in order, apart, never within a grapheme. */
export function hitsOf(filter: RowFilter, shownName: string): readonly Hit[] {
  const subject = subjectOf(shownName);
  const found = filter.terms.flatMap((term) => {
    const isOfName = term.field === undefined || term.field === 'name';
    if (term.kind === 'time' || term.isNegated || !isOfName) return [];
    const {test} = term;
    const pattern =
      test.kind === 'text' ? new RegExp(escaped(test.text), 'giu') : new RegExp(test.pattern, 'gi');
    return [...subject.matchAll(pattern)]
      .filter(([part]) => part !== '')
      .map(({0: part, index}) => ({start: index, end: index + part.length}));
  });
  return merged(found.map((hit) => wholeGraphemes(shownName, hit)));
}

const EXAMPLES = [
  '!not',
  'project:shop',
  'host:cmp-11',
  'user:…',
  'state:late',
  'deleted:<10m',
  '/regex/',
  'left:<1h',
  '"two words"',
  'flavor:…',
  'reason:down',
  'locked:yes',
  'id:…',
  'cloud:…',
];

/** What else can be typed into a filter, as many examples as so many cells hold. */
export function filterHint(cells: number): string {
  let hint = `Also: ${EXAMPLES[0]}`;
  for (const example of EXAMPLES.slice(1)) {
    if (hint.length + 2 + example.length > cells) break;
    hint += `, ${example}`;
  }
  return hint;
}

function testOf(term: FilterTerm, now: number): Test {
  if (term.kind === 'text') {
    return term.field === undefined ? anywhere(term.test) : inField(term.field, term.test);
  }
  const {isBelow, ms} = term;
  const timeOf = term.field === 'deleted' ? ageOf : timeLeft;
  return ({listed}) => {
    const time = timeOf(listed, now);
    return time !== undefined && (isBelow ? time < ms : time > ms);
  };
}

function ageOf({deleted}: ListedServer, now: number): number | undefined {
  return deleted.kind === 'action' || deleted.kind === 'estimate' ? now - deleted.time : undefined;
}

/** What nothing takes soon has no time left that says anything. */
function timeLeft({standing: {state, dueAt}}: ListedServer, now: number): number | undefined {
  if (state === 'due') return 0;
  return state === 'waiting' && dueAt !== undefined ? dueAt - now : undefined;
}

/** In what a row shows: name, id, project, user, host. */
function anywhere(test: TextTest): Test {
  if (test.kind === 'pattern') {
    const {pattern} = test;
    const holds = textHolds(test);
    const isInProject = ofNames((names) => names.projects, holds, false);
    const isInUser = ofNames((names) => names.users, holds, false);
    const isInHost = remembered(holds);
    return (row) => {
      const {server} = row.listed;
      return (
        pattern.test(subjectOf(haystackOf(row).name)) ||
        pattern.test(subjectOf(server.id)) ||
        isInHost(server.host) ||
        isInProject(row.names, server.projectId) ||
        isInUser(row.names, server.userId)
      );
    };
  }
  const {text} = test;
  if (text.length >= SHORTEST_INSIDE_ID) return (row) => haystackOf(row).lines.includes(text);
  return (row) => {
    const {lines, idLength} = haystackOf(row);
    return lines.includes(text, idLength) || lines.startsWith(text);
  };
}

function inField(field: TextField, test: TextTest): Test {
  const holds = textHolds(test);
  const begins = test.kind === 'text' ? (word: string) => word.startsWith(test.text) : holds;
  switch (field) {
    case 'name':
      return test.kind === 'text'
        ? (row) => haystackOf(row).foldedName.includes(test.text)
        : (row) => test.pattern.test(subjectOf(haystackOf(row).name));
    case 'id':
      return ({listed}) => holds(listed.server.id);
    case 'project': {
      const isInProject = ofNames((names) => names.projects, holds, true);
      return ({listed, names}) => isInProject(names, listed.server.projectId);
    }
    case 'user': {
      const isInUser = ofNames((names) => names.users, holds, true);
      return ({listed, names}) => isInUser(names, listed.server.userId);
    }
    case 'host': {
      const isInHost = remembered(holds);
      return ({listed}) => isInHost(listed.server.host);
    }
    case 'flavor': {
      const isInFlavor = remembered(holds);
      return ({listed}) => isInFlavor(listed.server.flavor);
    }
    case 'cloud': {
      const isInCloud = remembered(holds);
      return ({cloud}) => isInCloud(cloud);
    }
    case 'reason':
      return ({listed}) => {
        const short = reasonWords(listed);
        return short !== '' && (holds(short) || holds(reasonSentence(listed) ?? ''));
      };
    case 'state':
      return ({listed}) => stateWords(listed).some(begins);
    case 'locked':
      return ({listed: {server}}) => server.isLocked !== undefined && begins(server.isLocked ? 'yes' : 'no');
  }
}

function stateWords({standing: {state}}: ListedServer): readonly string[] {
  return state === 'overdue' || state === 'stuck' ? [state, 'late'] : [state];
}

/** Whether a text as it is shown has what is wanted. */
function textHolds(test: TextTest): (text: string) => boolean {
  return test.kind === 'text'
    ? (text) => foldCase(sanitize(text)).includes(test.text)
    : (text) => test.pattern.test(subjectOf(sanitize(text)));
}

/** What is searched in a row again and again. */
type Haystack = {
  /** With which names it was looked at last. */
  names: Names;
  readonly project: string;
  readonly user: string;
  /** The server's name as it is shown. */
  readonly name: string;
  readonly foldedName: string;
  /** All that is shown, folded, the id first, a line each. */
  readonly lines: string;
  readonly idLength: number;
};

/** Made when first asked for, and anew where a name became known. */
const haystacks = new WeakMap<WaitingServer, Haystack>();

/** Makes what is searched in a row, so that the first search does not have to. */
export function prepareSearch(row: FilterRow): void {
  haystackOf(row);
}

function haystackOf(row: FilterRow): Haystack {
  return (row.searched ??= knownHaystack(row));
}

function knownHaystack({listed: {server}, names}: FilterRow): Haystack {
  const known = haystacks.get(server);
  if (known?.names === names) return known;
  const {id, projectId = '', userId = '', host = ''} = server;
  const project = names.projects.get(projectId) ?? projectId;
  const user = names.users.get(userId) ?? userId;
  if (known?.project === project && known.user === user) {
    known.names = names;
    return known;
  }
  const name = known?.name ?? sanitize(server.name);
  const foldedName = known?.foldedName ?? foldCase(name);
  const others = [project, user, host].map((text) => foldCase(sanitize(text)));
  const lines = [id.toLowerCase(), foldedName, ...others].join('\n');
  const haystack = {names, project, user, name, foldedName, lines, idLength: id.length};
  haystacks.set(server, haystack);
  return haystack;
}

/** A test of texts of which many are the same: each is looked at once. A text that is missing never holds. */
function remembered(holds: (text: string) => boolean): (text: string | undefined) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    if (text === undefined) return false;
    let answer = known.get(text);
    if (answer === undefined) {
      answer = holds(text);
      known.set(text, answer);
    }
    return answer;
  };
}

/** The same of names that ids stand for; where a name is unknown, the id stands. */
function ofNames(
  select: (names: Names) => ReadonlyMap<string, string>,
  holds: (text: string) => boolean,
  isIdAsked: boolean,
): (names: Names, id: string | undefined) => boolean {
  const tests = new Map<Names, (id: string | undefined) => boolean>();
  let last: {readonly names: Names; readonly test: (id: string | undefined) => boolean} | undefined;
  return (names, id) => {
    if (last?.names !== names) {
      const texts = select(names);
      const test =
        tests.get(names) ?? remembered((one) => holds(texts.get(one) ?? one) || (isIdAsked && holds(one)));
      tests.set(names, test);
      last = {names, test};
    }
    return last.test(id);
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

function wholeGraphemes(text: string, hit: Hit): Hit {
  if (SIMPLE_TEXT.test(text)) return hit;
  let {start, end} = hit;
  let index = 0;
  for (const grapheme of graphemesOf(text)) {
    const next = index + grapheme.length;
    if (index < hit.start && hit.start < next) start = index;
    if (index < hit.end && hit.end < next) end = next;
    index = next;
  }
  return {start, end};
}

function merged(hits: readonly Hit[]): readonly Hit[] {
  const result: Hit[] = [];
  for (const hit of hits.toSorted((one, other) => one.start - other.start)) {
    const last = result.at(-1);
    if (last === undefined || hit.start > last.end) result.push(hit);
    else result[result.length - 1] = {start: last.start, end: Math.max(last.end, hit.end)};
  }
  return result;
}
