import {makeRunId} from '../../domain/fleet/run-id.js';
import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {UserError} from '../errors.js';
import type {AnsiblePorts} from './ansible/ansible-ports.js';
import {ansibleRefusal, checkAnsible} from './ansible/ansible-refusals.js';
import type {EndEvent, EventSink, NodeState} from './events.js';
import type {JournalEntry, RunJournal} from './journal.js';
import type {Pace} from './pace.js';
import {type LoadFleet, makePlan, type Planned} from './plan.js';
import {comparePlans} from './plan-compare.js';
import type {Plan} from './plan-types.js';
import {refusalOf} from './refusals.js';
import type {RolloutPorts} from './rollout-ports.js';
import {carryOut, type Confirmed, releaseOwnLocks} from './run.js';
import type {RunContext} from './run-context.js';
import type {Beginning} from './run-target.js';
import {watchServices} from './service-watch.js';
import {type Continuation, settle} from './settle.js';
import type {Operator, RunSettings, Wish} from './wish.js';

export type RunRequest = {
  readonly wish: Wish;
  readonly loadFleet: LoadFleet;
  readonly settings: RunSettings;
  readonly operator: Operator;
  /** The plan that was agreed to earlier: a fresh one that differs is refused. */
  readonly saved?: Plan | undefined;
  /** What resume needs to find the same cloud and nodes again. */
  readonly context: Readonly<Record<string, string>>;
};

/** Asked with the plan before anything is changed; rejects where the operator does not agree. */
export type Confirm = (planned: Planned) => Promise<Confirmed>;

/** How a run is told to end: `stop` finishes the nodes in hand, `finish` is for those. */
export type RunSignals = {
  readonly stop: AbortSignal;
  readonly finish: AbortSignal;
  /** Holds back nodes that have not begun; absent: nothing does. */
  readonly pace?: Pace;
};

/** Plans a wish and carries it out, journalled from before the first connection. */
export async function applyWish(
  ports: RolloutPorts,
  request: RunRequest,
  confirm: Confirm,
  emit: EventSink,
  signals: RunSignals,
): Promise<EndEvent> {
  const run = makeRunId(ports.clock.now(), ports.randomWord());
  const journal = await ports.journals.create(run, {
    type: 'begin',
    time: ports.clock.now(),
    run,
    version: ports.version,
    wish: request.wish,
    settings: request.settings,
    operator: request.operator,
    context: request.context,
  });
  return conduct(ports, run, journal, request, confirm, emit, signals);
}

/** The part of a run that a first process and a resuming one share. */
export async function conduct(
  ports: RolloutPorts,
  run: string,
  written: RunJournal,
  request: RunRequest,
  confirm: Confirm,
  emit: EventSink,
  signals: RunSignals,
  left?: Continuation,
): Promise<EndEvent> {
  const {wish, loadFleet, operator} = request;
  const settings = withOwnEngine(request.settings, wish);
  const journal = steadfast(written);
  const log = (entry: JournalEntry) => journal.append(entry);
  const finishWith = (
    outcome: EndEvent['outcome'],
    nodes: EndEvent['nodes'],
    next: readonly string[],
  ): EndEvent => {
    const event: EndEvent = {kind: 'end', time: ports.clock.now(), run, outcome, nodes, next};
    log({type: 'event', event});
    emit(event);
    return event;
  };
  const contextOf = (nodes: readonly InventoryHost[], services: readonly ComputeService[]): RunContext => ({
    ports,
    run,
    operator,
    settings,
    journal,
    emit,
    watch: watchServices(ports.cloud, ports.clock),
    nodes: new Map(nodes.map((node): [string, InventoryHost] => [node.name, node])),
    services,
    stop: signals.stop,
    finish: signals.finish,
    pace: signals.pace,
    ansible: undefined,
    steal: settings.breakLock,
  });
  let ansible: AnsiblePorts | undefined;
  const contextOfPlan = ({looks, view, plan}: Planned): RunContext => {
    const nodes = [...looks.values()].map(({node}) => node);
    const context = contextOf(nodes, view.services);
    return ansible === undefined ? context : {...context, ansible: {ports: ansible, plan}};
  };
  try {
    ansible = await openAnsible(ports, settings, signals.stop);
    // What was begun may be the nova-api that Nova is asked through.
    const makeContext = async () => contextOf((await loadFleet([])).hosts, []);
    const continuation =
      left === undefined ? undefined : await settle(ports.cloud, left, makeContext, signals.stop);
    const whole = await makePlan(
      ports,
      wish,
      loadFleet,
      settings,
      signals.stop,
      (host, problem) => {
        const state = problem === undefined ? 'done' : 'failed';
        const message = problem ?? 'looked at';
        emit({kind: 'step', time: ports.clock.now(), run, host, step: 'facts', state, message});
      },
      new Set(continuation?.beginnings.keys()),
    );
    const planned = continuation === undefined ? whole : withoutFinished(whole, continuation);
    log({type: 'plan', time: ports.clock.now(), plan: planned.plan});
    const {finished} = continuation ?? {};
    const refusal =
      (await refusalOf(planned, wish, settings, run, operator, ports.journals, finished)) ??
      (ansible === undefined ? undefined : await ansibleRefusal(ansible, planned, settings));
    if (refusal !== undefined) throw refusal;
    if (request.saved !== undefined) refuseDifferent(request.saved, planned.plan);
    const {targets} = planned.plan;
    const beginnings = beginningsOf(planned, continuation);
    const isWork = (id: string) => beginnings.has(id);
    if (!targets.some((target) => target.step !== undefined || isWork(target.id))) {
      if (targets.length === 0 && continuation === undefined) throw nothingFound(wish);
      await releaseOwnLocks(contextOfPlan(planned), planned);
      const isBroken = (continuation?.broken.length ?? 0) > 0;
      return finishWith(
        isBroken ? 'partial' : wish.kind === 'rollback' ? 'rolled-back' : 'done',
        hostStates(planned, new Map(continuation?.finished), beginnings),
        ['nothing had to be changed'],
      );
    }
    const confirmed = await confirm(planned);
    log({type: 'confirmed', time: ports.clock.now(), ...confirmed});
    await journal.flush();
    const result = await carryOut(
      contextOfPlan(planned),
      planned,
      confirmed,
      beginnings,
      continuation?.broken,
    );
    const states = new Map(continuation?.finished);
    for (const [id, {state}] of result.results) states.set(id, state);
    return finishWith(result.outcome, hostStates(planned, states, beginnings), result.next);
  } catch (error) {
    if (signals.stop.aborted && error === signals.stop.reason) {
      return finishWith('interrupted', {}, [`go on: reprieve resume ${run}`]);
    }
    if (error instanceof UserError) {
      // A reader of events is told too; what went wrong goes to whoever called.
      emit({kind: 'end', time: ports.clock.now(), run, outcome: 'failed', nodes: {}, next: []});
      log({
        type: 'event',
        event: {
          kind: 'end',
          time: ports.clock.now(),
          run,
          outcome: 'failed',
          nodes: {},
          next: [error.message],
        },
      });
    }
    throw error;
  } finally {
    await journal.close();
  }
}

