import {virshTools} from '../../deployments/registry.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {guestVariables} from '../../domain/fleet/node-requests.js';
import {
  beginCourse,
  type DrillCourse,
  type DrillVerdict,
  type NovaView,
  stateName,
  verdictOf,
  withGuestLine,
  withNovaView,
} from '../../domain/guest/drill-course.js';
import {createGuestReader, type GuestLine} from '../../domain/guest/guest-lines.js';
import {renderScript} from '../../domain/shell-quote.js';
import {CloudError, NodeError, UserError} from '../errors.js';
import type {GuestServer} from '../servers/server-ports.js';
import {createNodeFinder} from './find-guest.js';
import type {GuestOptions, GuestPorts, Verified} from './guest-ports.js';
import {verifyServers} from './verify.js';

/** A guest that a drill can be held with. */
export type DrillSubject = {
  readonly server: GuestServer;
  readonly node: InventoryHost;
  readonly verified: Verified & {readonly kind: 'compared'};
  readonly model: string;
  readonly action: string;
};

/** What is told while a guest is watched. Times are epoch milliseconds by the node's clock. */
export type DrillEvent =
  | {readonly kind: 'watching'; readonly at: number; readonly state: string}
  | {readonly kind: 'state'; readonly at: number; readonly state: string}
  | {readonly kind: 'event'; readonly at: number; readonly event: string; readonly detail: string}
  | {readonly kind: 'nova'; readonly at: number; readonly nova: NovaView}
  /** The line to the node or to Nova broke; it is tried again. */
  | {readonly kind: 'lost'; readonly at: number; readonly who: 'node' | 'nova'; readonly problem: string}
  | {readonly kind: 'back'; readonly at: number; readonly who: 'node' | 'nova'}
  | {readonly kind: 'end'; readonly at: number; readonly verdict: DrillVerdict; readonly course: DrillCourse};

/**
 * Looks whether a drill can be held: the server runs, its domain is seen, and it has a watchdog that does something.
 * Rejects with `UserError` (refused) where it cannot.
 */
export async function prepareDrill(
  ports: GuestPorts,
  server: GuestServer,
  options: GuestOptions,
  signal: AbortSignal,
): Promise<DrillSubject> {
  const refuse = (what: string, remedy: string): UserError =>
    new UserError('refused', `${server.name}: ${what}; no drill is held`, {remedy});
  if (server.status !== 'ACTIVE' || server.taskState !== undefined) {
    const task = server.taskState === undefined ? '' : `, ${server.taskState}`;
    throw refuse(`it is ${server.status}${task}`, 'a drill takes a server that is ACTIVE and at rest');
  }
  let verified: Verified | undefined;
  let node: InventoryHost | undefined;
  const loadFleet: GuestOptions['loadFleet'] = async (computes) => {
    const fleet = await options.loadFleet(computes);
    const found = createNodeFinder(fleet)(server);
    if (found.kind === 'node') node = found.node;
    return fleet;
  };
  await verifyServers(ports, [server], {...options, loadFleet}, false, (one) => (verified = one), signal);
  if (verified === undefined || node === undefined || verified.kind === 'unseen') {
    const why = verified?.kind === 'unseen' ? verified : undefined;
    throw new UserError('failed', why?.problem ?? `${server.name} was not found on a node`, {
      ...(why?.remedy === undefined ? {} : {remedy: why.remedy}),
    });
  }
  const {watchdog} = verified.domain.traits;
  if (watchdog === undefined || watchdog.isOfMachine) {
    throw refuse(
      watchdog === undefined ? 'its domain has no watchdog' : 'it has the watchdog of its machine type only',
      'give its flavor hw:watchdog_action and resize it to that flavor; reprieve verify tells both sides',
    );
  }
  if (stateName(verified.state) !== 'running') {
    throw refuse(`its domain is ${verified.state}`, 'a drill takes a guest that runs');
  }
  return {server, node, verified, model: watchdog.model, action: watchdog.action};
}

/** Between two questions to Nova, and before a lost node is tried again, in milliseconds. */
const POLL_MS = 1000;
const AGAIN_MS = 2000;
/** One program on the node watches no longer than this; another one goes on. */
const SEGMENT_SECONDS = 300;

/**
 * Watches a guest until it is clear what its watchdog did, or the time is up. Nothing is changed: whoever holds the drill
 * crashes the guest. Gives the verdict; rejects with the signal's reason when aborted.
 */
