import {withoutStop} from '../app/errors.js';
import type {PlacementVerdict} from '../app/flavor/ask-placement.js';
import {countOf, formatCount} from './elapsed.js';
import type {Meaning} from './signs.js';

/** Names of hosts that a sentence has room for. */
const MOST_HOSTS = 6;

/**
 * What Placement says, as a sentence without its point; undefined where there is no Placement to ask.
 *
 * @param most names of hosts that are listed
 */
export function placementWords(
  verdict: PlacementVerdict,
  most = MOST_HOSTS,
): {readonly meaning: Meaning; readonly words: string} | undefined {
  switch (verdict.kind) {
    case 'room':
      return {
        meaning: 'ok',
        words: `Placement: ${hostWords(verdict)} could take it now, ${listed(verdict, most)}`,
      };
    case 'no-room':
      return {meaning: 'warning', words: `Placement: no host could take it now; ${NO_HOST}`};
    case 'unpinned':
      return {
        meaning: 'warning',
        words:
          'Placement: no host has so many dedicated CPUs (PCPU) free; Nova then tries those that have shared ones ' +
          `only, ${listed(verdict, most)}: they take it where neither cpu_dedicated_set nor cpu_shared_set is set`,
      };
    case 'refused':
      return {meaning: 'warning', words: `${refusedWords(verdict)}; ${NO_HOST}`};
    case 'unavailable':
      return unavailableWords(verdict);
  }
}

const NO_HOST = 'a server would end with "No valid host was found"';

type Hosts = {readonly hosts: readonly string[]; readonly isComplete: boolean};

function hostWords({hosts, isComplete}: Hosts): string {
  return `${isComplete ? '' : 'at least '}${countOf(hosts.length, 'host')}`;
}

function listed({hosts}: Hosts, most: number): string {
  const left = hosts.length - most;
  return hosts.slice(0, most).join(', ') + (left > 0 ? ` and ${formatCount(left)} more` : '');
}

function refusedWords({unknown, names, message}: Extract<PlacementVerdict, {kind: 'refused'}>): string {
  if (unknown === undefined) return `Placement refuses the request (${withoutStop(message)})`;
  const plural = unknown === 'trait' ? 'traits' : 'resource classes';
  const kind = names.length === 1 ? unknown : plural;
  return `Placement does not know the ${kind} ${names.join(', ')}, so no host has it`;
}

function unavailableWords({
  why,
}: Extract<PlacementVerdict, {kind: 'unavailable'}>): ReturnType<typeof placementWords> {
  switch (why) {
    case 'forbidden':
      return {
        meaning: 'none',
        words: 'Placement does not let this account ask who could take it',
      };
    case 'too-old':
      return {
        meaning: 'none',
        words: 'Placement is too old to be asked who could take it, which takes its microversion 1.36',
      };
    case 'absent':
      return undefined;
  }
}
