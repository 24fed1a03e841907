import type {Evidence, Finding} from '../../../app/doctor/doctor-types.js';
import type {ActionName} from '../../actions.js';
import {cellWidth} from '../../../text/cells.js';
import {alsoWords, placeWords} from '../../../text/doctor.js';
import type {CommonRemedy} from '../../../text/doctor-remedies.js';
import {countOf, formatCount} from '../../../text/elapsed.js';
import {muted, strong} from '../../components/draft.js';
import {keyOf} from '../../own-keys.js';
import type {Size} from '../../screen.js';
import {lineCells, plainText, type UiLine, type UiSpan, withStyle, wrap} from '../../spans.js';
import {remediesOf, serverFilter, sshCommand} from './remedies.js';
import {
  type DoctorRow,
  findingsOf,
  type FindingRow,
  heldWords,
  hostsOf,
  selectedRow,
  serversOf,
  waitingOf,
} from './rows.js';
import type {DoctorState} from './state.js';
import {actNote, placeOf, sourceWord} from './words.js';

/** Where the text of a field begins. */
const TEXT_START = 11;
/** Fewest rows of evidence that are worth their place. */
const LEAST_EVIDENCE = 2;
const MOST_NAMES = 4;
/** So many characters before what proves it are kept. */
const LEAD = 14;
const BLIND_THERE = 'Its interval, process, log and clock are not known, and no cause was looked for on it.';

/** `brief`: of many names the first ones. `short`: of long lines of a log only what proves it besides. */
type Length = 'whole' | 'brief' | 'short';

/** A part of what is told of a row. An `aside` is left out first where there is no room. */
type Section = {readonly kind: 'evidence' | 'fact' | 'aside'; readonly lines: readonly UiLine[]};

/** All that is told of a row, as wide as the window; parts are apart by an empty line. */
export function wholeDetail(state: DoctorState, row: DoctorRow, {columns}: Size): readonly UiLine[] {
  const sections = sectionsOf(state, row, columns, 'whole', true);
  return [[], headOf(row), ...sections.flatMap(({lines}) => [[], ...lines])];
}

/** How many rows all about the row that is opened takes. */
export function detailHeight(state: DoctorState, size: Size): number {
  const row = selectedRow(state);
  return row === undefined ? 0 : wholeDetail(state, row, size).length;
}

/**
 * As much of it as has room below the list: empty lines go first, then asides, then evidence, and that something is
 * missing is said.
 *
 * @param isCut the list has no room for what is wrong
 */
export function briefDetail(
  state: DoctorState,
  row: DoctorRow,
  {columns, rows}: Size,
  isCut: boolean,
): readonly UiLine[] {
  const head = headOf(row);
  const airy = sectionsOf(state, row, columns, 'brief', isCut).flatMap(({lines}) => [[], ...lines]);
  if (airy.length + 1 <= rows) return [head, ...airy];
  const all = sectionsOf(state, row, columns, 'short', isCut);
  const lines = all.flatMap((one) => one.lines);
  const more = indented([muted(`… ${keyOf('open', state.options.ownKeys)} shows all of it`)]);
  const shown = lines.length + 1 <= rows ? lines : [...fewer(all, rows - 2), more];
  return shown.length + 2 <= rows ? [head, [], ...shown] : [head, ...shown];
}

/** What is most worth so many rows. */
function fewer(sections: readonly Section[], rows: number): readonly UiLine[] {
  const all = sections.flatMap(({lines}) => lines);
  if (all.length <= rows) return all;
  const aside = sections.findIndex(({kind}) => kind === 'aside');
  if (aside !== -1) return fewer(sections.toSpliced(aside, 1), rows);
  const evidence = sections.filter(({kind}) => kind === 'evidence').flatMap(({lines}) => lines);
  const excess = Math.min(all.length - rows, Math.max(0, evidence.length - LEAST_EVIDENCE));
  const last = evidence.slice(evidence.length - excess);
  return all.filter((line) => !last.includes(line)).slice(0, Math.max(0, rows));
}

function headOf(row: DoctorRow): UiLine {
  const [first] = findingsOf(row);
  return first === undefined ? [' ', strong(row.who)] : [' ', strong(row.who), '  ', muted(first.code)];
}

