import {CloudError, UserError, withoutStop} from '../errors.js';
import type {OwnServer} from '../servers/server-ports.js';
import {askOnce, isPassing, overdueWords, pauseMs, type Sighting, wordsOf} from '../servers/follow-server.js';
import {LATE, within} from '../within.js';
import {type Finding, judgeOf, notRestored, open, PROVED, STOPPED} from './findings.js';
import {
  LIMITS,
  MARK,
  MARK_BY,
  MARK_RUN,
  type LeftServer,
  type ProofEnd,
  type ProofEvent,
  type ProofPorts,
  type ProofStep,
  type ProofWish,
} from './proof-types.js';
import {removeServer} from './remove-server.js';
import {NotOurs, type Target, watchServer} from './watch-server.js';

/**
 * Makes one server, deletes it, sees it wait, restores it, and removes it for good, whatever comes in between. Only
 * the server that it made is ever touched, by its id.
 *
 * @param emit what is seen, as it is seen
 * @param signal stops it: the server is removed then
 */
export async function conductProof(
  ports: ProofPorts,
  wish: ProofWish,
  emit: (event: ProofEvent) => void,
  signal: AbortSignal,
): Promise<ProofEnd> {
  return new Proof(ports, wish, emit, signal).conduct();
}

/** A step that did not come to what it should. Its message is what was seen, in few words. */
class Ended extends Error {
  override readonly name: string = 'Ended';
  readonly finding: Finding;

  constructor(seen: string, finding: Finding) {
    super(seen);
    this.finding = finding;
  }
}

/** A wait that came to nothing. `isSilent`: Nova did not answer at the end of it. */
type Overdue = {readonly overdue: string; readonly isSilent: boolean};

class Proof {
  readonly #ports: ProofPorts;
  readonly #wish: ProofWish;
  readonly #emit: (event: ProofEvent) => void;
  readonly #signal: AbortSignal;
  #step: ProofStep = 'create';
  #target: Target | undefined;
  /** Why Nova did not answer to what was asked for last. */
  #unanswered: string | undefined;
  /** Undefined as long as nothing was asked for. */
  #maybe: LeftServer | undefined;

  constructor(ports: ProofPorts, wish: ProofWish, emit: (event: ProofEvent) => void, signal: AbortSignal) {
    this.#ports = ports;
    this.#wish = wish;
    this.#emit = emit;
    this.#signal = signal;
  }

  async conduct(): Promise<ProofEnd> {
    const finding = await this.#prove();
    const left = await this.#remove();
    return {...finding, left, time: this.#ports.clock.now()};
  }

  async #prove(): Promise<Finding> {
    try {
      const host = await this.#create();
      await this.#delete();
      await this.#awaitSoftDeleted(host);
      await this.#restore();
      return PROVED;
    } catch (error) {
      const finding = this.#findingOf(error);
      if (finding.outcome !== 'stopped') {
        this.#tell('failed', error instanceof Ended ? error.message : 'Nova refuses it');
      }
      return finding;
    }
  }

  #findingOf(error: unknown): Finding {
    if (error instanceof Ended) return error.finding;
    if (this.#signal.aborted && isAbortOf(error, this.#signal)) return STOPPED;
    if (error instanceof NotOurs) return open(`Nothing is proved: ${error.message}.`, undefined);
    if (error instanceof UserError) {
      return open(`Nothing is proved: ${withoutStop(error.message)}.`, error.remedy);
    }
    throw error;
  }

