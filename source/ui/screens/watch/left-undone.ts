import {commandLine} from '../../../text/command-line.js';
import {countOf} from '../../../text/elapsed.js';
import {sanitize} from '../../../text/sanitize.js';
import {openstackCommand} from '../../../text/servers.js';
import type {Shell} from '../../screen.js';
import type {ActingEffect, Outcome, Pending} from './acting.js';
import {DONE, outcomeSentence} from './outcomes.js';
import type {WatchRow, WatchState} from './state.js';

/** What changes servers. */
export type Writing = Extract<ActingEffect, {kind: 'restore' | 'purge' | 'delete-again' | 'set-error'}>;

/** Whether work changes servers. */
export function isWriting(effect: {readonly kind: string}): effect is Writing {
  return (
    effect.kind === 'restore' ||
    effect.kind === 'purge' ||
    effect.kind === 'delete-again' ||
    effect.kind === 'set-error'
  );
}

/** What goes on with servers, which leaving cuts short; undefined: nothing. */
export function watchMeanwhile({pending, rows}: WatchState): string | undefined {
  if (pending.size === 0) return undefined;
  const groups = Map.groupBy(pending, ([, what]) => what);
  const told = [...groups].map(([what, ids]) => {
    const [only, ...more] = ids;
    const count = countOf(ids.length, 'server');
    if (only === undefined || more.length > 0) return `${count} are being ${DONE[what]}`;
    const row = rows.find(({id}) => id === only[0]);
    return `${row?.listed.server.name ?? only[0]} is being ${DONE[what]}`;
  });
  return sanitize(`${told.join(', ')}.`);
}

/**
 * Keeps what is said on the terminal after the screens are gone, whoever ends them and how: of every server that
 * something was asked of and that has no result yet, and of those whose work was cut short.
 */
export class LeftUndone {
  readonly #shell: Pick<Shell, 'afterwards'>;
  readonly #placeFlags: readonly string[];

  /** @param placeFlags flags that find the same cloud, for commands of ours */
  constructor(shell: Pick<Shell, 'afterwards'>, placeFlags: readonly string[]) {
    this.#shell = shell;
    this.#placeFlags = placeFlags;
  }

  /** Work on servers of a cloud begins. */
  begin(effect: Writing, cloud: string): void {
    const rows = 'rows' in effect ? effect.rows : [effect.row];
    for (const {id, listed} of rows) {
      const show = openstackCommand(['server', 'show', id], cloud);
      const words = `${listed.server.name}: nobody waited until it was ${DONE[pendingOf(effect)]}; look at it with: ${show}`;
      this.#tell(id, `${words}${this.#again(effect, id, cloud)}`);
    }
  }

  /** Work on a server ended. `isCut`: because the screen was left. */
  end(effect: Writing, id: string, outcome: Outcome, cloud: string, isCut: boolean): void {
    const name = rowOf(effect, id)?.listed.server.name ?? id;
    const {isWell, message, remedy} = outcomeSentence(id, name, outcome, cloud);
    if (isWell || !isCut) this.#tell(id, undefined);
    else {
      const {end} = outcome;
      const isUntouched = end.kind === 'interrupted' && !end.wasAsked;
      const words = `${name}: ${message}${remedy === undefined ? '' : `; ${remedy}`}`;
      this.#tell(id, `${words}${isUntouched ? this.#again(effect, id, cloud) : ''}`);
    }
  }

  /** What does it later; another DELETE is none of that, since it is soft only where that was just seen. */
  #again(effect: Writing, id: string, cloud: string): string {
    switch (effect.kind) {
      case 'restore': {
        const stop = effect.stop ? ['--stop'] : [];
        const command = commandLine(['reprieve', 'restore', id, ...stop, ...this.#placeFlags]);
        return effect.stop
          ? `; do it with: ${command}, or, where it is ACTIVE: ${openstackCommand(['server', 'stop', id], cloud)}`
          : `; do it with: ${command}`;
      }
      case 'purge':
        return `; do it with: ${commandLine(['reprieve', 'purge', id, ...this.#placeFlags])}`;
      case 'set-error':
        return `; do it with: ${openstackCommand(['server', 'set', '--state', 'error', id], cloud)}`;
      case 'delete-again':
        return '';
    }
  }

  /** By server: what is asked of it later, also from the list opened anew, takes the place of that. */
  #tell(id: string, words: string | undefined): void {
    this.#shell.afterwards(`watch ${id}`, words === undefined ? undefined : sanitize(words));
  }
}

function rowOf(effect: Writing, wanted: string): WatchRow | undefined {
  return 'rows' in effect ? effect.rows.find(({id}) => id === wanted) : effect.row;
}

function pendingOf(effect: Writing): Pending {
  switch (effect.kind) {
    case 'restore':
      return effect.stop ? 'restoring to stop' : 'restoring';
    case 'purge':
      return 'destroying';
    case 'delete-again':
      return 'deleting again';
    case 'set-error':
      return 'setting to ERROR';
  }
}
