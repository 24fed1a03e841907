import type {Diagnosis} from '../../../app/doctor/diagnosis.js';
import type {Finding, ServerReference, Severity, UnseenNode} from '../../../app/doctor/doctor-types.js';
import {explainNamed, type Explanation} from '../../../app/doctor/explain.js';
import {missingServers} from '../../../app/doctor/missing.js';
import {
  countKinds,
  type FindingKind,
  heldByAll,
  hostsOfAll,
  kindsOf,
  serversOfAll,
} from '../../../app/doctor/kinds.js';
import {explainedWords, kindWords} from '../../../text/doctor.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {remembered} from '../../remembered.js';
import type {ColourName} from '../../theme.js';
import type {DoctorState} from './state.js';

/** A row that the cursor can stand on. What is alike of several nodes or servers is one row. */
export type DoctorRow = {
  /** Stays the same while more of the same kind is found. */
  readonly id: string;
  /** Whom it is about: a name, or how many. */
  readonly who: string;
  readonly what: string;
} & (
  | {
      readonly kind: 'finding';
      readonly severity: Severity;
      readonly first: Finding;
      /** At least one. */
      readonly findings: readonly Finding[];
    }
  | {readonly kind: 'unseen'; readonly reason: string; readonly nodes: readonly UnseenNode[]}
  | {readonly kind: 'blind'}
  /** A server that was named, with what explains it. */
  | {readonly kind: 'named'; readonly explanation: Explanation}
  /** A name that no server has. */
  | {readonly kind: 'missing'}
);

export type FindingRow = Extract<DoctorRow, {kind: 'finding'}>;

/** The servers that were named, then what was found, by harm, each kind once, and last what could not be seen. */
export function allRows(diagnosis: Diagnosis): readonly DoctorRow[] {
  const {findings, unseen, blind} = diagnosis;
  const problems = Map.groupBy(unseen, reasonOf);
  return [
    ...explainNamed(diagnosis).map((explanation): DoctorRow => ({
      kind: 'named',
      id: `named ${explanation.server.id}`,
      who: explanation.server.name,
      what: explainedWords(explanation),
      explanation,
    })),
    ...missingServers(diagnosis).map(({word, problem}): DoctorRow => ({
      kind: 'missing',
      id: `missing ${word}`,
      who: word,
      what: problem,
    })),
    ...kindsOf(findings).map(rowOf),
    ...[...problems].map(([reason, nodes]): DoctorRow => ({
      kind: 'unseen',
      id: `unseen ${reason}`,
      who: nodes.length === 1 ? (nodes[0]?.node.name ?? '') : countOf(nodes.length, 'node'),
      what: `not seen: ${reason}`,
      reason,
      nodes,
    })),
    ...blind.map((text): DoctorRow => ({kind: 'blind', id: `blind ${text}`, who: 'not seen', what: text})),
  ];
}

const rememberedRows = remembered(allRows);

/** All rows of what is shown. */
export function rowsOf({diagnosis}: Pick<DoctorState, 'diagnosis'>): readonly DoctorRow[] {
  return diagnosis === undefined ? [] : rememberedRows(diagnosis);
}

/** Those that the filter lets through. */
export function shownRows(state: Pick<DoctorState, 'diagnosis' | 'filter'>): readonly DoctorRow[] {
  return rememberedShown(rowsOf(state), state.filter.field.text);
}

const rememberedShown = remembered((rows: readonly DoctorRow[], text: string): readonly DoctorRow[] => {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const all = searchedText(row).toLowerCase();
    return words.every((word) => (word.startsWith('!') ? !all.includes(word.slice(1)) : all.includes(word)));
  });
});

/** The row with the cursor. */
export function selectedRow(
  state: Pick<DoctorState, 'diagnosis' | 'filter' | 'list'>,
): DoctorRow | undefined {
  return shownRows(state).find(({id}) => id === state.list.cursor);
}

export function idsOf(rows: readonly DoctorRow[]): readonly string[] {
  return rows.map(({id}) => id);
}

