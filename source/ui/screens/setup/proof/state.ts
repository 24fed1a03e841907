import type {Choice} from '../../../../app/proof/choice.js';
import type {EarlierServer, ProofOffer} from '../../../../app/proof/prepare-proof.js';
import type {ProofEnd, ProofEvent, ProofWish} from '../../../../app/proof/proof-types.js';
import type {Trouble} from '../../../trouble.js';

/** A proof that goes on. */
export type RunningProof = {
  readonly kind: 'running';
  readonly wish: ProofWish;
  readonly project: string;
  /** Oldest first. */
  readonly events: readonly ProofEvent[];
  /** Somebody wants it to end, perhaps the whole program with it. */
  readonly ending: 'stop' | 'leave' | undefined;
};

/** Where a proof stands that has not come to its end. */
export type ProofState =
  | {readonly kind: 'preparing'}
  | {readonly kind: 'offered'; readonly offer: ProofOffer; readonly choice: Choice}
  | {readonly kind: 'removing'; readonly offer: ProofOffer; readonly server: EarlierServer}
  | RunningProof;

/** The newest proof that has come to its end. */
export type EndedProof = Omit<RunningProof, 'kind' | 'ending'> & {
  readonly end: ProofEnd;
  /** Whether its steps are shown, rather than the result of the run. */
  readonly isShown: boolean;
};

/** What somebody did about a proof, or what came of it. */
export type ProofAction =
  | {readonly type: 'ask-proof' | 'other-flavor' | 'other-image' | 'prove'}
  | {readonly type: 'keep-earlier' | 'remove-earlier'}
  | {readonly type: 'ask-stop-proof'; readonly leaves: boolean}
  | {readonly type: 'stop-proof'; readonly leaves: boolean}
  | {readonly type: 'close-proof'}
  | {readonly type: 'proof-offered'; readonly offer: ProofOffer}
  | {readonly type: 'proof-refused'; readonly trouble: Trouble}
  | {readonly type: 'earlier-removed'; readonly id: string; readonly problem: string | undefined}
  | {readonly type: 'proof-event'; readonly event: ProofEvent}
  | {readonly type: 'proof-ended'; readonly end: ProofEnd};

/** Its dialogs. */
export type ProofDialog =
  | {readonly kind: 'proof'}
  | {readonly kind: 'earlier-proof'}
  | {readonly kind: 'stop-proof'; readonly leaves: boolean};

/** Work for a proof that is done elsewhere. */
export type ProofEffect =
  | {readonly type: 'prepare-proof'; readonly run: string}
  | {readonly type: 'remove-earlier'; readonly server: EarlierServer}
  | {readonly type: 'prove'; readonly wish: ProofWish}
  | {readonly type: 'stop-proof'};
