import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {ServiceReading} from '../../domain/fleet/decode-service.js';
import {findApiListener} from './api-listener.js';
import {nodeOf, readService, type Unlock} from './node-programs.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, isApiNode, outage, type RunContext, tell} from './run-context.js';
import type {Snapshot} from './service-watch.js';

/** How the wait for a service ended. `unknown`: the node could not be asked. */
export type GateResult =
  | {
      readonly kind: 'up';
      /** The node's lock was given back in the same look. */
      readonly isUnlocked?: boolean;
    }
  | {readonly kind: 'down'; readonly problem: string}
  | {readonly kind: 'unknown'; readonly problem: string};

/** From the new process to a new heartbeat or the second answer, where the operator says nothing else. */
const UP_WITHIN_SECONDS = 120;
/** How long one wait on the node lasts; short, so that a broken line is noticed. */
const NODE_WAIT_SECONDS = 20;
const RECONNECT_PAUSE_MS = 2000;
/** How long a node may be out of reach before its outcome counts as unknown. */
const LOST_WITHIN_MS = 90_000;
const LISTENER_PAUSE_MS = 1000;
/** Between two looks at a unit that Nova has not called up yet. */
const LOOK_EVERY_MS = 4000;

/**
 * Waits for the unit's new main process. `startIdBefore` is of the old one; `bareRestart` skips the wait where a
 * restart command of the operator's own leaves no unit to look at.
 */
export async function awaitStart(
  context: RunContext,
  target: PlannedTarget,
  startIdBefore: string,
): Promise<{readonly kind: 'started'; readonly reading: ServiceReading} | GateResult> {
  const {clock} = context.ports;
  const deadline = clock.now() + target.stopTimeoutSeconds * 1000 + upWithin(context);
  const read = patientReader(context, target);
  for (;;) {
    const answer = await read(startIdBefore, NODE_WAIT_SECONDS);
    if (answer.kind === 'unknown') return answer;
    if (answer.reading.verdict === 'started') return {kind: 'started', reading: answer.reading};
    const {activeState, result} = answer.reading.unit;
    if (answer.reading.verdict === 'stopped') {
      return {kind: 'down', problem: `${target.unit} is ${activeState} (${result}) after the restart`};
    }
    if (clock.now() >= deadline) {
      return {kind: 'down', problem: `${target.unit} did not come up in time; it is ${activeState}`};
    }
  }
}

/**
 * A compute is up when Nova hears of it after its new process was seen: the time of its last heartbeat is another
 * one than Nova had then. Nova's times are compared with each other only, so no clock matters. Time in which Nova
 * cannot be asked does not count.
 */
export async function computeGate(
  context: RunContext,
  target: PlannedTarget,
  started: ServiceReading,
): Promise<GateResult> {
  const {clock} = context.ports;
  const read = patientReader(context, target);
  const outages = outageClock(context, target.host);
  let steady = started;
  let isCut = false;
  let first: string | undefined;
  let lastLook = clock.now();
  let deadline = clock.now() + upWithin(context);
  tell(context, target.host, 'gate', 'started', 'waiting for a new heartbeat');
  for (;;) {
    const snapshot = await context.watch.next(context.finish);
    outages.observe(snapshot);
    if (snapshot.kind === 'services' && !isCut) {
      const service = snapshot.services.find(
        (one) => one.binary === 'nova-compute' && one.host === target.novaHost,
      );
      const beat = service?.updatedAt;
      if (beat !== undefined && first !== undefined && beat !== first && service?.state === 'up') break;
      first ??= beat;
    }
    if (snapshot.kind === 'unasked') {
      // What stops Nova's API from answering may end nova-compute too: it is judged when Nova answers again.
      isCut = true;
      continue;
    }
    if (isCut) {
      isCut = false;
      first = undefined;
      deadline = clock.now() + upWithin(context);
      const anew = await awaitStart(context, target, '');
      if (anew.kind !== 'started') return anew;
      steady = anew.reading;
      continue;
    }
    if (clock.now() - lastLook >= LOOK_EVERY_MS) {
      lastLook = clock.now();
      const problem = await unsteady(read, steady);
      if (problem !== undefined) return problem;
    }
    if (clock.now() >= deadline) {
      return {
        kind: 'down',
        problem: `Nova heard no new heartbeat of ${target.novaHost} in ${upWithin(context) / 1000} s`,
      };
    }
  }
  return lastLookAt(context, target, read, steady);
}

/**
 * An API node is up when its own listener, asked through the node's connection, lists the services twice, and the
 * public endpoint answers too. Refused connections only use up time.
 */
export async function apiGate(
  context: RunContext,
  target: PlannedTarget,
  started: ServiceReading,
): Promise<GateResult> {
  const {cloud} = context.ports;
  const listener = await listenerGate(context, target, started);
  if (listener.kind !== 'up') return listener;
  // The node itself is well: where the public endpoint does not answer, nothing is known, and nothing is put back.
  await askNova(context, target.host, async () => cloud.services(context.finish), context.finish);
  return (await unsteady(patientReader(context, target), started)) ?? {kind: 'up'};
}

/** Milliseconds. */
function upWithin({settings}: RunContext): number {
  return (settings.upWithinSeconds ?? UP_WITHIN_SECONDS) * 1000;
}

