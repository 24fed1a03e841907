import {conductProof} from '../../../../app/proof/conduct-proof.js';
import {prepareProof} from '../../../../app/proof/prepare-proof.js';
import type {LeftServer} from '../../../../app/proof/proof-types.js';
import {removeServer} from '../../../../app/proof/remove-server.js';
import {UserError} from '../../../../app/errors.js';
import type {SetupSession} from '../../../../app/setup/session.js';
import {removalCommand} from '../../../../text/proof-commands.js';
import type {Dispatch} from '../../../store.js';
import type {ProofAction, ProofEffect} from './state.js';

type Send = Dispatch<ProofAction>;

/** Sets what is told on the terminal when the screens are gone, under a key; undefined takes it back. */
export type Afterwards = (key: string, text: string | undefined) => void;

/** Why a proof is told to end. */
class Stopped extends Error {
  override readonly name: string = 'AbortError';
}

/** Does the work of a proof. What it made and did not see gone is told when the program ends, however it ends. */
export class ProofWork {
  readonly #afterwards: Afterwards;
  #stop = new AbortController();

  constructor(afterwards: Afterwards) {
    this.#afterwards = afterwards;
  }

  /** @param session of the run that is proved */
  async run(effect: ProofEffect, session: SetupSession, send: Send, signal: AbortSignal): Promise<void> {
    const {ports, servers, account, operator} = session;
    const around = {servers, cloud: ports.cloud, clock: ports.clock};
    switch (effect.type) {
      case 'prepare-proof': {
        const by = `${operator.name}@${operator.bastion}`;
        const word = `${ports.randomWord()}${ports.randomWord()}`;
        try {
          const offer = await prepareProof({...around, account}, word, {by, run: effect.run}, signal);
          send({type: 'proof-offered', offer});
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          send({type: 'proof-refused', trouble: {message: error.message, remedy: error.remedy}});
        }
        return;
      }
      case 'remove-earlier': {
        const {id, name} = effect.server;
        const left = await removeServer(around, {id, name}, () => undefined);
        send({type: 'earlier-removed', id, problem: left?.problem});
        return;
      }
      case 'prove': {
        this.#stop = new AbortController();
        const {name} = effect.wish;
        const cloud = session.place['cloud'];
        const tell = (left: Pick<LeftServer, 'id' | 'name'> | undefined): void =>
          this.#afterwards(name, left === undefined ? undefined : leftWords(left, cloud));
        tell({id: undefined, name});
        const end = await conductProof(
          around,
          effect.wish,
          (event) => {
            if (event.id !== undefined) tell({id: event.id, name});
            send({type: 'proof-event', event});
          },
          AbortSignal.any([signal, this.#stop.signal]),
        );
        tell(end.left);
        send({type: 'proof-ended', end});
        return;
      }
      case 'stop-proof':
        this.#stop.abort(new Stopped('stopped'));
    }
  }
}

/** What is told of a server that may be left. */
export function leftWords(left: Pick<LeftServer, 'id' | 'name'>, cloud: string | undefined): string {
  const command = removalCommand(left, cloud);
  return left.id === undefined
    ? `reprieve: the test server ${left.name} may be there; look for it with: ${command}`
    : `reprieve: the test server ${left.name} may still be there; remove it with: ${command}`;
}
