import type {Diagnosis} from '../app/doctor/diagnosis.js';
import type {Severity} from '../app/doctor/doctor-types.js';
import {explainNamed} from '../app/doctor/explain.js';
import {type FindingKind, hostsOfAll, kindsOf, serversOfAll} from '../app/doctor/kinds.js';
import {missingServers} from '../app/doctor/missing.js';
import {maskSecrets} from '../domain/mask-secrets.js';
import {kindEvidence, kindSentence, NO_CAUSE, placeWords, summaryOf} from './doctor.js';
import {commonRemedies} from './doctor-remedies.js';
import {countOf} from './elapsed.js';
import {dateAndTime} from './point-in-time.js';
import {sanitize} from './sanitize.js';
import {serverWords} from './servers.js';

const TITLES: Readonly<Record<Severity, string>> = {
  error: 'Errors',
  warning: 'Warnings',
  info: 'Worth knowing',
};

const MARKUP = /[\\`*_[\]<>|~&$]/g;

/**
 * A diagnosis as Markdown, for a ticket: nothing of a foreign text is markup in it, and what looks like a secret is
 * masked.
 *
 * @param version this program's own
 */
export function doctorReport(diagnosis: Diagnosis, version: string): string {
  const {findings, wells, unseen, blind, now, chart} = diagnosis;
  const named = explainNamed(diagnosis);
  const missing = missingServers(diagnosis);
  const kinds = kindsOf(findings);
  const lines = [
    `# reprieve doctor${chart === undefined ? '' : `: ${plain(chart.cloud.cloud)}`}`,
    '',
    plain(summaryOf(diagnosis)),
    '',
    `reprieve ${plain(version)}, ${dateAndTime(now)} UTC. Secrets are masked.`,
    ...(named.length + missing.length === 0 ? [] : ['', '## Servers', '']),
    ...named.map(({server, status, first, others}) => {
      const also = others.map(({code}) => code).join(', ');
      const why = first === undefined ? NO_CAUSE : `${first.message} (${first.code})`;
      return `- ${plain(serverWords(server))}, ${plain(status)}: ${plain(why)}${also === '' ? '' : `; also ${plain(also)}`}`;
    }),
    ...missing.map(({word, problem}) => `- ${plain(word)}: ${plain(problem)}`),
    ...(['error', 'warning', 'info'] as const).flatMap((severity) => {
      const some = kinds.filter((one) => one.severity === severity);
      return some.length === 0 ? [] : ['', `## ${TITLES[severity]}`, ...some.flatMap(kindPart)];
    }),
    ...(wells.length === 0 ? [] : ['', '## Well', '']),
    ...wells.map(({who, what}) => `- ${plain(who)}: ${plain(what)}`),
    ...(unseen.length + blind.length === 0 ? [] : ['', '## Not seen', '']),
    ...unseen.map(({node, problem}) => `- ${plain(node.name)}: ${plain(problem)}`),
    ...blind.map((line) => `- ${plain(line)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function kindPart(kind: FindingKind): readonly string[] {
  const {first, findings} = kind;
  const {code, certainty, because, cause, subject} = first;
  const isOne = findings.length === 1;
  const servers = serversOfAll(findings);
  return [
    '',
    `### ${plain(kindSentence(kind))}`,
    '',
    `\`${code}\`, ${certainty}: ${plain(because)}.`,
    ...(isOne && subject.kind === 'server' ? ['', `Server ${plain(serverWords(subject.server))}.`] : []),
    ...kindEvidence(kind).flatMap(({from, lines, ...where}) => {
      const place = placeWords(where);
      return ['', `${from}${place === undefined ? '' : `, ${plain(place)}`}:`, '', ...fenced(lines)];
    }),
    ...(isOne || subject.kind !== 'node' ? [] : ['', `Hosts: ${plain(hostsOfAll(findings).join(', '))}`]),
    '',
    plain(cause),
    ...commonRemedies(findings).flatMap(({text, command, more}) => [
      '',
      `- ${plain(text)}`,
      ...(command === undefined ? [] : ['', ...fenced([command]).map((line) => `  ${line}`)]),
      ...(more === 0 ? [] : ['', `  and so for ${countOf(more, 'more', 'more')}`]),
    ]),
    ...(servers.length === 0 || (isOne && subject.kind === 'server')
      ? []
      : ['', `Servers: ${servers.map((one) => plain(serverWords(one))).join(', ')}`]),
  ];
}

/** Text in which nothing is markup, and nothing is a secret. */
function plain(text: string): string {
  return sanitize(maskSecrets(text)).replaceAll(MARKUP, String.raw`\$&`);
}

/** Lines as they are, in a fence that is longer than any in them. */
function fenced(lines: readonly string[]): readonly string[] {
  const shown = lines.map((line) => sanitize(maskSecrets(line)));
  const longest = Math.max(2, ...shown.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...shown, fence];
}
