import type {PlacementVerdict} from '../../../app/flavor/ask-placement.js';
import {type FlavorDraft, readDraft} from '../../../app/flavor/draft.js';
import type {ImageProperties} from '../../../domain/flavor/flavor.js';
import type {Judgement} from '../../../domain/flavor/judge.js';
import {Refusal} from '../../../domain/flavor/refusal.js';
import {type PlacedFlavor, schedulerRequest} from '../../../domain/flavor/scheduler-request.js';
import {remembered} from '../../remembered.js';
import type {FlavorEffect} from './actions.js';
import {judgementOf, releaseOf} from './judged.js';
import type {FlavorState} from './state.js';
import type {Next} from './transitions.js';
import type {Trouble} from '../../trouble.js';

/** How far the question to Placement has come. Of one request only one question is under way. */
export type Room = {
  /** When the draft became what it is, epoch milliseconds of the tick before. */
  readonly since: number;
  /** The request that is under way. */
  readonly asked: string | undefined;
  readonly answer: RoomAnswer | undefined;
};

/** What came of a request. */
export type RoomAnswer = {
  readonly request: string;
  readonly outcome:
    | {readonly kind: 'told'; readonly verdict: PlacementVerdict | undefined}
    | {readonly kind: 'failed'; readonly trouble: Trouble};
};

export const NO_ROOM: Room = {since: 0, asked: undefined, answer: undefined};

/** Answers that did not change for so long are asked about. */
const RESTS_MS = 1000;

type Question = {readonly request: string; readonly flavor: PlacedFlavor; readonly image: ImageProperties};

const questionOf = remembered(
  (draft: FlavorDraft, {judgedImage: image, release}: Judgement): Question | undefined => {
    const {size} = readDraft(draft);
    if (size === undefined) return undefined;
    const flavor = {name: draft.name, ...size, extraSpecs: draft.extraSpecs};
    const asked = schedulerRequest(flavor, {image, release});
    return asked instanceof Refusal ? undefined : {request: JSON.stringify(asked), flavor, image};
  },
);

/** The question that the draft is; none for one that no server gets to the scheduler with. */
function question(state: FlavorState): Question | undefined {
  const judgement = judgementOf(state);
  if (judgement === undefined || judgement.boot !== undefined) return undefined;
  return questionOf(state.draft, judgement);
}

/** What Placement answered about the draft as it is; `unavailable` counts for every draft. */
export function roomOf(state: FlavorState): RoomAnswer['outcome'] | undefined {
  const {answer} = state.room;
  if (answer === undefined) return undefined;
  return isOff(state.room) || answer.request === question(state)?.request ? answer.outcome : undefined;
}

/** The verdict about the draft as it is, where Placement has one. */
export function roomVerdict(
  state: FlavorState,
): Exclude<PlacementVerdict, {kind: 'unavailable'}> | undefined {
  const outcome = roomOf(state);
  if (outcome?.kind !== 'told' || outcome.verdict?.kind === 'unavailable') return undefined;
  return outcome.verdict;
}

function isOff({answer}: Room): boolean {
  return answer?.outcome.kind === 'told' && answer.outcome.verdict?.kind === 'unavailable';
}

/**
 * Asks Placement when a step is entered, and when the answers have rested: never at a key. Nothing is asked as long as
 * nobody is signed in, and nothing more where Placement cannot be asked.
 */
export function withRoom(before: FlavorState, {state, effects}: Next, isTick: boolean): Next {
  const next = state.draft === before.draft ? state : {...state, room: {...state.room, since: state.now}};
  const isTime = isTick ? next.now - next.room.since >= RESTS_MS : next.step !== before.step;
  const {room, facts} = next;
  if (!isTime || room.asked !== undefined || facts.label.kind !== 'ready' || isOff(room)) {
    return {state: next, effects};
  }
  const wanted = question(next);
  if (wanted === undefined || wanted.request === room.answer?.request) return {state: next, effects};
  const {request, flavor, image} = wanted;
  const ask: FlavorEffect = {type: 'ask-placement', request, flavor, image, release: releaseOf(next)};
  return {state: {...next, room: {...room, asked: request}}, effects: [...effects, ask]};
}

/** An answer counts for the draft that is there now; a late one is dropped, and the new one is asked in its turn. */
export function answered(state: FlavorState, answer: RoomAnswer): FlavorState {
  const {outcome, request} = answer;
  const isForGood = outcome.kind === 'told' && outcome.verdict?.kind === 'unavailable';
  const isWanted = isForGood || request === question(state)?.request;
  return {
    ...state,
    room: {...state.room, asked: undefined, answer: isWanted ? answer : state.room.answer},
  };
}
