import {deleteAgain} from '../../../app/again/delete-again.js';
import {judgeAgain, judgeRescue} from '../../../app/again/judge.js';
import {lookAtApiHosts} from '../../../app/again/look-at-api-hosts.js';
import {setToError} from '../../../app/again/set-to-error.js';
import {CloudError} from '../../../app/errors.js';
import {mapLimited} from '../../../app/map-limited.js';
import type {CloudAccount} from '../../../app/ports.js';
import type {KnownServer, NamedServers, ServerDetails} from '../../../app/servers/server-ports.js';
import {readLosses} from '../../../app/purge/losses.js';
import {planPurge, purgeServers} from '../../../app/purge/purge.js';
import {restoreServers} from '../../../app/restore/restore.js';
import type {RestoreEnd, RestoreEvent} from '../../../app/restore/restore-types.js';
import {isAdmin} from '../../../app/servers/find-servers.js';
import type {WatchOptions, WatchPorts} from '../../../app/watch/watch-types.js';
import type {IntervalReading} from '../../../domain/fleet/interval-change.js';
import {userErrorLine} from '../../../text/errors.js';
import type {Dispatch} from '../../store.js';
import type {ActingEffect, Checked} from './acting.js';
import type {WatchAction, WatchRow} from './state.js';

/** Everything outside that acting on servers of a cloud needs. */
export type ActingPorts = WatchPorts & {
  readonly account: CloudAccount;
  readonly namedServers: NamedServers;
  readonly serverDetails: ServerDetails;
};

/** A cloud that is signed in to. */
export type OpenedCloud = {
  readonly name: string;
  readonly ports: ActingPorts;
  readonly options: WatchOptions;
};

/** How long a server is followed after something was asked of it. */
const FOLLOW_SECONDS = 300;
const SHOW_REQUESTS = 8;

type Act = (action: WatchAction) => void;

/** Does what dialogs ask for, on one cloud, for rows of it. */
export async function actOn(
  cloud: OpenedCloud,
  effect: Exclude<ActingEffect, {kind: 'ring'}>,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
): Promise<void> {
  const act: Act = (action) => dispatch(action);
  switch (effect.kind) {
    case 'check-restore':
      return restore(
        cloud,
        effect.rows,
        {stop: false, isDryRun: true},
        (event) => tellChecked(event, act),
        signal,
      );
    case 'restore':
      return restore(
        cloud,
        effect.rows,
        {stop: effect.stop, isDryRun: false},
        (event) => {
          if (event.kind !== 'end') return;
          const {server} = event.target;
          const id = server?.id ?? event.target.word;
          act({type: 'outcome', id, outcome: {kind: 'restore', end: event.end, server}});
        },
        signal,
      );
    case 'look-purge':
      return unless(effect.rows, act, async () => lookPurge(cloud, effect.rows, act, signal));
    case 'purge':
      return purge(cloud, effect, act, signal);
    case 'judge-again':
      return unless([effect.row], act, async () => {
        const {ports, options} = cloud;
        const looks = await lookAtApiHosts(ports, options, signal);
        const {server} = effect.row.listed;
        const verdict = judgeAgain(looks, server, effect.row.listed.interval, ports.clock.now());
        act({type: 'again-judged', id: effect.row.id, verdict});
      });
    case 'delete-again': {
      const {ports, options} = cloud;
      const {server, interval} = effect.row.listed;
      await deleteAgain(
        {...ports, servers: ports.namedServers},
        [{server, interval}],
        {...options, waitSeconds: FOLLOW_SECONDS},
        (event) => {
          if (event.kind !== 'end') return;
          act({type: 'outcome', id: server.id, outcome: {kind: 'again', end: event.end}});
        },
        signal,
      );
      return;
    }
    case 'judge-rescue':
      return unless([effect.row], act, async () => {
        const {ports, options} = cloud;
        const [looks, admin] = await Promise.all([
          lookAtApiHosts(ports, options, signal),
          isAdmin(ports.account, signal),
        ]);
        const {server} = effect.row.listed;
        const rescue = judgeRescue(looks, server, seenInterval(effect.row), admin, ports.clock.now());
        act({type: 'rescue-judged', id: effect.row.id, rescue});
      });
    case 'set-error': {
      const {ports} = cloud;
      const {server} = effect.row.listed;
      const end = await setToError(
        {servers: ports.namedServers, clock: ports.clock},
        server,
        () => {},
        signal,
      );
      act({type: 'outcome', id: server.id, outcome: {kind: 'set-error', end}});
    }
  }
}

