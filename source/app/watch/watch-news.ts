import type {CloudError} from '../errors.js';
import type {ListedServer, WaitingList} from './watch-types.js';

/** Something that happened to a server: it came or changed, or is there no more, by Nova or by somebody. */
export type ServerNews = {
  readonly event: 'added' | 'changed' | 'restored' | 'reclaimed' | 'purged';
  readonly listed: ListedServer;
  /** The id of the user who deleted, restored or purged it, where Nova tells. */
  readonly by?: string | undefined;
};

/** What is told while servers are followed. */
export type WatchNews =
  /** A part of the first list, before the rest of it is there. `now`: epoch milliseconds by the API's clock. */
  | {readonly kind: 'page'; readonly servers: readonly ListedServer[]; readonly now: number}
  /** The first list, whole: those that are there. */
  | {readonly kind: 'list'; readonly list: WaitingList}
  /** What happened since it was told last. */
  | {readonly kind: 'servers'; readonly news: readonly ServerNews[]}
  /** Nova answered all that was asked. `now`: epoch milliseconds by the API's clock. */
  | {readonly kind: 'answered'; readonly now: number}
  /** Nova cannot be asked. What is known stays, and it is asked again. */
  | {readonly kind: 'trouble'; readonly problem: CloudError; readonly retryMs: number}
  | {readonly kind: 'recovered'}
  | {readonly kind: 'notice'; readonly text: string};

export type WatchSink = (news: WatchNews) => void;
