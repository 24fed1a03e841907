import {cutBatches, secondsLeft} from '../../domain/fleet/batches.js';
import {STEPS} from '../../domain/fleet/interval-change.js';
import type {EndEvent, NodeState, RunEvent, StepEvent} from '../rollout/events.js';
import type {JournalEntry} from '../rollout/journal.js';
import type {Plan, PlannedTarget} from '../rollout/plan-types.js';
import type {RunSettings} from '../rollout/wish.js';

/** How far a target is. `undoing`: its old file is being put back. `held`: it waits for its second turn. */
export type CellState =
  | 'waits'
  | 'checked'
  | 'written'
  | 'restarting'
  | 'undoing'
  | 'held'
  | 'done'
  | 'put-back'
  | 'failed'
  | 'not-touched'
  | 'unknown';

/** The steps of a service, in their order. */
export const CELL_STEPS = ['check', 'write', 'restart', 'heartbeat'] as const;
export type CellStep = (typeof CELL_STEPS)[number];

/** One service of one node on its way through the run. */
export type Cell = {
  /** `HOST/ROLE`. */
  readonly id: string;
  readonly host: string;
  readonly state: CellState;
  /** The furthest step that it came to, whether it came through or not; putting back does not take it back. */
  readonly reached: CellStep | undefined;
  /** The last that was said of it. */
  readonly note: string;
  /** Epoch milliseconds: when its turn began, and when its state last changed. */
  readonly began: number | undefined;
  readonly changed: number | undefined;
  readonly ended: number | undefined;
};

/** Cells that go together. */
export type Batch = {
  readonly kind: 'canary' | 'batch' | 'api';
  /** Counts from 1 over the whole run; 0 for a canary and API nodes. */
  readonly number: number;
  readonly ids: readonly string[];
};

/** A stretch in which nobody worked on the run, in epoch milliseconds; `until` is undefined while it lasts. */
type Pause = {readonly from: number; readonly until: number | undefined};

/** A run as its events tell it. */
export type RunView = {
  readonly run: string;
  readonly batches: readonly Batch[];
  readonly cells: ReadonlyMap<string, Cell>;
  /** Targets of each host that have no result yet, in the order of their turns. */
  readonly open: ReadonlyMap<string, readonly string[]>;
  readonly expectedSeconds: number;
  /** Epoch milliseconds; undefined before the first node could begin. */
  readonly started: number | undefined;
  /** Epoch milliseconds of the last event. */
  readonly heard: number | undefined;
  /** From the end of one process to the first node of the one that goes on with the run. */
  readonly pauses: readonly Pause[];
  readonly end: EndEvent | undefined;
  /** Newest first, at most `LOG_LENGTH`. */
  readonly log: readonly StepEvent[];
};

/** Events that are kept for the log; the journal has them all. */
export const LOG_LENGTH = 500;

/** A run that is about to begin: nothing was done to any node. */
export function openRunView(
  plan: Plan,
  settings: Pick<RunSettings, 'batches'>,
  run = '',
  started?: number,
): RunView {
  const changing = plan.targets.filter((target) => target.step !== undefined);
  const inOrder = STEPS.flatMap((step) => changing.filter((target) => target.step === step));
  const open = Map.groupBy(inOrder, ({host}) => host);
  return {
    run,
    batches: batchesOf(changing, settings),
    cells: new Map(inOrder.map(({id, host}): [string, Cell] => [id, newCell(id, host)])),
    open: new Map([...open].map(([host, targets]) => [host, targets.map(({id}) => id)])),
    expectedSeconds: plan.expectedSeconds,
    started,
    heard: undefined,
    pauses: [],
    end: undefined,
    log: [],
  };
}

function newCell(id: string, host: string): Cell {
  return {
    id,
    host,
    state: 'waits',
    reached: undefined,
    note: '',
    began: undefined,
    changed: undefined,
    ended: undefined,
  };
}

/** The batches as the run takes them: computes by size, API nodes of a step as one row. */
function batchesOf(
  changing: readonly PlannedTarget[],
  settings: Pick<RunSettings, 'batches'>,
): readonly Batch[] {
  const batches: Batch[] = [];
  let number = 0;
  for (const step of STEPS) {
    const due = changing.filter((target) => target.step === step);
    if (due.length === 0) continue;
    if (step.startsWith('api')) {
      batches.push({kind: 'api', number: 0, ids: due.map(({id}) => id)});
      continue;
    }
    for (const [index, batch] of cutBatches(due, settings.batches).entries()) {
      if (index > 0) number += 1;
      batches.push({
        kind: index === 0 ? 'canary' : 'batch',
        number: index === 0 ? 0 : number,
        ids: batch.map(({id}) => id),
      });
    }
  }
  return batches;
}

