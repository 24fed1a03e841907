import {CloudError, UserError} from '../../../app/errors.js';
import {applyWish, type Confirm, type RunSignals} from '../../../app/rollout/apply.js';
import {questionOf, unconfirmed} from '../../../app/rollout/confirm.js';
import type {RunEvent} from '../../../app/rollout/events.js';
import {PaceControl} from '../../../app/rollout/pace.js';
import {type LookAround, lookAtFleet, makePlan, type SeenFleet} from '../../../app/rollout/plan.js';
import {readResumable, resumeRun} from '../../../app/rollout/resume.js';
import {summarizeRun, unfinishedTargets} from '../../../app/rollout/run-history.js';
import type {RunSettings} from '../../../app/rollout/wish.js';
import {changesOf} from '../../../app/setup/changes.js';
import {readDeleteRate} from '../../../app/setup/interval.js';
import {matchNames, rowsOf} from '../../../app/setup/nodes.js';
import {runViewOfJournal} from '../../../app/setup/run-view.js';
import {propose, type SetupPorts, type SetupSession, withRefusal} from '../../../app/setup/session.js';
import {signIn} from '../../../app/setup/sign-in.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import type {SetupAction, SetupEffect} from './actions.js';
import {ProofWork} from './proof/effects.js';
import type {Proposed, SetupOptions, Trouble} from './state.js';

/** What of the shell the wizard needs. */
export type Leaving = Pick<Shell, 'back' | 'leave' | 'afterwards'>;

type Send = Dispatch<SetupAction>;

/** Does the work that the wizard asks for. It keeps what is open: sessions, looks, the run in hand. */
export class SetupWork {
  readonly #ports: SetupPorts;
  readonly #options: SetupOptions;
  readonly #leaving: Leaving;
  readonly #sessions = new Map<string, Promise<SetupSession>>();
  readonly #fleets = new Map<string, SeenFleet>();
  /** The cloud that was chosen last: what comes for another one is late. */
  #session: SetupSession | undefined;
  /** That of the newest plan, and that of the run: a sign-in to another cloud that ends late does not change them. */
  #planSession: SetupSession | undefined;
  #runSession: SetupSession | undefined;
  readonly #proof: ProofWork;
  #pace = new PaceControl();
  #stop = new AbortController();

  constructor(ports: SetupPorts, options: SetupOptions, leaving: Leaving) {
    this.#ports = ports;
    this.#options = options;
    this.#leaving = leaving;
    this.#proof = new ProofWork((key, text) => leaving.afterwards(key, text));
  }

