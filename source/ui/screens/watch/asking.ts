import {countOf} from '../../../text/elapsed.js';
import {noticed, toldOf} from './changes.js';
import type {WatchAction, WatchState} from './state.js';
import {prefixOf} from './words.js';

/** Somebody wants Nova asked now: that is answered at once, whatever Nova does. */
export function askedAgain(state: WatchState): WatchState {
  return {...noticed(state, 'now', 'asking Nova …'), asking: new Set(state.clouds.keys())};
}

/** What came of asking, where the action tells it of a cloud that somebody wanted asked. */
export function withAnswer(before: WatchState, state: WatchState, action: WatchAction): WatchState {
  if (action.type !== 'news' && action.type !== 'failed') return state;
  const {cloud} = action;
  if (!state.asking.has(cloud)) return state;
  const kind = action.type === 'failed' ? 'trouble' : action.news.kind;
  if (kind !== 'trouble' && kind !== 'list' && kind !== 'answered' && kind !== 'recovered') return state;
  const ended = {...state, asking: new Set([...state.asking].filter((one) => one !== cloud))};
  const prefix = prefixOf(state, cloud);
  if (kind === 'recovered') return noticed(ended, 'ok', `${prefix}Nova answers again`);
  if (kind !== 'trouble') {
    const count = state.rows.filter((row) => row.cloud === cloud).length;
    return toldOf(ended, 'ok', `${prefix}Nova answered: ${countOf(count, 'server')} soft-deleted`);
  }
  const {text = ''} = state.clouds[cloud]?.trouble ?? {};
  // A new cause is in the log already.
  const isLogged = state.log[0] !== before.log[0];
  return (isLogged ? noticed : toldOf)(ended, 'failed', `${prefix}${text}`);
}
