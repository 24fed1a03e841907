import {applyWish, type Confirm} from '../../source/app/rollout/apply.js';
import type {EndEvent, RunEvent, StepEvent} from '../../source/app/rollout/events.js';
import type {JournalEntry, Journals, RunJournal} from '../../source/app/rollout/journal.js';
import type {LoadFleet} from '../../source/app/rollout/plan.js';
import {readResumable, resumeRun} from '../../source/app/rollout/resume.js';
import type {NodePrograms, RolloutPorts} from '../../source/app/rollout/rollout-ports.js';
import type {Operator, RunSettings, Wish} from '../../source/app/rollout/wish.js';
import {UserError} from '../../source/app/errors.js';
import type {Clock} from '../../source/app/ports.js';
import {DEFAULT_BATCHES} from '../../source/domain/fleet/batches.js';
import type {FakeAnsible} from './fake-ansible.js';
import {type Alive, fakeCloud, fakeShell} from './fake-ports.js';
import type {FakeFleet} from './fake-fleet.js';

const MAIN = 'main() { :; }\nmain </dev/null';
const PROGRAMS: NodePrograms = {
  facts: MAIN,
  examine: MAIN,
  change: MAIN,
  lock: MAIN,
  service: MAIN,
  forget: MAIN,
};

export const SETTINGS: RunSettings = {
  batches: DEFAULT_BATCHES,
  parallel: 50,
  maxFailures: 2,
  apiWaitSeconds: 600,
  restart: true,
  computesOnly: false,
  skipUnreachable: false,
  acceptStuck: [],
  strand: undefined,
  destroy: undefined,
  breakLock: undefined,
};

export type ProcessOptions = {
  /** Dies right after that many entries were appended to its journal. */
  readonly diesAfter?: number;
  /** Whether entries that were not flushed are lost then. */
  readonly losesUnflushed?: boolean;
  /** Journal writing fails from this entry on, as on a full disk. */
  readonly journalFailsAfter?: number;
  readonly settings?: Partial<RunSettings>;
  readonly confirm?: Confirm;
  readonly bastion?: string;
  /** The operator's Ansible; absent: there is none. */
  readonly ansible?: FakeAnsible;
};

export type Ended = {
  readonly run: string;
  readonly end: EndEvent | undefined;
  readonly error: UserError | undefined;
  readonly isDead: boolean;
  readonly events: readonly RunEvent[];
};

/** One process of the program: it can be killed at any moment, and then does nothing more. */
export class FakeProcess {
  readonly fleet: FakeFleet;
  readonly pid: number;
  readonly events: RunEvent[] = [];
  readonly stop = new AbortController();
  readonly finish = new AbortController();
  isDead = false;
  run = '';
  onEvent: (event: StepEvent) => void = () => {};
  onAppend: (entry: JournalEntry) => void = () => {};
  #appended = 0;
  readonly #options: ProcessOptions;
  #died: () => void = () => {};
  readonly #death: Promise<void>;

