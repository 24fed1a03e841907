import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {restoreJudge, stopJudge} from '../../domain/reclaim/after-action.js';
import {type ApiHalf, rescueOf} from '../../domain/reclaim/another-delete.js';
import type {RestoreCheck} from '../../domain/reclaim/restore-checks.js';
import {CloudError, withoutStop} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {KnownServer} from '../servers/server-ports.js';
import {isAdmin, type Named} from '../servers/find-servers.js';
import {
  askSurely,
  isAbort,
  followServer,
  overdueWords,
  type Sighting,
  wordsOf,
} from '../servers/follow-server.js';
import {type ReadServices, serviceReader} from '../servers/read-services.js';
import {type Progress, toEnd} from '../servers/to-end.js';
import {checkServer, tryToRead} from './check-server.js';
import type {
  RestoreEnd,
  RestoreEvent,
  RestorePorts,
  RestoreWish,
  Shortcoming,
  Step,
} from './restore-types.js';

/** How many servers are restored at the same time: hosts start guests one after the other anyhow. */
const AT_ONCE = 8;

/** A server that is to be stopped is followed for so long: nobody else stops it. In seconds. */
const STOP_FOLLOW_SECONDS = 1800;

/** Nova waits for a clean shutdown of the guest before it takes the power: so long a stop is given at least. */
const STOP_SECONDS = 300;

/** One that was found, or the word for which none was. */
export type Wanted = Exclude<Named, {kind: 'several'}>;

/**
 * Restores servers, each by its id: looks at it again, checks, asks Nova once, follows it. What speaks against one
 * server, and a Nova that does not answer, is told of that one, and the others go on.
 *
 * @param signal stops before the next write; what Nova was asked for goes on
 */
export async function restoreServers(
  ports: RestorePorts,
  wanted: readonly Wanted[],
  wish: RestoreWish,
  emit: (event: RestoreEvent) => void,
  signal: AbortSignal,
): Promise<readonly RestoreEnd[]> {
  const readServices = serviceReader(ports);
  return mapLimited(wanted, AT_ONCE, async (named) => {
    if (named.kind === 'none') {
      const end: RestoreEnd = {kind: 'not-found', others: named.others};
      emit({kind: 'end', target: {word: named.word, server: undefined}, checks: [], end});
      return end;
    }
    const {server} = named;
    const restore = new Restore({...ports, readServices}, server, wish, emit, signal);
    const end = await restore.conduct();
    emit({kind: 'end', target: {word: server.name, server}, checks: restore.checks, end});
    return end;
  });
}

const NOT_LOOKED_AT: ApiHalf = {kind: 'unseen', problem: 'no API host was looked at'};
const NOT_SEEN: IntervalReading = {kind: 'unknown', problem: 'its host was not looked at'};

type Ports = RestorePorts & {readonly readServices: ReadServices};

class Restore {
  checks: readonly RestoreCheck[] = [];
  readonly #ports: Ports;
  readonly #server: KnownServer;
  readonly #wish: RestoreWish;
  readonly #emit: (event: RestoreEvent) => void;
  readonly #signal: AbortSignal;
  #isAdmin: boolean | undefined;

  constructor(
    ports: Ports,
    server: KnownServer,
    wish: RestoreWish,
    emit: (event: RestoreEvent) => void,
    signal: AbortSignal,
  ) {
    this.#ports = ports;
    this.#server = server;
    this.#wish = wish;
    this.#emit = emit;
    this.#signal = signal;
  }

