import {randomBytes} from 'node:crypto';
import {mkdir, open, readFile, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {UserError} from '../../app/errors.js';
import {
  type KnownHost,
  entriesFor,
  hashedName,
  judgeHostKey,
  knownHostName,
  parseKnownHosts,
} from './known-hosts.js';
import type {Hop} from './resolve.js';

const LOCK_TRIES = 100;
const LOCK_STALE_MS = 30_000;

/** known_hosts files, read again only when they changed. */
export class KnownHostsFiles {
  readonly #read = new Map<string, {stamp: string; entries: Promise<readonly KnownHost[]>}>();

  /** Every entry that counts for a host, its revoked keys included. Missing files are empty. */
  async entries(hop: Hop): Promise<readonly KnownHost[]> {
    const files = [...hop.userKnownHostsFiles, ...hop.globalKnownHostsFiles];
    const lists = await Promise.all(files.map((file) => this.#entriesOf(file)));
    return lists.flat();
  }

  /**
   * Whether a key stands in the RevokedHostKeys file. Rejects with `UserError` where that file cannot be
   * understood: then no key may be trusted.
   */
  async isRevoked(hop: Hop, key: string): Promise<boolean> {
    const file = hop.revokedHostKeysFile;
    if (file === undefined) return false;
    const bytes = await readFile(file).catch((error: unknown) => {
      throw new UserError('usage', `RevokedHostKeys ${file} cannot be read: ${String(error)}`, {
        cause: error,
      });
    });
    if (bytes.subarray(0, 8).toString('latin1') === 'SSHKRL\n\0') {
      throw new UserError('usage', `RevokedHostKeys ${file} is a binary list (KRL).`, {
        remedy: 'Use --transport openssh.',
      });
    }
    return bytes.toString('utf8').split(/\s+/).includes(key);
  }

  /**
   * Adds a host's key, under a lock, unless somebody else added one in the meantime. Gives what the file says
   * afterwards.
   */
  async add(
    hop: Hop,
    shown: {readonly keyType: string; readonly key: string},
  ): Promise<ReturnType<typeof judgeHostKey>> {
    const file = hop.userKnownHostsFiles[0];
    if (file === undefined) return {kind: 'unknown', otherTypes: [], hasAuthority: false};
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    return withLock(`${file}.lock`, async () => {
      this.#read.delete(file);
      const verdict = judgeHostKey(entriesFor(await this.entries(hop), hop), shown);
      if (verdict.kind !== 'unknown') return verdict;
      const name = hop.hostKeyAlias?.toLowerCase() ?? knownHostName(hop.hostName, hop.port);
      const written = hop.hashesKnownHosts ? hashedName(name, randomBytes(20)) : name;
      const handle = await open(file, 'a+', 0o600);
      try {
        const {size} = await handle.stat();
        const last = size === 0 ? undefined : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0];
        const lineBreak = last === undefined || last === 0x0a ? '' : '\n';
        await handle.appendFile(`${lineBreak}${written} ${shown.keyType} ${shown.key}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      this.#read.delete(file);
      return {kind: 'known'};
    });
  }

  async #entriesOf(file: string): Promise<readonly KnownHost[]> {
    try {
      const {mtimeMs, size, ino} = await stat(file);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      const known = this.#read.get(file);
      if (known?.stamp === stamp) return await known.entries;
      const entries = readFile(file, 'utf8').then((text) => parseKnownHosts(text, file));
      this.#read.set(file, {stamp, entries});
      return await entries;
    } catch (error) {
      this.#read.delete(file);
      if (
        error instanceof Error &&
        'code' in error &&
        (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      ) {
        return [];
      }
      // A file that may hold a revoked key and cannot be read must not pass for an empty one.
      throw new UserError('usage', `${file} cannot be read: ${String(error)}`, {cause: error});
    }
  }
}

/** One at a time, in this process and among processes. A lock that outlived its owner is taken away. */
async function withLock<Result>(lock: string, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await (await open(lock, 'wx', 0o600)).close();
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
        throw new UserError('usage', `${lock} cannot be made: ${String(error)}`, {cause: error});
      }
      if (attempt >= LOCK_TRIES) {
        throw new UserError('usage', `${lock} is held by another program.`, {
          remedy: `If no other run goes on: rm ${lock}`,
          cause: error,
        });
      }
      const age = await stat(lock).then(
        ({mtimeMs}) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > LOCK_STALE_MS) await rm(lock, {force: true});
      else await delay(20 + Math.random() * 30);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, {force: true});
  }
}
