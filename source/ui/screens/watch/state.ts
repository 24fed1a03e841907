import type {UserError} from '../../../app/errors.js';
import type {DetailNews, Details} from '../../../app/watch/detail-types.js';
import type {RowFilter} from '../../../app/watch/row-filter.js';
import type {AlertNews} from '../../../app/watch/alerts.js';
import type {WatchNews} from '../../../app/watch/watch-news.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import type {ColumnId, Sort, WatchView} from '../../../app/watch/watch-view.js';
import type {ServerScope} from '../../../app/servers/server-ports.js';
import type {Meaning} from '../../../text/signs.js';
import type {Field} from '../../components/field.js';
import type {FilterRow} from '../../../text/filter-rows.js';
import type {ExportFormat} from '../../../text/watch-export.js';
import type {ActingAction, ActingEffect, Pending, Settled, Several, WatchDialog} from './acting.js';
import type {Awaited} from './opening.js';
import type {ListMove, ListState} from '../../components/list.js';
import type {Size} from '../../screen.js';

/** A server of one of the clouds. */
export type WatchRow = {
  /** Its id in Nova. */
  readonly id: string;
  /** Which of the clouds, by its place among them. */
  readonly cloud: number;
  readonly listed: ListedServer;
};

/** One of the clouds that are watched, and how far it is known. Times are epoch milliseconds of this machine. */
export type CloudState = {
  /** As it was asked for, then as it calls itself. */
  readonly name: string;
  readonly phase: 'signing-in' | 'listing' | 'listed' | 'failed';
  /** Undefined until it is known. */
  readonly scope: ServerScope | undefined;
  /** How far the API's clock is ahead of this machine's. */
  readonly offsetMs: number;
  /** When it last answered all that was asked. */
  readonly answeredAt: number | undefined;
  /** Why it does not answer, and when it is tried again. */
  readonly trouble:
    | {
        /** Cause and remedy in one line. */
        readonly text: string;
        readonly cause: string;
        readonly remedy: string | undefined;
        readonly retryAt: number | undefined;
      }
    | undefined;
  /** Why some servers may be missing. */
  readonly problem: string | undefined;
  readonly names: Names;
};

/** A line of the log. `at`: epoch milliseconds by the API's clock. */
export type WatchEvent = {
  readonly at: number;
  readonly meaning: Meaning;
  readonly text: string;
  /** What became of a server; absent where it is about something else. */
  readonly what?: 'deleted' | 'restored' | 'destroyed';
  /** Whose doing it was, which the text does not say: a name may come later. */
  readonly by?: {readonly cloud: number; readonly userId: string};
};

/** What is typed to find servers. */
export type FilterState = {
  readonly field: Field;
  /** The last one that could be read. */
  readonly filter: RowFilter;
  /** Why what stands there cannot be read. */
  readonly problem: string | undefined;
  readonly isTyping: boolean;
  /** What it finds is sorted by this, as long as it stands. */
  readonly sort: Sort;
};

/** The columns while somebody chooses among them. */
export type Chooser = {
  /** All of them, as they stand. */
  readonly order: readonly ColumnId[];
  readonly shown: ReadonlySet<ColumnId>;
  /** Nobody chose: the window decides. */
  readonly isUsual: boolean;
  readonly list: ListState;
  /** Why the last key did nothing. */
  readonly problem: string | undefined;
};

/** Rows on their way to a file: those that were shown when it was asked for. */
export type ExportState = {
  readonly rows: readonly WatchRow[];
  /** The name of the file, without the ending that comes with the format. */
  readonly field: Field;
  /** What was tried last. */
  readonly format: ExportFormat;
  readonly isWriting: boolean;
  /** Why it was not written, and how many times that was so. */
  readonly problem: string | undefined;
  readonly failures: number;
};

export type ChooserAction =
  | {readonly type: 'choose-columns'}
  | {readonly type: 'move-column-cursor'; readonly move: ListMove}
  | {readonly type: 'show-column'}
  | {readonly type: 'shift-column'; readonly by: 1 | -1}
  | {readonly type: 'usual-columns'}
  | {readonly type: 'take-columns'}
  | {readonly type: 'leave-columns'}
  | {readonly type: 'keep-view'}
  | {readonly type: 'kept'; readonly file: string; readonly view: WatchView}
  | {readonly type: 'unkept'; readonly problem: string};

export type ExportAction =
  | {readonly type: 'export'}
  | {readonly type: 'name-export'; readonly field: Field}
  | {readonly type: 'press-export'; readonly format: ExportFormat}
  | {readonly type: 'leave-export'}
  /** `file`: its whole path. */
  | {readonly type: 'exported'; readonly file: string; readonly count: number}
  | {readonly type: 'unexported'; readonly problem: string};

/** What is done with files of this machine. */
export type FileEffect =
  | {readonly kind: 'keep-view'; readonly view: WatchView}
  | {
      readonly kind: 'export';
      readonly rows: readonly FilterRow[];
      readonly format: ExportFormat;
      readonly file: string;
    };

