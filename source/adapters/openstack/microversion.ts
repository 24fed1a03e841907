import {asList, asRecord, textOf} from './json.js';

/** A compute microversion: 2.N. */
export type Microversion = number;

/** What one endpoint speaks, both ends included, as N of 2.N. */
export type VersionRange = {readonly lowest: Microversion; readonly highest: Microversion};

/** Before microversions (Nova up to Juno) and where the document says nothing: 2.1 alone. */
const ONLY_FIRST: VersionRange = {lowest: 1, highest: 1};

/** The version closest to the wanted one that the endpoint speaks. */
export function clamp(wanted: Microversion, range: VersionRange): Microversion {
  return Math.max(range.lowest, Math.min(wanted, range.highest));
}

/** Nova up to 2.26 reads the old header, from 2.27 both; sending both serves all. */
export function versionHeaders(version: Microversion): Readonly<Record<string, string>> {
  return {
    'OpenStack-API-Version': `compute 2.${version}`,
    'X-OpenStack-Nova-API-Version': `2.${version}`,
  };
}

/**
 * The range in a version document of Nova's (`GET /v2.1/`) or list of versions (`GET /`). Undefined where the
 * document is another service's: only Nova has an entry `v2.1` with a version 2.N.
 */
export function computeVersions(document: unknown): VersionRange | undefined {
  const record = asRecord(document);
  const single = asRecord(record?.['version']);
  const entries = single === undefined ? (asList(record?.['versions']) ?? []) : [single];
  for (const item of entries) {
    const entry = asRecord(item);
    if (entry?.['id'] !== 'v2.1') continue;
    const highest = minor(entry['version']);
    // Some proxies and old releases leave both empty.
    if (highest === undefined) return isNova(entry) ? ONLY_FIRST : undefined;
    return {lowest: minor(entry['min_version']) ?? 1, highest};
  }
  return undefined;
}

function minor(value: unknown): number | undefined {
  const match = /^2\.(\d+)$/.exec(textOf(value) ?? '');
  return match === null ? undefined : Number(match[1]);
}

function isNova(entry: Readonly<Record<string, unknown>>): boolean {
  return (asList(entry['media-types']) ?? []).some((item) =>
    (textOf(asRecord(item)?.['type']) ?? '').includes('openstack.compute'),
  );
}
