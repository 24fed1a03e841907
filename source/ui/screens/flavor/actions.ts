import type {KnownSource} from '../../../app/template/known-values.js';
import type {NovaRelease} from '../../../domain/flavor/nova-release.js';
import type {ImageProperties} from '../../../domain/flavor/flavor.js';
import type {PlacedFlavor} from '../../../domain/flavor/scheduler-request.js';
import type {ListMove} from '../../components/list.js';
import type {Field} from '../../components/field.js';
import type {RoomAnswer} from './room.js';
import type {SavingAction, SavingEffect} from './saving.js';
import type {CloudFacts, KeptDraft, Panel, Trouble} from './state.js';

/** A part of what is known of the cloud, as it comes. */
export type Fact = {
  [Name in keyof CloudFacts]: {
    readonly type: 'fact';
    readonly name: Name;
    readonly value: Extract<CloudFacts[Name], {readonly kind: 'ready'}>['value'];
  };
}[keyof CloudFacts];

/** What somebody did, or what came of an effect. */
export type FlavorAction =
  | Fact
  | SavingAction
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly rows: number}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'next' | 'back' | 'enter' | 'look-again'}
  /** To the field that keeps the draft from being saved. */
  | {readonly type: 'mend'}
  /** Another word of the field, the next one or the one before. */
  | {readonly type: 'change'; readonly by: 1 | -1}
  | {readonly type: 'type'; readonly field: Field}
  | {readonly type: 'end-typing' | 'undo-typing'}
  | {
      readonly type:
        'cure' | 'undo' | 'by-node' | 'copy-guest' | 'keep-as-template' | 'windows' | 'flat' | 'as-nova';
    }
  | {readonly type: 'panel'; readonly panel: Panel}
  | {readonly type: 'close-panel' | 'begin-filter' | 'end-filter' | 'clear-filter'}
  | {readonly type: 'filter'; readonly field: Field}
  /** The projects that may use the flavor of this id. */
  | {readonly type: 'guest'; readonly text: string}
  | {readonly type: 'guest-failed'; readonly trouble: Trouble}
  | {readonly type: 'access'; readonly id: string; readonly projects: readonly string[]}
  | {readonly type: 'fact-failed'; readonly name: keyof CloudFacts; readonly trouble: Trouble}
  /** What came of a question to Placement. */
  | {readonly type: 'room'; readonly answer: RoomAnswer}
  | {readonly type: 'noted'; readonly text: string; readonly isBad: boolean};

/** Work that is done elsewhere. */
export type FlavorEffect =
  | SavingEffect
  /** Asks the cloud for everything that is worth knowing here. */
  | {readonly type: 'look'}
  | {readonly type: 'read-access'; readonly id: string}
  /** Asks Placement who could take it. */
  | {
      readonly type: 'ask-placement';
      readonly request: string;
      readonly flavor: PlacedFlavor;
      /** What it is judged with: some flavors boot with some images only. */
      readonly image: ImageProperties;
      readonly release: NovaRelease;
    }
  | {readonly type: 'copy'; readonly text: string}
  /** Renders the guest half of the watchdog. */
  | {readonly type: 'render-guest'}
  /** Opens the templates with what was designed. */
  | {readonly type: 'keep-as-template'; readonly source: KnownSource; readonly group: string}
  /** Keeps the draft for when the screen is opened again; `words`: what is said of it once the screens are gone. */
  | {readonly type: 'keep'; readonly kept: KeptDraft; readonly words: string | undefined};