function sectionsOf(
  state: DoctorState,
  row: DoctorRow,
  cells: number,
  length: Length,
  hasWhat: boolean,
): readonly Section[] {
  const isWhole = length === 'whole';
  const fact = (lines: readonly UiLine[]): Section => ({kind: 'fact', lines});
  const aside = (lines: readonly UiLine[]): Section => ({kind: 'aside', lines});
  const filled = ({lines}: Section) => lines.length > 0;
  switch (row.kind) {
    case 'unseen':
      return [
        fact(field('not seen', [row.reason], cells)),
        ...(row.nodes.length > 1 ? [fact(hostsField(row, cells, isWhole))] : []),
        fact(field('so', [BLIND_THERE], cells)),
        fact(remedyLines(state, row, cells)),
      ].filter(filled);
    case 'blind':
      return [fact(field('not seen', [row.what], cells))];
    case 'missing':
      return [fact(field('finding', [row.what], cells))];
    case 'named': {
      const {first, others} = row.explanation;
      return [
        fact(field('server', [muted(placeOf(row.explanation))], cells)),
        ...(hasWhat ? [fact(field('finding', [row.what], cells))] : []),
        ...(first === undefined
          ? []
          : [
              evidenceOf(first, cells, length === 'short'),
              fact(field('cause', [first.cause], cells)),
              aside(field(first.certainty, [muted(first.because)], cells)),
            ]),
        ...others.map((other) => aside(field('also', [alsoWords(other)], cells))),
        fact(remedyLines(state, row, cells)),
        aside(commandLines(state, row, cells)),
      ].filter(filled);
    }
    case 'finding':
      return [
        ...(hasWhat ? [fact(field('finding', [row.what], cells))] : []),
        evidenceOf(row.first, cells, length === 'short'),
        ...(row.findings.length > 1 ? [aside(hostsField(row, cells, isWhole))] : []),
        fact(field('cause', [row.first.cause], cells)),
        aside(field(row.first.certainty, [muted(row.first.because)], cells)),
        aside(serverLines(state, row, cells, isWhole)),
        fact(remedyLines(state, row, cells)),
        aside(commandLines(state, row, cells)),
      ].filter(filled);
  }
}

/** A label and a text beside it. */
function field(label: string, line: UiLine, cells: number): readonly UiLine[] {
  if (plainText(line) === '') return [];
  return wrap(line, cells - TEXT_START - 1).map((part, index) =>
    index === 0 ? [' ', muted(label.padEnd(TEXT_START - 1)), ...part] : indented(part),
  );
}

function indented(line: UiLine): UiLine {
  return [' '.repeat(TEXT_START), ...line];
}

/** All of its names; of many the first ones where there is no more room. */
function hostsField(row: DoctorRow, cells: number, isWhole: boolean): readonly UiLine[] {
  const hosts = hostsOf(row);
  const alike = row.kind === 'finding' ? row.findings.length - 1 : 0;
  const aside = alike === 0 ? [] : [muted(`   ${hosts[0] ?? 'the first'} is shown, the others are alike`)];
  return field('hosts', [namesOf(hosts, isWhole), ...aside], cells);
}

