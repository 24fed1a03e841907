import type {NodeRecord, Role} from '../../domain/fleet/node-facts.js';
import {STEPS} from '../../domain/fleet/interval-change.js';
import type {EndEvent, NodeState, Outcome, StepEvent} from './events.js';
import type {IntentAction, JournalEntry} from './journal.js';
import type {Plan, PlannedTarget} from './plan-types.js';
import type {Operator, RunSettings, Wish} from './wish.js';

/**
 * `running`: its process lives. `interrupted`: it ended without saying how, or said so. `unknown`: only records on
 * nodes tell of it, and they do not tell how it ended.
 */
export type RunState = 'running' | 'unknown' | Outcome;

/** `begun`: the intent is on disk and nothing after it says how it ended. */
export type TargetState = NodeState | 'begun';

export type RunTarget = {
  /** `HOST/ROLE`. */
  readonly id: string;
  readonly host: string;
  readonly role: Role;
  /** What was last intended to be done to it; undefined: nothing yet. */
  readonly intent: IntentAction | undefined;
  readonly state: TargetState;
  /** Whether it has what the run wants: changed and proven, or right from the start. */
  readonly isDone: boolean;
  /** What the run left on the node, where that was looked at. */
  readonly record: NodeRecord | undefined;
};

export type RunNode = {
  readonly host: string;
  readonly state: NodeState;
  /** The last thing that was said about it; empty where nothing was. */
  readonly message: string;
};

/** A run as its journal, or else the nodes, tell it. Times are epoch milliseconds. */
export type RunSummary = {
  readonly run: string;
  readonly started: number;
  /** Undefined while it runs, and where it was cut off. */
  readonly ended: number | undefined;
  readonly state: RunState;
  /** Undefined for a rollback, and where nodes tell of different values. */
  readonly intervalSeconds: number | undefined;
  /** The run that this one rolls back. */
  readonly sourceRun: string | undefined;
  /** As in `--hosts`; undefined: every node. */
  readonly hosts: string | undefined;
  readonly operator: Pick<Operator, 'name' | 'bastion'>;
  readonly nodes: readonly RunNode[];
  readonly targets: readonly RunTarget[];
  /** The largest numbers of servers that the operator agreed to. */
  readonly confirmed: {readonly destroy: number; readonly strand: number} | undefined;
  /** Undefined where the run was cut off before planning ended. */
  readonly plan: Plan | undefined;
  readonly next: readonly string[];
  /** How it began, for going on with it; undefined for a run of somebody else. */
  readonly begin:
    | {
        readonly wish: Wish;
        readonly settings: RunSettings;
        readonly context: Readonly<Record<string, string>>;
      }
    | undefined;
};

/** A record that a run left on a node, with the inventory's name of that node. */
export type FoundRecord = {readonly host: string; readonly record: NodeRecord};

/**
 * Folds the entries of a journal. Undefined where it does not begin with a beginning.
 *
 * @param isLive whether the process that writes it lives
 */
export function summarizeRun(entries: readonly JournalEntry[], isLive: boolean): RunSummary | undefined {
  const [begin] = entries;
  if (begin?.type !== 'begin') return undefined;
  const progress = new Progress(begin.settings.restart);
  let plan: Plan | undefined;
  let end: EndEvent | undefined;
  let confirmed: RunSummary['confirmed'];
  for (const entry of entries) {
    switch (entry.type) {
      case 'begin':
        break;
      case 'plan':
        plan = entry.plan;
        progress.replan(plan);
        break;
      case 'confirmed':
        confirmed = {destroy: entry.destroy, strand: entry.strand};
        break;
      case 'resumed':
        end = undefined;
        break;
      case 'intent':
        end = undefined;
        progress.intend(entry.target, entry.action);
        break;
      case 'event':
        if (entry.event.kind === 'end') {
          end = entry.event;
          progress.end(entry.event);
        } else {
          progress.happen(entry.event);
        }
        break;
    }
  }
  const {wish} = begin;
  return {
    run: begin.run,
    started: begin.time,
    ended: end?.time,
    state: end?.outcome ?? (isLive ? 'running' : 'interrupted'),
    intervalSeconds: wish.kind === 'interval' ? wish.intervalSeconds : undefined,
    sourceRun: wish.kind === 'rollback' ? wish.run : undefined,
    hosts: wish.hosts,
    operator: {name: begin.operator.name, bastion: begin.operator.bastion},
    nodes: progress.nodes(end),
    targets: progress.targets(),
    confirmed,
    plan,
    next: end?.next ?? (isLive ? [] : [`reprieve resume ${begin.run}`]),
    begin: {wish, settings: begin.settings, context: begin.context},
  };
}

