import type {Diagnosis, Extent} from '../../../app/doctor/diagnosis.js';
import type {ChangingAct} from '../../../app/doctor/doctor-types.js';
import {EMPTY_FIELD, type Field} from '../../components/field.js';
import {type ListMove, type ListState, openList} from '../../components/list.js';
import type {OwnKeys} from '../../own-keys.js';
import type {ScreenObject, Size} from '../../screen.js';
import type {Transition} from '../../store.js';
import type {Trouble} from '../../trouble.js';

/** What the command line settled, or the screen from which this one was opened. */
export type DoctorOptions = {
  /** Names or ids of servers of the complaint; none: all that are late. */
  readonly servers: readonly string[];
  /** Flags that find the same cloud and nodes: `--cloud fra1`. */
  readonly placeFlags: readonly string[];
  /** Nothing is changed: there is no key for a remedy. */
  readonly isReadOnly: boolean;
  /** Keys in place of the usual ones, for sentences that name a key. */
  readonly ownKeys?: OwnKeys | undefined;
};

/** How far the newest look has come. Times are epoch milliseconds of this machine. */
export type Look =
  /** `extent`: undefined until Nova has answered. */
  | {readonly kind: 'looking'; readonly extent: Extent | undefined}
  | {readonly kind: 'done'; readonly at: number; readonly tookMs: number}
  | {readonly kind: 'failed'; readonly at: number; readonly trouble: Trouble};

/** A report on its way to a file. */
export type ReportState = {
  readonly field: Field;
  readonly isWriting: boolean;
  /** Why it was not written, and how many times that was so. */
  readonly problem: string | undefined;
  readonly failures: number;
};

export type DoctorState = {
  readonly now: number;
  readonly body: Size;
  readonly options: DoctorOptions;
  /** As the cloud calls itself; undefined until it is known. */
  readonly cloud: string | undefined;
  readonly look: Look;
  /** What is shown: the whole of the last look, or as much as the first one has found. */
  readonly diagnosis: Diagnosis | undefined;
  readonly list: ListState;
  /** Whether somebody chose the row of the cursor; it stays at the top else. */
  readonly isChosen: boolean;
  readonly filter: {readonly field: Field; readonly isTyping: boolean};
  /** All about the row with the cursor in place of the list. `top`: lines above the window. */
  readonly opened: {readonly id: string; readonly top: number} | undefined;
  /** What can be done about the row with the cursor, to be chosen from. */
  readonly choice: readonly ChangingAct[] | undefined;
  readonly report: ReportState | undefined;
  readonly notice: {readonly text: string; readonly isBad: boolean; readonly at: number} | undefined;
  /** What a screen reader is told without being asked, oldest first. */
  readonly news: readonly string[];
};

export type DoctorAction =
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly body: Size}
  | {readonly type: 'signed-in'; readonly cloud: string}
  | {readonly type: 'told'; readonly diagnosis: Diagnosis}
  | {readonly type: 'looked'; readonly diagnosis: Diagnosis; readonly at: number; readonly tookMs: number}
  | {readonly type: 'look-failed'; readonly trouble: Trouble; readonly at: number}
  | {readonly type: 'look-again'}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'open' | 'close'}
  | {readonly type: 'begin-filter' | 'end-filter' | 'clear-filter'}
  | {readonly type: 'filter'; readonly field: Field}
  | {readonly type: 'remedy' | 'servers' | 'ssh'}
  | {readonly type: 'choose'; readonly act: ChangingAct}
  | {readonly type: 'leave-choice'}
  | {readonly type: 'begin-report' | 'write-report' | 'leave-report'}
  | {readonly type: 'name-report'; readonly field: Field}
  /** `file`: its whole path. */
  | {readonly type: 'written'; readonly file: string}
  | {readonly type: 'unwritten'; readonly problem: string};

/** Work that is done elsewhere. */
export type DoctorEffect =
  | {readonly kind: 'look'}
  | {readonly kind: 'open'; readonly name: string; readonly object: ScreenObject}
  | {readonly kind: 'copy'; readonly text: string}
  | {readonly kind: 'report'; readonly diagnosis: Diagnosis; readonly file: string};

export type Next = Transition<DoctorState, DoctorEffect>;

/** The screen before anything was looked at. */
export function openDoctor(options: DoctorOptions): DoctorState {
  return {
    now: 0,
    body: {columns: 80, rows: 20},
    options,
    cloud: undefined,
    look: {kind: 'looking', extent: undefined},
    diagnosis: undefined,
    list: openList([]),
    isChosen: false,
    filter: {field: EMPTY_FIELD, isTyping: false},
    opened: undefined,
    choice: undefined,
    report: undefined,
    notice: undefined,
    news: [],
  };
}
