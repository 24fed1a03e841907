import {CAUSES} from './causes/causes.js';
import type {Diagnosis} from './diagnosis.js';
import type {Finding, ServerChart} from './doctor-types.js';

/** Why a server is as it is: the first hit of the checklist, and what contributes. */
export type Explanation = {
  readonly server: ServerChart;
  /** Undefined where no known cause was found. */
  readonly first: Finding | undefined;
  readonly others: readonly Finding[];
};

const RANKS = new Map(CAUSES.map(({code}, index) => [code, index]));

/** The servers that were named and are there, each with what explains it. */
export function explainNamed({chart, findings}: Diagnosis): readonly Explanation[] {
  if (chart === undefined) return [];
  return chart.servers
    .filter(({isNamed}) => isNamed)
    .map((server) => {
      const about = findings
        .filter((finding) => isAbout(finding, server.server.id))
        .toSorted((one, other) => rankOf(one) - rankOf(other));
      const [first, ...others] = about;
      return {server, first, others};
    });
}

function isAbout({subject, servers}: Finding, id: string): boolean {
  return (subject.kind === 'server' && subject.server.id === id) || servers.some((one) => one.id === id);
}

function rankOf({code}: Finding): number {
  return RANKS.get(code) ?? RANKS.size;
}
