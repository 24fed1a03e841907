import type {FlavorUse} from '../app/flavor/flavor-ports.js';
import type {LintReport, ServerGroup} from '../app/flavor/lint-types.js';
import {findingFields} from '../domain/flavor/finding.js';
import {verdictCounts} from './flavor-lint.js';
import {groupAdvice, groupWords, replacementProblem, STANDING_CODES} from './flavor-lint-words.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The report as the objects of `flavor lint --json`, one a line: every flavor, every server with another copy than
 * today's, images, and the summary last.
 */
export function* lintJson(report: LintReport): Generator<Fields> {
  for (const {flavor, verdict, findings, servers} of report.flavors) {
    yield {
      kind: 'flavor',
      id: flavor.id,
      name: flavor.name,
      public: flavor.isPublic,
      disabled: flavor.isDisabled,
      verdict,
      findings: findings.map(findingFields),
      servers: servers?.length ?? null,
      // Who has one that is fine is nobody's trouble, and many.
      used_by: verdict === 'ok' ? [] : (servers ?? []).map(userFields),
    };
  }
  for (const group of report.groups) yield* serverFields(group);
  for (const replacement of report.replacements) {
    const {severity, code, property, message, suggestion} = replacementProblem(replacement);
    yield {
      kind: 'images',
      severity,
      code,
      property,
      value: replacement.value,
      images: replacement.images.map(({id, name}) => ({id, name})),
      flavors: replacement.flavors.map(({value, flavors}) => ({value, names: flavors.map(({name}) => name)})),
      message,
      suggestion,
    };
  }
  yield summaryFields(report);
}

function userFields({id, name, projectId, host}: FlavorUse): Fields {
  return {id, name, project_id: projectId ?? null, host: host ?? null};
}

function* serverFields(group: ServerGroup): Generator<Fields> {
  const {standing, severity, name, flavor, alike, differences} = group;
  const all = {
    flavor: name,
    flavor_id: flavor?.id ?? null,
    standing,
    severity,
    code: STANDING_CODES[standing],
    differences: differences.map(({property, before, after}) => ({
      property,
      server: before ?? null,
      flavor: after ?? null,
    })),
    alike: alike.map((one) => one.name),
    suggestion: groupAdvice(group),
  };
  for (const server of group.servers) {
    yield {
      kind: 'server',
      id: server.id,
      name: server.name,
      project_id: server.projectId ?? null,
      status: server.status,
      host: server.host ?? null,
      ...all,
      message: `${groupWords({...group, servers: [server]})}.`,
    };
  }
}

function summaryFields(report: LintReport): Fields {
  const {release, guessed, limits, flavors, servers, replacements, skipped, unread} = report;
  return {
    kind: 'summary',
    release: release.name,
    release_candidates: guessed === undefined ? null : guessed.candidates,
    largest_host: largestHostFields(limits),
    flavors: {total: flavors.length, ...verdictCounts(flavors)},
    servers: servers ?? null,
    images: replacements.reduce((sum, {images}) => sum + images.length, 0),
    skipped,
    complete: unread.length === 0,
    unread: unread.map(({part, isAll, problem}) => ({part, all: isAll, problem})),
  };
}

/** What the largest host has, memory in MiB; null where that is not known. */
export function largestHostFields(limits: LintReport['limits']): Fields | null {
  return limits === undefined ? null : {vcpus: limits.largestHostVcpus, memory: limits.largestHostMemoryMib};
}
