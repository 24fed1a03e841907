import type {LastUses} from '../../../app/template/last-uses.js';
import type {KnownSource} from '../../../app/template/known-values.js';
import type {Preview, WritePlan, Written} from '../../../app/template/preview.js';
import type {Template} from '../../../app/template/template-types.js';
import {EMPTY_FIELD, type Field} from '../../components/field.js';
import {openList, type ListState} from '../../components/list.js';
import type {OwnKeys} from '../../own-keys.js';
import type {Loadable, Trouble} from '../../trouble.js';

/** What the command line settled, or the screen from which this one was opened. */
export type TemplatesOptions = {
  /** What values can come from, besides the last run and the cloud. */
  readonly known: readonly KnownSource[];
  /** The run that values come from; undefined: the newest that set an interval. */
  readonly run: string | undefined;
  /** The template to begin with. */
  readonly template: string | undefined;
  /** The group whose first template has the cursor. */
  readonly group: string | undefined;
  /** Flags that find the same templates, for the command. */
  readonly flags: readonly string[];
  /** The folder that `~/` means. */
  readonly home: string | undefined;
  /** Keys in place of the usual ones, for sentences that name a key. */
  readonly ownKeys?: OwnKeys | undefined;
};

/** Templates that can be read, and why the others cannot. */
export type Found = {readonly templates: readonly Template[]; readonly problems: readonly Trouble[]};

/** The field that is typed in. */
export type Typing = {
  readonly id: string;
  readonly field: Field;
  /** Nothing was typed yet: the first character takes the place of what is there. */
  readonly isFresh: boolean;
  /** Letters are typed too; `before` comes back with esc: undefined where nothing had been typed. */
  readonly isOpen: boolean;
  readonly before: string | undefined;
};

/** What somebody filled in for a template; it is there again when the template is opened again. */
export type Filled = {
  /** As it was typed, by the names of values. */
  readonly written: Readonly<Record<string, string>>;
  readonly folder: string;
};

/** A template that is filled in. */
export type Form = Filled & {
  readonly template: Template;
  /** The row that has the cursor: `value NAME`, `folder`, `file PATH`, `write`, `print`. */
  readonly cursor: string;
  /** The file that is shown; the first one where it is none of them. */
  readonly file: string | undefined;
  readonly typing: Typing | undefined;
  /** Counts what was asked for: an answer to an earlier question is none any more. */
  readonly request: number;
  /** The newest that was answered. */
  readonly shown: number;
  readonly preview: Loadable<Preview>;
  /** Lines of the preview that are above the window. */
  readonly top: number;
  readonly stage: FormStage;
};

export type FormStage =
  | {readonly kind: 'fill'}
  /** All files one below the other as they are printed, or one of them. */
  | {readonly kind: 'print'; readonly file: string | undefined}
  | {readonly kind: 'looking' | 'writing'}
  /** What would be replaced is shown, and asked for. */
  | {readonly kind: 'asking'; readonly plan: WritePlan}
  | {readonly kind: 'written'; readonly written: Written};

export type TemplatesState = {
  /** Epoch milliseconds, moved by the shell's tick. */
  readonly now: number;
  readonly bodyRows: number;
  readonly bodyColumns: number;
  readonly options: TemplatesOptions;
  readonly found: Loadable<Found>;
  /** The run that values come from; undefined where there is none. */
  readonly run: Loadable<KnownSource | undefined>;
  /** The cloud is asked when a template wants something of it. */
  readonly cloud: Loadable<KnownSource>;
  readonly uses: LastUses;
  /** Of templates, by their names. */
  readonly list: ListState;
  readonly filter: {readonly field: Field; readonly isTyping: boolean};
  readonly form: Form | undefined;
  readonly kept: ReadonlyMap<string, Filled>;
  readonly notice: {readonly text: string; readonly isBad: boolean; readonly at: number} | undefined;
  /** What a screen reader is told without being asked, oldest first. */
  readonly news: readonly string[];
};

/** The screen before anything was read. */
export function openTemplatesScreen(options: TemplatesOptions, now: number): TemplatesState {
  return {
    now,
    bodyRows: 20,
    bodyColumns: 80,
    options,
    found: {kind: 'loading', since: now},
    run: {kind: 'loading', since: now},
    cloud: {kind: 'none'},
    uses: new Map(),
    list: openList([]),
    filter: {field: EMPTY_FIELD, isTyping: false},
    form: undefined,
    kept: new Map(),
    notice: undefined,
    news: [],
  };
}