/** The view after one event. Pure; an event that concerns no cell only goes to the log. */
export function runViewAfter(view: RunView, event: RunEvent): RunView {
  const heard = Math.max(view.heard ?? event.time, event.time);
  if (event.kind === 'end') return {...view, run: event.run, heard, end: event};
  const log = isTold(event) ? [event, ...view.log].slice(0, LOG_LENGTH) : view.log;
  const next = {...view, run: event.run, heard, log};
  const id = targetOf(view, event);
  const cell = id === undefined ? undefined : view.cells.get(id);
  if (cell === undefined) return next;
  const state = stateAfter(cell.state, event);
  const isEnded = event.step === 'result';
  const changed: Cell = {
    ...cell,
    state,
    reached: reachedAfter(cell, event),
    note: isEnded ? event.message.replace(/^nova-(compute|api): /, '') : event.message,
    began: cell.began ?? (state === 'waits' ? undefined : event.time),
    changed: state === cell.state ? cell.changed : event.time,
    ended: isEnded ? event.time : undefined,
  };
  const cells = new Map(view.cells).set(cell.id, changed);
  const started = view.started ?? changed.began;
  if (!isEnded) return {...next, cells, started};
  const rest = (view.open.get(cell.host) ?? []).filter((one) => one !== cell.id);
  return {...next, cells, started, open: new Map(view.open).set(cell.host, rest)};
}

/** Routine that would fill the log: 500 nodes that were looked at, locked and let go. */
function isTold({host, step, state}: StepEvent): boolean {
  if (host === '') return true;
  const isRoutine = step === 'facts' || step === 'lock' || step === 'unlock' || step === 'result';
  return !(isRoutine && state === 'done') && !(step === 'gate' && state === 'started');
}

/** Which service of a host an event is about: results name it, else it is the one whose turn it is. */
function targetOf(view: RunView, {host, step, message}: StepEvent): string | undefined {
  if (host === '' || step === 'facts' || step === 'lock' || step === 'unlock') return undefined;
  const role = step === 'result' ? /^nova-(compute|api): /.exec(message)?.[1] : undefined;
  if (role !== undefined && view.cells.has(`${host}/${role}`)) return `${host}/${role}`;
  return view.open.get(host)?.[0];
}

function stateAfter(before: CellState, {step, state}: StepEvent): CellState {
  switch (step) {
    case 'in-flight':
      return before === 'waits' || before === 'held' ? 'checked' : before === 'checked' ? 'held' : before;
    case 'change':
      if (before === 'undoing') return before;
      return state === 'done' ? 'written' : before === 'written' ? before : 'checked';
    case 'restart':
    case 'gate':
      // Nova that cannot be asked is told of in any step.
      if (step === 'gate' && state === 'waiting') return before === 'waits' ? 'checked' : before;
      return before === 'undoing' ? before : 'restarting';
    case 'put-back':
      return 'undoing';
    case 'result':
      switch (state) {
        case 'done':
        case 'put-back':
        case 'failed':
        case 'not-touched':
        case 'unknown':
          return state;
        default:
          return before;
      }
    default:
      return before;
  }
}

/** A cell that had ended and gets another turn begins anew. */
function reachedAfter(cell: Cell, event: StepEvent): CellStep | undefined {
  const step = stepOf(event);
  if (step === undefined || cell.state === 'undoing') return cell.reached;
  if (cell.reached === undefined || hasEnded(cell)) return step;
  return CELL_STEPS.indexOf(step) > CELL_STEPS.indexOf(cell.reached) ? step : cell.reached;
}

/** The step that an event is of: a gate that fails before the restart is done is the restart's failure. */
function stepOf({step, state}: StepEvent): CellStep | undefined {
  switch (step) {
    case 'in-flight':
      return 'check';
    case 'change':
      return 'write';
    case 'restart':
      return state === 'done' ? 'heartbeat' : 'restart';
    case 'gate':
      return state === 'failed' || state === 'unknown' ? 'restart' : undefined;
    default:
      return undefined;
  }
}

const ENDED: ReadonlySet<CellState> = new Set(['done', 'put-back', 'failed', 'not-touched', 'unknown']);

/** Whether nothing more happens to a cell in this run. */
export function hasEnded({state}: Cell): boolean {
  return ENDED.has(state);
}

/** Whether its node is being worked on. */
export function isAtWork({state}: Cell): boolean {
  return state !== 'waits' && state !== 'held' && !ENDED.has(state);
}

/** Cells that did not end well, in the order in which they ended. */
export function failedCells({cells}: RunView): readonly Cell[] {
  return [...cells.values()]
    .filter((cell) => hasEnded(cell) && cell.state !== 'done')
    .toSorted((a, b) => (a.ended ?? 0) - (b.ended ?? 0));
}

/** Cells at work, the furthest first, then the longest at it. */
export function currentCells({cells}: RunView): readonly Cell[] {
  const order: readonly CellState[] = ['undoing', 'restarting', 'written', 'checked'];
  return [...cells.values()]
    .filter(isAtWork)
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.began ?? 0) - (b.began ?? 0));
}

