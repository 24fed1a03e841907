import {CloudError} from '../../app/errors.js';
import type {Candidates, Placement} from '../../app/flavor/flavor-ports.js';
import {findPlacementEndpoint} from './catalogue.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import type {HttpAnswer} from './http-client.js';
import {notAnApi} from './http-errors.js';
import {asList, asRecord, jsonOrNothing, parseBody, textOf} from './json.js';
import {readService, serviceError} from './service-call.js';

/** 1.36 is what Nova asks with from Train to today; 1.35 has `root_required`, 1.33 suffixes of groups that are words. */
const NEEDED = 36;
const TITLE = 'Placement';
/** A provider that lends disk to hosts, and is none itself. */
const SHARING = 'MISC_SHARES_VIA_AGGREGATE';

type Fields = Readonly<Record<string, unknown>>;

/** Who could take a server, as Placement knows it. */
export function createPlacement(client: ComputeClient): Placement {
  const names = new Map<string, string>();
  let newest: {readonly root: string; readonly minor: number} | undefined;

  const baseOf = async (signal: AbortSignal): Promise<string | undefined> => {
    const token = await client.identity.token(signal);
    try {
      return findPlacementEndpoint(client.configuration, token).replace(/\/+$/, '');
    } catch (error) {
      // Without one in the catalogue, or in the region; how to log in was settled by the token.
      if (error instanceof CloudError && error.reason === 'configuration') return undefined;
      throw error;
    }
  };
  const ask = async (url: string, signal: AbortSignal): Promise<HttpAnswer> =>
    readService(client, () => url, signal, {'OpenStack-API-Version': `placement 1.${NEEDED}`});

  /** Names of providers are asked for only where one comes that was not seen before. */
  const learnNames = async (root: string, ids: readonly string[], signal: AbortSignal): Promise<void> => {
    if (ids.every((id) => names.has(id))) return;
    const answer = await ask(`${root}/resource_providers`, signal);
    // Who may not see them gets the ids.
    if (answer.status === 403) return;
    if (answer.status !== 200)
      throw serviceError(client, answer.status, {title: TITLE, what: 'list its providers'});
    const rows = asList(asRecord(parseBody(answer, `the JSON of ${TITLE}`))?.['resource_providers']);
    for (const row of rows ?? []) {
      const [id, name] = [textOf(asRecord(row)?.['uuid']), textOf(asRecord(row)?.['name'])];
      if (id !== undefined && name !== undefined) names.set(id, cleanLine(name, 255));
    }
  };

  return {
    async candidates(query, signal): Promise<Candidates> {
      const root = await baseOf(signal);
      if (root === undefined) return {kind: 'unavailable', why: 'absent'};
      if (newest?.root !== root) newest = {root, minor: await newestOf(client, root, signal)};
      if (newest.minor < NEEDED) return {kind: 'unavailable', why: 'too-old'};
      const pairs = query.map(([name, value]): [string, string] => [name, value]);
      const answer = await ask(
        `${root}/allocation_candidates?${new URLSearchParams(pairs).toString()}`,
        signal,
      );
      if (answer.status !== 200) return refusalIn(answer, client);
      const {ids, dedicating, count} = rootsIn(answer);
      await learnNames(root, ids, signal);
      const namesOf = (some: readonly string[]): readonly string[] =>
        some.map((id) => names.get(id) ?? cleanLine(id, 60)).toSorted();
      const most = Number(query.find(([name]) => name === 'limit')?.[1] ?? Infinity);
      return {
        kind: 'hosts',
        hosts: namesOf(ids),
        dedicating: namesOf(ids.filter((id) => dedicating.has(id))),
        isComplete: count < most,
      };
    },
  };
}

