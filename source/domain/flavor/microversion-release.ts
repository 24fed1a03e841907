import {NEWEST_RELEASE, NOVA_RELEASES, type NovaRelease} from './nova-release.js';

/**
 * The newest microversion of a series, N of 2.N, with every series that ended there. Source: Nova's REST API version
 * history.
 */
const MAXIMA: readonly (readonly [microversion: number, series: readonly string[]])[] = [
  [87, ['ussuri', 'victoria']],
  [88, ['wallaby']],
  [90, ['xena', 'yoga']],
  [93, ['zed']],
  [95, ['2023.1', '2023.2']],
  [96, ['2024.1', '2024.2']],
  [100, ['2025.1', '2025.2']],
  [103, ['2026.1']],
];

/** A release as far as a microversion tells it. */
export type GuessedRelease = {
  /** The newest that it can be: its rules know everything that the others know. */
  readonly release: NovaRelease;
  /** Every series that has this microversion as its newest, oldest first; empty where it is none that is known. */
  readonly candidates: readonly string[];
};

/**
 * The Nova that answers with this newest microversion, N of 2.N. Point releases cannot be told from it. An older Nova than Ussuri
 * counts as that, one that is newer than all that are known as the newest of these.
 */
export function releaseOfMicroversion(newest: number): GuessedRelease {
  const found = MAXIMA.find(([microversion]) => newest <= microversion);
  const [oldest] = MAXIMA;
  if (found === undefined) return {release: NEWEST_RELEASE, candidates: []};
  if (newest < (oldest?.[0] ?? 0)) return {release: NOVA_RELEASES[0] ?? NEWEST_RELEASE, candidates: []};
  const [, candidates] = found;
  const release = NOVA_RELEASES.find(({name}) => name === candidates.at(-1));
  return {release: release ?? NEWEST_RELEASE, candidates};
}
