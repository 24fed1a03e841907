import {CloudError} from '../../app/errors.js';
import {mapLimited} from '../../app/map-limited.js';
import type {CloudAccount} from '../../app/ports.js';
import type {ComputeClient} from './compute-client.js';
import type {HttpAnswer} from './http-client.js';
import {asList, asRecord, jsonOrNothing, textOf} from './json.js';
import {readService} from './service-call.js';

/** How many users are asked for at the same time. */
const USER_REQUESTS = 8;
/** Projects are made and renamed while a list is watched for weeks. */
const PROJECTS_HOLD_MS = 600_000;
/** After an answer that was none Keystone is left alone for so long. */
const SILENCE_MS = 60_000;

type Names = Pick<CloudAccount, 'projectNames' | 'userNames'>;

/**
 * Names of projects and users by id, from Keystone. Names are a comfort: where Keystone refuses, or answers something
 * else, they are missing, and ids are shown. What the token tells is not asked for.
 */
export function createNames(client: ComputeClient): Names {
  const users = createUserNames(client);
  return {projectNames: createProjectNames(client), userNames: users};
}

function createProjectNames(client: ComputeClient): Names['projectNames'] {
  const {clock} = client.retry;
  let listed: ReadonlyMap<string, string> = new Map();
  let askAgainAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const {projectId, projectName} = await client.identity.token(signal);
    if (clock.now() >= askAgainAt) {
      const answer = await askKeystone(client, '/projects', signal);
      if (answer?.status === 200) listed = namesIn(answer);
      askAgainAt = askAgain(clock.now(), answer, PROJECTS_HOLD_MS);
    }
    const own =
      projectId === undefined || projectName === undefined ? [] : [[projectId, projectName] as const];
    return new Map([...own, ...listed]);
  };
}

function createUserNames(client: ComputeClient): Names['userNames'] {
  const {clock} = client.retry;
  /** Undefined: Keystone has none for this id. */
  const known = new Map<string, string | undefined>();
  const underWay = new Map<string, Promise<void>>();
  let askAgainAt = Number.NEGATIVE_INFINITY;

  const ask = async (id: string, signal: AbortSignal): Promise<void> => {
    if (clock.now() < askAgainAt) return;
    const answer = await askKeystone(client, `/users/${encodeURIComponent(id)}`, signal);
    if (answer?.status === 200) known.set(id, nameOf(asRecord(jsonOrNothing(answer.body))?.['user']));
    else if (answer?.status === 404) known.set(id, undefined);
    else askAgainAt = askAgain(clock.now(), answer, SILENCE_MS);
  };
  /** One who asks for the same waits for the answer, and asks itself where the other gave up. */
  const askOnce = async (id: string, signal: AbortSignal): Promise<void> => {
    for (let other = underWay.get(id); other !== undefined; other = underWay.get(id)) {
      await Promise.allSettled([other]);
      signal.throwIfAborted();
    }
    if (known.has(id)) return;
    const asking = ask(id, signal);
    underWay.set(id, asking);
    try {
      await asking;
    } finally {
      underWay.delete(id);
    }
  };

  return async (ids, signal) => {
    const wanted = new Set(ids);
    if (wanted.size > 0) {
      const {userId, userName} = await client.identity.token(signal);
      if (userId !== undefined && userName !== undefined) known.set(userId, userName);
    }
    const missing = [...wanted].filter((id) => !known.has(id));
    await mapLimited(missing, USER_REQUESTS, async (id) => askOnce(id, signal));
    return new Map(
      [...wanted].flatMap((id) => {
        const name = known.get(id);
        return name === undefined ? [] : [[id, name] as const];
      }),
    );
  };
}

/** When Keystone may be asked for names again: never where it forbids it, and not at once where it is in trouble. */
function askAgain(now: number, answer: HttpAnswer | undefined, holdMs: number): number {
  if (answer?.status === 403) return Number.POSITIVE_INFINITY;
  return now + (answer?.status === 200 ? holdMs : SILENCE_MS);
}

/** Undefined where no answer came. */
async function askKeystone(
  client: ComputeClient,
  path: string,
  signal: AbortSignal,
): Promise<HttpAnswer | undefined> {
  const {authUrl} = client.configuration;
  const base = authUrl.endsWith('v3') ? authUrl : `${authUrl}/v3`;
  try {
    return await readService(client, () => `${base}${path}`, signal);
  } catch (error) {
    if (error instanceof CloudError && error.reason !== 'authentication') return undefined;
    throw error;
  }
}

function namesIn(answer: HttpAnswer): ReadonlyMap<string, string> {
  const rows = asList(asRecord(jsonOrNothing(answer.body))?.['projects']) ?? [];
  return new Map(
    rows.flatMap((row) => {
      const [id, name] = [textOf(asRecord(row)?.['id']), nameOf(row)];
      return id === undefined || name === undefined ? [] : [[id, name] as const];
    }),
  );
}

/** A name of blanks says less than the id. */
function nameOf(row: unknown): string | undefined {
  const name = textOf(asRecord(row)?.['name']);
  return name === undefined || name.trim() === '' ? undefined : name;
}