export type WatchState = {
  /** Of this machine; 0 before the first tick. */
  readonly now: number;
  /** Nothing is changed: there is no key for it. */
  readonly isReadOnly: boolean;
  readonly clouds: readonly CloudState[];
  /** Sorted. */
  readonly rows: readonly WatchRow[];
  /** Those that filter and late-only let through, in the filter's order where there is one. */
  readonly shown: readonly WatchRow[];
  readonly sort: Sort;
  readonly isLateOnly: boolean;
  readonly filter: FilterState;
  readonly list: ListState;
  /** Whether somebody chose the row of the cursor; it stays at the top else. */
  readonly isChosen: boolean;
  readonly marks: ReadonlySet<string>;
  readonly view: 'list' | 'details' | 'why';
  readonly body: Size;
  /** A server with less time left than that is alerted of; undefined: none is. */
  readonly alertSeconds: number | undefined;
  /** Those that were, by id, as long as they are there. */
  readonly alerts: ReadonlySet<string>;
  /** Which columns there are, in this order; undefined: what is usual for the window. */
  readonly columns: readonly ColumnId[] | undefined;
  /** The columns while they are chosen. */
  readonly chooser: Chooser | undefined;
  /** What is about to be written to a file. */
  readonly export: ExportState | undefined;
  /** The filter that the profile has. */
  readonly keptFilter: string | undefined;
  /** Newest first. */
  readonly log: readonly WatchEvent[];
  /** When servers came or changed their state, of the last seconds only. */
  readonly news: ReadonlyMap<string, {readonly came?: number; readonly changed?: number}>;
  /** Of the server whose details are shown, the parts that came. `top`: the first line in sight. */
  readonly details: {readonly id: string; readonly parts: Details; readonly top: number} | undefined;
  readonly dialog: WatchDialog | undefined;
  /** The server that the list was opened at, until its row is there. */
  readonly awaited: Awaited | undefined;
  /** What was asked of servers and is not done, by id: no older answer of Nova undoes it. */
  readonly pending: ReadonlyMap<string, Pending>;
  /** What is done and told, until the list shows it or a minute is over. `at`: when, of this machine. */
  readonly settled: ReadonlyMap<string, {readonly word: Settled; readonly at: number}>;
  readonly several: Several | undefined;
  /** Own restores that failed and that there was no alarm of yet, by id, with what Nova says of the failure. */
  readonly failed: ReadonlyMap<string, {readonly fault: string | undefined}>;
  /** When a letter was typed last, of this machine; an alarm does not take the next one. */
  readonly typedAt: number;
  /** Failed restores that somebody left alone. */
  readonly dismissed: ReadonlySet<string>;
  /** The clouds that somebody wanted asked now and that have not answered since. */
  readonly asking: ReadonlySet<number>;
  /** What is told of an own action until the next key or ten seconds. */
  readonly notice: {readonly text: string; readonly meaning: Meaning; readonly at: number} | undefined;
};

export type WatchAction =
  | ActingAction
  | ChooserAction
  | ExportAction
  | {readonly type: 'tick'; readonly now: number}
  | {readonly type: 'resize'; readonly body: Size}
  | {readonly type: 'signed-in'; readonly cloud: number; readonly name: string}
  /** `at`: when it was told, epoch milliseconds of this machine. */
  | {readonly type: 'news'; readonly cloud: number; readonly news: WatchNews; readonly at: number}
  | {
      readonly type: 'alert';
      readonly cloud: number;
      readonly news: AlertNews;
      readonly at: number;
    }
  | {readonly type: 'names'; readonly cloud: number; readonly names: Names}
  /** There is no list of a cloud, and why. `retryAt`: undefined where it is not tried again by itself. */
  | {
      readonly type: 'failed';
      readonly cloud: number;
      readonly error: UserError;
      readonly retryAt: number | undefined;
    }
  | {readonly type: 'ask-again'}
  | {readonly type: 'move'; readonly move: ListMove}
  | {readonly type: 'mark'}
  | {readonly type: 'mark-all'}
  | {readonly type: 'sort'}
  | {readonly type: 'newest'}
  | {readonly type: 'turn-sort'}
  | {readonly type: 'late-only'}
  | {readonly type: 'filter'}
  | {readonly type: 'typed'; readonly field: Field}
  | {readonly type: 'keep-filter'}
  | {readonly type: 'clear-filter'}
  | {readonly type: 'detail'; readonly id: string; readonly news: DetailNews}
  | {readonly type: 'open-details'}
  | {readonly type: 'why'}
  | {readonly type: 'close'}
  | {readonly type: 'copy-id'};

export type WatchEffect =
  | ActingEffect
  | FileEffect
  | {readonly kind: 'follow'; readonly cloud: number}
  | {readonly kind: 'read-details'; readonly row: WatchRow}
  | {readonly kind: 'ask-again'}
  /** `list`: as it stands. */
  | {readonly kind: 'prepare-search'; readonly list: Pick<WatchState, 'rows' | 'filter' | 'clouds'>}
  | {readonly kind: 'copy'; readonly text: string};
