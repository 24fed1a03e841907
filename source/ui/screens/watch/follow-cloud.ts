import type {Clock} from '../../../app/ports.js';
import {UserError} from '../../../app/errors.js';
import {followWaiting} from '../../../app/watch/follow.js';
import type {WatchNews} from '../../../app/watch/watch-news.js';
import {followPatiently} from '../../../app/watch/follow-patiently.js';
import {NameAsker} from '../../../app/watch/name-asker.js';
import type {Nudge} from '../../../app/watch/nudge.js';
import type {WatchOptions, WatchPorts} from '../../../app/watch/watch-types.js';
import type {Dispatch, How} from '../../store.js';
import type {OpenedCloud} from './effects-acting.js';
import type {WatchAction} from './state.js';

/** A cloud to be watched. */
export type WatchedCloud<Opened extends FollowedCloud = OpenedCloud> = {
  /** As it was asked for. */
  readonly name: string;
  readonly clock: Clock;
  /** Signs in lazily; rejects where its settings cannot be read. */
  open(): Promise<Opened>;
};

/** What following a cloud needs of it. */
export type FollowedCloud = {
  readonly name: string;
  readonly ports: WatchPorts;
  readonly options: WatchOptions;
};

/** For good, until somebody asks again. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Follows one cloud until the screen is left, and begins anew where its first list cannot be had.
 *
 * @param tellOpened told of the cloud each time that it is about to be followed
 */
export async function followCloud<Opened extends FollowedCloud>(
  cloud: WatchedCloud<Opened>,
  index: number,
  nudge: Nudge,
  tellOpened: (opened: Opened) => void,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
): Promise<void> {
  const tellFailed = (error: UserError, retryAt: number | undefined) =>
    dispatch({type: 'failed', cloud: index, error, retryAt});
  const follow = async (opened: Opened): Promise<never> => {
    tellOpened(opened);
    dispatch({type: 'signed-in', cloud: index, name: opened.name});
    return followOpened(opened, index, nudge, dispatch, signal);
  };
  for (;;) {
    try {
      await followPatiently(cloud, follow, tellFailed, nudge, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error;
      // What it refused may be put right in its settings: it is opened anew then.
      tellFailed(error, undefined);
      await nudge.pause(cloud.clock, NEVER_MS, signal);
    }
  }
}

/** Lists and follows, and finds out names meanwhile. */
async function followOpened(
  {ports, options}: FollowedCloud,
  cloud: number,
  nudge: Nudge,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
): Promise<never> {
  const {clock} = ports;
  const ended = new AbortController();
  const names = new NameAsker(
    ports,
    (known) => dispatch({type: 'names', cloud, names: known}, 'now'),
    AbortSignal.any([signal, ended.signal]),
  );
  try {
    return await followWaiting(
      ports,
      options,
      (news) => {
        dispatch({type: 'news', cloud, news, at: clock.now()}, howOf(news));
        askNames(names, news);
      },
      signal,
      nudge,
    );
  } finally {
    ended.abort();
    await names.settled();
  }
}

function askNames(names: NameAsker, news: WatchNews): void {
  switch (news.kind) {
    case 'page':
      return names.see(news.servers);
    case 'list':
      return names.see(news.list.servers);
    case 'servers':
      return names.see(
        news.news.map(({listed}) => listed),
        news.news.flatMap(({by}) => by ?? []),
      );
    case 'answered':
      return names.tick();
    case 'trouble':
    case 'recovered':
    case 'notice':
  }
}

/** What comes every few seconds is painted with the clock. */
function howOf({kind}: WatchNews): How {
  return kind === 'page' || kind === 'list' ? 'now' : 'quiet';
}
