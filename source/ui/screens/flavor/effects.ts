import {askPlacement} from '../../../app/flavor/ask-placement.js';
import {saveFlavor} from '../../../app/flavor/save-flavor.js';
import {lookForSave, planSave} from '../../../app/flavor/save-plan.js';
import type {SaveEvent} from '../../../app/flavor/save-types.js';
import type {FlavorCloud} from '../../../app/flavor/flavor-ports.js';
import type {Clock} from '../../../app/ports.js';
import {releaseOfMicroversion} from '../../../domain/flavor/microversion-release.js';
import {attempt} from '../../trouble.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import type {Fact, FlavorAction, FlavorEffect} from './actions.js';
import {endWords} from './save-words.js';
import type {CloudFacts, FlavorOptions, KeptDraft} from './state.js';
import {wishOf} from './wish.js';

/** What the wizard needs from outside. */
export type FlavorPorts = {
  readonly clock: Clock;
  /** Opens the cloud; nothing is asked of it yet. */
  connect(): Promise<FlavorCloud>;
  /** The guest half of the watchdog as user data. Rejects with `UserError`. */
  guestHalf(): Promise<string>;
  /** The draft of the last time that the screen was open in this program. */
  readonly kept: {last: KeptDraft | undefined};
};

type Send = Dispatch<FlavorAction>;
type OwnShell = Pick<Shell, 'afterwards' | 'copy' | 'open'>;

/** Does the work that the wizard asks for. */
export class FlavorWork {
  readonly #ports: FlavorPorts;
  readonly #options: FlavorOptions;
  readonly #shell: OwnShell;
  #cloud: Promise<FlavorCloud> | undefined;

  constructor(ports: FlavorPorts, options: FlavorOptions, shell: OwnShell) {
    this.#ports = ports;
    this.#options = options;
    this.#shell = shell;
  }

  async run(effect: FlavorEffect, send: Send, signal: AbortSignal): Promise<void> {
    switch (effect.type) {
      case 'keep':
        this.#ports.kept.last = effect.kept;
        return this.#shell.afterwards('flavor draft', effect.words);
      case 'copy':
        return this.#shell.copy(effect.text);
      case 'render-guest':
        return attempt(
          async () => send({type: 'guest', text: await this.#ports.guestHalf()}),
          (trouble) => send({type: 'guest-failed', trouble}),
        );
      case 'keep-as-template':
        return this.#shell.open('templates', {
          kind: 'keep-as-template',
          known: [effect.source],
          run: undefined,
          group: effect.group,
        });
      case 'look':
        return this.#look(send, signal);
      case 'read-access':
        return attempt(
          async () => {
            const {flavors} = await this.#open();
            send({type: 'access', id: effect.id, projects: await flavors.access(effect.id, signal)});
          },
          (trouble) =>
            send({type: 'noted', text: `who may use it is not known: ${trouble.message}`, isBad: true}),
        );
      case 'ask-placement': {
        const {request, flavor, image, release} = effect;
        return attempt(
          async () => {
            const {placement} = await this.#open();
            const verdict = await askPlacement(placement, flavor, {image, release}, signal);
            send({type: 'room', answer: {request, outcome: {kind: 'told', verdict}}});
          },
          (trouble) => send({type: 'room', answer: {request, outcome: {kind: 'failed', trouble}}}),
        );
      }
      case 'plan-save':
        return attempt(
          async () => {
            const wish = wishOf(effect.draft, this.#options);
            const ports = await this.#savePorts();
            const plan = await planSave(ports, await lookForSave(ports, signal), wish, signal);
            send({type: 'save-planned', plan, draft: effect.draft});
          },
          (trouble) => send({type: 'save-refused', trouble}),
        );
      case 'save':
        if (this.#options.isReadOnly) throw new Error('a flavor was to be saved with --read-only');
        return attempt(
          async () => this.#save(effect, send, signal),
          (trouble) => send({type: 'save-refused', trouble}),
        );
    }
  }

  async #save(
    {plan, agreement}: Extract<FlavorEffect, {type: 'save'}>,
    send: Send,
    signal: AbortSignal,
  ): Promise<void> {
    const tell = (event: SaveEvent): void => send({type: 'save-event', event});
    const end = await saveFlavor(await this.#savePorts(), plan, agreement, tell, signal);
    // Who has left reads it on the terminal.
    const isMissed = signal.aborted && end.kind !== 'saved' && end.kind !== 'unchanged';
    this.#shell.afterwards(
      'flavor',
      isMissed ? endWords(plan, end, this.#options.cloud).join(' ') : undefined,
    );
    send({type: 'save-ended', end});
  }

  /** Everything at once; each part comes when it comes, and one that fails keeps no other back. */
  async #look(send: Send, signal: AbortSignal): Promise<void> {
    const read = async (names: readonly (keyof CloudFacts)[], work: () => Promise<Fact>): Promise<void> =>
      attempt(
        async () => send(await work()),
        (trouble) => {
          for (const name of names) send({type: 'fact-failed', name, trouble});
        },
      );
    const open = async (): Promise<FlavorCloud> => this.#open();
    await Promise.all([
      read(['label', 'release'], async () => {
        const {label, flavors} = await open();
        // The first answer tells that the cloud can be had.
        const newest = await flavors.newestMicroversion(signal);
        send({type: 'fact', name: 'release', value: releaseOfMicroversion(newest).release});
        return {type: 'fact', name: 'label', value: label.name};
      }),
      read(['flavors'], async () => ({
        type: 'fact',
        name: 'flavors',
        value: await (await open()).flavors.all(signal),
      })),
      read(['hosts'], async () => ({
        type: 'fact',
        name: 'hosts',
        value: await (await open()).flavors.hosts(signal),
      })),
      read(['images'], async () => ({
        type: 'fact',
        name: 'images',
        value: await (await open()).flavors.images(signal),
      })),
      read(['uses'], async () => ({
        type: 'fact',
        name: 'uses',
        value: await (await open()).flavors.uses(signal),
      })),
      read(['projects'], async () => ({
        type: 'fact',
        name: 'projects',
        value: await (await open()).account.projectNames(signal),
      })),
    ]);
  }

  async #open(): Promise<FlavorCloud> {
    this.#cloud ??= this.#ports.connect();
    try {
      return await this.#cloud;
    } catch (error) {
      // The file may be right at the next try.
      this.#cloud = undefined;
      throw error;
    }
  }

  async #savePorts() {
    const {flavors, changes, account} = await this.#open();
    return {flavors, changes, account, clock: this.#ports.clock};
  }
}
