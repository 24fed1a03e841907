import type {FlavorUse} from '../app/flavor/flavor-ports.js';
import type {LintedFlavor, LintReport, ServerFigures, ServerGroup} from '../app/flavor/lint-types.js';
import {isSevere} from '../app/flavor/lint-types.js';
import {countOf, formatCount} from './elapsed.js';
import {findingLines, SEVERITIES, VERDICTS} from './flavor-check.js';
import {
  differenceWords,
  groupAdvice,
  groupWords,
  replacementProblem,
  shownName,
} from './flavor-lint-words.js';
import type {Line} from './line.js';
import {heading, paragraph, signed} from './paragraph.js';
import {serverWords} from './servers.js';
import {sign, type Signs} from './signs.js';
import {formatDisk, formatMemory} from './sizes.js';

export type LintTextOptions = {
  readonly signs: Signs;
  /** Flavors that are fine too, and what is only worth knowing. */
  readonly isAll: boolean;
};

/** Differences that are told one by one. */
const MOST_DIFFERENCES = 8;
const MOST_SERVERS = 5;
/** Values of images, which tenants choose. */
const MOST_REPLACEMENTS = 20;

/** The report for people, without its summary: the worst first, nothing of flavors that are fine. */
export function* lintLines(report: LintReport, options: LintTextOptions): Generator<Line> {
  const {signs, isAll} = options;
  const isTold = ({severity}: Pick<ServerGroup, 'severity'>): boolean =>
    isAll || isSevere(severity, 'warning');
  for (const linted of report.flavors) {
    if (isAll || linted.verdict === 'error' || linted.verdict === 'warning')
      yield* flavorLines(linted, options);
  }
  const groups = report.groups.filter(isTold);
  if (groups.length > 0) yield* heading('Servers with another copy of their flavor');
  for (const group of groups) yield* groupLines(group, signs);
  const replacements = report.replacements.filter(isTold);
  if (replacements.length > 0) yield* heading('Images that replace what flavors say');
  for (const replacement of replacements.slice(0, MOST_REPLACEMENTS)) {
    yield* findingLines(replacementProblem(replacement), signs);
  }
  const more = replacements.length - MOST_REPLACEMENTS;
  if (more > 0) yield* paragraph(`and ${countOf(more, 'more value')} that images have; --json tells all`, 4);
}

function* flavorLines({flavor, verdict, findings, servers}: LintedFlavor, {signs, isAll}: LintTextOptions) {
  const {meaning, words} =
    verdict === 'unknown'
      ? ({meaning: 'unknown', words: 'its extra specs may not be read'} as const)
      : VERDICTS[verdict];
  yield* signed(sign(signs, meaning), `${shownName(flavor.name)}: ${words}`, 0);
  const {vcpus, memoryMib, diskGib, extraSpecs, isPublic, isDisabled} = flavor;
  const facts = [
    `${formatCount(vcpus)} vCPU`,
    `${formatMemory(memoryMib)} of memory`,
    ...(diskGib === 0 ? [] : [`${formatDisk(diskGib)} of disk`]),
    ...(extraSpecs === undefined ? [] : [countOf(Object.keys(extraSpecs).length, 'extra spec')]),
    ...(isPublic ? [] : ['private']),
    ...(isDisabled ? ['disabled'] : []),
    ...(servers === undefined ? [] : [usersWords(servers)]),
  ];
  yield* paragraph(facts.join(', '), 4);
  for (const finding of findings) {
    if (isAll || isSevere(finding.severity, 'warning')) yield* findingLines(finding, signs);
  }
  if (verdict === 'ok' || servers === undefined || servers.length === 0) return;
  yield* paragraph('Servers of it:', 4);
  yield* serverLines(servers, 6);
}

function usersWords({length}: readonly FlavorUse[]): string {
  return length === 0 ? 'no server has it' : `${countOf(length, 'server')} of it`;
}