/** Whether the node's own listener answers twice. */
export async function listenerGate(
  context: RunContext,
  target: PlannedTarget,
  started: ServiceReading,
): Promise<GateResult> {
  const {clock} = context.ports;
  const node = nodeOf(context, target);
  const read = patientReader(context, target);
  const deadline = clock.now() + upWithin(context);
  const refusedUntil = clock.now() + context.settings.apiWaitSeconds * 1000;
  let reading = started;
  let answers = 0;
  tell(context, target.host, 'gate', 'started', 'waiting for its listener to answer twice');
  for (;;) {
    const unit = {unit: target.unit, listeners: reading.listeners};
    const found = await findApiListener(
      context.ports,
      node,
      unit,
      (listed) => isSameCloud(listed, context.services),
      context.finish,
    );
    if (found.kind === 'found') {
      answers += 1;
      if (answers === 2) return {kind: 'up'};
      continue;
    }
    // An API that is there and refuses to list services does not suffer from our edit: its database or Keystone
    // may be down. Then nothing is known about this node, and nothing is put back.
    const isRefused = found.code === 'refused';
    if (isRefused && clock.now() >= refusedUntil) return {kind: 'unknown', problem: found.problem};
    if (!isRefused && clock.now() >= deadline) return {kind: 'down', problem: found.problem};
    await clock.sleep(LISTENER_PAUSE_MS, context.finish);
    const again = await read(started.unit.startId, 0);
    if (again.kind === 'unknown') return again;
    reading = again.reading;
    if (reading.unit.startId !== started.unit.startId) {
      return {kind: 'down', problem: `${target.unit} started again by itself`};
    }
  }
}

/** The plan proved whose API it is; since then services may have joined or left. */
function isSameCloud(listed: readonly ComputeService[], planned: readonly ComputeService[]): boolean {
  const ids = new Set(planned.map(({id}) => id));
  return planned.length === 0 || listed.some(({id}) => ids.has(id));
}

/** The last look at a compute that Nova has heard of; where it is well, its lock goes in the same exec. */
async function lastLookAt(
  context: RunContext,
  target: PlannedTarget,
  read: PatientReader,
  started: ServiceReading,
): Promise<GateResult> {
  const unlock = isApiNode(context, target.host)
    ? undefined
    : {run: context.run, startIdExpected: started.unit.startId};
  const answer = await read('', 0, unlock);
  if (answer.kind === 'unknown') return answer;
  return sinceStart(answer.reading, started) ?? {kind: 'up', isUnlocked: answer.reading.isUnlocked ?? false};
}

/** Whether the unit is no longer the process that was seen to start. */
async function unsteady(read: PatientReader, started: ServiceReading): Promise<GateResult | undefined> {
  const answer = await read('', 0);
  return answer.kind === 'unknown' ? answer : sinceStart(answer.reading, started);
}

/** What became of a service since it was seen to start; undefined where it is the same process, and active. */
function sinceStart({unit}: ServiceReading, started: ServiceReading): GateResult | undefined {
  if (unit.activeState !== 'active') {
    return {
      kind: 'down',
      problem: `${unit.unit} is ${unit.activeState} (${unit.result}) after it had started`,
    };
  }
  const before = started.unit;
  const hasRestarted = unit.startId !== before.startId || (unit.restarts ?? 0) > (before.restarts ?? 0);
  return hasRestarted
    ? {kind: 'down', problem: `${unit.unit} starts again and again: its process ended and was started anew`}
    : undefined;
}

type PatientReader = (
  startIdBefore: string,
  limitSeconds: number,
  unlock?: Unlock,
) => Promise<
  | {readonly kind: 'read'; readonly reading: ServiceReading}
  | {readonly kind: 'unknown'; readonly problem: string}
>;

/** Reads the unit, and through a broken line tries again for a while. */
function patientReader(context: RunContext, target: PlannedTarget): PatientReader {
  const {clock} = context.ports;
  return async (startIdBefore, limitSeconds, unlock) => {
    const began = clock.now();
    for (;;) {
      const answer = await readService(context, target, startIdBefore, limitSeconds, unlock);
      if (answer.kind === 'answered') return {kind: 'read', reading: answer.value};
      if (clock.now() - began >= LOST_WITHIN_MS) return {kind: 'unknown', problem: answer.reason};
      await clock.sleep(RECONNECT_PAUSE_MS, context.finish);
    }
  };
}

/** Tells when Nova cannot be asked; too long a time ends the run. */
function outageClock(context: RunContext, host: string) {
  const {clock} = context.ports;
  let since: number | undefined;
  let last = clock.now();
  return {
    observe(snapshot: Snapshot): void {
      const passed = clock.now() - last;
      last = clock.now();
      if (snapshot.kind === 'services') {
        if (since !== undefined) tell(context, host, 'gate', 'started', 'Nova answers again');
        since = undefined;
        return;
      }
      if (since === undefined) {
        const limit = context.settings.apiWaitSeconds;
        tell(
          context,
          host,
          'gate',
          'waiting',
          `Nova cannot be asked, waiting up to ${limit} s: ${snapshot.error.message}`,
        );
      }
      since ??= clock.now() - passed;
      if (clock.now() - since >= context.settings.apiWaitSeconds * 1000) throw outage(snapshot.error);
    },
  };
}
