import {UserError} from '../../../app/errors.js';
import {applyWish, type Confirm, type RunSignals} from '../../../app/rollout/apply.js';
import {questionOf, unconfirmed} from '../../../app/rollout/confirm.js';
import type {RunEvent} from '../../../app/rollout/events.js';
import {PaceControl} from '../../../app/rollout/pace.js';
import {makePlan} from '../../../app/rollout/plan.js';
import type {Plan} from '../../../app/rollout/plan-types.js';
import {readResumable, resumeRun} from '../../../app/rollout/resume.js';
import {summarizeRun, unfinishedTargets} from '../../../app/rollout/run-history.js';
import type {RunSettings} from '../../../app/rollout/wish.js';
import {changesOf} from '../../../app/setup/changes.js';
import {runViewOfJournal} from '../../../app/setup/run-view.js';
import {type SetupPorts, type SetupSession, withRefusal} from '../../../app/setup/session.js';
import {runLeftReader} from '../../../text/run-left.js';
import {UNICODE_SIGNS} from '../../../text/signs.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import type {RunEffect, SetupAction} from './actions.js';
import {attempt} from '../../trouble.js';
import type {Proposed, SetupOptions} from './state.js';

type Send = Dispatch<SetupAction>;

/**
 * Does the work of runs: finds, watches, carries out, goes on with and steers them, and plans putting them back. What
 * one left undone is told when the program ends, however it ends.
 */
export class RunWork {
  readonly #ports: SetupPorts;
  readonly #options: SetupOptions;
  readonly #leaving: Pick<Shell, 'afterwards'>;
  /** What each plan was made with, which is where it is carried out, whatever is signed in to meanwhile. */
  readonly #plans = new WeakMap<Proposed, SetupSession>();
  #session: SetupSession | undefined;
  #pace = new PaceControl();
  #stop = new AbortController();

  constructor(ports: SetupPorts, options: SetupOptions, leaving: Pick<Shell, 'afterwards'>) {
    this.#ports = ports;
    this.#options = options;
    this.#leaving = leaving;
  }

  /** That of the newest run which this process carried out; undefined before there is one. */
  get session(): SetupSession | undefined {
    return this.#session;
  }

  /** Keeps what a plan was made with; only such a plan can be carried out. Gives the plan. */
  plannedWith(session: SetupSession, proposed: Proposed): Proposed {
    this.#plans.set(proposed, session);
    return proposed;
  }

  async run(effect: RunEffect, send: Send, signal: AbortSignal): Promise<void> {
    switch (effect.type) {
      case 'find-run':
        return this.#findRun(send);
      case 'follow':
        return this.#follow(effect, send, signal);
      case 'conduct':
        return this.#conduct(effect, send, signal);
      case 'conduct-resume':
        return this.#resume(effect.run, send, signal);
      case 'pause':
        return this.#pace.pause();
      case 'go-on':
        return this.#pace.goOn();
      case 'end-after-batch':
        return this.#pace.endAfterBatch();
      case 'stop':
        return this.#stop.abort(new Left('left'));
      case 'plan-put-back':
        return attempt(
          async () => {
            const value = await this.#planPutBack(effect.run, signal);
            send({type: 'put-back-planned', run: effect.run, value});
          },
          (trouble) => send({type: 'put-back-failed', trouble}),
        );
    }
  }

  /** The newest run, where it lives or broke off. */
  async #findRun(send: Send): Promise<void> {
    return attempt(
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
    {run, known}: Extract<RunEffect, {type: 'follow'}>,
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    return attempt(
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

  /** What was agreed to is what is done: it is planned anew and refused where it differs. */
  async #conduct(
    {value}: Extract<RunEffect, {type: 'conduct'}>,
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    const session = this.#plans.get(value);
    if (session === undefined) throw new Error('a run needs a plan');
    this.#session = session;
    const {wish, settings, planned} = value.proposal;
    const count = planned.plan.impact.destroyed.length;
    return this.#carry(send, signal, async (begins, emit, signals) => {
      const confirm: Confirm = async ({plan}) => {
        begins(plan, settings);
        return {destroy: count, strand: settings.strand ?? 0};
      };
      return applyWish(
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
      );
    });
  }

  async #resume(run: string, send: Send, signal: AbortSignal): Promise<void> {
    return this.#carry(send, signal, async (begins, emit, signals) => {
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
      const confirm: Confirm = async ({plan: fresh}) => {
        const merged: RunSettings = {
          ...this.#options.settings,
          destroy: agreed?.destroy ?? 0,
          strand: agreed?.strand ?? 0,
        };
        const question = questionOf(fresh, merged, true);
        // More than was agreed to has to be seen and typed, which the command asks for.
        if (question.kind === 'ask') throw unconfirmed(question, true);
        begins(fresh, merged);
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
    conduct: (
      begins: (plan: Plan, settings: RunSettings) => void,
      emit: (event: RunEvent) => void,
      signals: RunSignals,
    ) => ReturnType<typeof applyWish>,
  ): Promise<void> {
    this.#pace = new PaceControl();
    this.#stop = new AbortController();
    const stop = (): void => this.#stop.abort(new Left('left'));
    signal.addEventListener('abort', stop, {once: true});
    if (signal.aborted) stop();
    let hasBegun = false;
    let leftWords: ((event: RunEvent) => string) | undefined;
    const begins = (plan: Plan, settings: RunSettings): void => {
      leftWords = runLeftReader(plan, this.#options.signs ?? UNICODE_SIGNS);
      send({type: 'run-begins', plan, settings});
    };
    const emit = (event: RunEvent): void => {
      hasBegun ||= event.kind === 'step' && (event.step === 'change' || event.step === 'in-flight');
      const words = leftWords?.(event);
      // Whoever presses Ctrl-C again waits for no end.
      if (words !== undefined) this.#leaving.afterwards(RUN, words === '' ? undefined : words);
      if (event.kind === 'step') send({type: 'run-event', event}, 'quiet');
    };
    const signals = {stop: this.#stop.signal, finish: new AbortController().signal, pace: this.#pace};
    try {
      const end = await conduct(begins, emit, signals);
      const isDone = end.outcome === 'done' || end.outcome === 'rolled-back';
      const isSeen = isDone && !this.#stop.signal.aborted;
      if (isSeen) this.#leaving.afterwards(RUN, undefined);
      send({type: 'run-event', event: end}, 'quiet');
      send({type: 'run-ended', end});
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      send({type: 'run-refused', trouble: {message: error.message, remedy: error.remedy}, hasBegun});
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Only a run that this process carried out is put back here: a watched one is somebody else's. */
  async #planPutBack(run: string, signal: AbortSignal): Promise<Proposed> {
    const session = this.#session;
    if (session === undefined) throw new Error('putting back needs a run');
    const {ports, operator, loadFleet, account} = session;
    const wish = {kind: 'rollback', run, hosts: undefined} as const;
    const {settings: given, hosts} = this.#options;
    // Nodes that are out of reach cannot be put back; they are named.
    const settings = {...given, skipUnreachable: true, destroy: undefined};
    const planned = await makePlan(ports, wish, loadFleet(hosts), settings, signal);
    const proposal = await withRefusal(planned, wish, settings, operator, ports.journals);
    const changes = changesOf(planned, settings, [], await account.projectNames(signal));
    return this.plannedWith(session, {proposal, changes});
  }
}

/** Under which key is told what a run left. */
const RUN = 'run';

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
