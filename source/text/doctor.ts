import type {Diagnosis, Well} from '../app/doctor/diagnosis.js';
import type {Evidence, Finding, Severity, UnseenNode} from '../app/doctor/doctor-types.js';
import {type Explanation, explainNamed} from '../app/doctor/explain.js';
import {
  countKinds,
  type FindingKind,
  heldByAll,
  hostsOfAll,
  kindsOf,
  serversOfAll,
} from '../app/doctor/kinds.js';
import {hasErrors, missingServers} from '../app/doctor/missing.js';
import {type CommonRemedy, commonRemedies} from './doctor-remedies.js';
import {countOf, formatCount} from './elapsed.js';
import {type Line, type Span, spansOf} from './line.js';
import {paragraph, signed, someOf, withBreaks} from './paragraph.js';
import {dateAndTime} from './point-in-time.js';
import {serverWords} from './servers.js';
import {type Meaning, sign, type Signs} from './signs.js';

const MEANINGS: Readonly<Record<Severity, Meaning>> = {error: 'failed', warning: 'warning', info: 'none'};

/** What is said of a server that nothing explains. */
export const NO_CAUSE = 'none of the causes that were looked for was found';

/** Cells before what a label names. */
const LABEL_CELLS = 14;

/** Whom findings of a kind are about, in few words; empty for the cloud as a whole. */
export function kindWords({first: {subject}, findings: {length}}: FindingKind): string {
  switch (subject.kind) {
    case 'cloud':
      return '';
    case 'node':
      return length === 1 ? subject.host : countOf(length, 'host');
    case 'server':
      return length === 1 ? subject.server.name : countOf(length, 'server');
  }
}

/** A kind of finding as one line without its sign: who, what, and how many servers it holds up. */
export function kindSentence(kind: FindingKind): string {
  const who = kindWords(kind);
  const held = heldByAll(kind.findings);
  return `${who === '' ? '' : `${who}: `}${kind.first.message}${held === 0 ? '' : ` (${countOf(held, 'server')})`}`;
}

/** Of many that are alike, what was read on so many of them is quoted. */
const MOST_QUOTED = 3;

/** The evidence of the first few of a kind; of several nodes each names its own. */
export function kindEvidence({findings}: FindingKind): readonly Evidence[] {
  return findings
    .slice(0, MOST_QUOTED)
    .flatMap(({evidence, subject}) =>
      evidence.map((one) =>
        findings.length === 1 || subject.kind !== 'node' ? one : {host: subject.host, ...one},
      ),
    );
}

/** A kind of finding with its evidence, its hosts, its cause and what to do. */
export function kindLines(kind: FindingKind, signs: Signs): readonly Line[] {
  const {severity, first, findings} = kind;
  const {code, certainty, because, cause, subject} = first;
  const names = serversOfAll(findings).map(({name}) => name);
  const isItself = subject.kind === 'server' && findings.length === 1;
  return [
    ...signed(sign(signs, MEANINGS[severity]), `${kindSentence(kind)}  [${code}]`, 0),
    ...kindEvidence(kind).flatMap((one) => evidenceLines(one)),
    ...(findings.length === 1 || subject.kind !== 'node'
      ? []
      : labelled('hosts', someOf(hostsOfAll(findings), 8))),
    ...labelled('cause', cause),
    ...(certainty === 'certain' ? [] : labelled(certainty, because)),
    ...commonRemedies(findings).flatMap((one) => remedyLines(one)),
    ...(isItself || names.length === 0 ? [] : labelled('servers', someOf(names, 8))),
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
    return signed(sign(signs, 'unknown'), `${title}: ${NO_CAUSE}`, 0);
  }
  return [
    ...signed(sign(signs, MEANINGS[first.severity]), `${title}: ${ownSentence(first)} [${first.code}]`, 0),
    ...others.flatMap((one) => paragraph(`also: ${alsoWords(one)}`, 4)),
  ];
}

/** What explains a server that was named, for one line beside its name. */
export function explainedWords({first, status}: Explanation): string {
  if (first === undefined) return `${status}; ${NO_CAUSE}`;
  return first.subject.kind === 'server' ? first.message : `explained by ${ownSentence(first)}`;
}

/** What contributes to how a server is. */
export function alsoWords(other: Finding): string {
  return `${ownSentence(other)} [${other.code}]`;
}

/** Without the server's own name, and without how many others it is about. */
function ownSentence({subject, message}: Finding): string {
  return subject.kind === 'node' ? `${subject.host}: ${message}` : message;
}

/** `2 errors, 4 warnings, 1 note. Looked at: 498 of 500 nodes, 41 servers, 19 causes`; what is alike counts once. */
export function summaryOf(diagnosis: Diagnosis): string {
  const {findings, extent, now} = diagnosis;
  const counts = countKinds(kindsOf(findings));
  const missing = missingServers(diagnosis).length;
  const found = [
    ...(missing === 0 ? [] : [`${countOf(missing, 'server')} not known`]),
    countOf(counts.error, 'error'),
    countOf(counts.warning, 'warning'),
    ...(counts.info === 0 ? [] : [countOf(counts.info, 'note')]),
  ].join(', ');
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

function remedyLines({text, command, more}: CommonRemedy): readonly Line[] {
  const indent = ' '.repeat(LABEL_CELLS);
  return [
    ...labelled('remedy', text),
    ...(command === undefined ? [] : [[indent, command]]),
    ...(more === 0 ? [] : [[indent, `and so for ${countOf(more, 'more', 'more')}`]]),
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
