import {createHash, createHmac} from 'node:crypto';
import {matchesList} from './patterns.js';

/** A line of a known_hosts file. */
export type KnownHost = {
  readonly marker: 'cert-authority' | 'revoked' | undefined;
  /** As written: patterns separated by commas, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  /** The public key as it travels, in base64. */
  readonly key: string;
  /** File and line, for messages. */
  readonly file: string;
  readonly line: number;
};

/** What known_hosts says about a key that a server showed. */
export type HostKeyVerdict =
  | {readonly kind: 'known'}
  | {readonly kind: 'unknown'; readonly otherTypes: readonly string[]; readonly hasAuthority: boolean}
  | {readonly kind: 'changed'; readonly entry: KnownHost}
  | {readonly kind: 'revoked'; readonly entry: KnownHost};

/** Lines of a known_hosts file; comments, blank and odd lines are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  const entries: KnownHost[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) continue;
    let marker: KnownHost['marker'];
    if (words[0].startsWith('@')) {
      const word = words.shift();
      if (word === '@revoked') marker = 'revoked';
      else if (word === '@cert-authority') marker = 'cert-authority';
      else continue;
    }
    const [hosts, keyType, key] = words;
    if (hosts === undefined || keyType === undefined || key === undefined) continue;
    entries.push({marker, hosts, keyType, key, file, line: index + 1});
  }
  return entries;
}

/** The name under which ssh files a host: with the port in brackets unless it is 22. */
export function knownHostName(hostName: string, port: number): string {
  const name = hostName.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The entries that speak about a host. Without any for the port, those for the bare name count, as in ssh. */
export function entriesFor(
  entries: readonly KnownHost[],
  host: {readonly hostName: string; readonly port: number; readonly hostKeyAlias: string | undefined},
): {readonly own: readonly KnownHost[]; readonly withoutPort: readonly KnownHost[]} {
  if (host.hostKeyAlias !== undefined) {
    const alias = host.hostKeyAlias.toLowerCase();
    return {own: entries.filter((entry) => isFor(entry, alias)), withoutPort: []};
  }
  const name = knownHostName(host.hostName, host.port);
  const own = entries.filter((entry) => isFor(entry, name));
  const bare = host.hostName.toLowerCase();
  return {own, withoutPort: host.port === 22 ? [] : entries.filter((entry) => isFor(entry, bare))};
}

function isFor(entry: KnownHost, name: string): boolean {
  if (!entry.hosts.startsWith('|')) return matchesList(name, entry.hosts.toLowerCase().split(','));
  const [, version, salt, hash] = entry.hosts.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  return hashName(name, Buffer.from(salt, 'base64')) === hash;
}

function hashName(name: string, salt: Uint8Array): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}

/** A name as `HashKnownHosts yes` writes it; 20 random bytes as salt. */
export function hashedName(name: string, salt: Uint8Array): string {
  return `|1|${Buffer.from(salt).toString('base64')}|${hashName(name, salt)}`;
}

/** Judges a key by the entries for its host: a revoked one loses whatever else is written. */
export function judgeHostKey(
  found: ReturnType<typeof entriesFor>,
  shown: {readonly keyType: string; readonly key: string},
): HostKeyVerdict {
  const all = [...found.own, ...found.withoutPort];
  const revoked = all.find((entry) => entry.marker === 'revoked' && entry.key === shown.key);
  if (revoked !== undefined) return {kind: 'revoked', entry: revoked};
  const plain = found.own.filter((entry) => entry.marker === undefined);
  if (plain.some((entry) => entry.key === shown.key)) return {kind: 'known'};
  const sameType = plain.find((entry) => entry.keyType === shown.keyType);
  if (sameType !== undefined) return {kind: 'changed', entry: sameType};
  if (found.withoutPort.some((entry) => entry.marker === undefined && entry.key === shown.key)) {
    return {kind: 'known'};
  }
  return {
    kind: 'unknown',
    otherTypes: [...new Set(plain.map((entry) => entry.keyType))],
    hasAuthority: all.some((entry) => entry.marker === 'cert-authority'),
  };
}

/** Key types of the plain entries for a host: those that a server should be asked for first. */
export function knownKeyTypes(found: ReturnType<typeof entriesFor>): readonly string[] {
  const entries = found.own.length > 0 ? found.own : found.withoutPort;
  return [...new Set(entries.filter((entry) => entry.marker === undefined).map((entry) => entry.keyType))];
}

/** `SHA256:…` as ssh prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
