import type {Finding} from '../../../app/doctor/doctor-types.js';
import {alsoWords, placeWords} from '../../../text/doctor.js';
import {countOf, speakUnits} from '../../../text/elapsed.js';
import {sentenceOf, troubled} from '../../trouble.js';
import {remediesOf, sshCommand} from './remedies.js';
import {
  countsOf,
  type DoctorRow,
  findingsOf,
  type FindingRow,
  heldWords,
  hostsOf,
  rowsOf,
  selectedRow,
  serversOf,
  shownRows,
} from './rows.js';
import type {DoctorState} from './state.js';
import {extentWords, placeOf, progressWords, SEVERITIES, sourceWord, verdictSentence} from './words.js';

/** How many rows are read around the one with the cursor. */
const MOST_ROWS = 8;

/** The screen for a screen reader: how it stands, the finding with the cursor, then a sentence per row. */
export function doctorSentences(state: DoctorState): readonly string[] {
  return sentencesOf(state).map(speakUnits);
}

function sentencesOf(state: DoctorState): readonly string[] {
  const {diagnosis, look, opened, filter} = state;
  const head = headOf(state);
  if (diagnosis === undefined) return look.kind === 'failed' ? [head, ...troubled(look.trouble)] : [head];
  const selected = selectedRow(state);
  const rows = shownRows(state);
  const typed = filter.isTyping
    ? [`Filter, text field, ${filter.field.text === '' ? 'empty' : filter.field.text}.`]
    : [];
  const failed = look.kind === 'failed' ? troubled(look.trouble) : [];
  if (opened !== undefined && selected !== undefined) return [head, ...failed, ...detail(state, selected)];
  return [
    head,
    ...failed,
    ...typed,
    ...(rows.length === 0 && rowsOf(state).length > 0 ? ['No finding fits.'] : []),
    ...around(state, rows, selected),
    ...(selected === undefined ? [] : detail(state, selected)),
    ...diagnosis.wells.map(({who, what}) => sentenceOf(`Well: ${who}: ${what}`)),
  ];
}

function headOf(state: DoctorState): string {
  const {diagnosis, look} = state;
  const counts = verdictSentence(countsOf(rowsOf(state)));
  if (look.kind === 'looking') {
    const words = sentenceOf(progressWords(look, diagnosis?.chart !== undefined));
    return diagnosis === undefined ? `Doctor: ${words}` : `Doctor: ${words} So far: ${counts}`;
  }
  if (diagnosis === undefined) return 'Doctor.';
  return `Doctor: ${counts} ${sentenceOf(extentWords(diagnosis, look))}`;
}

function around(
  state: DoctorState,
  rows: readonly DoctorRow[],
  selected: DoctorRow | undefined,
): readonly string[] {
  const at = selected === undefined ? 0 : rows.indexOf(selected);
  const first = Math.max(0, Math.min(at - MOST_ROWS / 2, rows.length - MOST_ROWS));
  const shown = rows.slice(first, first + MOST_ROWS);
  const rest = rows.length - first - shown.length;
  return [
    ...shown.map((row) => {
      const word = severityWord(row);
      const held = heldWords(state, row);
      const sentence = `${word}${row.who}: ${row.what}${held === undefined ? '' : `, ${held.text}`}.`;
      return row === selected ? `Selected: ${sentence} ${at + 1} of ${rows.length}.` : sentence;
    }),
    ...(rest > 0 ? [`${countOf(rest, 'more', 'more')}.`] : []),
  ];
}

function severityWord(row: DoctorRow): string {
  if (row.kind === 'missing') return 'error, ';
  const [first] = findingsOf(row);
  return first === undefined ? '' : `${SEVERITIES[first.severity].word}, `;
}

function detail(state: DoctorState, row: DoctorRow): readonly string[] {
  const ssh = sshCommand(state, row);
  const reach = ssh === undefined ? [] : [`To its host: ${ssh}`];
  switch (row.kind) {
    case 'blind':
      return [sentenceOf(`Not seen: ${row.what}`)];
    case 'unseen':
      return [sentenceOf(`Not seen: ${hostsOf(row).join(', ')}`), sentenceOf(row.what), ...reach];
    case 'missing':
      return [];
    case 'named':
      return [
        sentenceOf(`Server ${placeOf(row.explanation)}`),
        ...findingsOf(row).flatMap(proof),
        ...row.explanation.others.map((other) => sentenceOf(`Also: ${alsoWords(other)}`)),
        ...remedies(state, row),
        ...reach,
      ];
    case 'finding':
      return [...evidence(row), ...remedies(state, row), ...reach];
  }
}

function evidence(row: FindingRow): readonly string[] {
  const {first} = row;
  const servers = serversOf(row).map(({name}) => name);
  return [
    ...(row.findings.length > 1 ? [sentenceOf(`Hosts: ${hostsOf(row).join(', ')}`)] : []),
    ...proof(first),
    ...(servers.length === 0 || row.first.subject.kind === 'server'
      ? []
      : [sentenceOf(`Servers: ${servers.join(', ')}`)]),
  ];
}

function proof({evidence: read, cause, certainty, because}: Finding): readonly string[] {
  return [
    ...read.map((one) => {
      const place = placeWords(one);
      const where = place === undefined ? '' : ` ${place}`;
      return sentenceOf(`Evidence, ${sourceWord(one)}${where}: ${one.lines.join(' ')}`);
    }),
    sentenceOf(`Cause: ${cause}`),
    sentenceOf(`That is ${certainty}: ${because}`),
  ];
}

function remedies(state: DoctorState, row: DoctorRow): readonly string[] {
  return remediesOf(state, row).flatMap(({text, command}) => [
    sentenceOf(`Remedy: ${text}`),
    ...(command === undefined ? [] : [`Command: ${command}`]),
  ]);
}
