import type {Diagnosis} from '../app/doctor/diagnosis.js';
import type {Evidence, Finding} from '../app/doctor/doctor-types.js';
import {explainNamed} from '../app/doctor/explain.js';
import {missingServers} from '../app/doctor/missing.js';

/** A diagnosis as `doctor --json` gives it. A promise to scripts (cli.md). */
export function doctorToJson(diagnosis: Diagnosis): Record<string, unknown> {
  const {findings, wells, unseen, blind, ignored, extent, now, chart} = diagnosis;
  return {
    cloud: chart?.cloud.cloud ?? null,
    as_of: new Date(now).toISOString(),
    findings: findings.map(findingToJson),
    servers: explainNamed(diagnosis).map(({server, status, host, standing, first, others}) => ({
      id: server.id,
      name: server.name,
      status,
      host: host ?? null,
      state: standing?.state ?? null,
      due_at: standing?.dueAt === undefined ? null : new Date(standing.dueAt).toISOString(),
      explained_by: first?.code ?? null,
      contributing: others.map(({code}) => code),
    })),
    missing: missingServers(diagnosis).map(({word, problem}) => ({name: word, problem})),
    well: wells,
    unseen: unseen.map(({node, problem}) => ({host: node.name, problem})),
    blind,
    ignored,
    looked_at: {
      nodes: extent.nodes,
      nodes_in_all: extent.nodesInAll,
      servers: extent.servers,
      causes: extent.causes,
    },
  };
}

/** The node on which it was read; undefined of what an API said. */
function evidenceHost({subject}: Finding, {from, host}: Evidence): string | undefined {
  if (host !== undefined || subject.kind === 'cloud') return host;
  return from === 'nova' || from === 'cinder' || from === 'quota' ? undefined : subject.host;
}

function findingToJson(finding: Finding): Record<string, unknown> {
  const {severity, certainty, because, code, subject, message, evidence, cause, remedies, servers} = finding;
  const [first] = remedies;
  return {
    severity,
    certainty,
    because,
    code,
    host: subject.kind === 'cloud' ? null : (subject.host ?? null),
    server: subject.kind === 'server' ? subject.server.id : null,
    server_name: subject.kind === 'server' ? subject.server.name : null,
    message,
    cause,
    evidence: evidence.map((one) => ({
      from: one.from,
      host: evidenceHost(finding, one) ?? null,
      place: one.place ?? null,
      lines: one.lines,
    })),
    remedy: first?.text ?? null,
    remedies: remedies.map(({text, command}) => ({text, command: command ?? null})),
    servers,
  };
}
