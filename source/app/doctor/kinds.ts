import type {Finding, ServerReference, Severity} from './doctor-types.js';

/** Findings that say the same of several nodes or servers: people read and count them as one. */
export type FindingKind = {
  /** Stays the same while more of the kind is found. */
  readonly id: string;
  readonly severity: Severity;
  readonly first: Finding;
  /** At least one. */
  readonly findings: readonly Finding[];
};

const HARM: readonly Severity[] = ['error', 'warning', 'info'];

/** Each kind of finding once; by harm, in each those that hold up most servers first. */
export function kindsOf(findings: readonly Finding[]): readonly FindingKind[] {
  const groups = Map.groupBy(findings, ({code, severity, subject, message}) =>
    [code, severity, subject.kind, message].join(' '),
  );
  const kinds = [...groups].flatMap(([id, alike]): readonly FindingKind[] => {
    const [first] = alike;
    return first === undefined ? [] : [{id, severity: first.severity, first, findings: alike}];
  });
  return kinds.toSorted(
    (one, other) =>
      HARM.indexOf(one.severity) - HARM.indexOf(other.severity) ||
      serversOfAll(other.findings).length - serversOfAll(one.findings).length,
  );
}

/** The hosts that findings are about, each once. */
export function hostsOfAll(findings: readonly Finding[]): readonly string[] {
  const hosts = findings.flatMap(({subject}) => {
    if (subject.kind === 'cloud') return subject.hosts;
    return subject.host === undefined ? [] : [subject.host];
  });
  return [...new Set(hosts)];
}

/** The servers that findings are about or hold up, each once. */
export function serversOfAll(findings: readonly Finding[]): readonly ServerReference[] {
  const all = findings.flatMap(({subject, servers}) =>
    subject.kind === 'server' ? [subject.server, ...servers] : servers,
  );
  return [...new Map(all.map((server) => [server.id, server])).values()];
}

/** How many servers findings hold up. */
export function heldByAll(findings: readonly Finding[]): number {
  return new Set(findings.flatMap(({servers}) => servers.map(({id}) => id))).size;
}

/** How many kinds of findings there are of each severity: what people are told. */
export function countKinds(
  kinds: readonly Pick<FindingKind, 'severity'>[],
): Readonly<Record<Severity, number>> {
  const counts = {error: 0, warning: 0, info: 0};
  for (const {severity} of kinds) counts[severity]++;
  return counts;
}
