import type {PlacementVerdict} from '../app/flavor/ask-placement.js';
import {countOf, formatCount} from './elapsed.js';
import type {Meaning} from './signs.js';

/** Names of hosts that a sentence lists. */
const MOST_HOSTS = 6;

/** What Placement says, as a sentence without its point; undefined where there is no Placement to ask. */
export function placementWords(
  verdict: PlacementVerdict,
): {readonly meaning: Meaning; readonly words: string} | undefined {
  switch (verdict.kind) {
    case 'room': {
      const {hosts, isComplete} = verdict;
      const least = isComplete ? '' : 'at least ';
      const left = hosts.length - MOST_HOSTS;
      const listed =
        hosts.slice(0, MOST_HOSTS).join(', ') + (left > 0 ? ` and ${formatCount(left)} more` : '');
      return {
        meaning: 'ok',
        words: `Placement: ${least}${countOf(hosts.length, 'host')} could take it now, ${listed}`,
      };
    }
    case 'no-room':
      return {meaning: 'warning', words: `Placement: no host could take it now${unpinnedWords(verdict)}`};
    case 'refused':
      return {meaning: 'warning', words: `${refusedWords(verdict)}; ${NO_HOST}`};
    case 'unavailable':
      return unavailableWords(verdict);
  }
}

const NO_HOST = 'a server would end with "No valid host was found"';

function unpinnedWords({unpinned}: Extract<PlacementVerdict, {kind: 'no-room'}>): string {
  if (unpinned === 0) return `; ${NO_HOST}`;
  const have = `${countOf(unpinned, 'host')} ${unpinned === 1 ? 'has' : 'have'}`;
  return (
    `, as none has the dedicated CPUs (PCPU) free; ${have} room for shared ones, which helps only where an old ` +
    `vcpu_pin_set is still set, and else ${NO_HOST}`
  );
}

function refusedWords({unknown, names, message}: Extract<PlacementVerdict, {kind: 'refused'}>): string {
  if (unknown === undefined) return `Placement refuses the request (${message.replace(/[.\s]+$/, '')})`;
  const many = names.length === 1 ? unknown : unknown === 'trait' ? 'traits' : 'resource classes';
  return `Placement does not know the ${many} ${names.join(', ')}, so no host has it`;
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
