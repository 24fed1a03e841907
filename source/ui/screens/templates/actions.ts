import type {KnownSource} from '../../../app/template/known-values.js';
import type {LastUses} from '../../../app/template/last-uses.js';
import type {Preview, WritePlan, Written} from '../../../app/template/preview.js';
import type {Template} from '../../../app/template/template-types.js';
import type {TemplateValues} from '../../../domain/template/value.js';
import type {ListMove} from '../../components/list.js';
import type {Field} from '../../components/field.js';
import type {Trouble} from '../../trouble.js';
import type {Found} from './state.js';

/** What somebody did, or what came of an effect. */
export type TemplatesAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly rows: number; readonly columns: number}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'enter' | 'back' | 'print' | 'look-again'}
  | {readonly type: 'begin-filter' | 'end-filter' | 'clear-filter'}
  | {readonly type: 'filter' | 'type'; readonly field: Field}
  | {readonly type: 'end-typing' | 'undo-typing'}
  /** Another word of the field, the next one or the one before. */
  | {readonly type: 'change'; readonly by: 1 | -1}
  /** What was typed for a value is taken back: it comes from where it came from. */
  | {readonly type: 'as-known'}
  | {readonly type: 'scroll'; readonly by: 1 | -1}
  | {readonly type: 'write' | 'agree' | 'cancel'}
  | {readonly type: 'copy' | 'leave-printed'}
  | {readonly type: 'found'; readonly found: Found; readonly uses: LastUses}
  | {readonly type: 'not-found'; readonly trouble: Trouble}
  | {readonly type: 'run'; readonly source: KnownSource | undefined}
  | {readonly type: 'run-failed'; readonly trouble: Trouble}
  | {readonly type: 'cloud'; readonly source: KnownSource}
  | {readonly type: 'cloud-failed'; readonly trouble: Trouble}
  | {readonly type: 'previewed'; readonly request: number; readonly preview: Preview}
  | {readonly type: 'preview-failed'; readonly request: number; readonly trouble: Trouble}
  | {readonly type: 'write-planned'; readonly plan: WritePlan}
  | {readonly type: 'written'; readonly written: Written; readonly uses: LastUses}
  | {readonly type: 'write-failed'; readonly trouble: Trouble};

/** A template with everything that it is rendered with. */
export type Wanted = {readonly template: Template; readonly values: TemplateValues; readonly folder: string};

/** Work that is done elsewhere. */
export type TemplatesEffect =
  | {readonly type: 'find'}
  | {readonly type: 'read-run'; readonly run: string | undefined}
  | {readonly type: 'ask-cloud'}
  | {readonly type: 'preview'; readonly request: number; readonly wanted: Wanted}
  | {readonly type: 'plan-write'; readonly wanted: Wanted}
  /** `shown`: the folder as it was typed, to be remembered. */
  | {readonly type: 'write'; readonly plan: WritePlan; readonly template: string; readonly shown: string}
  | {readonly type: 'copy'; readonly text: string}
  /** Told on the terminal once the screens are gone. */
  | {readonly type: 'print-later'; readonly text: string};