export type Progress = {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** 0 to 1. */
  readonly share: number;
  readonly elapsedSeconds: number;
  readonly leftSeconds: number | undefined;
};

/** How far the run is, in nodes: a node counts when each of its services has its result. */
export function progressOf(view: RunView, now: number): Progress {
  const total = view.open.size;
  const done = [...view.open.values()].filter(({length}) => length === 0).length;
  const elapsedSeconds =
    view.started === undefined ? 0 : workedBetween(view, view.started, view.end?.time ?? now) / 1000;
  return {
    done,
    total,
    failed: new Set(failedCells(view).map(({host}) => host)).size,
    share: total === 0 ? 1 : done / total,
    elapsedSeconds,
    leftSeconds:
      view.end === undefined ? secondsLeft(done, total, elapsedSeconds, view.expectedSeconds) : undefined,
  };
}

/** Milliseconds of a stretch in which somebody worked on the run: what lies between two processes is left out. */
export function workedBetween({pauses}: RunView, from: number, until: number): number {
  const paused = pauses.map((one) => Math.min(until, one.until ?? until) - Math.max(from, one.from));
  return Math.max(0, until - from - paused.reduce((sum, length) => sum + Math.max(0, length), 0));
}

/** Whether a process goes on with the run, and no node has begun there. */
export function isBetweenProcesses({pauses}: RunView): boolean {
  const last = pauses.at(-1);
  return last !== undefined && last.until === undefined;
}

/** The view of a run that another process goes on with: nobody worked on it since it was last heard of. */
export function runViewResumed(view: RunView): RunView {
  const {heard, started, pauses} = view;
  if (heard === undefined || started === undefined || isBetweenProcesses(view))
    return {...view, end: undefined};
  return {...view, end: undefined, pauses: [...pauses, {from: heard, until: undefined}]};
}

/** The view when nodes may begin: the first time, or once more in another process. */
export function runViewBegun(view: RunView, time: number): RunView {
  const pauses = view.pauses.map((one) => (one.until === undefined ? {...one, until: time} : one));
  return {...view, started: view.started ?? time, pauses};
}

/** How a batch stands. Times are epoch milliseconds. */
export type BatchProgress = {
  readonly isEnded: boolean;
  readonly isRunning: boolean;
  readonly began: number | undefined;
  readonly ended: number | undefined;
  readonly counts: Readonly<Record<'done' | 'put-back' | 'failed' | 'not-touched' | 'unknown', number>>;
};

/** How a batch stands by its cells. */
export function batchProgress(view: RunView, {ids}: Batch): BatchProgress {
  const counts = {done: 0, 'put-back': 0, failed: 0, 'not-touched': 0, unknown: 0};
  let [open, began, ended] = [0, Infinity, 0];
  for (const id of ids) {
    const cell = view.cells.get(id);
    if (cell === undefined) continue;
    began = Math.min(began, cell.began ?? Infinity);
    ended = Math.max(ended, cell.ended ?? 0);
    switch (cell.state) {
      case 'done':
      case 'put-back':
      case 'failed':
      case 'not-touched':
      case 'unknown':
        counts[cell.state] += 1;
        break;
      default:
        open += 1;
    }
  }
  const hasBegun = began !== Infinity;
  return {
    isEnded: open === 0,
    isRunning: hasBegun && open > 0 && view.end === undefined,
    began: hasBegun ? began : undefined,
    ended: open === 0 && hasBegun ? ended : undefined,
    counts,
  };
}

/** The view of a run that a journal tells of, with the settings it was begun with; undefined before its plan. */
export function runViewOfJournal(entries: readonly JournalEntry[]): RunView | undefined {
  let view: RunView | undefined;
  let batches: RunSettings['batches'] = [];
  for (const entry of entries) {
    if (entry.type === 'begin') ({batches} = entry.settings);
    view = runViewAfterEntry(view, entry, {batches});
  }
  return view;
}

/** The same, one entry at a time, for a run that is followed while it goes on. */
export function runViewAfterEntry(
  view: RunView | undefined,
  entry: JournalEntry,
  settings: Pick<RunSettings, 'batches'>,
): RunView | undefined {
  switch (entry.type) {
    case 'plan':
      // A resumed run plans only what is left: what ended before stays in the picture.
      return view === undefined ? openRunView(entry.plan, settings) : {...view, end: undefined};
    case 'confirmed':
      return view === undefined ? undefined : runViewBegun(view, entry.time);
    case 'resumed':
      return view === undefined ? undefined : runViewResumed(view);
    case 'event':
      return view === undefined ? undefined : runViewAfter(view, entry.event);
    case 'begin':
    case 'intent':
    case 'result':
      return view;
  }
}

/** How many nodes ended in each state, by the last event. */
export function nodeCounts(end: EndEvent): ReadonlyMap<NodeState, number> {
  const counts = new Map<NodeState, number>();
  for (const state of Object.values(end.nodes)) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
