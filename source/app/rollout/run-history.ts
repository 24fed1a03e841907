import type {NodeRecord, Role} from '../../domain/fleet/node-facts.js';
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
  /** As it was last planned; undefined for a run of somebody else. */
  readonly planned: PlannedTarget | undefined;
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
  /** The last one that was made; a resumed run plans only what is left. Undefined where it was cut off before. */
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
  const progress = new Progress();
  let plan: Plan | undefined;
  let end: EndEvent | undefined;
  let confirmed: RunSummary['confirmed'];
  for (const entry of entries) {
    switch (entry.type) {
      case 'begin':
        break;
      case 'plan':
        plan = entry.plan;
        progress.plan(plan);
        break;
      case 'confirmed':
        confirmed = {destroy: entry.destroy, strand: entry.strand};
        break;
      case 'resumed':
        end = undefined;
        break;
      case 'intent':
        progress.intend(entry.target, entry.action);
        break;
      case 'result':
        progress.conclude(entry.target, entry.state, entry.message);
        break;
      case 'event':
        if (entry.event.kind === 'end') {
          end = entry.event;
          progress.end(entry.event);
        } else {
          progress.hear(entry.event);
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

/** Follows each target through the entries, over all processes that worked on the run. */
class Progress {
  readonly #targets = new Map<string, TargetProgress>();
  readonly #messages = new Map<string, string>();
  readonly #leftOut = new Set<string>();
  #nodesAtEnd: Readonly<Record<string, NodeState>> = {};

  /** A resumed run plans what is not finished again. What was begun stays so until its result is there. */
  plan({targets, leftOut}: Plan): void {
    for (const target of targets) {
      const earlier = this.#targets.get(target.id);
      const isBegun = earlier?.intent !== undefined;
      const state = target.step === undefined ? 'unchanged' : 'pending';
      this.#targets.set(target.id, isBegun ? {...earlier, target} : {target, intent: undefined, state});
    }
    for (const {host, problem} of leftOut) {
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

  conclude(id: string, state: NodeState, message: string): void {
    const progress = this.#targets.get(id);
    if (progress === undefined) return;
    progress.state = state;
    if (message !== '') this.#messages.set(progress.target.host, message);
  }

  hear({host, message}: StepEvent): void {
    if (host !== '' && message !== '') this.#messages.set(host, message);
  }

  end(event: EndEvent): void {
    this.#nodesAtEnd = {...this.#nodesAtEnd, ...event.nodes};
    for (const progress of this.#targets.values()) {
      const isWaiting = event.nodes[progress.target.host] === 'waiting';
      if (progress.state === 'pending' && isWaiting) progress.state = 'waiting';
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
      planned: target,
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
}

/** As resume sees it: what failed or was put back is not tried again. */
function isUnfinished(state: TargetState): boolean {
  switch (state) {
    case 'pending':
    case 'begun':
    case 'unknown':
    case 'waiting':
    case 'not-touched':
      return true;
    case 'done':
    case 'unchanged':
    case 'failed':
    case 'put-back':
    case 'skipped':
      return false;
  }
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
      planned: undefined,
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
