/** The live list in some states. */
import type {ServerNews, WatchNews} from '../../source/app/watch/watch-news.js';
import type {ListedServer, WaitingList} from '../../source/app/watch/watch-types.js';
import {startWatch, updateWatch} from '../../source/ui/screens/watch/model.js';
import {NO_NAMES} from '../../source/ui/screens/watch/rows.js';
import type {WatchAction, WatchEffect, WatchState} from '../../source/ui/screens/watch/state.js';
import {NAMES, NOW} from './listed-servers.js';

/** A list of one cloud with these servers. */
export function waitingList(servers: readonly ListedServer[], given: Partial<WaitingList> = {}): WaitingList {
  return {
    cloud: 'fra1',
    scope: 'all-projects',
    servers,
    others: 0,
    now: NOW,
    problem: undefined,
    timesProblem: undefined,
    names: NO_NAMES,
    unseen: [],
    hasNodes: true,
    ...given,
  };
}

/** What was told of a cloud. */
export function told(news: WatchNews, cloud = 0, at = NOW): WatchAction {
  return {type: 'news', cloud, news, at};
}

/** What happened to servers. */
export function happened(...news: readonly ServerNews[]): WatchAction {
  return told({kind: 'servers', news});
}

/** The state after actions, and what was to be done after the last one. */
export function after(
  state: WatchState,
  ...actions: readonly WatchAction[]
): {readonly state: WatchState; readonly effects: readonly WatchEffect[]} {
  let next: {readonly state: WatchState; readonly effects: readonly WatchEffect[]} = {state, effects: []};
  for (const action of actions) next = updateWatch(next.state, action);
  return next;
}

/** A list of one cloud that was read. */
export function watchWith(servers: readonly ListedServer[], given: Partial<WaitingList> = {}): WatchState {
  const {state} = startWatch({clouds: ['fra1'], text: '', isReadOnly: false});
  const list = waitingList(servers, given);
  return after(
    state,
    {type: 'tick', now: NOW},
    {type: 'signed-in', cloud: 0, name: 'fra1'},
    told({kind: 'list', list}),
    {type: 'names', cloud: 0, names: NAMES},
  ).state;
}
