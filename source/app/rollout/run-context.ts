import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {CloudError, UserError} from '../errors.js';
import type {AnsiblePorts} from './ansible/ansible-ports.js';
import type {EventState, EventStep, EventSink, NodeState} from './events.js';
import type {RunJournal} from './journal.js';
import type {Pace} from './pace.js';
import type {Plan, PlannedTarget} from './plan-types.js';
import type {RolloutPorts} from './rollout-ports.js';
import type {ServiceWatch} from './service-watch.js';
import type {Operator, RunSettings} from './wish.js';

/** What every part of a run in progress shares. */
export type RunContext = {
  readonly ports: RolloutPorts;
  readonly run: string;
  readonly operator: Operator;
  readonly settings: RunSettings;
  readonly journal: RunJournal;
  readonly emit: EventSink;
  readonly watch: ServiceWatch;
  readonly nodes: ReadonlyMap<string, InventoryHost>;
  /** Nova's services as the plan saw them: an API node must list the same. */
  readonly services: readonly ComputeService[];
  /** Ends what can be ended without leaving a node half-changed: waits, and nodes not begun. */
  readonly stop: AbortSignal;
  /** Never aborted by the operator's first wish to leave; nodes in hand finish under it. */
  readonly finish: AbortSignal;
  readonly pace: Pace | undefined;
  /** What carries batches out in the place of the built-in engine, with the plan that they are of. */
  readonly ansible: {readonly ports: AnsiblePorts; readonly plan: Plan} | undefined;
  /** A run whose locks may be taken over: one that was broken off, or the one that --break-lock names. */
  readonly steal: string | undefined;
};

/** How a target ended, with what people are told. */
export type TargetResult = {
  readonly target: PlannedTarget;
  readonly state: NodeState;
  readonly message: string;
  /** The whole run must not go on: what is broken is not our edit. */
  readonly stopsRun?: boolean;
  /** The node's lock is given back already. */
  readonly isUnlocked?: boolean;
};

/** API nodes are locked for the whole run. */
export function isApiNode(context: Pick<RunContext, 'nodes'>, host: string): boolean {
  return context.nodes.get(host)?.roles.includes('api') ?? false;
}

/** Nova could not be asked for longer than we wait: outcomes are unknown, and nothing more is begun. */
export class OutageError extends UserError {
  override readonly name = 'OutageError';
}

/** Tells readers and journal that something happened to a host; an empty host is the run itself. */
export function tell(
  context: Pick<RunContext, 'ports' | 'run' | 'emit' | 'journal'>,
  host: string,
  step: EventStep,
  state: EventState,
  message: string,
): void {
  const event = {
    kind: 'step',
    time: context.ports.clock.now(),
    run: context.run,
    host,
    step,
    state,
    message,
  } as const;
  context.journal.append({type: 'event', event});
  context.emit(event);
}

/** The one event that says how a target ended. */
export function tellResult(context: RunContext, {target, state, message}: TargetResult): void {
  const words = `nova-${target.role}: ${message}`;
  switch (state) {
    case 'done':
    case 'unchanged':
      return tell(context, target.host, 'result', 'done', words);
    case 'failed':
    case 'unknown':
    case 'put-back':
      return tell(context, target.host, 'result', state, words);
    case 'not-touched':
    case 'pending':
    case 'waiting':
    case 'skipped':
      return tell(context, target.host, 'result', 'not-touched', words);
  }
}

const OUTAGE_PAUSE_MS = 3000;

/**
 * Asks Nova, and while it cannot be asked waits, up to the time that the operator set. Rejects with `OutageError`
 * after that.
 */
export async function askNova<Answer>(
  context: Pick<RunContext, 'ports' | 'run' | 'settings' | 'emit' | 'journal'>,
  host: string,
  ask: () => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const {clock} = context.ports;
  const began = clock.now();
  let isTold = false;
  for (;;) {
    try {
      const answer = await ask();
      if (isTold) tell(context, host, 'gate', 'started', 'Nova answers again');
      return answer;
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (clock.now() - began >= context.settings.apiWaitSeconds * 1000) throw outage(error);
      if (!isTold) {
        const limit = context.settings.apiWaitSeconds;
        tell(
          context,
          host,
          'gate',
          'waiting',
          `Nova cannot be asked, waiting up to ${limit} s: ${error.message}`,
        );
        isTold = true;
      }
      await clock.sleep(OUTAGE_PAUSE_MS, signal);
    }
  }
}

export function outage(error: CloudError): OutageError {
  return new OutageError('failed', `Nova cannot be asked: ${error.message}`, {
    cause: error,
    ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
  });
}