/** The hosts that a row is about, each once. */
export function hostsOf(row: DoctorRow): readonly string[] {
  switch (row.kind) {
    case 'finding':
      return hostsOfAll(row.findings);
    case 'unseen':
      return row.nodes.map(({node}) => node.name);
    case 'named':
      return row.explanation.host === undefined ? [] : [row.explanation.host];
    case 'blind':
    case 'missing':
      return [];
  }
}

/** The findings that a row is made of; of a server that was named the one that explains it. */
export function findingsOf(row: DoctorRow): readonly Finding[] {
  if (row.kind === 'finding') return row.findings;
  return row.kind === 'named' && row.explanation.first !== undefined ? [row.explanation.first] : [];
}

/** The servers that a row is about or holds up, each once. */
export function serversOf(row: DoctorRow): readonly ServerReference[] {
  return row.kind === 'named' ? [row.explanation.server] : serversOfAll(findingsOf(row));
}

/** Of the servers of a row those that wait as SOFT_DELETED: the live list has them. */
export function waitingOf(
  {diagnosis}: Pick<DoctorState, 'diagnosis'>,
  row: DoctorRow,
): readonly ServerReference[] {
  const waiting = waitingIds(diagnosis);
  return serversOf(row).filter(({id}) => waiting.has(id));
}

const waitingIds = remembered(
  (diagnosis: Diagnosis | undefined): ReadonlySet<string> =>
    new Set(
      (diagnosis?.chart?.servers ?? [])
        .filter(({server}) => server.status === 'SOFT_DELETED')
        .map(({server}) => server.id),
    ),
);

/** How many servers a row holds up, in the word for how they stand; undefined where it holds up none. */
export function heldWords(
  {diagnosis}: Pick<DoctorState, 'diagnosis'>,
  row: DoctorRow,
): {readonly text: string; readonly colour: ColourName} | undefined {
  if (row.kind !== 'finding') return undefined;
  const count = heldByAll(row.findings);
  if (count === 0) return undefined;
  const standings = standingsOf(diagnosis);
  const states = new Set(serversOf(row).map(({id}) => standings.get(id)));
  const [state] = states;
  if (states.size === 1 && state === 'stuck') return {text: `${formatCount(count)} stuck`, colour: 'stuck'};
  if (states.size === 1 && state === 'overdue') {
    return {text: `${formatCount(count)} overdue`, colour: 'overdue'};
  }
  return {text: countOf(count, 'server'), colour: 'muted'};
}

const standingsOf = remembered(
  (diagnosis: Diagnosis | undefined): ReadonlyMap<string, string> =>
    new Map((diagnosis?.chart?.servers ?? []).map(({server, standing}) => [server.id, standing.state])),
);

/** How many kinds of findings there are of each severity, how much was not seen, and how many names nobody knows. */
export type Counts = Readonly<Record<Severity | 'unseen' | 'missing', number>>;

export function countsOf(rows: readonly DoctorRow[]): Counts {
  let unseen = 0;
  for (const row of rows) {
    if (row.kind === 'unseen') unseen += row.nodes.length;
    else if (row.kind === 'blind') unseen += 1;
  }
  const missing = rows.filter(({kind}) => kind === 'missing').length;
  return {...countKinds(rows.filter((row) => row.kind === 'finding')), unseen, missing};
}

/** Why a node was not seen, without its own name and address: those that are alike are one row. */
function reasonOf({node, problem}: UnseenNode): string {
  if (!problem.startsWith(node.name)) return problem;
  return problem.slice(node.name.length).replace(/^(?: \([^)]*\))?: /, '') || problem;
}

function rowOf(kind: FindingKind): FindingRow {
  return {kind: 'finding', ...kind, who: kindWords(kind) || 'cloud', what: kind.first.message};
}

function searchedText(row: DoctorRow): string {
  return [
    row.who,
    row.what,
    ...findingsOf(row)
      .slice(0, 1)
      .flatMap(({code, severity}) => [code, severity]),
    ...hostsOf(row),
    ...serversOf(row).flatMap(({id, name}) => [id, name]),
  ].join('\n');
}