  #tell(state: ProofEvent['state'], message: string): void {
    const {clock} = this.#ports;
    this.#emit({time: clock.now(), step: this.#step, state, message, id: this.#target?.id});
  }

  #begin(step: ProofStep, message: string): void {
    this.#step = step;
    this.#tell('started', message);
  }

  async #watch<Verdict>(
    limitMs: number,
    judge: (seen: Sighting<OwnServer>, looks: number) => Verdict | undefined,
  ): Promise<Verdict | Overdue> {
    const watched = await watchServer(
      this.#ports,
      this.#made(),
      limitMs,
      judge,
      (text) => this.#tell('waiting', text),
      this.#signal,
    );
    if (watched.kind === 'seen') return watched.verdict;
    return {overdue: overdueWords(watched), isSilent: watched.trouble !== undefined};
  }

  #made(): Target {
    if (this.#target === undefined) throw new Error('no server was made');
    return this.#target;
  }

  /** Gives the host that it runs on. */
  async #create(): Promise<string | undefined> {
    this.#begin('create', `asks Nova for ${this.#wish.name}`);
    this.#signal.throwIfAborted();
    this.#target = {id: await this.#askForOne(), name: this.#wish.name};
    this.#tell('waiting', 'Nova has begun to build it');
    const ended = await this.#watch(LIMITS.create, (seen) => {
      if (seen === 'gone') return 'gone';
      if (seen.status === 'ERROR') return seen;
      return seen.status === 'ACTIVE' && seen.taskState === undefined ? seen : undefined;
    });
    if (ended === 'gone') {
      throw new Ended('gone', open('Nothing is proved: somebody removed the test server.'));
    }
    if ('overdue' in ended) {
      const minutes = LIMITS.create / 60_000;
      throw new Ended(
        `not within ${minutes} min`,
        open(
          `Nothing is proved: the test server did not start within ${minutes} min; ${withoutStop(ended.overdue)}.`,
          'Look at the log of nova-compute on its host.',
        ),
      );
    }
    if (ended.status === 'ERROR') {
      throw new Ended(
        'ERROR',
        open(
          `Nothing is proved: the test server did not start: ${withoutStop(ended.fault ?? 'Nova does not say why')}.`,
          'Take another flavor or image, or look at the log of nova-scheduler.',
        ),
      );
    }
    this.#tell('done', `ACTIVE${ended.host === undefined ? '' : ` on ${ended.host}`}`);
    return ended.host;
  }

  /**
   * The id of the server that is made. Whoever stops the proof meanwhile waits for the answer, so that no server is
   * left whose id nobody knows; where none comes the server is looked for by its name.
   */
  async #askForOne(): Promise<string> {
    const {servers, clock} = this.#ports;
    const {name, flavor, image, run, by} = this.#wish;
    const metadata = {[MARK]: name, [MARK_BY]: by, [MARK_RUN]: run};
    const wanted = {name, flavorId: flavor.id, imageId: image.id, metadata};
    const {signal} = new AbortController();
    this.#maybe = {id: undefined, name, problem: 'it is not known whether Nova made it'};
    let created;
    try {
      created = await within(clock, LIMITS.answer, signal, async (one) => servers.create(wanted, one));
    } catch (error) {
      this.#maybe = undefined;
      throw error;
    }
    if (created !== LATE && created.kind === 'created') return created.id;
    const problem =
      created === LATE ? `Nova has not answered for ${LIMITS.answer / 1000} s` : withoutStop(created.problem);
    this.#tell('waiting', `${problem}; looks for it by its name`);
    const id = await this.#search(name, () => true, signal);
    if (id !== undefined) return id;
    throw new Ended(
      'no answer',
      open(
        `Nothing is proved: it is not known whether the test server was made: ${problem}.`,
        'Try again when Nova answers; what is left is found then.',
      ),
    );
  }

  /** Looks for our server in a list until it is there as wanted, for a short while. */
  async #search(
    name: string,
    isWanted: (status: string) => boolean,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const {servers, clock} = this.#ports;
    const until = clock.now() + LIMITS.listed;
    for (let looks = 1; clock.now() < until; looks += 1) {
      try {
        const found = await within(clock, until - clock.now(), signal, async (one) =>
          servers.find(name, one),
        );
        const own = found === LATE ? [] : found.filter(({metadata}) => metadata.get(MARK) === name);
        const [first] = own.filter(({status}) => isWanted(status));
        if (first !== undefined) return first.id;
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      await clock.sleep(pauseMs(looks), signal);
    }
    return undefined;
  }

  async #delete(): Promise<void> {
    const {servers, clock} = this.#ports;
    const {id} = this.#made();
    this.#begin('delete', 'asks Nova to delete it');
    let problem;
    try {
      problem = await askOnce(clock, this.#signal, async (one) => servers.delete(id, one));
    } catch (error) {
      if (!(error instanceof CloudError) || error.reason !== 'server-error') throw error;
      throw new Ended('Nova fails', {
        outcome: 'disproved',
        verdict: `Delayed delete does not work: ${withoutStop(error.message)}.`,
        remedy: 'A nova-api may have an interval that it cannot read: reprieve status names it.',
      });
    }
    this.#unanswered = problem;
    if (problem === undefined) this.#tell('done', 'Nova takes the delete');
    else this.#tell('waiting', `no answer: ${withoutStop(problem)}`);
  }

  /** What Nova did not answer to may never have reached it: nothing is said of delayed delete then. */
  #judged(finding: Finding): Finding {
    if (this.#unanswered === undefined) return finding;
    return open(`Nothing is proved: ${withoutStop(this.#unanswered)}, and nothing came of it.`);
  }

  async #awaitSoftDeleted(host: string | undefined): Promise<void> {
    this.#begin('soft-deleted', 'looks what became of it');
    const ended = await this.#watch(LIMITS['soft-deleted'], judgeOf('SOFT_DELETED'));
    if (ended === 'gone') throw new Ended('gone: destroyed at once', await this.#destroyedAtOnce(host));
    if ('overdue' in ended) {
      throw new Ended(
        'not within 2 min',
        open(
          `Nothing is proved: the test server was deleted, and after 2 min ${withoutStop(ended.overdue)}.`,
        ),
      );
    }
    if (ended.status !== 'SOFT_DELETED') {
      const why = ended.fault === undefined ? '' : `: ${withoutStop(ended.fault)}`;
      const finding: Finding = {
        outcome: 'disproved',
        verdict: `Delayed delete does not work: the deleted server is ${wordsOf(ended)}${why}.`,
        remedy: `Look at the log of nova-compute on ${ended.host ?? host ?? 'its host'}.`,
      };
      throw new Ended(wordsOf(ended), ended.status === 'ERROR' ? finding : this.#judged(finding));
    }
    const isWaiting = (status: string): boolean => status === 'SOFT_DELETED';
    const listed = await this.#search(this.#wish.name, isWaiting, this.#signal);
    this.#tell(
      'done',
      listed === undefined
        ? 'SOFT_DELETED, but lists of servers do not show it yet'
        : 'SOFT_DELETED, and listed so',
    );
  }

  /** Why a DELETE was final: the host was down, or the nova-api that served it is not switched on. */
  async #destroyedAtOnce(host: string | undefined): Promise<Finding> {
    const verdict = 'Delayed delete does not work: the deleted server was destroyed at once.';
    const outcome = 'disproved';
    const {cloud, clock} = this.#ports;
    const off =
      'A nova-api runs without the interval: reprieve status names the API nodes and what they have.';
    try {
      const services = await within(clock, LIMITS.listed, this.#signal, async (one) => cloud.services(one));
      const service =
        services === LATE
          ? undefined
          : services.find((one) => one.binary === 'nova-compute' && one.host === host);
      if (service === undefined || service.state === 'up') return {outcome, verdict, remedy: off};
      const remedy = `nova-compute of ${service.host} is ${service.state}, and a delete there is final: bring it up, then prove again.`;
      return {outcome, verdict, remedy};
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return {outcome, verdict, remedy: off};
    }
  }

  async #restore(): Promise<void> {
    const {servers, clock} = this.#ports;
    const {id} = this.#made();
    this.#begin('restore', 'asks Nova to restore it');
    try {
      const problem = await askOnce(clock, this.#signal, async (one) => servers.restore(id, one));
      this.#unanswered = problem;
      if (problem !== undefined) this.#tell('waiting', `no answer: ${withoutStop(problem)}`);
    } catch (error) {
      if (!(error instanceof UserError) || this.#signal.aborted) throw error;
      throw new Ended('Nova refuses it', notRestored(withoutStop(error.message), error.remedy));
    }
    const ended = await this.#watch(LIMITS.restore, judgeOf('ACTIVE'));
    if (ended === 'gone') {
      throw new Ended(
        'gone',
        notRestored(
          'Nova destroyed it meanwhile',
          'It did not start, or its time was over: look at the log of nova-compute.',
        ),
      );
    }
    if ('overdue' in ended) {
      const finding = notRestored(`after 2 min ${withoutStop(ended.overdue)}`);
      throw new Ended('not within 2 min', ended.isSilent ? {...finding, outcome: 'open'} : finding);
    }
    if (ended.status !== 'ACTIVE') {
      const host = ended.host ?? 'its host';
      const why = ended.fault === undefined ? '' : `: ${withoutStop(ended.fault)}`;
      const finding = notRestored(
        `it is ${wordsOf(ended)}${why}`,
        `Look at the log of nova-compute on ${host}.`,
      );
      throw new Ended(wordsOf(ended), ended.status === 'ERROR' ? finding : this.#judged(finding));
    }
    this.#tell('done', 'ACTIVE again');
  }

  /** Removes what was made, whatever happened before. */
  async #remove(): Promise<LeftServer | undefined> {
    if (this.#target === undefined) return this.#maybe;
    this.#begin('remove', 'destroys it for good');
    const left = await removeServer(this.#ports, this.#target, (text) => this.#tell('waiting', text));
    if (left === undefined) this.#tell('done', 'gone');
    else this.#tell('failed', `still there: ${withoutStop(left.problem)}`);
    return left;
  }
}

function isAbortOf(error: unknown, {reason}: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError');
}
