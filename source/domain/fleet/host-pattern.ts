import {nearestNames} from '../nearest-names.js';
import {expandRanges} from './host-range.js';
import {InventoryProblem} from './inventory-problem.js';

/** What a pattern is matched against. */
export type PatternSubject = {
  /** Every host, in the order in which it is to be taken. */
  readonly hosts: readonly string[];
  /** The hosts of each group, children included; `all` need not be among them. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
};

/** A range of names, which must never be taken for a set of characters: `n[1:3]` as a glob is n1 and n3. */
const RANGE = /^(?!~).*\[[0-9a-zA-Z]*:[0-9a-zA-Z]*(?::[0-9]+)?\]/;
const SUBSCRIPT = /^(.+)\[(?:(-?[0-9]+)|([0-9]+):([0-9]*))\]$/;

/**
 * The hosts that a pattern picks, in the subject's order. Ansible's patterns: names, groups, globs, `~regex`,
 * several with commas; `!x` takes away, `&x` keeps only those also in x, and both work on everything that the
 * rest picked, wherever they stand. `group[0]` and `group[1:3]` pick by position.
 *
 * Two rules are ours. `node[1:3]` where nothing is called `node` is a range of names, as in an inventory. And a
 * part that fits nothing is an error, also after `!`: a name mistyped there would touch the wrong nodes.
 *
 * Throws `InventoryProblem`.
 */
export function selectHosts(pattern: string, subject: PatternSubject): string[] {
  const parts = splitPattern(pattern);
  if (parts.length === 0) throw new InventoryProblem('the host pattern is empty');
  const excluded = parts.filter((part) => part.startsWith('!'));
  const required = parts.filter((part) => part.startsWith('&'));
  const plain = parts.filter((part) => !part.startsWith('!') && !part.startsWith('&'));
  const picked = new Set(
    plain.length === 0 ? subject.hosts : plain.flatMap((part) => matches(part, subject)),
  );
  const kept = required.map((part) => new Set(matches(part.slice(1), subject)));
  const gone = new Set(excluded.flatMap((part) => matches(part.slice(1), subject)));
  const result = subject.hosts.filter(
    (host) => picked.has(host) && kept.every((hosts) => hosts.has(host)) && !gone.has(host),
  );
  if (result.length === 0) {
    throw new InventoryProblem(`the host pattern "${pattern}" leaves no host`, {
      remedy: 'see what is there with: reprieve status --hosts all',
    });
  }
  return result;
}

/**
 * The parts of a pattern. A comma separates; without one a colon does, except inside brackets and in IPv6
 * addresses.
 */
function splitPattern(pattern: string): string[] {
  const isAddress = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(pattern);
  const parts =
    pattern.includes(',') || isAddress || pattern.startsWith('~')
      ? pattern.split(',')
      : (pattern.match(/(?:[^:[\]]|\[[^\]]*\])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function matches(part: string, subject: PatternSubject): string[] {
  if (subject.hosts.includes(part)) return [part];
  const found =
    bySubscript(part, subject) ?? (RANGE.test(part) ? byRange(part, subject) : byName(part, subject));
  if (found !== undefined) return found;
  const close = nearestNames(part, [...subject.hosts, ...subject.groups.keys()]);
  throw new InventoryProblem(`no host and no group fits "${part}"`, {
    remedy: close.length === 0 ? `there are: ${someOf(subject)}` : `close to it: ${close.join(', ')}`,
  });
}

function someOf(subject: PatternSubject): string {
  const names = [...subject.groups.keys(), ...subject.hosts].slice(0, 6);
  const rest = subject.groups.size + subject.hosts.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

function bySubscript(part: string, subject: PatternSubject): string[] | undefined {
  const match = part.startsWith('~') ? null : SUBSCRIPT.exec(part);
  if (match === null) return undefined;
  const [, base = '', index, start, end] = match;
  const hosts = byName(base, subject);
  if (hosts === undefined) return undefined;
  const picked =
    index === undefined
      ? hosts.slice(Number(start), end === '' || end === undefined ? undefined : Number(end) + 1)
      : hosts.slice(Number(index)).slice(0, 1);
  if (picked.length === 0) {
    throw new InventoryProblem(`"${part}" is beyond the ${hosts.length} hosts of ${base}`);
  }
  return picked;
}

/** Hosts of groups that fit, and hosts that fit; undefined where nothing does. */
function byName(part: string, subject: PatternSubject): string[] | undefined {
  if (part === 'all' || part === '*') return [...subject.hosts];
  const isPattern = part.startsWith('~') || /[.?*[]/.test(part);
  const expression = part.startsWith('~') ? regularExpression(part) : globExpression(part);
  const groups = [...subject.groups.keys()].filter((group) => expression.test(group));
  const picked = groups.flatMap((group) => subject.groups.get(group) ?? []);
  if (groups.length === 0 || isPattern) picked.push(...subject.hosts.filter((host) => expression.test(host)));
  if (groups.length === 0 && picked.length === 0) return undefined;
  const wanted = new Set(picked);
  return subject.hosts.filter((host) => wanted.has(host));
}

function byRange(part: string, subject: PatternSubject): string[] | undefined {
  const wanted = new Set(expandRanges(part));
  const picked = subject.hosts.filter((host) => wanted.has(host));
  return picked.length === 0 ? undefined : picked;
}

/** As Python's `re.match`: anchored at the start only. */
function regularExpression(part: string): RegExp {
  try {
    return new RegExp(`^(?:${part.slice(1)})`, 'u');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InventoryProblem(`the host pattern "${part}" is not a regular expression`);
  }
}

/** As Python's `fnmatch.translate`: `*`, `?`, `[abc]`, `[!abc]`, the whole name. */
function globExpression(glob: string): RegExp {
  const source = glob.replace(
    /\[(!?)([^\]]+)\]|[\s\S]/g,
    (char, negation: string | undefined, set?: string) => {
      if (set !== undefined) {
        return `[${negation === '!' ? '^' : ''}${set.replace(/[\\^\]]/g, String.raw`\$&`)}]`;
      }
      if (char === '*') return '.*';
      return char === '?' ? '.' : char.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    },
  );
  try {
    return new RegExp(`^${source}$`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InventoryProblem(`the host pattern "${glob}" has a set of characters that makes no sense`);
  }
}