/** Whoever typed the word agreed to those that were locked then, and to no lock that came later. */
async function purge(
  cloud: OpenedCloud,
  {rows, plan}: Extract<ActingEffect, {kind: 'purge'}>,
  act: Act,
  signal: AbortSignal,
): Promise<void> {
  const ids = new Set(rows.map(({id}) => id));
  const own = plan.servers.filter(({id}) => ids.has(id));
  await Promise.all(
    [true, false].map(async (locked) =>
      purgeServers(
        purgePorts(cloud),
        {...plan, servers: own.filter(({isLocked}) => (isLocked === true) === locked)},
        {locked, waitSeconds: FOLLOW_SECONDS},
        (event) => {
          if (event.kind !== 'end') return;
          const {server, end} = event;
          act({type: 'outcome', id: server.id, outcome: {kind: 'purge', end, server}});
        },
        signal,
      ),
    ),
  );
}

/** What its host itself runs with; what is only taken to be so is no ground for a rescue. */
function seenInterval({listed}: WatchRow): IntervalReading {
  return listed.intervalSource === 'host'
    ? listed.interval
    : {kind: 'unknown', problem: 'its host was not looked at'};
}

type Wish = {readonly stop: boolean; readonly isDryRun: boolean};

/** Restores servers, or only checks them. Hosts have intervals of their own, and Nova's time left depends on them. */
async function restore(
  {ports}: OpenedCloud,
  rows: readonly WatchRow[],
  wish: Wish,
  emit: (event: RestoreEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const groups = Map.groupBy(rows, ({listed: {interval}}) => JSON.stringify(interval));
  await Promise.all(
    [...groups.values()].map(async ([first, ...others]) => {
      if (first === undefined) throw new Error('a group has a first member');
      const alike = [first, ...others];
      const wanted = alike.map(({listed: {server}}) => ({
        kind: 'found' as const,
        server: {...UNREAD, ...server},
      }));
      await restoreServers(
        {...ports, servers: ports.namedServers},
        wanted,
        {...wish, lock: undefined, waitSeconds: FOLLOW_SECONDS, interval: first.listed.interval},
        emit,
        signal,
      );
    }),
  );
}

/** What a row of the list does not have; a restore reads its server again before anything. */
const UNREAD = {
  lockedReason: undefined,
  fault: undefined,
  vcpus: undefined,
  memoryMib: undefined,
} satisfies Partial<KnownServer>;

function tellChecked(event: RestoreEvent, act: Act): void {
  if (event.kind !== 'end') return;
  const {server, word} = event.target;
  act({type: 'checked', id: server?.id ?? word, checked: checkedOf(event.end, event.checks)});
}

function checkedOf(end: RestoreEnd, checks: Extract<RestoreEvent, {kind: 'end'}>['checks']): Checked {
  return end.kind === 'would-restore' || end.kind === 'refused'
    ? {kind: 'checked', checks}
    : {kind: 'ended', end};
}

function purgePorts({ports}: OpenedCloud) {
  return {...ports, servers: ports.namedServers};
}

async function lookPurge(
  cloud: OpenedCloud,
  rows: readonly WatchRow[],
  act: Act,
  signal: AbortSignal,
): Promise<void> {
  const {namedServers, serverDetails} = cloud.ports;
  const shown = await mapLimited(rows, SHOW_REQUESTS, async ({id}) => namedServers.show(id, signal));
  const there: KnownServer[] = [];
  const left: {name: string; why: string}[] = [];
  for (const [index, server] of shown.entries()) {
    const name = rows[index]?.listed.server.name ?? '';
    if (server?.status === 'SOFT_DELETED') there.push(server);
    else left.push({name, why: server === undefined ? 'gone already' : `it is ${server.status}`});
  }
  const [plan, {problem, ...losses}] = await Promise.all([
    planPurge(purgePorts(cloud), there, signal),
    readLosses(
      serverDetails,
      there.map(({id}) => id),
      signal,
    ),
  ]);
  act({type: 'purge-looked', ids: rows.map(({id}) => id), look: {plan, left, losses, problem}});
}

/** What cannot be read is told in the dialog. */
async function unless(rows: readonly WatchRow[], act: Act, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    act({type: 'unread', ids: rows.map(({id}) => id), problem: userErrorLine(error)});
  }
}
