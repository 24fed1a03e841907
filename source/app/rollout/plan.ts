import {expectedSeconds} from '../../domain/fleet/batches.js';
import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {isOn} from '../../domain/fleet/interval-change.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {LockOwner, Role} from '../../domain/fleet/node-facts.js';
import {CloudError} from '../errors.js';
import type {Fleet} from '../inventory.js';
import {mapLimited} from '../map-limited.js';
import {findApiListener, haveSameIds} from './api-listener.js';
import {
  type CloudView,
  type ServicesView,
  type SoftDeletedView,
  viewServices,
  viewSoftDeleted,
} from './cloud-view.js';
import {countImpact} from './count-impact.js';
import {type Look, look} from './look.js';
import {failure, planInterval, planRestore, seeRole, type SeenRole, warning} from './plan-target.js';
import type {Plan, PlannedTarget, Problem} from './plan-types.js';
import type {RolloutPorts} from './rollout-ports.js';
import type {RunSettings, Wish} from './wish.js';

/** Puts the fleet together; given what Nova lists, for where there is no inventory. */
export type LoadFleet = (novaComputes: readonly string[]) => Promise<Fleet>;

/** A plan with what carrying it out needs to know of the nodes. */
export type Planned = {
  readonly plan: Plan;
  readonly view: CloudView;
  /** Every node that was looked at, by name. */
  readonly looks: ReadonlyMap<string, Look>;
  /** Every role that was seen, whether it changes or not. */
  readonly seen: readonly SeenRole[];
  /** Locks found on nodes. */
  readonly locks: readonly {readonly host: string; readonly owner: LockOwner}[];
};

export type PlanPorts = Pick<RolloutPorts, 'shell' | 'cloud' | 'clock' | 'programs' | 'version'>;

/** How many hosts are asked about at the same time. */
const BUSY_REQUESTS = 10;

/** Tells that a node was looked at, for progress. */
export type LookSink = (host: string, problem: string | undefined, seen: Look, view: ServicesView) => void;

/** What was seen of nodes and of Nova, for one plan or for several: nothing of it is a wish. */
export type SeenFleet = {
  readonly view: CloudView;
  /** Every node with a role. */
  readonly hosts: readonly InventoryHost[];
  /** Those of them that shall change. */
  readonly selected: readonly InventoryHost[];
  /** Those that were looked at, by name. */
  readonly looks: ReadonlyMap<string, Look>;
};

export type LookAround = {
  /** How many nodes are talked to at the same time. */
  readonly parallel: number;
  /** A run whose backups shall be read too. */
  readonly wantBackup?: string | undefined;
  /** Looks at every node, also where what is selected does not need it. */
  readonly isWhole?: boolean;
  /** Told what there is to look at before the first node is. */
  readonly onBegin?: (fleet: Omit<SeenFleet, 'looks' | 'view'> & {readonly view: ServicesView}) => void;
  /** Told which servers wait; nodes are looked at meanwhile. */
  readonly onSoftDeleted?: (view: SoftDeletedView) => void;
};

/**
 * Looks at Nova and at every node that a change of the selected ones concerns, each in one exec. Rejects with
 * `CloudError` where Nova cannot be asked at all.
 */
export async function lookAtFleet(
  ports: PlanPorts,
  loadFleet: LoadFleet,
  {parallel, wantBackup, isWhole = false, onBegin, onSoftDeleted}: LookAround,
  signal: AbortSignal,
  onLook: LookSink = () => {},
): Promise<SeenFleet> {
  const view = await viewServices(ports.cloud, ports.clock, signal);
  const {hosts, selected} = await loadFleet([...computesOf(view).keys()]);
  onBegin?.({view, hosts, selected});
  const isSelected = new Set(selected);
  const looks = new Map<string, Look>();
  const lookAt = async (some: readonly InventoryHost[]): Promise<void> => {
    await mapLimited(some, parallel, async (node) => {
      const seen = await look(ports, node, {wantBackup}, signal);
      looks.set(node.name, seen);
      // A connection costs memory: a large fleet is not kept open, its nodes are called again at their turn.
      if (hosts.length > parallel) await ports.shell.release(node.address);
      onLook(node.name, seen.kind === 'unseen' ? seen.error.message : undefined, seen, view);
    });
  };
  const lookAtAll = async (): Promise<void> => {
    const first = isWhole ? hosts : hosts.filter((node) => isSelected.has(node) || isApi(node));
    await lookAt(first);
    const doesApiChange = first.some((node) => isApi(node) && isSelected.has(node));
    if (doesApiChange) await lookAt(hosts.filter((node) => !looks.has(node.name)));
  };
  const listSoftDeleted = async (): Promise<SoftDeletedView> => {
    const listed = await viewSoftDeleted(ports.cloud, view.services, signal);
    onSoftDeleted?.(listed);
    return listed;
  };
  const [softDeleted] = await Promise.all([listSoftDeleted(), lookAtAll()]);
  return {view: {...view, ...softDeleted}, hosts, selected, looks};
}

