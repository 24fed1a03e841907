/**
 * What names from inventories, profiles and configuration files may be, before they reach a command line, a
 * file name or a terminal. Each function gives undefined for a good name and else a sentence on what is wrong
 * with it, safe to print.
 */

const DNS_LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const ZONE = /%[A-Za-z0-9_.-]{1,32}$/;
const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,254}\$?$/;
const UNIT = /^[A-Za-z0-9:_.@][A-Za-z0-9:_.\\@-]*\.(service|socket|target|timer|path|mount|slice|scope)$/;

/** A host name (labels of letters, digits, `-` and `_`), an IPv4 or an IPv6 address, with a zone or without. */
export function hostNameProblem(name: string): string | undefined {
  if (name === '') return 'The host name is empty.';
  if (name.includes(':')) {
    return isIpv6(name.replace(ZONE, '')) ? undefined : `${visible(name)} is not a host name or an address.`;
  }
  if (name.length > 253) return `${visible(name.slice(0, 40))}… is longer than a host name can be (253).`;
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  return labels.every((label) => DNS_LABEL.test(label))
    ? undefined
    : `${visible(name)} is not a host name: only letters, digits, "-", "_" and "." may be in it.`;
}

function isIpv6(address: string): boolean {
  const halves = address.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const hasIpv4 = last !== undefined && IPV4.test(last) && address.endsWith(last);
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  if (halves.length > 2 || !hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  const count = groups.length + (hasIpv4 ? 1 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

/** An account on a node, for login or for sudo. */
export function accountNameProblem(name: string): string | undefined {
  return ACCOUNT.test(name) ? undefined : `${visible(name)} is not an account name.`;
}

/** An absolute path without `.` and `..` segments and without characters that a terminal would obey. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return `${visible(path)} is not an absolute path.`;
  if (path.length > 4096) return `${visible(path.slice(0, 40))}… is longer than a path can be (4096).`;
  if (visible(path) !== `"${path}"`) return `${visible(path)} has characters that a path here may not have.`;
  return path.split('/').some((segment) => segment === '.' || segment === '..')
    ? `${visible(path)} has "." or ".." in it.`
    : undefined;
}

/** A systemd unit name with its suffix, as systemd.unit(5) allows it. */
export function unitNameProblem(name: string): string | undefined {
  return UNIT.test(name) && name.length <= 255 ? undefined : `${visible(name)} is not the name of a unit.`;
}

/** A name in double quotes with everything but printable ASCII, quotes and backslashes written as escapes. */
export function visible(name: string): string {
  const escaped = name.replace(/[^\x20-\x7e]|["\\]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
  });
  return `"${escaped}"`;
}
