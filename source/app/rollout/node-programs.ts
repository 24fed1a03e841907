import {
  type ChangeAnswer,
  decodeChange,
  decodeLock,
  type LockAnswer,
} from '../../domain/fleet/decode-change.js';
import {decodeService, type ServiceReading} from '../../domain/fleet/decode-service.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {
  changeVariables,
  type FileAction,
  type LockRequest,
  lockVariables,
  type NodeVariables,
  serviceVariables,
} from '../../domain/fleet/node-requests.js';
import {renderScript} from '../../domain/shell-quote.js';
import {NodeError} from '../errors.js';
import type {RunResult} from '../ports.js';
import type {PlannedTarget} from './plan-types.js';
import {type NodePrograms, OPTION, STEP_TIMEOUT_MS} from './rollout-ports.js';
import type {RunContext} from './run-context.js';

/** What the change program shall do to a target's file. */
export type ChangeAction =
  | {readonly kind: 'write'}
  /** Keeps what `put-back` needs, and leaves writing and restarting to somebody else. */
  | {readonly kind: 'hand-over'}
  /** Records what that one made of the file: the planned bytes, or those of `digestRight`. */
  | {readonly kind: 'take-back'; readonly file: string; readonly digestRight: string | undefined}
  | {
      readonly kind: 'put-back';
      readonly file: string;
      readonly digestBefore: string;
      readonly digestAfter: string;
    };

/** The answer of a program on a node, or that none came: then what it did must be looked up. */
export type Answer<Value> =
  {readonly kind: 'answered'; readonly value: Value} | {readonly kind: 'lost'; readonly reason: string};

/** Changes a target's file and asks for the restart, in one exec that goes on when the line is cut. */
export async function runChange(
  context: RunContext,
  target: PlannedTarget,
  action: ChangeAction,
): Promise<Answer<ChangeAnswer>> {
  const {settings} = context;
  const node = nodeOf(context, target);
  // A file that is put back is no use to a process that has read the other one.
  const isRestarted =
    settings.restart && action.kind !== 'take-back' && (target.needsRestart || action.kind === 'put-back');
  const values = changeVariables({
    ...lockRequest(context, node),
    role: target.role,
    action: fileAction(context, target, action),
    restart: isRestarted ? {unit: target.unit, command: node.overrides.restart} : undefined,
    isHandedOver: action.kind === 'hand-over',
    keepsLock: true,
  });
  return runProgram(context, node, 'change', values, decodeChange);
}

function fileAction(context: RunContext, target: PlannedTarget, action: ChangeAction): FileAction {
  const {write, rawBefore: valueBefore, rawAfter: valueAfter} = target;
  if (action.kind === 'take-back') return {...action, option: OPTION};
  if (action.kind === 'put-back') {
    const {file, digestBefore, digestAfter} = action;
    return {
      kind: 'restore',
      file,
      digestBefore,
      digestAfter,
      sourceRun: context.run,
      valueBefore: valueAfter,
      valueAfter: valueBefore,
    };
  }
  switch (write.kind) {
    case 'none':
      return {kind: 'restart'};
    case 'edit': {
      const {offset, length, after: replacement} = write.edit;
      const {file, digestBefore} = write;
      return {
        kind: 'edit',
        file,
        digestBefore,
        digestAfter: undefined,
        offset,
        length,
        replacement,
        valueBefore,
        valueAfter,
      };
    }
    case 'restore':
      return {...write, valueBefore, valueAfter};
  }
}

/** A run's lock that goes where the unit is found active with this very start. */
export type Unlock = {readonly run: string; readonly startIdExpected: string};

/** Reads a unit on the node, waiting there up to `limitSeconds` for another start than `startIdBefore`. */
export async function readService(
  context: RunContext,
  target: PlannedTarget,
  startIdBefore: string,
  limitSeconds: number,
  unlock?: Unlock,
): Promise<Answer<ServiceReading>> {
  const node = nodeOf(context, target);
  const values = serviceVariables({
    sysroot: node.overrides.sysroot ?? '',
    unit: target.unit,
    startIdBefore,
    limitSeconds,
    unlock,
  });
  return runProgram(context, node, 'service', values, decodeService);
}

/** Takes or gives back a node's lock. */
export async function runLock(
  context: RunContext,
  node: InventoryHost,
  action: 'lock' | 'unlock',
): Promise<Answer<LockAnswer>> {
  const values = lockVariables(lockRequest(context, node), action);
  return runProgram(context, node, 'lock', values, decodeLock);
}

function lockRequest({run, operator, steal}: RunContext, node: InventoryHost): LockRequest {
  return {
    sysroot: node.overrides.sysroot ?? '',
    run,
    operator: operator.name,
    bastion: operator.bastion,
    pid: operator.pid,
    bootId: operator.bootId,
    steal,
  };
}

export function nodeOf(context: RunContext, target: PlannedTarget): InventoryHost {
  const node = context.nodes.get(target.host);
  if (node === undefined) throw new Error(`no node ${target.host} in this run`);
  return node;
}

/** A `NodeError` means that nothing ran; anything that may have run and gave no whole answer is `lost`. */
async function runProgram<Value>(
  context: RunContext,
  node: InventoryHost,
  name: keyof NodePrograms,
  values: NodeVariables,
  decode: (stdout: Uint8Array) => Value,
): Promise<Answer<Value>> {
  const {shell, programs} = context.ports;
  const script = renderScript(name, programs[name], values);
  let result: RunResult;
  try {
    result = await shell.run(node.address, script, {
      signal: context.finish,
      timeoutMs: STEP_TIMEOUT_MS[name],
    });
  } catch (error) {
    if (error instanceof NodeError) return {kind: 'lost', reason: error.message};
    throw error;
  }
  if (result.kind === 'lost') return {kind: 'lost', reason: result.reason};
  try {
    return {kind: 'answered', value: decode(result.stdout)};
  } catch (error) {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    const why = error instanceof Error ? error.message : String(error);
    return {kind: 'lost', reason: `the ${name} program gave no whole answer: ${why} ${said}`.trim()};
  }
}