export async function watchDrill(
  ports: GuestPorts,
  {server, node, action}: DrillSubject,
  withinSeconds: number,
  tell: (event: DrillEvent) => void,
  signal: AbortSignal,
): Promise<DrillVerdict> {
  const {clock} = ports;
  const deadline = clock.now() + withinSeconds * 1000;
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  let course = beginCourse(action);
  /** How far the node's clock is ahead of ours. */
  let aheadMs = 0;
  let verdict: DrillVerdict | undefined;
  const nodeTime = (): number => clock.now() + aheadMs;
  const isOpen = (): boolean => verdict === undefined && clock.now() < deadline;
  const settle = (isOver: boolean): void => {
    if (verdict !== undefined) return;
    verdict = verdictOf(course, isOver);
    if (verdict === undefined) return;
    tell({kind: 'end', at: nodeTime(), verdict, course});
    done.abort();
  };
  const onLine = (line: GuestLine): void => {
    if (verdict !== undefined) return;
    const before = course;
    if (line.kind === 'state') aheadMs = line.at - clock.now();
    course = withGuestLine(course, line);
    if (line.kind === 'event') tell(line);
    else if (line.kind === 'state' && course.state !== before.state) {
      tell({...line, kind: before.state === undefined ? 'watching' : 'state'});
    }
    settle(false);
  };
  const followNode = async (): Promise<void> => {
    let isLost = false;
    while (isOpen()) {
      const problem = await watchOnce(
        ports,
        node,
        server.id,
        Math.ceil((deadline - clock.now()) / 1000),
        (line) => {
          if (isLost && (line.kind === 'state' || line.kind === 'event')) {
            isLost = false;
            tell({kind: 'back', at: nodeTime(), who: 'node'});
          }
          onLine(line);
        },
        both,
      );
      if (problem === undefined) continue;
      if (!isLost) tell({kind: 'lost', at: nodeTime(), who: 'node', problem});
      isLost = true;
      await ports.shell.release(node.address);
      await clock.sleep(AGAIN_MS, both);
    }
  };
  const followNova = async (): Promise<void> => {
    let isLost = false;
    while (isOpen()) {
      try {
        const now = await ports.guestServers.show(server.id, both);
        if (isLost) tell({kind: 'back', at: nodeTime(), who: 'nova'});
        isLost = false;
        const view: NovaView =
          now === undefined
            ? {status: 'DELETED', powerState: 'none', taskState: undefined}
            : {status: now.status, powerState: now.powerState, taskState: now.taskState};
        const before = course;
        const at = nodeTime();
        course = withNovaView(course, view, at);
        if (course !== before) tell({kind: 'nova', at, nova: view});
        settle(false);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        if (!isLost) tell({kind: 'lost', at: nodeTime(), who: 'nova', problem: error.message});
        isLost = true;
      }
      if (verdict === undefined) await clock.sleep(POLL_MS, both);
    }
    settle(true);
  };
  const untilDone = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      // What was under way when the verdict came is not waited for.
      if (signal.aborted || !done.signal.aborted) {
        done.abort();
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled([untilDone(followNode()), untilDone(followNova())]);
  signal.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return verdict ?? {kind: 'nothing'};
}

/** One program on the node. Gives why it ended before its time; undefined where it did not. */
async function watchOnce(
  {shell, programs}: GuestPorts,
  node: InventoryHost,
  id: string,
  leftSeconds: number,
  onLine: (line: GuestLine) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const {sysroot = ''} = node.overrides;
  const limitSeconds = Math.min(SEGMENT_SECONDS, Math.max(1, leftSeconds));
  const values = guestVariables({sysroot, tools: virshTools(node.deployment), id, limitSeconds});
  const reader = createGuestReader();
  let problem: string | undefined;
  let isEnded = false;
  const onOutput = (bytes: Uint8Array): void => {
    for (const line of reader.push(bytes)) {
      if (line.kind === 'problem') problem = line.reason;
      if (line.kind === 'end') isEnded = true;
      onLine(line);
    }
  };
  try {
    const script = renderScript('guest', programs.guest, values);
    const timeoutMs = (limitSeconds + 30) * 1000;
    const result = await shell.run(node.address, script, {signal, timeoutMs, onOutput});
    if (result.kind === 'lost') return result.reason;
    if (problem !== undefined) return problem;
    return isEnded ? undefined : `the program there ended with ${result.code}`;
  } catch (error) {
    if (error instanceof NodeError) return error.message;
    throw error;
  }
}
