import {nearestNames} from '../nearest-names.js';
import {catalogue} from './catalogue/extra-specs.js';
import {rightLimitName} from './catalogue/topology-limits.js';
import type {NovaRelease} from './nova-release.js';

const TOPOLOGY_LIMITS = ['hw:cpu_max_sockets', 'hw:cpu_max_cores', 'hw:cpu_max_threads'];
const names = new Map<number, ReadonlySet<string>>();

/** Names that can be meant; the wrong names of the limits never are. */
function knownNames(release: NovaRelease): ReadonlySet<string> {
  let known = names.get(release.version);
  if (known === undefined) {
    const all = catalogue(release).map(({name}) => name);
    known = new Set([...all.filter((name) => rightLimitName(name) === undefined), ...TOPOLOGY_LIMITS]);
    names.set(release.version, known);
  }
  return known;
}

/** The image property `hw_cpu_policy` as the extra spec `hw:cpu_policy`; other separators are taken for colons, too. */
function withColon(name: string): string {
  return name.replace(
    /^(hw_rng|hw_video|hw|os|quota|resources|trait|accel|capabilities)[_.\-;=/ ](?=[a-z])/i,
    '$1:',
  );
}

/**
 * The extra spec that was most likely meant by a name that Nova does not read: another case, an image property's
 * name, the wrong name of a limit, or letters wrong, missing or swapped. Undefined if nothing is near.
 */
export function meantSpec(name: string, release: NovaRelease): string | undefined {
  const limit = rightLimitName(name.toLowerCase());
  if (limit !== undefined) return limit;
  const known = knownNames(release);
  const number = /^(.*?)[._-]?(\d+)$/.exec(name);
  const tidy = withColon(name.trim()).toLowerCase();
  if (known.has(tidy) && tidy !== name) return tidy;
  const upper = /^(resources|trait)([\w-]*):(.+)$/i.exec(withColon(name.trim()));
  if (upper !== null) return undefined;
  const list =
    number === null ? undefined : nearestNames(`${withColon(number[1] ?? '').toLowerCase()}.N`, known, 1)[0];
  if (list?.endsWith('.N') === true) return list.replace(/N$/, String(Number(number?.[2])));
  if (!tidy.includes(':')) return undefined;
  const [near] = nearestNames(tidy, known, 1);
  return near !== undefined && !near.endsWith('.N') && isNear(tidy, near) ? near : undefined;
}

/** What differs in more than a third of the part behind the namespace is another word. */
function isNear(wanted: string, known: string): boolean {
  const [namespace = '', ...rest] = wanted.split(':');
  const [knownNamespace = ''] = known.split(':');
  return Math.abs(namespace.length - knownNamespace.length) < 3 && rest.join(':').length > 2;
}
