import {CloudError} from '../errors.js';
import type {Cloud} from '../ports.js';
import type {NodeState} from './events.js';
import type {Plan} from './plan-types.js';
import {askNova, type RunContext, tell} from './run-context.js';
import {type Beginning, settleApi} from './run-target.js';

/** What an earlier process of the same run left: how targets that are finished ended, and how far others were. */
export type Continuation = {
  readonly finished: ReadonlyMap<string, NodeState>;
  /** Finished ones that failed or were put back: a resumed run does not try them again. */
  readonly broken: readonly string[];
  readonly beginnings: ReadonlyMap<string, Beginning>;
  /** The newest plan of the run. */
  readonly plan: Plan | undefined;
};

/**
 * Makes Nova answer before a run is planned again, where it does not because of what the run began: a nova-api that
 * does not come up is put back, one that has just been restarted is waited for. Rejects with `OutageError` where
 * Nova cannot be asked all the same.
 */
export async function settle(
  cloud: Cloud,
  continuation: Continuation,
  makeContext: () => Promise<RunContext>,
  stop: AbortSignal,
): Promise<Continuation> {
  if (![...continuation.beginnings.keys()].some((id) => id.endsWith('/api'))) return continuation;
  try {
    await cloud.services(stop);
    return continuation;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
  }
  const context = await makeContext();
  const {clock} = context.ports;
  const finished = new Map(continuation.finished);
  const broken = [...continuation.broken];
  for (const [id, beginning] of continuation.beginnings) {
    const target = continuation.plan?.targets.find((one) => one.id === id);
    if (target?.role !== 'api' || !context.nodes.has(target.host)) continue;
    const result = await settleApi(context, target, beginning);
    if (result === undefined || !isEnd(result.state)) continue;
    const {state, message} = result;
    context.journal.append({type: 'result', time: clock.now(), target: id, state, message});
    tell(context, target.host, 'result', state, `nova-api: ${message}`);
    await context.journal.flush();
    finished.set(id, state);
    broken.push(id);
  }
  await askNova(context, '', async () => cloud.services(stop), stop);
  const beginnings = new Map([...continuation.beginnings].filter(([id]) => !finished.has(id)));
  return {...continuation, finished, broken, beginnings};
}

function isEnd(state: NodeState): state is 'put-back' | 'failed' {
  return state === 'put-back' || state === 'failed';
}