  async conduct(): Promise<RestoreEnd> {
    const began = this.#ports.clock.now();
    const end = await toEnd<RestoreEnd>(
      async (progress) => this.#restore(progress),
      (problem) => {
        const seconds = Math.round((this.#ports.clock.now() - began) / 1000);
        return {kind: 'late', seconds, last: undefined, problem, left: this.#more()};
      },
      this.#signal,
    );
    return end.kind === 'interrupted' ? {...end, left: end.wasAsked ? this.#more() : []} : end;
  }

  async #restore(progress: Progress): Promise<RestoreEnd> {
    const {servers, account, clock} = this.#ports;
    const {id} = this.#server;
    const server = await servers.show(id, this.#signal);
    if (server === undefined || server.status === 'DELETED') return {kind: 'reclaimed', wasAsked: false};
    const {readServices} = this.#ports;
    const {interval} = this.#wish;
    this.checks = await checkServer(this.#ports, readServices, server, interval, this.#signal);
    this.#emit({kind: 'checked', server, checks: this.checks});
    if (this.checks.some(({verdict}) => verdict === 'refused')) return {kind: 'refused', checks: this.checks};
    if (this.#wish.isDryRun) return {kind: 'would-restore'};
    const {value: admin} = await tryToRead(clock, this.#signal, async (one) => isAdmin(account, one));
    this.#isAdmin = admin;
    this.#signal.throwIfAborted();
    this.#emit({kind: 'asked', server, what: 'restore'});
    let lost: string | undefined;
    try {
      progress.wasAsked = true;
      lost = await this.#send(async (signal) => servers.restore(id, signal));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      progress.wasAsked = false;
      return this.#refusal(error);
    }
    return this.#follow(server, lost);
  }

  /** Sends what changes something, once, and waits for its answer also where somebody stops the program. */
  async #send(work: (signal: AbortSignal) => Promise<void>): Promise<string | undefined> {
    return askSurely(this.#ports.clock, work);
  }

  async #refusal(error: CloudError): Promise<RestoreEnd> {
    const problem = withoutStop(error.message);
    switch (error.reason) {
      case 'not-found':
        return {kind: 'reclaimed', wasAsked: false};
      case 'quota':
        return {kind: 'over-quota', problem};
      case 'forbidden':
        return {kind: 'forbidden', problem};
      case 'conflict':
        return this.#conflict(problem);
      default:
        return {kind: 'conflict', problem};
    }
  }

  /** Nova's text does not tell a lock from another state: the server does. */
  async #conflict(problem: string): Promise<RestoreEnd> {
    const {servers, account} = this.#ports;
    const seen = await servers.show(this.#server.id, this.#signal);
    if (seen === undefined || seen.status === 'DELETED') return {kind: 'reclaimed', wasAsked: false};
    if (seen.taskState !== undefined) return {kind: 'busy', task: seen.taskState};
    if (seen.status === 'ACTIVE') return {kind: 'restored-meanwhile', left: this.#more()};
    if (seen.status !== 'SOFT_DELETED') return this.#changed(seen);
    const admin = await isAdmin(account, this.#signal);
    return seen.isLocked === true && admin !== true ? {kind: 'locked'} : {kind: 'conflict', problem};
  }

  #changed(server: KnownServer): RestoreEnd {
    const left = this.#more().filter(({step}) => step !== 'stop' || server.status !== 'SHUTOFF');
    return {kind: 'changed', server, left};
  }

  #more(): readonly Step[] {
    const {stop, lock} = this.#wish;
    return [
      ...(stop ? [{step: 'stop'} as const] : []),
      ...(lock === undefined ? [] : [{step: 'lock', reason: lock} as const]),
    ];
  }

  async #follow(before: KnownServer, lost: string | undefined): Promise<RestoreEnd> {
    const judge = restoreJudge(lost === undefined, before.updatedAt);
    let last = before;
    const look = (seen: Sighting<KnownServer>) => {
      if (seen !== 'gone') last = seen;
      return judge(seen === 'gone' ? undefined : seen);
    };
    const {waitSeconds, stop} = this.#wish;
    let seconds = waitSeconds;
    let watched = await this.#watch(look);
    if (watched.kind === 'overdue' && stop && waitSeconds < STOP_FOLLOW_SECONDS) {
      this.#emit({
        kind: 'seen',
        server: this.#server,
        text: `not ACTIVE after ${waitSeconds} s; it is to be stopped, so it is followed on, until ${STOP_FOLLOW_SECONDS / 60} min are over`,
      });
      seconds = STOP_FOLLOW_SECONDS;
      watched = await this.#watch(look, STOP_FOLLOW_SECONDS - waitSeconds);
    }
    if (watched.kind === 'overdue') {
      const {last: shown, trouble} = watched;
      return {
        kind: 'late',
        seconds,
        left: this.#more(),
        last: shown === undefined ? undefined : overdueWords({last: shown, trouble: undefined}),
        problem: trouble === undefined ? undefined : withoutStop(trouble),
      };
    }
    switch (watched.verdict) {
      case 'active':
        return this.#finish(last);
      case 'gone':
        return {kind: 'reclaimed', wasAsked: true};
      case 'failed':
        return this.#failure(last);
      case 'nothing':
        return {kind: 'unanswered', problem: withoutStop(lost ?? 'Nova did not do it')};
      case 'error':
      case 'other':
        return this.#changed(last);
    }
  }

  /** Nothing is asked here: a minute is left, and whoever reads this has it. */
  #failure(server: KnownServer): RestoreEnd {
    const check = this.checks.find((one) => one.check === 'service');
    const service = check?.service ?? {kind: 'unseen'};
    const facts = {api: NOT_LOOKED_AT, host: server.host, service, interval: NOT_SEEN};
    const rescue = rescueOf({...facts, now: this.#ports.clock.now()}, this.#isAdmin);
    return {kind: 'failed', server, service, isAdmin: this.#isAdmin, rescue};
  }

  /** What is wanted besides: each is asked for once, and what does not work takes nothing back. */
  async #finish(server: KnownServer): Promise<RestoreEnd> {
    const done: ('stop' | 'lock')[] = [];
    const short: Shortcoming[] = [];
    for (const step of this.#more()) {
      const problem = this.#signal.aborted
        ? 'this program was interrupted before'
        : await this.#do(step, server);
      if (problem === undefined) done.push(step.step);
      else short.push({...step, problem});
    }
    return {kind: 'restored', server, done, short};
  }

  /** Gives why it is not done; undefined: it is. */
  async #do(step: Step, server: KnownServer): Promise<string | undefined> {
    this.#emit({kind: 'asked', server, what: step.step});
    try {
      return step.step === 'stop' ? await this.#stop(server) : await this.#lock(server, step.reason);
    } catch (error) {
      if (isAbort(error, this.#signal)) return 'it was asked for, and not followed to its end';
      if (!(error instanceof CloudError)) throw error;
      return withoutStop(error.message);
    }
  }

  async #stop({id}: KnownServer): Promise<string | undefined> {
    const lost = await this.#send(async (signal) => this.#ports.servers.stop(id, signal));
    const judge = stopJudge();
    let last = 'it is gone';
    const watched = await this.#watch(
      (seen) => {
        last = `it is ${wordsOf(seen)}`;
        return judge(seen === 'gone' ? undefined : seen);
      },
      Math.max(this.#wish.waitSeconds, STOP_SECONDS),
    );
    if (watched.kind === 'overdue') return withoutStop(overdueWords(watched));
    if (watched.verdict === 'stopped') return undefined;
    return lost === undefined ? last : `${last}; ${withoutStop(lost)}`;
  }

  async #lock({id}: KnownServer, reason: string): Promise<string | undefined> {
    const {servers} = this.#ports;
    let isReasonKept = true;
    const lost = await this.#send(async (signal) => {
      isReasonKept = await servers.lock(id, reason, signal);
    });
    if (lost !== undefined) {
      const seen = await servers.show(id, this.#signal);
      if (seen?.isLocked !== true) return withoutStop(lost);
    }
    return isReasonKept ? undefined : 'it is locked, but this Nova keeps no reasons';
  }

  async #watch<Verdict>(
    judge: (seen: Sighting<KnownServer>) => Verdict | undefined,
    seconds = this.#wish.waitSeconds,
  ) {
    const {servers, clock} = this.#ports;
    const server = this.#server;
    return followServer(
      async (signal) => servers.show(server.id, signal),
      clock,
      seconds * 1000,
      judge,
      (text) => this.#emit({kind: 'seen', server, text}),
      this.#signal,
    );
  }
}
