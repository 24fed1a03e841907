/**
 * A Nova release as far as its rules differ: `version` is a hundred times the major version and the point release,
 * so 31.2.0 is 3102. Where only the series is known it is the first release of the series.
 */
export type NovaRelease = {readonly name: string; readonly version: number};

/** Series and their code names, oldest first, with Nova's major version. */
const SERIES: readonly {readonly name: string; readonly code?: string; readonly major: number}[] = [
  {name: 'ussuri', major: 21},
  {name: 'victoria', major: 22},
  {name: 'wallaby', major: 23},
  {name: 'xena', major: 24},
  {name: 'yoga', major: 25},
  {name: 'zed', major: 26},
  {name: '2023.1', code: 'antelope', major: 27},
  {name: '2023.2', code: 'bobcat', major: 28},
  {name: '2024.1', code: 'caracal', major: 29},
  {name: '2024.2', code: 'dalmatian', major: 30},
  {name: '2025.1', code: 'epoxy', major: 31},
  {name: '2025.2', code: 'flamingo', major: 32},
  {name: '2026.1', code: 'gazpacho', major: 33},
];

/** Every release that the judge knows the rules of, oldest first. Below Ussuri Nova checked no extra spec. */
export const NOVA_RELEASES: readonly NovaRelease[] = SERIES.map(({name, major}) => ({
  name,
  version: major * 100,
}));

export const NEWEST_RELEASE: NovaRelease = {name: '2026.1', version: 3300};

/**
 * A release by series (`zed`, `2025.1`), code name (`epoxy`) or version of Nova (`31`, `31.2.0`); undefined for what
 * is none of the known ones.
 */
export function parseNovaRelease(text: string): NovaRelease | undefined {
  const word = text.trim().toLowerCase();
  const version = /^(\d{2})(?:\.(\d{1,2}))?(?:\.\d+)?$/.exec(word);
  const series = SERIES.find(
    ({name, code, major}) => name === word || code === word || String(major) === version?.[1],
  );
  if (series === undefined) return undefined;
  return {name: series.name, version: series.major * 100 + Number(version?.[2] ?? 0)};
}

/** The series that a version belongs to, for sentences: `3102` is 2025.1. */
export function seriesOf(version: number): string {
  const major = Math.floor(version / 100);
  return SERIES.find((series) => series.major === major)?.name ?? String(major);
}