/**
 * Adds what was found on nodes: to the runs that have a journal their records, and a summary for each run of
 * somebody else. Newest first.
 */
export function mergeRecords(
  summaries: readonly RunSummary[],
  found: readonly FoundRecord[],
): readonly RunSummary[] {
  const byRun = Map.groupBy(found, ({record}) => record.run);
  const known = summaries.map((summary) => withRecords(summary, byRun.get(summary.run) ?? []));
  const runs = new Set(summaries.map(({run}) => run));
  const foreign = [...byRun]
    .filter(([run]) => !runs.has(run))
    .map(([run, records]) => fromRecords(run, records));
  return [...known, ...foreign].toSorted((a, b) => (a.run < b.run ? 1 : -1));
}

/** The targets that are not done, for going on with a run: those that were never begun and those cut off. */
export function unfinishedTargets(summary: RunSummary): readonly RunTarget[] {
  return summary.targets.filter(({state}) => isUnfinished(state));
}

/** Epoch milliseconds at which a run of this id began. */
export function runIdTime(run: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(run) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

type TargetProgress = {target: PlannedTarget; intent: IntentAction | undefined; state: TargetState};

/** Follows each target through the entries. Events name hosts only, so they count for the target at work there. */
class Progress {
  readonly #targets = new Map<string, TargetProgress>();
  readonly #byHost = new Map<string, readonly TargetProgress[]>();
  readonly #messages = new Map<string, string>();
  readonly #leftOut = new Set<string>();
  readonly #restarts: boolean;
  #nodesAtEnd: Readonly<Record<string, NodeState>> = {};

  constructor(restarts: boolean) {
    this.#restarts = restarts;
  }

  /** A resumed run plans again: what was not finished begins anew, or is found to be right. */
  replan(plan: Plan): void {
    for (const target of plan.targets) {
      const progress = this.#progressOf(target);
      progress.target = target;
      if (!isUnfinished(progress.state)) continue;
      if (target.step !== undefined) progress.state = 'pending';
      else progress.state = progress.intent === 'change' ? 'done' : 'unchanged';
    }
    for (const {host, problem} of plan.leftOut) {
      this.#leftOut.add(host);
      this.#messages.set(host, problem.message);
    }
  }

  intend(id: string, action: IntentAction): void {
    const progress = this.#targets.get(id);
    if (progress === undefined) return;
    progress.intent = action;
    progress.state = 'begun';
  }

  happen(event: StepEvent): void {
    if (event.host === '') return;
    if (event.message !== '') this.#messages.set(event.host, event.message);
    const progress = this.#atWork(event.host);
    if (progress === undefined) return;
    progress.state = this.#after(event, progress.target) ?? progress.state;
  }

  end(event: EndEvent): void {
    this.#nodesAtEnd = event.nodes;
    for (const progress of this.#targets.values()) {
      if (progress.state === 'pending' && event.nodes[progress.target.host] === 'waiting')
        progress.state = 'waiting';
    }
  }

  targets(): RunTarget[] {
    return [...this.#targets.values()].map(({target, intent, state}) => ({
      id: target.id,
      host: target.host,
      role: target.role,
      intent,
      state,
      isDone: state === 'done' || state === 'unchanged',
      record: undefined,
    }));
  }

  nodes(end: EndEvent | undefined): RunNode[] {
    const derived = new Map<string, NodeState>();
    for (const [host, group] of Map.groupBy(this.#targets.values(), ({target}) => target.host)) {
      derived.set(host, worst(group.map(({state}) => state)));
    }
    for (const host of this.#leftOut) if (!derived.has(host)) derived.set(host, 'skipped');
    const states = {...this.#nodesAtEnd, ...Object.fromEntries(derived), ...end?.nodes};
    return Object.entries(states).map(([host, state]) => ({
      host,
      state,
      message: this.#messages.get(host) ?? '',
    }));
  }

  #progressOf(target: PlannedTarget): TargetProgress {
    const known = this.#targets.get(target.id);
    if (known !== undefined) return known;
    const progress: TargetProgress = {target, intent: undefined, state: 'pending'};
    this.#targets.set(target.id, progress);
    this.#byHost.set(target.host, [...(this.#byHost.get(target.host) ?? []), progress]);
    return progress;
  }

  /** The target of a host that was begun and has not ended, else the next one in the order of steps. */
  #atWork(host: string): TargetProgress | undefined {
    const here = this.#byHost.get(host) ?? [];
    return (
      here.find(({state}) => state === 'begun') ??
      here
        .filter(({state}) => state === 'pending' || state === 'waiting')
        .toSorted((one, other) => placeOf(one) - placeOf(other))[0] ??
      here.findLast(({intent}) => intent !== undefined)
    );
  }

  #after({step, state}: StepEvent, {needsRestart}: PlannedTarget): TargetState | undefined {
    switch (state) {
      case 'started':
      case 'waiting':
        return undefined;
      case 'done':
        if (step === 'gate') return 'done';
        if (step === 'put-back') return 'put-back';
        return step === 'change' && !(this.#restarts && needsRestart) ? 'done' : undefined;
      case 'failed':
      case 'unknown':
      case 'not-touched':
      case 'put-back':
      case 'skipped':
        return step === 'unlock' ? undefined : state;
    }
  }
}

