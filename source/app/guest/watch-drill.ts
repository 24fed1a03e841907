import {virshTools} from '../../deployments/registry.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {guestVariables} from '../../domain/fleet/node-requests.js';
import {
  beginCourse,
  type DrillCourse,
  type NovaView,
  withDeafness,
  withGuestLine,
  withNovaView,
} from '../../domain/guest/drill-course.js';
import {type DrillVerdict, verdictOf} from '../../domain/guest/drill-verdict.js';
import {createGuestReader, type GuestLine} from '../../domain/guest/guest-lines.js';
import {renderScript} from '../../domain/shell-quote.js';
import {CloudError, NodeError} from '../errors.js';
import type {DrillSubject} from './drill.js';
import type {GuestPorts} from './guest-ports.js';

/** Who a watch asks: the host over SSH, libvirt on it, and Nova. */
export type DrillWitness = 'node' | 'libvirt' | 'nova';

/** What is told while a guest is watched. Times are epoch milliseconds by the node's clock. */
export type DrillEvent =
  | {readonly kind: 'watching'; readonly at: number; readonly state: string}
  | {readonly kind: 'state'; readonly at: number; readonly state: string}
  | {readonly kind: 'event'; readonly at: number; readonly event: string; readonly detail: string}
  | {readonly kind: 'nova'; readonly at: number; readonly nova: NovaView}
  /** libvirt's events broke off; they are asked for again, and what it told meanwhile is missed. Told once. */
  | {readonly kind: 'deaf'; readonly at: number}
  /** It does not answer; it is asked again. */
  | {readonly kind: 'lost'; readonly at: number; readonly who: DrillWitness; readonly problem: string}
  | {readonly kind: 'back'; readonly at: number; readonly who: DrillWitness}
  | {readonly kind: 'end'; readonly at: number; readonly verdict: DrillVerdict; readonly course: DrillCourse};

/** Between two questions to Nova, and before a lost node is tried again, in milliseconds. */
const POLL_MS = 1000;
const AGAIN_MS = 2000;
/** One program on the node watches no longer than this; another one goes on. */
const PROGRAM_SECONDS = 3600;

/**
 * Watches a guest until it is clear what its watchdog did, or the time is up. Nothing is changed: whoever holds the drill
 * crashes the guest. Gives the verdict; rejects with the signal's reason when aborted.
 */
export async function watchDrill(
  ports: GuestPorts,
  subject: DrillSubject,
  withinSeconds: number,
  tell: (event: DrillEvent) => void,
  signal: AbortSignal,
): Promise<DrillVerdict> {
  const watch = new Watch(ports, subject, withinSeconds, tell, signal);
  return watch.run();
}

/** One watch: two lines, to the node and to Nova, that tell of the same course until it is decided. */
class Watch {
  readonly #ports: GuestPorts;
  readonly #subject: DrillSubject;
  readonly #deadline: number;
  readonly #tell: (event: DrillEvent) => void;
  readonly #signal: AbortSignal;
  /** Ends what is under way when the verdict is there. */
  readonly #done = new AbortController();
  readonly #both: AbortSignal;
  readonly #lost = new Set<DrillWitness>();
  #course: DrillCourse;
  /** Whether it was told that events break off: they may do so each second. */
  #hasTold = false;
  /** How far the node's clock is ahead of ours. */
  #aheadMs = 0;
  #verdict: DrillVerdict | undefined;

  constructor(
    ports: GuestPorts,
    subject: DrillSubject,
    withinSeconds: number,
    tell: (event: DrillEvent) => void,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#subject = subject;
    this.#deadline = ports.clock.now() + withinSeconds * 1000;
    this.#tell = tell;
    this.#signal = signal;
    this.#both = AbortSignal.any([signal, this.#done.signal]);
    this.#course = beginCourse(subject.action);
  }

  async run(): Promise<DrillVerdict> {
    const ends = await Promise.allSettled([
      this.#untilDone(this.#followNode()),
      this.#untilDone(this.#followNova()),
    ]);
    this.#signal.throwIfAborted();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return this.#verdict ?? {kind: 'nothing'};
  }

