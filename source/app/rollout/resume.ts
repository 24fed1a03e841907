import {UserError} from '../errors.js';
import {conduct, type Confirm, type RunRequest, type RunSignals} from './apply.js';
import type {EndEvent, EventSink, NodeState} from './events.js';
import type {JournalEntry} from './journal.js';
import type {LoadFleet} from './plan.js';
import type {Plan, PlannedTarget} from './plan-types.js';
import type {RolloutPorts} from './rollout-ports.js';
import type {Beginning} from './run-target.js';
import type {Operator, RunSettings} from './wish.js';

/** What a journal tells about a run that may be gone on with. */
export type Resumable = {
  readonly begin: JournalEntry & {type: 'begin'};
  readonly results: ReadonlyMap<string, NodeState>;
  readonly intents: ReadonlyMap<string, 'change' | 'put-back'>;
  readonly agreed: {readonly destroy: number; readonly strand: number} | undefined;
  /** The newest plan. */
  readonly plan: Plan | undefined;
};

/** States that a resumed run leaves alone: it does unfinished nodes only. */
const FINISHED: readonly NodeState[] = ['done', 'unchanged', 'put-back', 'failed', 'skipped'];

/** Folds a journal to what resume needs. Throws a usage `UserError` where it has no beginning. */
export function readResumable(run: string, entries: readonly JournalEntry[]): Resumable {
  const begin = entries.find((entry) => entry.type === 'begin');
  if (begin === undefined) {
    throw new UserError('usage', `the journal of run ${run} has no beginning`, {
      remedy: 'plan anew with reprieve plan',
    });
  }
  const results = new Map<string, NodeState>();
  const intents = new Map<string, 'change' | 'put-back'>();
  let agreed: Resumable['agreed'];
  let plan: Plan | undefined;
  const planned = new Map<string, PlannedTarget>();
  for (const entry of entries) {
    if (entry.type === 'plan') {
      plan = entry.plan;
      for (const target of plan.targets) planned.set(target.id, target);
    }
    if (entry.type === 'confirmed') agreed = {destroy: entry.destroy, strand: entry.strand};
    if (entry.type === 'intent') {
      intents.set(entry.target, entry.action);
      results.delete(entry.target);
    }
    if (entry.type === 'result') results.set(entry.target, entry.state);
  }
  if (plan !== undefined) plan = {...plan, targets: [...planned.values()]};
  return {begin, results, intents, agreed, plan};
}

/**
 * Goes on with a run: what is finished stays, what was begun is looked at on the node and taken from there, the
 * rest is planned anew. Never reads a plan file.
 */
export async function resumeRun(
  ports: RolloutPorts,
  run: string,
  resumable: Resumable,
  request: {readonly loadFleet: LoadFleet; readonly settings: RunSettings; readonly operator: Operator},
  confirm: Confirm,
  emit: EventSink,
  signals: RunSignals,
): Promise<EndEvent> {
  const {begin, results, intents, plan} = resumable;
  const finished = new Map([...results].filter(([, state]) => FINISHED.includes(state)));
  const beginnings = new Map<string, Beginning>();
  for (const [target, action] of intents) {
    if (!finished.has(target)) beginnings.set(target, action === 'put-back' ? 'put-back' : 'gate');
  }
  const isBroken = (state: NodeState) => state === 'failed' || state === 'put-back';
  const broken = [...results].filter(([, state]) => isBroken(state)).map(([id]) => id);
  const settings = inherit(begin.settings, request.settings);
  const full: RunRequest = {...request, settings, wish: begin.wish, context: begin.context};
  const journal = await ports.journals.reopen(run, request.operator);
  return conduct(ports, run, journal, full, confirm, emit, signals, {
    finished,
    broken,
    beginnings,
    plan,
  });
}

/** A run stays what it was begun as: flags of a resume add to what it may do, and never widen what it changes. */
function inherit(first: RunSettings, now: RunSettings): RunSettings {
  return {
    ...now,
    engine: now.engine ?? first.engine ?? 'builtin',
    restart: first.restart && now.restart,
    computesOnly: first.computesOnly || now.computesOnly,
    skipUnreachable: first.skipUnreachable || now.skipUnreachable,
    acceptStuck: [...new Set([...first.acceptStuck, ...now.acceptStuck])],
    breakLock: now.breakLock ?? first.breakLock,
  };
}
