import type {DeleteTime} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {CloudError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {findServers} from '../servers/find-servers.js';
import type {ServerAction, ServerScope} from '../servers/server-ports.js';
import {estimateOf, listServer} from '../watch/listed-server.js';
import type {Surroundings} from '../watch/watch-types.js';
import type {DoctorPorts} from './diagnosis.js';
import type {ServerChart} from './doctor-types.js';

/** How many servers are asked about at the same time. */
const REQUESTS = 10;

/** Of so many servers that nobody named it is read what was asked of them. */
const MOST_ASKED = 500;

/** Restores that fail are destroyed within two minutes: who was touched in the last ones is asked about too. */
const TOUCHED_MS = 3 * 60_000;

/** The servers of the complaint as Nova lists them. */
export type ListedServers = {
  readonly scope: ServerScope;
  /** Soft-deleted ones, and those that were named. */
  readonly rows: readonly WaitingServer[];
  readonly named: ReadonlySet<string>;
  /** Names and ids that Nova has no server for. */
  readonly missing: readonly string[];
  /** The API's clock when they were listed. */
  readonly now: number;
  readonly blind: readonly string[];
};

/** Lists the soft-deleted servers, and those that are named, in any status. */
export async function listServers(
  ports: Pick<DoctorPorts, 'waitingServers' | 'namedServers' | 'clock'>,
  words: readonly string[],
  apiOffsetMs: number,
  signal: AbortSignal,
): Promise<ListedServers> {
  const listing = await ports.waitingServers.present(signal);
  const now = ports.clock.now() + apiOffsetMs;
  const rows = new Map(listing.rows.map((row) => [row.id, row]));
  const named = new Set<string>();
  const missing: string[] = [];
  for (const found of await findServers(ports.namedServers, words, signal)) {
    const ids =
      found.kind === 'found' ? [found.server] : found.kind === 'several' ? found.servers : found.others;
    if (found.kind === 'none' && ids.length === 0) missing.push(found.word);
    for (const {id} of ids) {
      const row = rows.get(id) ?? (await ports.waitingServers.show(id, signal));
      if (row === undefined) continue;
      rows.set(id, row);
      named.add(id);
    }
  }
  return {
    scope: listing.scope,
    rows: [...rows.values()],
    named,
    missing,
    now,
    blind: [
      ...(listing.scope === 'own-project'
        ? ['this account sees the servers of its own project only, and not on which hosts they are']
        : []),
      ...(listing.isComplete ? [] : [`soft-deleted servers: ${listing.problem ?? 'the list broke off'}`]),
    ],
  };
}

/** Whether who reads the chart wants to know why it is still there, or why it is as it is. */
export function isComplaint({isNamed, standing}: ServerChart): boolean {
  const {state, cause} = standing;
  const isLate = state === 'overdue' || state === 'stuck' || state === 'unknown';
  return isNamed || isLate || cause === 'restore-failed' || cause === 'task-hangs';
}

/** Whether it has no task and its row is new: a restore that failed looks so too. */
function isTouched({server: {status, taskState, updatedAt}}: ServerChart, now: number): boolean {
  if (status !== 'SOFT_DELETED' || taskState !== undefined || updatedAt === undefined) return false;
  return now - updatedAt < TOUCHED_MS;
}

/**
 * How servers stand. What was asked of a server is read only of those that were named, and of the newest of those
 * that are late, odd by their rows, or were touched just now.
 */
export async function chartServers(
  ports: Pick<DoctorPorts, 'serverDetails' | 'waitingServers'>,
  {rows, named, now}: ListedServers,
  around: Surroundings,
  signal: AbortSignal,
): Promise<{readonly servers: readonly ServerChart[]; readonly blind: readonly string[]}> {
  const charts = new Map<string, ServerChart>();
  for (const row of rows) {
    const chart = chartOf(row, estimateOf(row), undefined, named.has(row.id), around, now);
    charts.set(row.id, chart);
  }
  let problem: string | undefined;
  const all = [...charts.values()].filter(
    (one) => isComplaint(one) || (named.size === 0 && isTouched(one, now)),
  );
  const others = all
    .filter(({isNamed}) => !isNamed)
    .toSorted((one, other) => (other.server.updatedAt ?? 0) - (one.server.updatedAt ?? 0));
  const asked = [...all.filter(({isNamed}) => isNamed), ...others.slice(0, MOST_ASKED)];
  await mapLimited(asked, REQUESTS, async ({server, isNamed}) => {
    if (problem !== undefined) return;
    try {
      const actions = await ports.serverDetails.actions(server.id, signal);
      const found = deleteTimeOf(actions);
      const deleted = found.kind === 'unknown' ? estimateOf(server) : found;
      let row: WaitingServer | undefined = server;
      // A restore that began after the row was read has emptied the delete time as one that failed has.
      if (deleted.kind === 'cleared' && server.taskState === undefined) {
        row = await ports.waitingServers.show(server.id, signal);
      }
      if (row === undefined || (!isNamed && row.status !== 'SOFT_DELETED')) charts.delete(server.id);
      else charts.set(server.id, chartOf(row, deleted, actions, isNamed, around, now));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (error.reason === 'not-found') charts.delete(server.id);
      else if (error.reason === 'forbidden') {
        problem ??= 'what was asked of servers: this account may not see it, so delete times are estimated';
      } else problem ??= `when servers were deleted: ${error.message}`;
    }
  });
  const unasked = all.length - asked.length;
  return {
    servers: [...charts.values()],
    blind: [
      ...(problem === undefined ? [] : [problem]),
      ...(unasked === 0
        ? []
        : [`what was asked of ${unasked} more servers was not read: their delete times are estimated`]),
    ],
  };
}

function chartOf(
  server: WaitingServer,
  deleted: DeleteTime,
  actions: readonly ServerAction[] | undefined,
  isNamed: boolean,
  around: Surroundings,
  now: number,
): ServerChart {
  const standing =
    server.status === 'SOFT_DELETED'
      ? listServer(server, deleted, around, now).standing
      : {state: 'unknown' as const, cause: undefined, dueAt: undefined};
  return {server, deleted, standing, actions, isNamed};
}

/** When the running wait began: the newest delete, or none where a restore came after it. */
function deleteTimeOf(actions: readonly ServerAction[]): DeleteTime {
  const newest = actions.find(({action}) => action === 'delete' || action === 'restore');
  if (newest?.startedAt === undefined) return {kind: 'unknown'};
  const by = newest.userId === undefined ? {} : {by: newest.userId};
  return newest.action === 'delete'
    ? {kind: 'action', time: newest.startedAt, ...by}
    : {kind: 'cleared', ...by};
}