function namesOf(names: readonly string[], isWhole: boolean): string {
  if (isWhole || names.length <= MOST_NAMES + 1) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${formatCount(names.length - MOST_NAMES)} more`;
}

function evidenceOf(finding: Finding, cells: number, isShort: boolean): Section {
  return {kind: 'evidence', lines: evidenceLines(finding, cells, isShort)};
}

/** What was read, quoted; what proves it stands out. */
function evidenceLines({evidence, severity}: Finding, cells: number, isShort: boolean): readonly UiLine[] {
  const room = cells - TEXT_START - 1;
  let last: string | undefined;
  return evidence.flatMap((one): readonly UiLine[] => {
    const word = sourceWord(one);
    const label = word === last ? '' : word;
    last = word;
    const isBad = severity === 'error' && (one.from === 'file' || one.from === 'environment');
    const quoted = quotedLines(isShort ? shortened(one, room) : one, isBad);
    const where = placeWords(one);
    const place = where === undefined ? [] : [muted(where)];
    const [only, ...others] = quoted;
    const beside = only === undefined ? place : place.length === 0 ? only : [...place, '   ', ...only];
    const lines =
      others.length === 0 && lineCells(beside) <= room
        ? [beside]
        : [...(place.length === 0 ? [] : [place]), ...quoted].flatMap((line) => wrap(line, room));
    return lines.map((line, index) =>
      index === 0 ? [' ', muted(label.padEnd(TEXT_START - 1)), ...line] : indented(line),
    );
  });
}

/** Lines of a log are long: their beginning, and the part that proves it with a word or two before it. */
function shortened(evidence: Evidence, room: number): Evidence {
  const {lines, proof} = evidence;
  if (proof === undefined) return evidence;
  return {
    ...evidence,
    lines: lines.map((line) => {
      const at = line.indexOf(proof);
      const from = line.lastIndexOf(' ', Math.max(0, at - LEAD));
      if (at < room + LEAD || from < room) return line;
      const head = line.slice(0, room).replace(/ \S*$/, '');
      return `${head} …${line.slice(from, at)}${proof}`;
    }),
  };
}

function quotedLines({lines, proof}: Evidence, isBad: boolean): readonly UiLine[] {
  return lines.map((text) => {
    const at = proof === undefined ? -1 : text.indexOf(proof);
    const line: readonly UiSpan[] =
      proof === undefined
        ? [lines.length === 1 ? strong(text) : text]
        : at === -1
          ? [muted(text)]
          : [muted(text.slice(0, at)), strong(proof), muted(text.slice(at + proof.length))];
    const isProof = proof === undefined || at !== -1;
    return isBad && isProof
      ? line.map((span) => ({...(typeof span === 'string' ? {text: span} : span), colour: 'danger' as const}))
      : line;
  });
}

function serverLines(
  state: DoctorState,
  row: FindingRow,
  cells: number,
  isWhole: boolean,
): readonly UiLine[] {
  const servers = serversOf(row);
  const held = heldWords(state, row);
  const isItself = servers.length === 1 && row.first.subject.kind === 'server';
  if (servers.length === 0 || (isItself && row.who === servers[0]?.name)) {
    const id = isItself ? servers[0]?.id : undefined;
    return id === undefined ? [] : field('server', [muted(id)], cells);
  }
  const names = namesOf(
    servers.map(({name}) => name),
    isWhole,
  );
  const aside = held === undefined || !isWhole ? [] : ['   ', {text: held.text, colour: held.colour}];
  return field('servers', [names, ...aside], cells);
}

/** A key, or a dash, what it does, and beside it what comes first. */
type Way = {readonly key: string | undefined; readonly line: UiLine; readonly note: string};

function remedyLines(state: DoctorState, row: DoctorRow, cells: number): readonly UiLine[] {
  const ways = waysOf(state, row);
  const room = cells - TEXT_START - 1;
  const widest = Math.max(0, ...ways.map(({line}) => lineCells(line)).filter((width) => width + 2 <= room));
  const lines = ways.flatMap(({key, line, note}): readonly UiLine[] => {
    const sign: UiSpan =
      key === undefined ? muted('– ') : {text: key.padEnd(2), colour: 'accent', isBold: true};
    const [first = [], ...more] = wrap(line, room - 2);
    const width = Math.max(widest, lineCells(first));
    const hasRoom = note !== '' && more.length === 0 && 2 + width + 3 + cellWidth(note) <= room;
    const gap = ' '.repeat(width - lineCells(first) + 3);
    return [
      hasRoom ? [sign, ...first, gap, muted(note)] : [sign, ...first],
      ...more.map((part): UiLine => ['  ', ...part]),
    ];
  });
  return lines.map((line, index) =>
    index === 0 ? [' ', muted('remedy'.padEnd(TEXT_START - 1)), ...line] : indented(line),
  );
}

function waysOf(state: DoctorState, row: DoctorRow): readonly Way[] {
  const {options} = state;
  const key = (name: ActionName) => keyOf(name, options.ownKeys);
  const all = remediesOf(state, row);
  const isOneCommand = oneCommand(all) !== undefined;
  const remedies = all.flatMap(({text, act, command, more}): readonly Way[] => {
    if (act?.kind === 'watch') return [{key: key('doctor.servers'), line: [text], note: ''}];
    const isKey = act !== undefined && !options.isReadOnly;
    const note = isKey ? actNote(act) : '';
    const aside = more === 0 ? [] : [muted(`   and so for ${countOf(more, 'more', 'more')}`)];
    return [
      {key: isKey ? key('doctor.remedy') : undefined, line: [text], note},
      ...(isOneCommand || command === undefined
        ? []
        : [{key: '', line: [...withStyle([command], {colour: 'accent'}), ...aside], note: ''}]),
    ];
  });
  const waiting = waitingOf(state, row).length;
  const servers =
    waiting === 0 || serverFilter(state, row) === undefined
      ? []
      : [
          {
            key: key('doctor.servers'),
            line: [waiting === 1 ? 'see the server first' : `see the ${formatCount(waiting)} servers first`],
            note: 'restore what must live',
          },
        ];
  const ssh = sshCommand(state, row);
  return [
    ...remedies,
    ...servers,
    ...(ssh === undefined ? [] : [{key: key('doctor.ssh'), line: [ssh], note: 'copies it'}]),
  ];
}

/** The command, where only one of the remedies has any. */
function oneCommand(remedies: readonly CommonRemedy[]): string | undefined {
  const [only, ...others] = remedies.flatMap(({command, more}) =>
    command === undefined || more > 0 ? [] : [command],
  );
  const isOnly = others.length === 0 && remedies.every(({more}) => more === 0);
  return isOnly ? only : undefined;
}

function commandLines(state: DoctorState, row: DoctorRow, cells: number): readonly UiLine[] {
  const command = oneCommand(remediesOf(state, row));
  return command === undefined ? [] : field('command', [command], cells);
}