/** N of the newest 1.N. The list of versions stands at the root and is told to everybody. */
async function newestOf(client: ComputeClient, root: string, signal: AbortSignal): Promise<number> {
  const answer = await readService(client, () => `${root}/`, signal);
  const {status} = answer;
  if (status >= 500) throw serviceError(client, status, {title: TITLE, what: 'tell its versions'});
  const document = status < 400 ? asRecord(jsonOrNothing(answer.body)) : undefined;
  for (const item of asList(document?.['versions']) ?? []) {
    const minor = /^1\.(\d+)$/.exec(textOf(asRecord(item)?.['max_version']) ?? '')?.[1];
    if (minor !== undefined) return Number(minor);
  }
  throw notAnApi(answer.url, status, answer.body, "Placement's list of versions");
}

/** What comes in the place of candidates: a refusal in Placement's own words, or no answer of Placement's at all. */
function refusalIn(answer: HttpAnswer, client: ComputeClient): Candidates {
  const {status} = answer;
  if (status === 406) return {kind: 'unavailable', why: 'too-old'};
  const first = asRecord(asList(asRecord(jsonOrNothing(answer.body))?.['errors'])?.[0]);
  const said = textOf(first?.['detail']) ?? textOf(first?.['title']);
  if (said !== undefined && status === 403) return {kind: 'unavailable', why: 'forbidden'};
  if (said !== undefined && status === 400) {
    // Before it stands a paragraph about malformed requests.
    const own = said.split(/\n\s*\n/).findLast((part) => part.trim() !== '') ?? said;
    const message = cleanLine(own.trim(), 300);
    return {kind: 'refused', ...unknownIn(message), message};
  }
  if (status < 500 && status !== 401 && status !== 429) {
    throw notAnApi(answer.url, status, answer.body, "Placement's answer");
  }
  throw serviceError(client, status, {title: TITLE, what: 'tell who could take a server'});
}

/** Source: placement/exception.py, `TraitNotFound` and `ResourceClassNotFound`. */
function unknownIn(message: string): Pick<Extract<Candidates, {kind: 'refused'}>, 'unknown' | 'names'> {
  const trait = /No such trait\(s\): (.+?)\.?$/.exec(message)?.[1];
  if (trait !== undefined) return {unknown: 'trait', names: trait.split(',').map((name) => name.trim())};
  const resource = /No such resource class (\S+?)\.?$/.exec(message)?.[1];
  if (resource !== undefined) return {unknown: 'resource class', names: [resource]};
  return {unknown: undefined, names: []};
}

type Roots = {
  readonly ids: readonly string[];
  /** Those with PCPUs, in whichever provider of theirs. */
  readonly dedicating: ReadonlySet<string>;
  /** Candidates. */
  readonly count: number;
};

/** The hosts of an answer: roots of the providers that candidates take from. */
function rootsIn(answer: HttpAnswer): Roots {
  const body = asRecord(parseBody(answer, `the JSON of ${TITLE}`));
  const requests = asList(body?.['allocation_requests']);
  const summaries = asRecord(body?.['provider_summaries']);
  if (requests === undefined || summaries === undefined) {
    throw new CloudError('not-an-api', `The answer of ${TITLE} has no candidates in it.`, {
      remedy: 'Check that the endpoint is the placement API, and what stands between.',
    });
  }
  const rootOf = (provider: string): string =>
    textOf(asRecord(summaries[provider])?.['root_provider_uuid']) ?? provider;
  const dedicating = Object.entries(summaries)
    .filter(([, summary]) => asRecord(asRecord(summary)?.['resources'])?.['PCPU'] !== undefined)
    .map(([provider]) => rootOf(provider));
  const ids = new Set<string>();
  for (const request of requests) {
    const allocations: Fields = asRecord(asRecord(request)?.['allocations']) ?? {};
    for (const provider of Object.keys(allocations)) {
      const root = rootOf(provider);
      const traits = asList(asRecord(summaries[root])?.['traits']) ?? [];
      if (!traits.includes(SHARING)) ids.add(root);
    }
  }
  return {ids: [...ids], dedicating: new Set(dedicating), count: requests.length};
}
