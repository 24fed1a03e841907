import {CloudError, isSilence} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {ServerAction} from '../servers/server-ports.js';
import type {DoctorPorts} from './diagnosis.js';
import type {Chart, GoneServer, HoldingProject} from './doctor-types.js';
import type {GoneRow, SizedServer} from './remains-ports.js';

const REQUESTS = 4;

/** Of so many projects, those that hold most, the quota is read. */
const MOST_QUOTAS = 20;

/** As many destroyed servers of one name are told of. */
const MOST_OF_A_NAME = 3;

/** What was found of those that are gone, and what could not be seen and why, a line each. */
export type GoneAnswer = {readonly gone: readonly GoneServer[]; readonly blind: readonly string[]};

/** Asks what became of servers that are gone. Bounded: four requests for each, for three of one name at most. */
export async function askGone(
  ports: Pick<DoctorPorts, 'remains' | 'serverDetails'>,
  {missing, scope}: Pick<Chart, 'missing' | 'scope'>,
  signal: AbortSignal,
): Promise<GoneAnswer> {
  const {blind, mayFail} = tolerant();
  const gone = await mapLimited(missing, REQUESTS, async (word) =>
    goneServers(ports, word, scope, mayFail, signal),
  );
  return {gone: gone.flat(), blind: blind()};
}

/** What soft-deleted servers hold, and what could not be seen and why, a line each. */
export type HoldingsAnswer = {
  readonly projects: readonly HoldingProject[] | undefined;
  readonly blind: readonly string[];
};

/** Asks what soft-deleted servers hold. Bounded: their list with sizes, the names of projects, and twenty quotas. */
export async function askHoldings(
  ports: Pick<DoctorPorts, 'remains' | 'namedServers' | 'account'>,
  {servers, scope}: Pick<Chart, 'servers' | 'scope'>,
  signal: AbortSignal,
): Promise<HoldingsAnswer> {
  const {blind, mayFail} = tolerant();
  const told: string[] = [];
  const hasWaiting = servers.some(({server}) => server.status === 'SOFT_DELETED');
  const projects =
    hasWaiting && scope === 'all-projects'
      ? await holdings(ports, mayFail, (line) => told.push(line), signal)
      : undefined;
  return {projects, blind: [...blind(), ...told]};
}

/** What a cloud may refuse or not have: that is said once. */
function tolerant(): {readonly mayFail: MayFail; blind(): readonly string[]} {
  const blind = new Set<string>();
  return {
    blind: () => [...blind],
    async mayFail(what, work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        if (error.reason !== 'not-found') blind.add(`${what}: ${wordsOf(error)}`);
        return undefined;
      }
    },
  };
}

type MayFail = <Value>(what: string, work: () => Promise<Value>) => Promise<Value | undefined>;

async function goneServers(
  {remains, serverDetails}: Pick<DoctorPorts, 'remains' | 'serverDetails'>,
  word: string,
  scope: Chart['scope'],
  mayFail: MayFail,
  signal: AbortSignal,
): Promise<readonly GoneServer[]> {
  const rows = await mayFail('servers that are gone', async () => remains.gone(word, signal));
  const known: readonly (GoneRow | undefined)[] =
    rows === undefined || rows.length === 0 ? [undefined] : rows.slice(0, MOST_OF_A_NAME);
  const areGoneShown = rows !== undefined && scope === 'all-projects';
  return mapLimited(known, REQUESTS, async (row): Promise<GoneServer> => {
    // Without its row a name leads nowhere; an id may have actions still.
    const id = row?.id ?? (ID.test(word) ? word.toLowerCase() : undefined);
    if (id === undefined) return {word, row, actions: undefined, attachments: undefined, areGoneShown};
    const [actions, attachments] = await Promise.all([
      mayFail('what was asked of servers that are gone', async (): Promise<readonly ServerAction[]> =>
        serverDetails.actions(id, signal),
      ),
      mayFail('volumes of servers that are gone', async () => remains.attachments(id, signal)),
    ]);
    return {word, row, actions, attachments, areGoneShown};
  });
}

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

async function holdings(
  {remains, namedServers, account}: Pick<DoctorPorts, 'remains' | 'namedServers' | 'account'>,
  mayFail: MayFail,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly HoldingProject[] | undefined> {
  const listing = await mayFail('sizes of soft-deleted servers', async () => remains.held(signal));
  if (listing === undefined) return undefined;
  if (!listing.isComplete) tell(`sizes of soft-deleted servers: ${listing.problem ?? 'the list broke off'}`);
  const names = (await mayFail('names of projects', async () => account.projectNames(signal))) ?? new Map();
  const groups = Map.groupBy(listing.rows, ({projectId}) => projectId);
  const sorted = [...groups]
    .flatMap(([id, servers]) => (id === undefined ? [] : [{id, servers}]))
    .toSorted((one, other) => vcpusOf(other.servers) - vcpusOf(one.servers));
  const quotas = await mapLimited(sorted.slice(0, MOST_QUOTAS), REQUESTS, async ({id}) =>
    mayFail('quotas of projects', async () => namedServers.quota(id, signal)),
  );
  return sorted.map(({id, servers}, index) => ({id, name: names.get(id), servers, quota: quotas[index]}));
}

function vcpusOf(servers: readonly SizedServer[]): number {
  return servers.reduce((sum, {vcpus = 0}) => sum + vcpus, 0);
}

function wordsOf(error: CloudError): string {
  if (error.reason === 'forbidden') return 'not shown to this account';
  if (error.reason === 'configuration') return error.message;
  return isSilence(error.reason) ? error.message : error.message.replace(/\.+$/, '');
}