  constructor(fleet: FakeFleet, pid: number, options: ProcessOptions) {
    this.fleet = fleet;
    this.pid = pid;
    this.#options = options;
    this.#death = new Promise((resolve) => {
      this.#died = resolve;
    });
  }

  get settings(): RunSettings {
    return {...SETTINGS, ...this.#options.settings};
  }

  get operator(): Operator {
    return {
      name: 'alice',
      bastion: this.#options.bastion ?? 'bastion-1',
      pid: this.pid,
      bootId: 'boot-bastion',
    };
  }

  /** kill -9. */
  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    if (this.#options.losesUnflushed === true) {
      const entries = this.fleet.journals.get(this.run);
      entries?.splice(this.fleet.durable.get(this.run) ?? 0);
    }
    this.#died();
  }

  apply(interval: number, hosts?: string): Promise<Ended> {
    return this.wish({kind: 'interval', intervalSeconds: interval, hosts});
  }

  rollback(run: string): Promise<Ended> {
    return this.wish({kind: 'rollback', run, hosts: undefined});
  }

  wish(wish: Wish): Promise<Ended> {
    const loadFleet = this.#loadFleet(wish.hosts);
    const {settings, operator} = this;
    return this.#outcome(
      applyWish(
        this.ports(),
        {wish, loadFleet, settings, operator, context: {}},
        this.#confirm(),
        (event) => this.#emit(event),
        this.#signals(),
      ),
    );
  }

  async resume(run: string): Promise<Ended> {
    this.run = run;
    const entries = this.fleet.journals.get(run) ?? [];
    const resumable = readResumable(run, entries);
    const loadFleet = this.#loadFleet(resumable.begin.wish.hosts);
    const {settings, operator} = this;
    return this.#outcome(
      resumeRun(
        this.ports(),
        run,
        resumable,
        {loadFleet, settings, operator},
        this.#confirm(),
        (event) => this.#emit(event),
        this.#signals(),
      ),
    );
  }

  #loadFleet(pattern: string | undefined): LoadFleet {
    return async () => {
      const {hosts} = this.fleet;
      const wanted = pattern?.split(',');
      return {
        source: 'fake',
        hosts,
        selected: hosts.filter(({name}) => wanted?.includes(name) ?? true),
        notices: [],
      };
    };
  }

  #confirm(): Confirm {
    return (
      this.#options.confirm ??
      (async () => ({destroy: this.settings.destroy ?? 0, strand: this.settings.strand ?? 0}))
    );
  }

  #signals() {
    return {stop: this.stop.signal, finish: this.finish.signal};
  }

  #emit(event: RunEvent): void {
    if (this.isDead) return;
    this.run = event.run;
    this.events.push(event);
    if (event.kind === 'step') this.onEvent(event);
  }

  async #outcome(work: Promise<EndEvent>): Promise<Ended> {
    let end: EndEvent | undefined;
    let error: UserError | undefined;
    let bug: unknown;
    const watched = work.then(
      (event) => {
        end = event;
      },
      (reason: unknown) => {
        if (reason instanceof UserError) error = reason;
        else bug = reason;
      },
    );
    await Promise.race([watched, this.#death]);
    const {run, events, isDead} = this;
    // A process that has ended is as gone as a killed one.
    this.isDead = true;
    if (isDead) return {run, end: undefined, error: undefined, isDead, events};
    if (bug !== undefined) throw bug;
    return {run, end, error, isDead, events};
  }

  /** Nothing that a dead process asked for is answered. */
  async #alive<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.isDead) return new Promise<never>(() => {});
    let outcome: () => Value;
    try {
      const value = await work();
      outcome = () => value;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    if (this.isDead) return new Promise<never>(() => {});
    return outcome();
  }

  ports(): RolloutPorts {
    const {clock} = this.fleet;
    const {ansible} = this.#options;
    const living: Clock = {
      now: () => clock.now(),
      sleep: (ms, signal) => this.#alive(() => clock.sleep(ms, signal)),
    };
    const alive: Alive = (work) => this.#alive(work);
    return {
      shell: fakeShell(this.fleet, alive),
      cloud: fakeCloud(this.fleet, alive),
      clock: living,
      journals: this.#journals(),
      programs: PROGRAMS,
      ...(ansible === undefined ? {} : {ansible: async () => ansible.ports(alive, () => this.isDead)}),
      randomWord: () => this.fleet.word(),
      version: '0.0.0',
    };
  }

  #journals(): Journals {
    const {fleet} = this;
    const open = (run: string): RunJournal => {
      fleet.owners.set(run, this);
      this.run = run;
      const entries = fleet.journals.get(run) ?? [];
      fleet.journals.set(run, entries);
      const check = () => {
        const {journalFailsAfter: limit} = this.#options;
        if (limit !== undefined && this.#appended > limit) {
          throw new UserError('failed', 'Cannot write the journal: the disk is full.');
        }
      };
      return {
        append: (entry) => {
          if (this.isDead) return;
          this.#appended += 1;
          check();
          entries.push(entry);
          this.onAppend(entry);
          if (this.#appended === this.#options.diesAfter) this.die();
        },
        flush: () =>
          this.#alive(async () => {
            check();
            fleet.durable.set(run, entries.length);
          }),
        close: () =>
          this.#alive(async () => {
            if (fleet.owners.get(run) === this) fleet.owners.delete(run);
            check();
          }),
      };
    };
    return {
      create: (run, first) =>
        this.#alive(async () => {
          const journal = open(run);
          journal.append(first);
          await journal.flush();
          return journal;
        }),
      reopen: (run, operator) =>
        this.#alive(async () => {
          if (fleet.owners.get(run)?.isDead === false) {
            throw new UserError('refused', `run ${run} is still at work`);
          }
          const journal = open(run);
          journal.append({type: 'resumed', time: fleet.clock.now(), operator});
          await journal.flush();
          return journal;
        }),
      read: async (run) => fleet.journals.get(run) ?? [],
      list: async () => [...fleet.journals.keys()].toReversed(),
      isLive: async (run) => fleet.owners.get(run)?.isDead === false,
      isProcessLive: async (pid) => fleet.processes.some((one) => one.pid === pid && !one.isDead),
      remove: async (run) => {
        fleet.journals.delete(run);
      },
    };
  }
}
