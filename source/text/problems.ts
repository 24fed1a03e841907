import type {Problem} from '../app/rollout/plan-types.js';
import {countOf} from './elapsed.js';
import type {Line} from './line.js';
import {paragraph, signed, someOf} from './paragraph.js';
import {sign, type Signs} from './signs.js';

/** A problem and the host that has it; undefined where it is of the cloud or the plan as a whole. */
export type HostProblem = {readonly host: string | undefined; readonly problem: Problem};

/** How many different problems of one kind are told one by one. */
const MOST_OF_A_KIND = 4;

/**
 * Problems with their remedies, errors first. The same problem of many hosts is told once with their names; many
 * that are alike but for details become the first of them and a number.
 */
export function problemLines(problems: readonly HostProblem[], signs: Signs): Line[] {
  const kinds = Map.groupBy(problems, ({problem}) => `${problem.severity} ${problem.code}`);
  const sorted = [...kinds.values()].toSorted((one, other) => rank(one) - rank(other));
  return sorted.flatMap((kind) => kindLines(kind, signs));
}

function kindLines(kind: readonly HostProblem[], signs: Signs): Line[] {
  const meaning = rank(kind) === 0 ? 'failed' : 'warning';
  const messages = [...Map.groupBy(kind, messageWithoutHost)];
  const shown = messages.length <= MOST_OF_A_KIND + 1 ? messages : messages.slice(0, MOST_OF_A_KIND);
  const more = messages.length - shown.length;
  const remedies = new Set(kind.flatMap(({problem}) => problem.remedy ?? []));
  return [
    ...shown.flatMap(([message, alike]) => {
      const hosts = [...new Set(alike.flatMap(({host}) => host ?? []))];
      return signed(sign(signs, meaning), hosts.length === 0 ? message : `${someOf(hosts)}: ${message}`);
    }),
    ...(more > 0
      ? paragraph(`and ${countOf(more, 'more', 'more')} of this kind; --json names them all`, 4)
      : []),
    ...[...remedies].slice(0, MOST_OF_A_KIND).flatMap((remedy) => paragraph(`What to do: ${remedy}`, 4)),
  ];
}

/** Messages name their host first, so that they can stand alone; here it is named once for all. */
function messageWithoutHost({host, problem}: HostProblem): string {
  const prefix = `${host ?? ''}: `;
  return host !== undefined && problem.message.startsWith(prefix)
    ? problem.message.slice(prefix.length)
    : problem.message;
}

function rank([first]: readonly HostProblem[]): number {
  return first?.problem.severity === 'error' ? 0 : 1;
}
