import type {Standing} from '../../domain/reclaim/standing.js';
import {CAUSES} from './causes/causes.js';
import type {Diagnosis} from './diagnosis.js';
import type {Finding, ServerReference} from './doctor-types.js';

/** Why a server is as it is: the first hit of the checklist, and what contributes. */
export type Explanation = {
  readonly server: ServerReference;
  /** Nova's own word; DELETED where it is gone. */
  readonly status: string;
  readonly host: string | undefined;
  /** Undefined where it is gone. */
  readonly standing: Standing | undefined;
  /** Undefined where no known cause was found. */
  readonly first: Finding | undefined;
  readonly others: readonly Finding[];
};

const RANKS = new Map(CAUSES.map(({code}, index) => [code, index]));

/** The servers that were named and are or were there, each with what explains it. */
export function explainNamed({chart, findings}: Diagnosis): readonly Explanation[] {
  if (chart === undefined) return [];
  const there = chart.servers
    .filter(({isNamed}) => isNamed)
    .map(({server: {id, name, status, host}, standing}) => ({server: {id, name}, status, host, standing}));
  const gone = chart.inquiry.gone.flatMap(({row}) =>
    row === undefined
      ? []
      : [
          {
            server: {id: row.id, name: row.name},
            status: 'DELETED',
            host: row.host,
            standing: undefined,
          },
        ],
  );
  return [...there, ...gone].map((named) => {
    const about = findings
      .filter((finding) => isAbout(finding, named.server.id))
      .toSorted((one, other) => rankOf(one) - rankOf(other));
    const [first, ...others] = about;
    return {...named, first, others};
  });
}

function isAbout({subject, servers}: Finding, id: string): boolean {
  return (subject.kind === 'server' && subject.server.id === id) || servers.some((one) => one.id === id);
}

function rankOf({code}: Finding): number {
  return RANKS.get(code) ?? RANKS.size;
}
