import type {FlavorDraft} from '../../../app/flavor/draft.js';
import type {SaveAgreement, SaveEnd, SaveEvent, SavePlan, SaveStep} from '../../../app/flavor/save-types.js';
import type {Trouble} from '../../trouble.js';

/** How far the saving of the draft has come. */
export type Saving =
  | {readonly kind: 'none'}
  /** The cloud is read once more; nothing is changed. */
  | {readonly kind: 'planning'; readonly since: number}
  /** What would be done is shown, and asked for. */
  | {readonly kind: 'asking'; readonly plan: SavePlan}
  | {readonly kind: 'running'; readonly plan: SavePlan; readonly steps: readonly StepRow[]}
  | {
      readonly kind: 'ended';
      readonly plan: SavePlan;
      readonly steps: readonly StepRow[];
      readonly end: SaveEnd;
    };

/** A step of a plan as it goes. */
export type StepRow = {
  readonly step: SaveStep;
  readonly state: 'waiting' | 'working' | 'done' | 'failed';
  /** What is worth knowing about it. */
  readonly note: string | undefined;
};

export type SavingAction =
  /** Somebody wants to save: the cloud is looked at first. */
  | {readonly type: 'save-ask'}
  | {readonly type: 'save-planned'; readonly plan: SavePlan; readonly draft: FlavorDraft}
  | {readonly type: 'save-refused'; readonly trouble: Trouble}
  | {readonly type: 'save-cancel'}
  /** A flavor that exists keeps its size: the draft takes it. */
  | {readonly type: 'save-take-size'}
  | {readonly type: 'save-go'; readonly agreement: SaveAgreement}
  | {readonly type: 'save-event'; readonly event: SaveEvent}
  | {readonly type: 'save-ended'; readonly end: SaveEnd}
  /** The result was read. */
  | {readonly type: 'save-close'};

export type SavingEffect =
  | {readonly type: 'plan-save'; readonly draft: FlavorDraft}
  | {readonly type: 'save'; readonly plan: SavePlan; readonly agreement: SaveAgreement};
