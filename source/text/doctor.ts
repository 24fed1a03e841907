import type {Diagnosis, Well} from '../app/doctor/diagnosis.js';
import type {Evidence, Finding, Remedy, Severity, Subject, UnseenNode} from '../app/doctor/doctor-types.js';
import {type Explanation, explainNamed} from '../app/doctor/explain.js';
import {hasErrors, missingServers} from '../app/doctor/missing.js';
import {countOf, formatCount} from './elapsed.js';
import {type Line, type Span, spansOf} from './line.js';
import {paragraph, signed, someOf, withBreaks} from './paragraph.js';
import {dateAndTime} from './point-in-time.js';
import {serverWords} from './servers.js';
import {type Meaning, sign, type Signs} from './signs.js';

const MEANINGS: Readonly<Record<Severity, Meaning>> = {error: 'failed', warning: 'warning', info: 'none'};

/** Cells before what a label names. */
const LABEL_CELLS = 14;

/** Whom a finding is about, in few words; empty for the cloud as a whole. */
export function subjectWords(subject: Subject): string {
  switch (subject.kind) {
    case 'cloud':
      return '';
    case 'node':
      return subject.host;
    case 'server':
      return subject.server.name;
  }
}

/** A finding as one line without its sign: who, what, and how many servers it holds up. */
export function findingSentence({subject, message, servers}: Finding): string {
  const who = subjectWords(subject);
  const held = servers.length === 0 ? '' : ` (${countOf(servers.length, 'server')})`;
  return `${who === '' ? '' : `${who}: `}${message}${held}`;
}

/** A finding with its evidence, its cause and what to do. */
export function findingLines(finding: Finding, signs: Signs): readonly Line[] {
  const {severity, code, certainty, because, evidence, cause, remedies, servers, subject} = finding;
  const names = servers.map(({name}) => name);
  return [
    ...signed(sign(signs, MEANINGS[severity]), `${findingSentence(finding)}  [${code}]`, 0),
    ...evidence.flatMap((one) => evidenceLines(one)),
    ...labelled('cause', cause),
    ...(certainty === 'certain' ? [] : labelled(certainty, because)),
    ...remedies.flatMap((one) => remedyLines(one)),
    ...(subject.kind === 'server' || names.length === 0 ? [] : labelled('servers', someOf(names, 8))),
  ];
}

/** The end of a report on lines: what was looked at, what is well, and what nobody could see. */
export function conclusionLines(diagnosis: Diagnosis, signs: Signs): readonly Line[] {
  const {wells, unseen, blind, ignored} = diagnosis;
  return [
    ...section(
      'WELL',
      wells.flatMap(({who, what}: Well) => signed(sign(signs, 'ok'), `${who}: ${what}`)),
    ),
    ...section('NOT SEEN', [
      ...unseen.flatMap(({node, problem}: UnseenNode) =>
        signed(sign(signs, 'unknown'), `${node.name}: ${withoutName(problem, node.name)}`),
      ),
      ...blind.flatMap((line) => signed(sign(signs, 'unknown'), line)),
    ]),
    ...(ignored === 0 ? [] : paragraph(`${countOf(ignored, 'finding')} left out, as --ignore says.`, 0)),
    ...signed(sign(signs, meaningOf(diagnosis)), summaryOf(diagnosis), 0),
  ];
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [{text: title, tone: 'strong'}, ...lines, ''];
}

/** Why each server that was named is as it is, and which of them nobody knows. */
export function explanationLines(diagnosis: Diagnosis, signs: Signs): readonly Line[] {
  const lines = [
    ...explainNamed(diagnosis).flatMap((one) => explanation(one, signs)),
    ...missingServers(diagnosis).flatMap(({word, problem}) =>
      signed(sign(signs, 'failed'), `${word}: ${problem}`, 0),
    ),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function explanation({server, status, host, first, others}: Explanation, signs: Signs): readonly Line[] {
  const where = host === undefined ? '' : ` on ${host}`;
  const title = `${serverWords(server)}: ${status}${where}`;
  if (first === undefined) {
    return signed(sign(signs, 'unknown'), `${title}: none of the known causes was found`, 0);
  }
  return [
    ...signed(sign(signs, MEANINGS[first.severity]), `${title}: ${ownSentence(first)} [${first.code}]`, 0),
    ...others.flatMap((one) => paragraph(`also: ${ownSentence(one)} [${one.code}]`, 4)),
  ];
}

/** Without the server's own name, and without how many others it is about. */
function ownSentence({subject, message}: Finding): string {
  return subject.kind === 'node' ? `${subject.host}: ${message}` : message;
}

/** `2 errors, 4 warnings; 498 of 500 nodes, 41 servers and 19 causes looked at`. */
export function summaryOf({findings, extent, now}: Diagnosis): string {
  const of = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const found = [countOf(of('error'), 'error'), countOf(of('warning'), 'warning')].join(', ');
  const {nodes, nodesInAll} = extent;
  const seen =
    nodes === nodesInAll ? countOf(nodes, 'node') : `${formatCount(nodes)} of ${countOf(nodesInAll, 'node')}`;
  return `${found}. Looked at: ${seen}, ${countOf(extent.servers, 'soft-deleted or named server')}, ${countOf(extent.causes, 'cause')}, as of ${dateAndTime(now)} UTC.`;
}

function meaningOf(diagnosis: Diagnosis): Meaning {
  const {findings} = diagnosis;
  if (hasErrors(diagnosis)) return 'failed';
  return findings.some(({severity}) => severity === 'warning') ? 'warning' : 'ok';
}

/** Where evidence was read; with its node where the finding is about several. */
export function placeWords({host, place}: Pick<Evidence, 'host' | 'place'>): string | undefined {
  return host !== undefined && place !== undefined ? `${host}:${place}` : (place ?? host);
}

function evidenceLines({from, lines, proof, ...where}: Evidence): readonly Line[] {
  const place = placeWords(where);
  const [first] = place === undefined ? lines : [place];
  const rest = place === undefined ? lines.slice(1) : lines;
  return [
    ...(first === undefined ? [] : labelled(from, first)),
    ...rest.flatMap((line) => quoted(line, proof)),
  ];
}

/** A quoted line, whole; the part that proves it is bold. */
function quoted(line: string, proof: string | undefined): readonly Line[] {
  const indent = ' '.repeat(LABEL_CELLS);
  const at = proof === undefined || proof === '' ? -1 : line.indexOf(proof);
  if (at === -1 || proof === undefined) return [[indent, line]];
  const spans: Span[] = [
    indent,
    line.slice(0, at),
    {text: proof, tone: 'strong'},
    line.slice(at + proof.length),
  ];
  return [spans];
}

function remedyLines({text, command}: Remedy): readonly Line[] {
  return [
    ...labelled('remedy', text),
    ...(command === undefined ? [] : [[' '.repeat(LABEL_CELLS), command]]),
  ];
}

function labelled(label: string, text: string): readonly Line[] {
  const first = [' '.repeat(4), {text: label.padEnd(LABEL_CELLS - 4), tone: 'muted' as const}];
  return paragraph(
    withBreaks(text, 200),
    LABEL_CELLS,
    first.flatMap((span) => spansOf(span)),
  );
}

function withoutName(problem: string, name: string): string {
  return problem.startsWith(`${name}: `) ? problem.slice(name.length + 2) : problem;
}
