import type {AlertCommands} from '../../../app/watch/alert-commands.js';
import {type AlertNews, Alerts, whileAlerting} from '../../../app/watch/alerts.js';
import {isTimed, NO_FILTER, parseFilter} from '../../../app/watch/row-filter.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import type {Clock} from '../../../app/ports.js';
import {alertLines} from '../../../text/alert.js';
import {rowMatcher} from '../../../text/filter-rows.js';
import {alertInput} from '../../../text/watch-json.js';
import type {Dispatch, Transition} from '../../store.js';
import {logged} from './changes.js';
import {NO_NAMES} from './rows.js';
import type {WatchAction, WatchEffect, WatchState} from './state.js';
import {prefixOf} from './words.js';

/** Of what there is an alert, and what is done then besides telling it. */
export type AlertWish = {
  /** A server with less time left than that is alerted of. */
  readonly seconds: number;
  /** What runs for each; undefined: nothing. */
  readonly commands: AlertCommands | undefined;
  /** The filter that the watch was begun with: it is about these servers, whatever is typed later. */
  readonly text: string;
};

/**
 * Follows a cloud with alerts of its servers told to the list too.
 *
 * @param index which of the clouds it is
 * @param follow what follows it; what it dispatches about the cloud is what alerts are made of
 */
export async function followAlerting(
  wish: AlertWish,
  cloud: {readonly name: string; readonly clock: Clock},
  index: number,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
  follow: (dispatch: Dispatch<WatchAction>, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const {clock} = cloud;
  const parsed = parseFilter(wish.text);
  const filter = 'problem' in parsed ? NO_FILTER : parsed;
  /** As it was asked for, else as it calls itself, which the list shows. */
  let asked = cloud.name;
  let {name} = cloud;
  let names = NO_NAMES;
  const {commands, seconds} = wish;
  const inputOf = (listed: ListedServer): string => alertInput(listed, seconds, asked);
  const alerts = new Alerts(
    clock,
    {
      alertSeconds: seconds,
      wanted: (now) => {
        const test = rowMatcher(filter, now);
        return (listed) => test({listed, cloud: name, names});
      },
      isTimed: isTimed(filter),
      exec: commands === undefined ? undefined : {commands, inputOf},
    },
    (news) => dispatch({type: 'alert', cloud: index, news, at: clock.now()}, 'quiet'),
  );
  const told: Dispatch<WatchAction> = (action, how) => {
    dispatch(action, how);
    if (action.type === 'names') {
      ({names} = action);
      alerts.lookAgain();
    } else if (action.type === 'signed-in') {
      asked = action.name;
      name = action.name;
    } else if (action.type === 'news') {
      if (action.news.kind === 'list') name = action.news.list.cloud;
      alerts.see(action.news);
    }
  };
  await whileAlerting(alerts, signal, async (either) => follow(told, either));
}

/** Alerts in the list: rows that stand out, a line of the log, the bell. */
export function withAlert(
  state: WatchState,
  cloud: number,
  news: AlertNews,
  at: number,
): Transition<WatchState, WatchEffect> {
  const prefix = prefixOf(state, cloud);
  const lines = alertLines(news, state.alertSeconds ?? 0).map(({meaning, text}) => ({
    at,
    meaning,
    text: `${prefix}${text}`,
  }));
  // The strip shows what is on top of the log: the most urgent one.
  const next = logged(state, lines.toReversed());
  if (news.kind !== 'alerts') return {state: next, effects: []};
  const alerts = new Set([...state.alerts, ...news.servers.map(({server}) => server.id)]);
  return {state: {...next, alerts}, effects: [{kind: 'ring'}]};
}

/** Whether a server stands out: it was alerted of, and it is not out of danger since. `now`: by the API's clock. */
export function isAlerted(
  {alerts, alertSeconds}: Pick<WatchState, 'alerts' | 'alertSeconds'>,
  {server, standing}: ListedServer,
  now: number,
): boolean {
  if (alertSeconds === undefined || !alerts.has(server.id)) return false;
  const {state, dueAt} = standing;
  if (state !== 'waiting') return state === 'due' || state === 'overdue';
  return dueAt !== undefined && dueAt - now < alertSeconds * 1000;
}
