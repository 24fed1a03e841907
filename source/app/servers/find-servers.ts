import {UserError} from '../errors.js';
import type {CloudAccount} from '../ports.js';
import type {KnownServer, NamedServers} from './server-ports.js';

/** What somebody called a server, and what that was found to be. */
export type Named =
  | {readonly kind: 'found'; readonly server: KnownServer}
  /** Soft-deleted ones with the same name. */
  | {readonly kind: 'several'; readonly word: string; readonly servers: readonly KnownServer[]}
  /** `others`: servers with that name in other states. */
  | {readonly kind: 'none'; readonly word: string; readonly others: readonly KnownServer[]};

/** Ids of servers are UUIDs; a name may look like one too. */
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Finds the servers that somebody named, each once: by id in whatever state, by name among the soft-deleted ones.
 * Rejects with `CloudError`, and with `UserError` where Nova did not list all of a name.
 */
export async function findServers(
  servers: NamedServers,
  words: readonly string[],
  signal: AbortSignal,
): Promise<readonly Named[]> {
  const found: Named[] = [];
  const known = new Set<string>();
  for (const word of new Set(words)) {
    const named = await findServer(servers, word, signal);
    if (named.kind === 'found') {
      if (known.has(named.server.id)) continue;
      known.add(named.server.id);
    }
    found.push(named);
  }
  return found;
}

async function findServer(servers: NamedServers, word: string, signal: AbortSignal): Promise<Named> {
  if (ID.test(word)) {
    const server = await servers.show(word.toLowerCase(), signal);
    if (server !== undefined) return {kind: 'found', server};
  }
  const {rows, isComplete, problem} = await servers.named(word, 'soft-deleted', signal);
  if (!isComplete) {
    throw new UserError(
      'failed',
      `Nova did not list every server named "${word}": ${problem ?? 'no reason given'}`,
      {
        remedy: 'name it by its id; nothing was done',
      },
    );
  }
  const [server, ...more] = rows;
  if (server === undefined) {
    return {kind: 'none', word, others: (await servers.named(word, 'others', signal)).rows};
  }
  // A row of a list has no fault in it, and may be of a moment ago: whoever acts reads the server again.
  return more.length === 0 ? {kind: 'found', server} : {kind: 'several', word, servers: rows};
}

/** Whether this account is one that locks do not stop; undefined where its roles are not told. */
export async function isAdmin(
  account: Pick<CloudAccount, 'session'>,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const {roles} = await account.session(signal);
  return roles.length === 0 ? undefined : roles.some((role) => role.toLowerCase() === 'admin');
}