/** The same for other selected nodes: with the looks that a plan for these alone would have taken. */
export function narrowFleet(fleet: SeenFleet, selected: readonly InventoryHost[]): SeenFleet {
  const isSelected = new Set(selected);
  const first = new Set(fleet.hosts.filter((node) => isSelected.has(node) || isApi(node)));
  const doesApiChange = [...first].some((node) => isApi(node) && isSelected.has(node));
  const looks = doesApiChange
    ? fleet.looks
    : new Map([...fleet.looks].filter(([, seen]) => first.has(seen.node)));
  return {...fleet, selected, looks};
}

/**
 * Looks at every node concerned and at Nova, and works out what would change, in which order, and what it does to
 * servers. Changes nothing. Rejects with `CloudError` where Nova cannot be asked at all.
 *
 * @param begun targets that an earlier process of the same run began, after it had proved whose they are: their
 *   service may not answer now
 */
export async function makePlan(
  ports: PlanPorts,
  wish: Wish,
  loadFleet: LoadFleet,
  settings: RunSettings,
  signal: AbortSignal,
  onLook: LookSink = () => {},
  begun: ReadonlySet<string> = new Set(),
): Promise<Planned> {
  const around = {parallel: settings.parallel, wantBackup: wish.kind === 'rollback' ? wish.run : undefined};
  const fleet = await lookAtFleet(ports, loadFleet, around, signal, onLook);
  return planFleet(ports, wish, fleet, settings, signal, begun);
}

/** Works out a plan of what was seen; asks Nova for the ages of servers, and API hosts whose they are. */
export async function planFleet(
  ports: PlanPorts,
  wish: Wish,
  {view, hosts, selected, looks}: SeenFleet,
  settings: RunSettings,
  signal: AbortSignal,
  begun: ReadonlySet<string> = new Set(),
): Promise<Planned> {
  const {clock, cloud} = ports;
  const computes = computesOf(view);
  const isSelected = new Set(selected);
  const leftOut: {host: string; problem: Problem}[] = [];
  const seen: SeenRole[] = [];
  const targets: PlannedTarget[] = [];
  const locks: {host: string; owner: LockOwner}[] = [];
  const names = new Map<string, string>();

  for (const node of hosts) {
    const found = looks.get(node.name);
    if (found === undefined) continue;
    if (found.kind === 'unseen') {
      const {message, remedy} = found.error;
      leftOut.push({host: node.name, problem: failure('unreachable', message, remedy)});
      continue;
    }
    if (found.facts.lock !== undefined) locks.push({host: node.name, owner: found.facts.lock});
    const clockOffset = (found.clockOffsetMs - view.apiOffsetMs) / 1000;
    const planned: PlannedTarget[] = [];
    for (const role of node.roles) {
      const one = seeRole(node, found.facts, role);
      const isProved = role === 'api' && begun.has(`${node.name}/${role}`);
      const stranger = isProved ? undefined : await strangerProblem(ports, one, computes, view, signal);
      const twin = role === 'compute' ? names.get(one.novaHost) : undefined;
      if (stranger !== undefined || twin !== undefined) {
        const problem =
          stranger ??
          failure(
            'same-node',
            `${node.name} is the same compute as ${twin}: ${one.novaHost}`,
            'name it once',
          );
        leftOut.push({host: node.name, problem});
        continue;
      }
      if (role === 'compute') names.set(one.novaHost, node.name);
      seen.push(one);
      if (!isSelected.has(node) || (role === 'api' && settings.computesOnly)) continue;
      const target =
        wish.kind === 'interval'
          ? planInterval(one, wish.intervalSeconds, clockOffset)
          : planRestore(one, wish.run, clockOffset);
      if (target !== undefined) planned.push(settings.computesOnly ? withApiWarning(target, one) : target);
    }
    targets.push(...shareFiles(planned));
  }

  const seenComputes = new Set(seen.map((one) => (one.role === 'compute' ? one.novaHost : '')));
  const unseenComputes = [...computes.keys()].filter((host) => !seenComputes.has(host));
  const isApiUnseen = !hosts.some(isApi);
  const changing = targets.filter((target) => target.step !== undefined);
  const count = (role: Role) => changing.filter((target) => target.role === role).length;
  const runSeconds = expectedSeconds(count('compute'), count('api'), settings.batches);
  const now = clock.now() + view.apiOffsetMs;
  const impact = await countImpact(cloud, view, targets, now, runSeconds, signal);
  return {
    view,
    looks,
    seen,
    locks,
    plan: {
      version: 1,
      reprieve: ports.version,
      createdAt: clock.now(),
      cloud: view.identity,
      intervalSeconds: wish.kind === 'interval' ? wish.intervalSeconds : undefined,
      sourceRun: wish.kind === 'rollback' ? wish.run : undefined,
      hosts: wish.hosts,
      computesOnly: settings.computesOnly,
      targets,
      leftOut,
      unseenComputes,
      isApiUnseen,
      impact,
      expectedSeconds: runSeconds,
      problems: isApiUnseen
        ? [
            warning(
              'api-unseen',
              'no API host is known, so the API half of delayed delete is unseen',
              'name them in the inventory (group nova_api) or with --api-hosts',
            ),
          ]
        : [],
    },
  };
}

