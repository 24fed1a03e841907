import type {DrillSubject} from '../../../app/guest/drill.js';
import type {DrillEvent} from '../../../app/guest/watch-drill.js';
import {drillEventWords} from '../../../text/drill.js';
import {verdictRemedy} from '../../../text/drill-verdict.js';
import type {Transition} from '../../store.js';
import type {Trouble} from '../../trouble.js';

/** Where a drill is. */
export type DrillStage =
  | {readonly kind: 'looking'}
  | {readonly kind: 'failed'; readonly trouble: Trouble}
  /** `isAsking`: the name is being typed. */
  | {readonly kind: 'prepare'; readonly subject: DrillSubject; readonly isAsking: boolean}
  | {readonly kind: 'watching'; readonly subject: DrillSubject}
  | {readonly kind: 'verdict'; readonly subject: DrillSubject; readonly end: DrillEnd};

export type DrillEnd = Extract<DrillEvent, {readonly kind: 'end'}>;

export type DrillState = {
  /** What the server was called by who wants the drill. */
  readonly word: string;
  readonly stage: DrillStage;
  /** What was seen, the oldest first. */
  readonly events: readonly DrillEvent[];
  /** What a screen reader says without being asked. */
  readonly news: readonly string[];
  readonly now: number;
  /** How long a guest is watched at most. */
  readonly withinSeconds: number;
  /** When the watch began, by this machine's clock. */
  readonly watchedSince: number | undefined;
};

export type DrillAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'looked'; readonly subject: DrillSubject}
  | {readonly type: 'failed'; readonly trouble: Trouble}
  | {readonly type: 'ask'}
  | {readonly type: 'cancel'}
  | {readonly type: 'agree'}
  | {readonly type: 'seen'; readonly event: DrillEvent}
  | {readonly type: 'again'};

export type DrillEffect = {readonly type: 'look'} | {readonly type: 'watch'; readonly subject: DrillSubject};

type Next = Transition<DrillState, DrillEffect>;

const stay = (state: DrillState): Next => ({state, effects: []});

export function startDrill(word: string, withinSeconds: number, now: number): Next {
  const state: DrillState = {
    word,
    stage: {kind: 'looking'},
    events: [],
    news: [],
    now,
    withinSeconds,
    watchedSince: undefined,
  };
  return {state, effects: [{type: 'look'}]};
}

/** Steps follow each other: what comes for another one is left. */
export function updateDrill(state: DrillState, action: DrillAction): Next {
  const {stage, now} = state;
  switch (action.type) {
    case 'tick':
      return stay({...state, now: action.now});
    case 'looked':
      return stay({...state, stage: {kind: 'prepare', subject: action.subject, isAsking: false}});
    case 'failed': {
      const {trouble} = action;
      return stay({...state, stage: {kind: 'failed', trouble}, news: [...state.news, trouble.message]});
    }
    case 'ask':
    case 'cancel':
      if (stage.kind !== 'prepare') return stay(state);
      return stay({...state, stage: {...stage, isAsking: action.type === 'ask'}});
    case 'agree': {
      if (stage.kind !== 'prepare' || !stage.isAsking) return stay(state);
      const {subject} = stage;
      return {
        state: {...state, stage: {kind: 'watching', subject}, watchedSince: now},
        effects: [{type: 'watch', subject}],
      };
    }
    case 'seen':
      return stay(stage.kind === 'watching' ? seen(state, stage.subject, action.event) : state);
    case 'again':
      if (stage.kind !== 'failed' && stage.kind !== 'verdict') return stay(state);
      return startAgain(state);
  }
}

function seen(state: DrillState, subject: DrillSubject, event: DrillEvent): DrillState {
  const remedy = event.kind === 'end' ? [remedyOf(subject, event)] : [];
  return {
    ...state,
    stage: event.kind === 'end' ? {kind: 'verdict', subject, end: event} : state.stage,
    events: [...state.events, event],
    news: [...state.news, drillEventWords(event).text, ...remedy],
  };
}

function startAgain(state: DrillState): Next {
  const {state: fresh, effects} = startDrill(state.word, state.withinSeconds, state.now);
  return {state: {...fresh, news: state.news}, effects};
}

/** What to do after the drill. */
export function remedyOf({server, action}: DrillSubject, {verdict}: DrillEnd): string {
  return verdictRemedy(verdict, action, server.id);
}

/** Whether the watchdog has fired already. */
export function hasFired({events}: DrillState): boolean {
  return events.some((event) => event.kind === 'event' && event.event === 'watchdog');
}
