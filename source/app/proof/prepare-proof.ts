import {UserError} from '../errors.js';
import type {Cloud, CloudAccount} from '../ports.js';
import type {OwnServer, OwnServers} from '../servers/server-ports.js';
import {type Choice, type Choices, choicesOf, firstChoice} from './choice.js';
import {MARK, MARK_BY, NAME_PREFIX} from './proof-types.js';

/** A test server of an earlier proof that is still there. */
export type EarlierServer = {
  readonly id: string;
  /** What it was made with, which is its mark. */
  readonly name: string;
  readonly status: string;
  readonly host: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number | undefined;
  /** `root@bastion`; undefined where it does not say. */
  readonly by: string | undefined;
};

/** What would be made, before anybody agreed to it. Nothing was changed to find it out. */
export type ProofOffer = {
  readonly name: string;
  readonly project: string;
  readonly choices: Choices;
  readonly choice: Choice;
  /** Computes that the scheduler may take. */
  readonly hosts: number;
  readonly by: string;
  readonly run: string;
  /** Oldest first. */
  readonly earlier: readonly EarlierServer[];
};

export type PreparePorts = {
  readonly servers: OwnServers;
  readonly account: Pick<CloudAccount, 'session'>;
  readonly cloud: Pick<Cloud, 'services'>;
};

/**
 * Finds out what a test server can be made of here, and which ones earlier proofs left. Rejects with `UserError`, also
 * where there is nothing to make one of.
 *
 * @param word random letters and digits, for its name
 */
export async function prepareProof(
  {servers, account, cloud}: PreparePorts,
  word: string,
  {by, run}: Pick<ProofOffer, 'by' | 'run'>,
  signal: AbortSignal,
): Promise<ProofOffer> {
  const [session, flavors, images, services, found] = await Promise.all([
    account.session(signal),
    servers.flavors(signal),
    servers.images(signal),
    cloud.services(signal),
    servers.find(NAME_PREFIX, signal),
  ]);
  const choices = choicesOf(flavors, images);
  const hosts = services.filter(
    ({binary, state, status}) => binary === 'nova-compute' && state === 'up' && status === 'enabled',
  ).length;
  if (hosts === 0) {
    throw new UserError('failed', 'no compute is up and enabled, so no test server can start', {
      remedy: 'look at: reprieve status',
    });
  }
  return {
    name: `${NAME_PREFIX}${word}`,
    project: session.project ?? 'unknown',
    choices,
    choice: firstChoice(choices),
    hosts,
    by,
    run,
    earlier: earlierOf(found),
  };
}

/** Servers that carry our mark; what only has such a name is somebody else's. */
function earlierOf(found: readonly OwnServer[]): readonly EarlierServer[] {
  return found
    .flatMap(({id, status, host, createdAt, metadata}): EarlierServer[] => {
      const name = metadata.get(MARK);
      return name === undefined || status === 'DELETED'
        ? []
        : [{id, name, status, host, createdAt, by: metadata.get(MARK_BY)}];
    })
    .toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
}
