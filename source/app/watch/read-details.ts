import {heardOfAt} from '../../domain/fleet/heartbeat.js';
import {powerBefore} from '../../domain/reclaim/power-before.js';
import {checkQuota} from '../../domain/reclaim/restore-checks.js';
import {hostServiceIn} from '../../domain/reclaim/standing.js';
import {CloudError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {DescribedServer, ServerAction} from '../servers/server-ports.js';
import {readVolumes} from '../purge/losses.js';
import type {DetailNews, DetailPart, DetailPorts, DetailValues, PortAddresses} from './detail-types.js';
import type {ListedServer} from './watch-types.js';

/** Events take a request for each action: older ones are told without. */
const ACTIONS_WITH_EVENTS = 8;
const EVENT_REQUESTS = 4;

type Tell = (news: DetailNews) => void;

/**
 * Reads everything about a soft-deleted server side by side and tells each part when it is there; `actions` and
 * `power` may be told twice, the second time with what only events tell. What is forbidden or missing spoils no other
 * part. Resolves when all is told; rejects with the signal's reason when aborted, and tells nothing from then on.
 */
export async function readDetails(
  ports: DetailPorts,
  {server}: ListedServer,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const {details} = ports;
  const say: Tell = (news) => {
    if (!signal.aborted) tell(news);
  };
  const described = details.describe(server.id, signal).then((found) => found ?? GONE);
  const parts = [
    attempt(say, ['flavor', 'lock', 'fault'], async () => tellRow(await thereIn(described), say)),
    attempt(say, ['volumes'], async () => {
      say({part: 'volumes', value: await readVolumes(details, await thereIn(described), signal)});
    }),
    attempt(say, ['ports'], async () => {
      say({part: 'ports', value: await readAddresses(ports, server.id, described, signal)});
    }),
    attempt(say, ['quota'], async () => {
      say({part: 'quota', value: await compareQuota(ports, await thereIn(described), signal)});
    }),
    attempt(say, ['actions', 'power'], async () => tellActions(ports, server.id, say, signal)),
    attempt(say, ['service'], async () => {
      say({part: 'service', value: await readHostService(ports, server.host, signal)});
    }),
  ];
  const failed = (await Promise.allSettled(parts)).find((part) => part.status === 'rejected');
  signal.throwIfAborted();
  if (failed !== undefined) throw failed.reason;
}

/** The server went meanwhile. */
const GONE = Symbol('gone');

async function thereIn(described: Promise<DescribedServer | typeof GONE>): Promise<DescribedServer> {
  const found = await described;
  if (found !== GONE) return found;
  throw new CloudError('not-found', 'Nova has no such server any more.');
}

/** Tells of each of these parts what went wrong, where something did. */
async function attempt(tell: Tell, parts: readonly DetailPart[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    for (const part of parts) tell({part, problem: problemWords(error)});
  }
}

/** Why a part is not there, in words for the place where it would be. */
function problemWords({reason, message}: CloudError): string {
  if (reason === 'forbidden') return 'not shown to this account';
  return message.replace(/\.+$/, '');
}

function tellRow(found: DescribedServer, tell: Tell): void {
  const {flavor: name, vcpus, memoryMib, diskGib, isLocked, lockedReason: reason, fault} = found;
  tell({part: 'flavor', value: {name, vcpus, memoryMib, diskGib}});
  tell({part: 'lock', value: {isLocked, reason}});
  tell({part: 'fault', value: fault});
}

/** Neutron's ports; where it cannot be asked, the addresses that Nova remembers. */
async function readAddresses(
  {details}: DetailPorts,
  id: string,
  described: Promise<DescribedServer | typeof GONE>,
  signal: AbortSignal,
): Promise<DetailValues['ports']> {
  try {
    const ports = await details.ports(id, signal);
    const {floating, problem} = await readFloating(ports.map((port) => port.id));
    const addresses = ports.map((port): PortAddresses => {
      return {addresses: port.addresses, floating: floating.get(port.id) ?? []};
    });
    return {ports: addresses, source: 'neutron', problem};
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    const {addresses} = await thereIn(described);
    const of = (wanted: boolean) =>
      addresses.filter(({isFloating}) => isFloating === wanted).map(({address}) => address);
    const ports = addresses.length === 0 ? [] : [{addresses: of(false), floating: of(true)}];
    return {ports, source: 'nova', problem: problemWords(error)};
  }

  async function readFloating(portIds: readonly string[]) {
    try {
      return {floating: await details.floatingAddresses(portIds, signal), problem: undefined};
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      // A cloud without routers has no floating addresses.
      const problem = error.reason === 'not-found' ? undefined : problemWords(error);
      return {floating: new Map<string, readonly string[]>(), problem};
    }
  }
}

async function compareQuota(
  {servers}: DetailPorts,
  {projectId, vcpus, memoryMib}: DescribedServer,
  signal: AbortSignal,
): Promise<DetailValues['quota']> {
  const quota = await servers.quota(projectId, signal);
  const check = checkQuota({kind: 'read', ...quota}, {vcpus, memoryMib});
  return {check, quota, vcpus, memoryMib};
}

async function tellActions(
  {details, account}: DetailPorts,
  id: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const actions = await details.actions(id, signal);
  tellAll(actions, new Map());
  const recent = actions.slice(0, ACTIONS_WITH_EVENTS);
  const users = recent.flatMap(({userId}) => userId ?? []);
  const [withEvents, names] = await Promise.all([
    mapLimited(recent, EVENT_REQUESTS, async (action) => withResult(action)),
    account.userNames(users, signal),
  ]);
  tellAll([...withEvents, ...actions.slice(ACTIONS_WITH_EVENTS)], names);

  function tellAll(all: readonly ServerAction[], known: ReadonlyMap<string, string>): void {
    const deletedBy = all.find(({action}) => action === 'delete')?.userId;
    tell({part: 'actions', value: {actions: all, deletedBy, users: known}});
    tell({part: 'power', value: powerBefore(all)});
  }

  async function withResult(action: ServerAction): Promise<ServerAction> {
    try {
      return await details.action(id, action.requestId, signal);
    } catch (error) {
      // The listing told what it is: only its result stays open.
      if (error instanceof CloudError) return action;
      throw error;
    }
  }
}

async function readHostService(
  {readServices}: DetailPorts,
  host: string | undefined,
  signal: AbortSignal,
): Promise<DetailValues['service']> {
  const services = await readServices(signal);
  const row = services?.find((one) => one.binary === 'nova-compute' && one.host === host);
  return {
    host,
    service: hostServiceIn(services, host),
    heardOfAt: row === undefined ? undefined : heardOfAt(row),
  };
}