/**
 * Why a node is not of this cloud, undefined where it is: Nova lists a compute under the name that the node gives
 * itself; an API host's own listener, asked with this cloud's token, lists the same services.
 */
async function strangerProblem(
  ports: PlanPorts,
  one: SeenRole,
  computes: ReadonlyMap<string, ComputeService>,
  view: CloudView,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const {node, role, unit, novaHost} = one;
  if (role === 'compute') {
    if (node.novaHost !== undefined && node.novaHost !== novaHost) {
      return failure(
        'other-name',
        `${node.name} calls itself ${novaHost}, the inventory says ${node.novaHost}`,
        'correct reprieve_nova_host or the address',
      );
    }
    return computes.has(novaHost)
      ? undefined
      : failure(
          'not-in-nova',
          `${node.name} calls itself ${novaHost}, and Nova lists no compute of that name in this cloud`,
          'is this the right cloud, and has nova-compute ever run there?',
        );
  }
  if (unit === undefined || unit.mainPid === 0) return undefined;
  const isSame = (listed: readonly ComputeService[]) => haveSameIds(listed, view.services);
  const found = await findApiListener(ports, node, unit, isSame, signal);
  return found.kind === 'found'
    ? undefined
    : failure(found.code, `${node.name}: ${found.problem}`, found.remedy);
}

/**
 * Where both roles of a node would write the same file, the earlier one writes and the later one restarts, with a
 * word on what a restart in between would do.
 */
function shareFiles(targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  const [one, other] = targets;
  if (one === undefined || other === undefined) return targets;
  if (one.write.kind === 'none' || other.write.kind === 'none') return targets;
  if (one.write.file !== other.write.file) return targets;
  const isApiFirst = one.role === 'api' ? one.step === 'api-off' : other.step === 'api-off';
  return targets.map((target): PlannedTarget => {
    const isLater = (target.role === 'api') !== isApiFirst;
    if (!isLater) return target;
    const note = warning(
      'shared-file',
      `${target.host}: both services read ${target.file}; if ${target.unit} restarts by itself before its turn, it changes early`,
      undefined,
    );
    return {...target, write: {kind: 'none'}, diff: '', problems: [...target.problems, note]};
  });
}

/** --computes-only does not keep nova-api from reading a file that both services share when it starts next. */
function withApiWarning(target: PlannedTarget, {node, facts}: SeenRole): PlannedTarget {
  if (target.write.kind === 'none' || !node.roles.includes('api')) return target;
  const {file} = target.write;
  if (!seeRole(node, facts, 'api').config.files.some(({path}) => path === file)) return target;
  const note = warning(
    'shared-file',
    `${target.host}: nova-api reads ${file} too, and changes with it when it starts next`,
    'give nova-compute a file of its own, or leave --computes-only out',
  );
  return {...target, problems: [...target.problems, note]};
}

/**
 * A plan with the computes that have servers or migrations in flight, for people to see. What cannot be had is left
 * to the run, which asks again for each host just before its turn.
 */
export async function withBusyHosts(
  {cloud}: Pick<PlanPorts, 'cloud'>,
  planned: Planned,
  signal: AbortSignal,
): Promise<Planned> {
  const {plan} = planned;
  const computes = plan.targets.filter(
    (target) => target.step !== undefined && target.novaHost !== undefined,
  );
  const busy = await mapLimited(computes, BUSY_REQUESTS, async (target) => {
    const host = target.novaHost ?? '';
    try {
      const [servers, migrations] = await Promise.all([
        cloud.serversInFlight(host, signal),
        cloud.migrationsInFlight(host, signal),
      ]);
      return servers.rows.length + migrations.rows.length > 0 ? [host] : [];
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return [];
    }
  });
  return {...planned, plan: {...plan, impact: {...plan.impact, busyHosts: busy.flat()}}};
}

/** Computes that Nova lists and that are not known to run with an interval once the plan's computes are done. */
export function stuckComputes(planned: Planned): readonly string[] {
  const willBeOn = new Set(
    planned.seen
      .filter((one) => one.role === 'compute')
      .filter((one) => {
        const target = planned.plan.targets.find(
          (each) => each.host === one.node.name && each.role === 'compute',
        );
        return isOn('compute', target?.after ?? one.config.running);
      })
      .map((one) => one.novaHost),
  );
  return planned.view.services
    .filter((service) => service.binary === 'nova-compute' && !willBeOn.has(service.host))
    .map((service) => service.host);
}

function computesOf(view: ServicesView): ReadonlyMap<string, ComputeService> {
  return new Map(view.services.filter((one) => one.binary === 'nova-compute').map((one) => [one.host, one]));
}

function isApi(node: InventoryHost): boolean {
  return node.roles.includes('api');
}