/** The first of them, one on a line. */
function* serverLines(servers: readonly FlavorUse[], indent: number) {
  for (const {name, id, host} of servers.slice(0, MOST_SERVERS)) {
    const place = host === undefined ? '' : ` on ${host}`;
    yield* paragraph(`${serverWords({name: shownName(name), id})}${place}`, indent);
  }
  const others = servers.length - MOST_SERVERS;
  if (others > 0) yield* paragraph(`and ${countOf(others, 'more server')}`, indent);
}

function* groupLines(group: ServerGroup, signs: Signs) {
  yield* signed(sign(signs, SEVERITIES[group.severity]), groupWords(group));
  const {differences} = group;
  for (const difference of differences.slice(0, MOST_DIFFERENCES)) {
    yield* paragraph(differenceWords(difference), 4);
  }
  const more = differences.length - MOST_DIFFERENCES;
  if (more > 0) yield* paragraph(`and ${countOf(more, 'more difference')}`, 4);
  yield* serverLines(group.servers, 4);
  const advice = groupAdvice(group);
  if (advice !== '') yield* paragraph(`What to do: ${advice}`, 4);
}

/** What was looked at and what came of it, and what was not: the end of the report. */
export function lintSummary(report: LintReport, signs: Signs): Line[] {
  const {servers, skipped, unread} = report;
  return [
    ...paragraph(flavorSummary(report), 0),
    ...(servers === undefined ? [] : paragraph(serverSummary(servers), 0)),
    ...(skipped.length === 0 ? [] : paragraph(`Not looked at, as asked: ${skipped.join(', ')}`, 0)),
    ...unread.flatMap(({part, isAll, problem}) => {
      const what = UNREAD_WORDS[part];
      return signed(sign(signs, 'unknown'), `${isAll ? 'Not read' : 'Not all read'}: ${what}: ${problem}`, 0);
    }),
  ];
}

export const UNREAD_WORDS = {
  flavors: 'flavors',
  'extra-specs': 'extra specs',
  servers: 'servers',
  hosts: 'hosts',
  images: 'images',
  release: "Nova's version",
} as const;

function flavorSummary({flavors, release, guessed, limits}: LintReport): string {
  const counts = verdictCounts(flavors);
  const parts = [
    `${formatCount(counts.ok)} ok`,
    countOf(counts.warning, 'with a warning', 'with warnings'),
    countOf(counts.error, 'with an error', 'with errors'),
    ...(counts.unknown === 0 ? [] : [`${formatCount(counts.unknown)} unknown`]),
  ];
  const others = guessed?.candidates.filter((name) => name !== release.name) ?? [];
  const doubt = others.length === 0 ? '' : ` (it may be ${others.join(' or ')}: --release says)`;
  const hosts =
    limits === undefined
      ? ''
      : `, on hosts of at most ${countOf(limits.largestHostVcpus, 'CPU')} and ${formatMemory(limits.largestHostMemoryMib)}`;
  return `${countOf(flavors.length, 'flavor')} judged as Nova ${release.name}${doubt} would${hosts}: ${parts.join(', ')}`;
}

/** How many flavors there are of each verdict. */
export function verdictCounts(flavors: readonly LintedFlavor[]): Record<LintedFlavor['verdict'], number> {
  const counts = {ok: 0, warning: 0, error: 0, unknown: 0};
  for (const {verdict} of flavors) counts[verdict] += 1;
  return counts;
}

function serverSummary({total, current, old, gone, renamed, unknown}: ServerFigures): string {
  const parts = [
    `${formatCount(current)} with their flavor as it is today`,
    ...(old === 0 ? [] : [`${formatCount(old)} with an old copy of it`]),
    ...(gone === 0 ? [] : [`${formatCount(gone)} of a flavor that is gone`]),
    ...(renamed === 0 ? [] : [`${formatCount(renamed)} of one that has another name now`]),
    ...(unknown === 0 ? [] : [`${formatCount(unknown)} unknown`]),
  ];
  return `${countOf(total, 'server')}: ${parts.join(', ')}`;
}