  /** What was under way when the verdict came is not waited for. */
  async #untilDone(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (this.#signal.aborted || !this.#done.signal.aborted) {
        this.#done.abort();
        throw error;
      }
    }
  }

  async #followNode(): Promise<void> {
    const {shell, clock} = this.#ports;
    while (this.#isOpen()) {
      const end = await this.#watchOnce();
      if (this.#verdict !== undefined) return;
      if (end === undefined) continue;
      this.#course = withDeafness(this.#course);
      this.#lose(end.who, end.problem);
      await shell.release(this.#subject.node.address);
      await clock.sleep(AGAIN_MS, this.#both);
    }
  }

  /** One program on the node. Gives who ended it before its time, and why; undefined where nobody did. */
  async #watchOnce(): Promise<{readonly who: DrillWitness; readonly problem: string} | undefined> {
    const {shell, programs, clock} = this.#ports;
    const {node, server} = this.#subject;
    const leftSeconds = Math.ceil((this.#deadline - clock.now()) / 1000);
    const limitSeconds = Math.min(PROGRAM_SECONDS, Math.max(1, leftSeconds));
    const script = renderScript('guest', programs.guest, variablesOf(node, server.id, limitSeconds));
    const reader = createGuestReader();
    let problem: string | undefined;
    let isEnded = false;
    const onOutput = (bytes: Uint8Array): void => {
      for (const line of reader.push(bytes)) {
        if (line.kind === 'problem') problem = line.reason;
        if (line.kind === 'end') isEnded = true;
        this.#onLine(line);
      }
    };
    try {
      const timeoutMs = (limitSeconds + 30) * 1000;
      const result = await shell.run(node.address, script, {signal: this.#both, timeoutMs, onOutput});
      if (result.kind === 'lost') return {who: 'node', problem: result.reason};
      if (problem !== undefined) return {who: 'libvirt', problem};
      return isEnded ? undefined : {who: 'node', problem: `the program there ended with ${result.code}`};
    } catch (error) {
      if (error instanceof NodeError) return {who: 'node', problem: error.message};
      throw error;
    }
  }

  #onLine(line: GuestLine): void {
    if (this.#verdict !== undefined) return;
    const before = this.#course;
    this.#course = withGuestLine(before, line);
    switch (line.kind) {
      case 'state':
      case 'absent': {
        const {at} = line;
        this.#aheadMs = at - this.#ports.clock.now();
        this.#find('node', at);
        this.#find('libvirt', at);
        const {state} = this.#course;
        if (state !== undefined && state !== before.state) {
          this.#tell({kind: before.state === undefined ? 'watching' : 'state', at, state});
        }
        break;
      }
      case 'event':
        this.#tell(line);
        break;
      case 'silent':
        this.#find('node', line.at);
        this.#lose('libvirt', line.reason);
        break;
      case 'deaf':
        this.#find('node', line.at);
        if (!this.#hasTold) this.#tell(line);
        this.#hasTold = true;
        break;
      case 'problem':
      case 'end':
        break;
    }
    this.#settle(false);
  }

  async #followNova(): Promise<void> {
    const {guestServers, clock} = this.#ports;
    while (this.#isOpen()) {
      try {
        const now = await guestServers.show(this.#subject.server.id, this.#both);
        const at = this.#nodeTime();
        this.#find('nova', at);
        const nova: NovaView =
          now === undefined
            ? {status: 'DELETED', powerState: 'none', taskState: undefined}
            : {status: now.status, powerState: now.powerState, taskState: now.taskState};
        const before = this.#course;
        this.#course = withNovaView(before, nova, at);
        if (this.#course !== before) this.#tell({kind: 'nova', at, nova});
        this.#settle(false);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        this.#lose('nova', error.message);
      }
      if (this.#verdict === undefined) await clock.sleep(POLL_MS, this.#both);
    }
    this.#settle(true);
  }

  #settle(isOver: boolean): void {
    if (this.#verdict !== undefined) return;
    this.#verdict = verdictOf(this.#course, isOver);
    if (this.#verdict === undefined) return;
    this.#tell({kind: 'end', at: this.#nodeTime(), verdict: this.#verdict, course: this.#course});
    this.#done.abort();
  }

  #lose(who: DrillWitness, problem: string): void {
    if (this.#lost.has(who)) return;
    this.#lost.add(who);
    this.#tell({kind: 'lost', at: this.#nodeTime(), who, problem});
  }

  #find(who: DrillWitness, at: number): void {
    if (this.#lost.delete(who)) this.#tell({kind: 'back', at, who});
  }

  #nodeTime(): number {
    return this.#ports.clock.now() + this.#aheadMs;
  }

  #isOpen(): boolean {
    return this.#verdict === undefined && this.#ports.clock.now() < this.#deadline;
  }
}

function variablesOf(node: InventoryHost, id: string, limitSeconds: number) {
  const {sysroot = ''} = node.overrides;
  return guestVariables({sysroot, tools: virshTools(node.deployment), id, limitSeconds});
}