  async run(effect: SetupEffect, send: Send, signal: AbortSignal): Promise<void> {
    switch (effect.type) {
      case 'list-clouds':
        return this.#attempt(
          async () => {
            const [list, answers] = await Promise.all([this.#ports.listClouds(), this.#ports.answers.read()]);
            send({type: 'clouds', list, answers});
          },
          (trouble) => send({type: 'clouds-failed', trouble}),
        );
      case 'find-run':
        return this.#findRun(send);
      case 'sign-in':
        return this.#attempt(
          async () => {
            const session = await this.#open(effect.cloud);
            const {account, ports} = session;
            const value = await signIn(
              {account, cloud: ports.cloud},
              session.loadFleet(this.#options.hosts),
              signal,
            );
            send({type: 'signed-in', cloud: effect.cloud, value});
          },
          (trouble) => send({type: 'sign-in-failed', cloud: effect.cloud, trouble}),
        );
      case 'look':
        return this.#look(effect.cloud, send, signal);
      case 'read-rate':
        return this.#attempt(
          async () => {
            const {account, ports} = await this.#open(effect.cloud);
            const now = await ports.cloud.apiTime(signal);
            const rate = await readDeleteRate({account, cloud: ports.cloud}, now, signal);
            send({type: 'rate', cloud: effect.cloud, rate});
          },
          (trouble) =>
            send({
              type: 'rate',
              cloud: effect.cloud,
              rate: {
                perDay: undefined,
                vcpus: undefined,
                memoryMib: undefined,
                cloudVcpus: undefined,
                cloudMemoryMib: undefined,
                problem: trouble.message,
              },
            }),
        );
      case 'remember':
        return this.#attempt(
          async () => this.#ports.answers.write({...effect.answers, savedAt: this.#ports.clock.now()}),
          (trouble) => send({type: 'save-failed', trouble}),
        );
      case 'propose':
        return this.#attempt(
          async () => send({type: 'proposed', value: await this.#propose(effect, signal)}),
          (trouble) => send({type: 'propose-failed', trouble}),
        );
      case 'conduct':
        return this.#conduct(effect, send, signal);
      case 'conduct-resume':
        return this.#resume(effect.run, send, signal);
      case 'follow':
        return this.#follow(effect, send, signal);
      case 'pause':
        return this.#pace.pause();
      case 'go-on':
        return this.#pace.goOn();
      case 'end-after-batch':
        return this.#pace.endAfterBatch();
      case 'stop':
        return this.#stop.abort(new Left('left'));
      case 'plan-put-back':
        return this.#attempt(
          async () => {
            const value = await this.#planPutBack(effect.run, signal);
            send({type: 'put-back-planned', run: effect.run, value});
          },
          (trouble) => send({type: 'put-back-failed', trouble}),
        );
      case 'save':
        return this.#attempt(
          async () => {
            await this.#ports.writePrivateFile(effect.file, effect.text);
            send({type: 'saved', file: effect.file});
          },
          (trouble) => send({type: 'save-failed', trouble}),
        );
      case 'prepare-proof':
      case 'remove-earlier':
      case 'prove':
      case 'stop-proof':
        if (this.#runSession === undefined) throw new Error('a proof needs a run');
        return this.#proof.run(effect, this.#runSession, send, signal);
      case 'leave':
        return this.#leaving.leave(effect.code);
      case 'go-back':
        return this.#leaving.back();
    }
  }

  /** What a person can cause comes back as an action; a bug ends the program. */
  async #attempt(work: () => Promise<void>, failed: (trouble: Trouble) => void): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const {message, remedy} = error;
      failed({message, remedy, ...(error instanceof CloudError ? {reason: error.reason} : {})});
    }
  }

  async #open(cloud: string): Promise<SetupSession> {
    const known = this.#sessions.get(cloud) ?? this.#ports.openCloud(cloud);
    this.#sessions.set(cloud, known);
    try {
      this.#session = await known;
      return this.#session;
    } catch (error) {
      // The file may be right at the next try.
      this.#sessions.delete(cloud);
      throw error;
    }
  }

  async #look(cloud: string, send: Send, signal: AbortSignal): Promise<void> {
    return this.#attempt(
      async () => {
        const {ports, loadFleet, askAgain} = await this.#open(cloud);
        askAgain();
        const began = ports.clock.now();
        const around: LookAround = {
          parallel: this.#options.settings.parallel,
          isWhole: true,
          onBegin: ({view, hosts, selected}) =>
            send({
              type: 'looking',
              cloud,
              selected: selected.map(({name}) => name),
              total: hosts.length,
              apiOffsetMs: view.apiOffsetMs,
            }),
          onSoftDeleted: ({softDeleted}) => send({type: 'listed', cloud, softDeleted}),
        };
        const fleet = await lookAtFleet(
          ports,
          loadFleet(this.#options.hosts),
          around,
          signal,
          (host, _problem, seen, view) =>
            send({type: 'looked', cloud, host, rows: rowsOf(seen, view)}, 'quiet'),
        );
        this.#fleets.set(cloud, fleet);
        const {onlyNova} = matchNames(fleet.view, fleet.looks);
        send({type: 'seen', cloud, onlyNova, seconds: (ports.clock.now() - began) / 1000});
      },
      (trouble) => send({type: 'look-failed', cloud, trouble}),
    );
  }

  async #propose(
    {cloud, intervalSeconds, leftOut}: Extract<SetupEffect, {type: 'propose'}>,
    signal: AbortSignal,
  ): Promise<Proposed> {
    const session = await this.#open(cloud);
    const fleet = this.#fleets.get(cloud);
    if (fleet === undefined) {
      throw new UserError('failed', 'the nodes were not looked at yet', {remedy: 'go back to the nodes'});
    }
    const {hosts: base, settings} = this.#options;
    const answers = {intervalSeconds, base, leftOut: new Set(leftOut)};
    const proposal = await propose(session, fleet, answers, settings, signal);
    const names = await session.account.projectNames(signal);
    this.#planSession = session;
    return {proposal, changes: changesOf(proposal.planned, proposal.settings, leftOut, names)};
  }

  async #planPutBack(run: string, signal: AbortSignal): Promise<Proposed> {
    const session = this.#runSession ?? this.#session;
    if (session === undefined) {
      throw new UserError('usage', 'no cloud is open', {remedy: `use: reprieve rollback ${run}`});
    }
    const {ports, operator, loadFleet, account} = session;
    const wish = {kind: 'rollback', run, hosts: undefined} as const;
    const {settings: given, hosts} = this.#options;
    // Nodes that are out of reach cannot be put back; they are named.
    const settings = {...given, skipUnreachable: true, destroy: undefined};
    const planned = await makePlan(ports, wish, loadFleet(hosts), settings, signal);
    const proposal = await withRefusal(planned, wish, settings, operator, ports.journals);
    const changes = changesOf(planned, settings, [], await account.projectNames(signal));
    this.#planSession = session;
    return {proposal, changes};
  }

  /** What was agreed to is what is done: it is planned anew and refused where it differs. */
  async #conduct(
    {value}: Extract<SetupEffect, {type: 'conduct'}>,
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    const session = this.#planSession;
    if (session === undefined) throw new Error('a run needs a plan');
    this.#runSession = session;
    const {wish, settings, planned} = value.proposal;
    const count = planned.plan.impact.destroyed.length;
    const confirm: Confirm = async ({plan}) => {
      send({type: 'run-begins', plan, settings});
      return {destroy: count, strand: settings.strand ?? 0};
    };
    return this.#carry(send, signal, async (emit, signals) =>
      applyWish(
        session.ports,
        {
          wish,
          settings,
          saved: planned.plan,
          loadFleet: session.loadFleet(wish.hosts ?? this.#options.hosts),
          operator: session.operator,
          context: session.place,
        },
        confirm,
        emit,
        signals,
      ),
    );
  }

  async #resume(run: string, send: Send, signal: AbortSignal): Promise<void> {
    return this.#carry(send, signal, async (emit, signals) => {
      const journals = await this.#ports.journals();
      const resumable = readResumable(run, await journals.read(run));
      const {begin, agreed, plan} = resumable;
      const cloud = begin.context['cloud'] ?? plan?.cloud.cloud ?? this.#options.cloud;
      if (cloud === undefined) {
        throw new UserError('usage', `the journal of run ${run} does not name its cloud`, {
          remedy: `use: reprieve resume ${run} --cloud NAME`,
        });
      }
      const session = await this.#ports.openCloud(cloud, begin.context);
      this.#session = session;
      this.#runSession = session;
      const confirm: Confirm = async ({plan: fresh}) => {
        const merged: RunSettings = {
          ...this.#options.settings,
          destroy: agreed?.destroy ?? 0,
          strand: agreed?.strand ?? 0,
        };
        const question = questionOf(fresh, merged, true);
        // More than was agreed to has to be seen and typed, which the command asks for.
        if (question.kind === 'ask') throw unconfirmed(question, true);
        send({type: 'run-begins', plan: fresh, settings: merged});
        return question.confirmed;
      };
      return resumeRun(
        session.ports,
        run,
        resumable,
        {
          loadFleet: session.loadFleet(begin.wish.hosts),
          settings: this.#options.settings,
          operator: session.operator,
        },
        confirm,
        emit,
        signals,
      );
    });
  }

  /** Whoever leaves the program ends the run in order: nodes in hand finish and are journalled. */
  async #carry(
    send: Send,
    signal: AbortSignal,
    conduct: (emit: (event: RunEvent) => void, signals: RunSignals) => ReturnType<typeof applyWish>,
  ): Promise<void> {
    this.#pace = new PaceControl();
    this.#stop = new AbortController();
    const stop = (): void => this.#stop.abort(new Left('left'));
    signal.addEventListener('abort', stop, {once: true});
    if (signal.aborted) stop();
    let hasBegun = false;
    const emit = (event: RunEvent): void => {
      hasBegun ||= event.kind === 'step' && (event.step === 'change' || event.step === 'in-flight');
      if (event.kind === 'step') send({type: 'run-event', event}, 'quiet');
    };
    const signals = {stop: this.#stop.signal, finish: new AbortController().signal, pace: this.#pace};
    try {
      const end = await conduct(emit, signals);
      send({type: 'run-event', event: end}, 'quiet');
      send({type: 'run-ended', end});
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      send({type: 'run-refused', trouble: {message: error.message, remedy: error.remedy}, hasBegun});
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** The newest run, where it lives or broke off. */
  async #findRun(send: Send): Promise<void> {
    return this.#attempt(
      async () => {
        const journals = await this.#ports.journals();
        const wanted = this.#options.run;
        const run = wanted ?? (await journals.list())[0];
        if (run === undefined) return;
        const [entries, isLive] = [await journals.read(run), await journals.isLive(run)];
        const summary = summarizeRun(entries, isLive);
        const view = runViewOfJournal(entries);
        const isOpen =
          summary?.state === 'running' ||
          summary?.state === 'interrupted' ||
          (wanted !== undefined && summary !== undefined && unfinishedTargets(summary).length > 0);
        if (!isOpen || view === undefined || summary.plan === undefined || summary.begin === undefined)
          return;
        // Nobody is asked to go on with what this program may not change.
        if (!isLive && this.#options.isReadOnly) return;
        const {settings} = summary.begin;
        send({
          type: 'run-found',
          run,
          isLive,
          known: entries.length,
          view: {...view, run},
          plan: summary.plan,
          settings,
        });
      },
      (trouble) => send({type: 'save-failed', trouble}),
    );
  }

  async #follow(
    {run, known}: Extract<SetupEffect, {type: 'follow'}>,
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#attempt(
      async () => {
        const journals = await this.#ports.journals();
        let {settings} = this.#options;
        let index = 0;
        for await (const entry of journals.follow(run, signal)) {
          if (entry.type === 'begin') ({settings} = entry);
          index += 1;
          // What was there when the run was found is in the picture already.
          if (index > known) send({type: 'journal', entry, settings}, 'quiet');
        }
        if (!signal.aborted && !(await endedInOrder(journals, run))) {
          const message = `the process of run ${run} is gone`;
          send({type: 'follow-failed', trouble: {message, remedy: `go on with: reprieve resume ${run}`}});
        }
      },
      (trouble) => send({type: 'follow-failed', trouble}),
    );
  }
}

/** Why a run is told to end. */
class Left extends Error {
  override readonly name: string = 'AbortError';
}

async function endedInOrder(
  journals: Awaited<ReturnType<SetupPorts['journals']>>,
  run: string,
): Promise<boolean> {
  return summarizeRun(await journals.read(run), false)?.ended !== undefined;
}
