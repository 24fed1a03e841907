import {nearestNames} from '../nearest-names.js';
import {catalogue, findSpec, KNOWN_NAMESPACES} from './catalogue/extra-specs.js';
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

/** Namespaces that an image property or a slip of the finger joins to the rest by something else than a colon. */
const JOINED = new RegExp(
  `^(${['resources', 'trait', ...KNOWN_NAMESPACES].toSorted((a, b) => b.length - a.length).join('|')})[_.\\-;=/ ](?=[a-z])`,
);

/** In lower case, blanks gone, `hw_cpu_policy` as `hw:cpu_policy`. */
function tidied(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/\s*:\s*/g, ':')
    .replace(JOINED, '$1:')
    .replace(/^hw:hw_/, 'hw:');
}

/**
 * The extra spec that was most likely meant by a name that Nova does not read: another case, an image property's
 * name, the wrong name of a limit, a namespace forgotten or misspelt, or letters wrong, missing or swapped. Undefined
 * if nothing is near.
 */
export function meantSpec(name: string, release: NovaRelease): string | undefined {
  const key = `${release.version} ${name}`;
  if (found.has(key)) return found.get(key);
  // A cloud has the same mistake in many flavors; what is fed by chance is not kept for ever.
  if (found.size >= MOST_FOUND) found.clear();
  const meant = lookFor(name, release);
  found.set(key, meant);
  return meant;
}

const MOST_FOUND = 1000;
const found = new Map<string, string | undefined>();

function lookFor(name: string, release: NovaRelease): string | undefined {
  const known = knownNames(release);
  const tidy = tidied(name).replace(/^hw:max_cpu_/, 'hw:cpu_max_');
  for (const candidate of [tidy, `hw:${tidy}`, tidy.replace(/^hw:/, 'hw:cpu_'), tidy.replaceAll('-', '_')]) {
    if (candidate !== name && !candidate.endsWith('.n') && known.has(candidate)) return candidate;
  }
  return listName(tidy, known) ?? nearNamespace(name, release) ?? nearName(tidy, known);
}

/** `hw:numa_cpus.0` for `hw:numa_cpu_0` and its like. */
function listName(tidy: string, known: ReadonlySet<string>): string | undefined {
  const match = /^(hw:.*?)[._-]?(\d+)$/.exec(tidy);
  if (match === null) return undefined;
  const [near] = nearestNames(`${match[1] ?? ''}.N`, known, 1);
  return near?.endsWith('.N') === true ? near.replace(/N$/, String(Number(match[2]))) : undefined;
}

/** A name whose namespace alone is wrong: `traits:HW_CPU_X86_AVX`. */
function nearNamespace(name: string, release: NovaRelease): string | undefined {
  const colon = name.indexOf(':');
  if (colon === -1) return undefined;
  const [near] = nearestNames(name.slice(0, colon), ['resources', 'trait', ...KNOWN_NAMESPACES], 1);
  const candidate = `${near ?? ''}${name.slice(colon)}`;
  return near !== undefined && candidate !== name && findSpec(candidate, release) !== undefined
    ? candidate
    : undefined;
}

/** Whether each word behind the namespace is near its like: `cpu_model` is a slip of neither `tpm_model` nor `cpu_cores`. */
function hasWordsOf(known: string, tidy: string): boolean {
  const words = known.replace(/^.*?:/, '').split('_');
  const others = tidy.replace(/^.*?:/, '').split('_');
  if (words.length !== others.length) return true;
  return words.every((word, at) => nearestNames(others[at] ?? '', [word], 1).length > 0);
}

/** Of the names that go on where this one ends the shortest, else the nearest whose words are near, too. */
function nearName(tidy: string, known: ReadonlySet<string>): string | undefined {
  const [namespace = '', rest = ''] = tidy.split(':');
  if (rest.length < 3) return undefined;
  const near = nearestNames(tidy, known, 8).filter(
    (one) => !one.endsWith('.N') && Math.abs(one.indexOf(':') - namespace.length) < 3,
  );
  const longer = near.filter((one) => one.startsWith(tidy)).toSorted((a, b) => a.length - b.length);
  return longer[0] ?? near.find((one) => hasWordsOf(one, tidy));
}