function placeOf({target}: TargetProgress): number {
  return STEPS.findIndex((step) => step === target.step);
}

function isUnfinished(state: TargetState): boolean {
  return state === 'pending' || state === 'begun' || state === 'unknown' || state === 'waiting';
}

/** From the one that needs most attention to the one that needs none. */
const BY_NEED: readonly TargetState[] = [
  'failed',
  'unknown',
  'begun',
  'put-back',
  'not-touched',
  'waiting',
  'pending',
  'skipped',
  'done',
  'unchanged',
];

function worst(states: readonly TargetState[]): NodeState {
  const state = BY_NEED.find((one) => states.includes(one)) ?? 'unchanged';
  return state === 'begun' ? 'unknown' : state;
}

function withRecords(summary: RunSummary, found: readonly FoundRecord[]): RunSummary {
  if (found.length === 0) return summary;
  return {
    ...summary,
    targets: summary.targets.map((target) => ({
      ...target,
      record: found.find(({host, record}) => `${host}/${record.role}` === target.id)?.record,
    })),
  };
}

function fromRecords(run: string, found: readonly FoundRecord[]): RunSummary {
  const targets = found.map(({host, record}): RunTarget => {
    const state = stateOfRecord(record);
    return {
      id: `${host}/${record.role}`,
      host,
      role: record.role,
      intent: state === 'put-back' ? 'put-back' : 'change',
      state,
      isDone: state === 'done' || state === 'unchanged',
      record,
    };
  });
  const nodes = [...Map.groupBy(targets, ({host}) => host)].map(([host, here]) => ({
    host,
    state: worst(here.map(({state}) => state)),
    message: here.map(({record}) => `${record?.file ?? ''}: ${record?.state ?? ''}`).join('; '),
  }));
  const values = new Set(found.map(({record}) => record.valueAfter));
  const [value = ''] = values;
  const first = found[0]?.record;
  return {
    run,
    started: runIdTime(run),
    ended: undefined,
    state: stateOfRecords(found, targets),
    intervalSeconds: values.size === 1 && /^\d{1,15}$/.test(value) ? Number(value) : undefined,
    sourceRun: undefined,
    hosts: undefined,
    operator: {name: first?.operator ?? '', bastion: first?.bastion ?? ''},
    nodes,
    targets,
    confirmed: undefined,
    plan: undefined,
    next: [],
    begin: undefined,
  };
}

function stateOfRecords(found: readonly FoundRecord[], targets: readonly RunTarget[]): RunState {
  if (found.some(({record}) => record.isRunning)) return 'running';
  return targets.every(({state}) => state === 'put-back') ? 'rolled-back' : 'unknown';
}

/** What a node knows of its end: whether the service came up is known to the run alone. */
function stateOfRecord(record: NodeRecord): TargetState {
  if (record.isRunning) return 'begun';
  switch (record.state) {
    case 'done':
      return 'done';
    case 'put-back':
      return 'put-back';
    case 'not-changed':
      return 'unchanged';
    case 'restart-failed':
      return 'failed';
    default:
      return 'unknown';
  }
}
