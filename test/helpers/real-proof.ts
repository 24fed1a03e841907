/** A proof over the real protocol, as the set-up makes it, against whatever cloud there is. */
import {randomBytes} from 'node:crypto';
import type {OpenStackCloud} from '../../source/adapters/openstack/cloud.js';
import {conductProof} from '../../source/app/proof/conduct-proof.js';
import {prepareProof, type ProofOffer} from '../../source/app/proof/prepare-proof.js';
import type {ProofEnd, ProofEvent} from '../../source/app/proof/proof-types.js';
import {systemClock} from '../../source/adapters/clock/clock.js';

export type MadeProof = {
  readonly offer: ProofOffer;
  readonly end: ProofEnd;
  readonly events: readonly ProofEvent[];
  /** Of the server that was made; undefined where none was. */
  readonly id: string | undefined;
  /** `create done: ACTIVE on compute-1`, without the waiting. */
  readonly steps: readonly string[];
};

/** What would be made. */
export async function offerOn(cloud: OpenStackCloud): Promise<ProofOffer> {
  const ports = {servers: cloud.ownServers, account: cloud, cloud};
  const around = {by: 'test@here', run: '20261122-180000-test'};
  return prepareProof(ports, randomBytes(4).toString('hex'), around, new AbortController().signal);
}

/** Makes it. `stopAt`: at the first word of this step somebody stops it. */
export async function proveOn(cloud: OpenStackCloud, stopAt?: ProofEvent['step']): Promise<MadeProof> {
  const offer = await offerOn(cloud);
  const {name, by, run, choice} = offer;
  const stop = new AbortController();
  const events: ProofEvent[] = [];
  const end = await conductProof(
    {servers: cloud.ownServers, cloud, clock: systemClock},
    {name, by, run, ...choice},
    (event) => {
      events.push(event);
      if (event.step === stopAt) stop.abort(new DOMException('stopped', 'AbortError'));
    },
    stop.signal,
  );
  return {
    offer,
    end,
    events,
    id: events.find(({id}) => id !== undefined)?.id,
    steps: events
      .filter(({state}) => state === 'done' || state === 'failed')
      .map(({step, state, message}) => `${step} ${state}: ${message}`),
  };
}
