import {UserError} from '../../../app/errors.js';
import {formatLastUses, parseLastUses} from '../../../app/template/last-uses.js';
import {runValues, type KnownSource} from '../../../app/template/known-values.js';
import {openTemplates} from '../../../app/template/open-template.js';
import {carryOutWrite, planWrite, previewTemplate, type PreviewPorts} from '../../../app/template/preview.js';
import type {TemplateStore} from '../../../app/template/template-ports.js';
import type {Clock, Memory} from '../../../app/ports.js';
import type {Journals} from '../../../app/rollout/journal.js';
import {readOwnRuns} from '../../../app/rollout/own-runs.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import {attempt, troubleOf} from '../../trouble.js';
import type {TemplatesAction, TemplatesEffect} from './actions.js';

/** What works with templates. */
export type TemplateTools = PreviewPorts & {readonly store: TemplateStore};

/** What the screen needs from outside. */
export type TemplatesPorts = {
  readonly clock: Clock;
  /** Loaded when it is first needed. */
  tools(): Promise<TemplateTools>;
  journals(): Promise<Pick<Journals, 'list' | 'read' | 'isLive'>>;
  /** The cloud as it is. Rejects with `UserError`. */
  cloud(signal: AbortSignal): Promise<KnownSource>;
  /** Where templates were last written to. */
  memory(): Promise<Memory>;
  /** A word for the log of the program. */
  notice(text: string): void;
};

type Send = Dispatch<TemplatesAction>;

/** Does the work that the screen asks for. */
export class TemplatesWork {
  readonly #ports: TemplatesPorts;
  readonly #shell: Pick<Shell, 'afterwards' | 'copy'>;
  /** The newest preview that was asked for: others are not worth their work. */
  #newest = 0;

  constructor(ports: TemplatesPorts, shell: Pick<Shell, 'afterwards' | 'copy'>) {
    this.#ports = ports;
    this.#shell = shell;
  }

  async run(effect: TemplatesEffect, send: Send, signal: AbortSignal): Promise<void> {
    switch (effect.type) {
      case 'find':
        return attempt(
          async () => {
            const {store} = await this.#ports.tools();
            const {templates, problems} = await openTemplates(store);
            const found = {templates, problems: problems.map(troubleOf)};
            send({type: 'found', found, uses: parseLastUses(await this.#recall())});
          },
          (trouble) => send({type: 'not-found', trouble}),
        );
      case 'read-run':
        return attempt(
          async () => send({type: 'run', source: await this.#sourceOf(effect.run)}),
          (trouble) => send({type: 'run-failed', trouble}),
        );
      case 'ask-cloud':
        return attempt(
          async () => send({type: 'cloud', source: await this.#ports.cloud(signal)}),
          (trouble) => send({type: 'cloud-failed', trouble}),
        );
      case 'preview':
        return this.#preview(effect, send);
      case 'plan-write': {
        const {template, values, folder} = effect.wanted;
        return attempt(
          async () =>
            send({
              type: 'write-planned',
              plan: await planWrite(template, values, folder, await this.#ports.tools()),
            }),
          (trouble) => send({type: 'write-failed', trouble}),
        );
      }
      case 'write':
        return attempt(
          async () => this.#write(effect, send),
          (trouble) => send({type: 'write-failed', trouble}),
        );
      case 'copy':
        return this.#shell.copy(effect.text);
      case 'print-later':
        return this.#shell.afterwards('templates', effect.text);
    }
  }

  async #preview({request, wanted}: Extract<TemplatesEffect, {type: 'preview'}>, send: Send): Promise<void> {
    this.#newest = request;
    const {template, values, folder} = wanted;
    return attempt(
      async () => {
        const tools = await this.#ports.tools();
        if (request !== this.#newest) return;
        send({type: 'previewed', request, preview: await previewTemplate(template, values, folder, tools)});
      },
      (trouble) => send({type: 'preview-failed', request, trouble}),
    );
  }

  async #write(
    {plan, template, shown}: Extract<TemplatesEffect, {type: 'write'}>,
    send: Send,
  ): Promise<void> {
    const written = await carryOutWrite(plan, await this.#ports.tools());
    const uses = new Map(parseLastUses(await this.#recall()));
    uses.set(template, {at: this.#ports.clock.now(), folder: shown});
    try {
      await (await this.#ports.memory()).write(formatLastUses(uses));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // The files are written; where to is a comfort for the next time.
      this.#ports.notice(error.message);
    }
    send({type: 'written', written, uses});
  }

  async #recall(): Promise<string | undefined> {
    try {
      return await (await this.#ports.memory()).read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#ports.notice(error.message);
      return undefined;
    }
  }

  /** The run of this name, else the newest, that set an interval. */
  async #sourceOf(run: string | undefined): Promise<KnownSource | undefined> {
    const {runs} = await readOwnRuns(await this.#ports.journals());
    for (const summary of runs) {
      if (run !== undefined && summary.run !== run) continue;
      const values = runValues(summary);
      if (values !== undefined) return {word: 'plan', origin: `run ${summary.run}`, values};
    }
    return undefined;
  }
}