/** Byte for byte is what the built-in engine puts back, also where Ansible has made the change. */
function withOwnEngine(settings: RunSettings, {kind}: Wish): RunSettings {
  return kind === 'rollback' ? {...settings, engine: 'builtin'} : settings;
}

/** Undefined for the built-in engine. Rejects with `UserError` where the operator's Ansible cannot be used. */
async function openAnsible(
  {ansible: open}: RolloutPorts,
  {engine}: RunSettings,
  signal: AbortSignal,
): Promise<AnsiblePorts | undefined> {
  if (engine !== 'ansible') return undefined;
  if (open === undefined)
    throw new UserError('usage', 'Ansible cannot be used here', {remedy: 'say --engine builtin'});
  const ansible = await open();
  await checkAnsible(ansible, signal);
  return ansible;
}

function refuseDifferent(saved: Plan, fresh: Plan): void {
  const [first, ...more] = comparePlans(saved, fresh);
  if (first === undefined) return;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new UserError('refused', `the plan no longer holds: ${first}${rest}; nothing was changed`, {
    remedy: 'make a new one with reprieve plan -o',
  });
}

function nothingFound(wish: Wish): UserError {
  return wish.kind === 'rollback'
    ? new UserError('usage', `no node that was looked at knows a run ${wish.run}`, {
        remedy: 'see reprieve runs, and name the same inventory as then',
      })
    : new UserError('usage', 'there is no node to change', {
        remedy: 'see --inventory, --hosts and --api-hosts',
      });
}

/**
 * A journal that fails only where somebody waits for the disk. Nodes in hand are told of to the end, and the next
 * intent, which must be on disk before its step, says why it cannot be.
 */
function steadfast(journal: RunJournal): RunJournal {
  let failure: {readonly error: unknown} | undefined;
  return {
    append(entry) {
      if (failure !== undefined) return;
      try {
        journal.append(entry);
      } catch (error) {
        failure = {error};
      }
    },
    async flush() {
      if (failure !== undefined) throw failure.error;
      await journal.flush();
    },
    close: async () => journal.close(),
  };
}

/**
 * Leaves out what an earlier process of the run finished. A service that it began to change need not run: whether
 * it comes up, or its file is put back, is what is left to do.
 */
function withoutFinished(planned: Planned, {finished, beginnings}: Continuation): Planned {
  const targets = planned.plan.targets
    .filter((target) => !finished.has(target.id))
    .map((target) =>
      beginnings.has(target.id)
        ? {...target, problems: target.problems.filter(({code}) => code !== 'not-running')}
        : target,
    );
  return {...planned, plan: {...planned.plan, targets}};
}

/** A target that was begun and that the node shows unfinished is begun again; else only its proof is missing. */
function beginningsOf(
  {plan}: Planned,
  continuation: Continuation | undefined,
): ReadonlyMap<string, Beginning> {
  const open = [...(continuation?.beginnings ?? [])].filter(([id, beginning]) => {
    const target = plan.targets.find((one) => one.id === id);
    return target !== undefined && (beginning === 'put-back' || target.step === undefined);
  });
  return new Map(open);
}

/** The worst state of a host's roles; hosts without anything to do are unchanged. */
function hostStates(
  {plan}: Planned,
  states: ReadonlyMap<string, NodeState>,
  beginnings: ReadonlyMap<string, Beginning>,
): Readonly<Record<string, NodeState>> {
  const order: readonly NodeState[] = [
    'failed',
    'unknown',
    'put-back',
    'not-touched',
    'waiting',
    'pending',
    'done',
    'unchanged',
    'skipped',
  ];
  const nodes: Record<string, NodeState> = {};
  const all = new Map(states);
  for (const {id, step} of plan.targets) {
    const isWork = step !== undefined || beginnings.has(id);
    all.set(id, states.get(id) ?? (isWork ? 'pending' : 'unchanged'));
  }
  for (const [id, state] of all) {
    const host = id.slice(0, id.lastIndexOf('/'));
    const other = nodes[host];
    nodes[host] = other !== undefined && order.indexOf(other) < order.indexOf(state) ? other : state;
  }
  for (const {host} of plan.leftOut) nodes[host] ??= 'skipped';
  return nodes;
}
