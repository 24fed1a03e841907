import {UserError} from '../../../app/errors.js';
import {type LookAround, lookAtFleet, type SeenFleet} from '../../../app/rollout/plan.js';
import {changesOf} from '../../../app/setup/changes.js';
import {readDeleteRate} from '../../../app/setup/interval.js';
import {computesSeen, matchNames, rowsOf} from '../../../app/setup/nodes.js';
import {propose, type SetupPorts, type SetupSession} from '../../../app/setup/session.js';
import {signIn} from '../../../app/setup/sign-in.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import type {SetupAction, SetupEffect} from './actions.js';
import {attempt, troubleOf} from '../../trouble.js';
import {RunWork} from './effects-run.js';
import {ProofWork} from './proof/effects.js';
import type {Proposed, SetupOptions} from './state.js';

/** What of the shell the wizard needs. */
export type Leaving = Pick<Shell, 'back' | 'leave' | 'afterwards' | 'open'>;

type Send = Dispatch<SetupAction>;

/** Does the work that the wizard asks for. It keeps what is open: sessions and looks. */
export class SetupWork {
  readonly #ports: SetupPorts;
  readonly #options: SetupOptions;
  readonly #leaving: Leaving;
  readonly #sessions = new Map<string, Promise<SetupSession>>();
  readonly #fleets = new Map<string, SeenFleet>();
  readonly #runs: RunWork;
  readonly #proof: ProofWork;

  constructor(ports: SetupPorts, options: SetupOptions, leaving: Leaving) {
    this.#ports = ports;
    this.#options = options;
    this.#leaving = leaving;
    this.#runs = new RunWork(ports, options, leaving);
    this.#proof = new ProofWork((key, text) => leaving.afterwards(key, text));
  }

  async run(effect: SetupEffect, send: Send, signal: AbortSignal): Promise<void> {
    switch (effect.type) {
      case 'list-clouds':
        return attempt(
          async () => {
            const [list, answers] = await Promise.all([this.#ports.listClouds(), this.#ports.answers.read()]);
            send({type: 'clouds', list, answers});
          },
          (trouble) => send({type: 'clouds-failed', trouble}),
        );
      case 'sign-in':
        return attempt(
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
        // What went wrong is told already.
        return attempt(
          async () => this.#lookAt(effect.cloud, send, signal),
          () => undefined,
        );
      case 'read-rate':
        return attempt(
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
        if (this.#options.isGiven === true) return;
        return attempt(
          async () => this.#ports.answers.write({...effect.answers, savedAt: this.#ports.clock.now()}),
          (trouble) => send({type: 'save-failed', trouble}),
        );
      case 'propose':
        return attempt(
          async () => {
            if (effect.looksAgain) await this.#lookAt(effect.cloud, send, signal);
            send({type: 'proposed', value: await this.#propose(effect, signal)});
          },
          (trouble) => send({type: 'propose-failed', trouble}),
        );
      case 'find-run':
      case 'conduct':
      case 'conduct-resume':
      case 'follow':
      case 'pause':
      case 'go-on':
      case 'end-after-batch':
      case 'stop':
      case 'plan-put-back':
        return this.#runs.run(effect, send, signal);
      case 'save':
        return attempt(
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
        if (this.#runs.session === undefined) throw new Error('a proof needs a run');
        return this.#proof.run(effect, this.#runs.session, send, signal);
      case 'leave':
        return this.#leaving.leave(effect.code);
      case 'go-back':
        return this.#leaving.back();
      case 'keep-as-template':
        return this.#leaving.open('templates', {
          kind: 'keep-as-template',
          known: [],
          run: effect.run,
          group: 'Delayed delete',
        });
    }
  }

  async #open(cloud: string): Promise<SetupSession> {
    const known = this.#sessions.get(cloud) ?? this.#ports.openCloud(cloud);
    this.#sessions.set(cloud, known);
    try {
      return await known;
    } catch (error) {
      // The file may be right at the next try.
      this.#sessions.delete(cloud);
      throw error;
    }
  }

  /** Looks at all nodes; where that fails, it is told, and whoever waits for it fails too. */
  async #lookAt(cloud: string, send: Send, signal: AbortSignal): Promise<void> {
    try {
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
    } catch (error) {
      if (error instanceof UserError) send({type: 'look-failed', cloud, trouble: troubleOf(error)});
      throw error;
    }
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
    const isPicked = new Set(fleet.selected.map(({name}) => name));
    const changes = changesOf(
      proposal.planned,
      proposal.settings,
      leftOut.filter((host) => isPicked.has(host)),
      names,
      computesSeen(fleet.looks),
    );
    return this.#runs.plannedWith(session, {proposal, changes});
  }
}
