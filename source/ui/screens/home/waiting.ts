import {problemOf} from '../../../app/home/look-home.js';
import {startWatch, updateWatch} from '../watch/model.js';
import type {WatchAction, WatchState} from '../watch/state.js';
import {answered} from './asked.js';
import type {HomeState} from './model.js';

/** So many events are kept. */
export const LOG_LENGTH = 10_000;

/** The servers that wait, before anything is known of them. */
export const noWaiting = (): WatchState => startWatch({clouds: [''], text: '', isReadOnly: true}).state;

/** What the live list makes of what is told of its servers. Nothing is done with servers here. */
export function waitingTold(before: HomeState, told: WatchAction): HomeState {
  const {servers} = before;
  const isKnown = servers.value !== undefined;
  // What was known is shown until the whole list is there again.
  const isPart = told.type === 'signed-in' || (told.type === 'news' && told.news.kind === 'page');
  if (isKnown && isPart) return before;
  const waiting = updateWatch(before.waiting, told).state;
  const state = {...before, waiting};
  if (told.type === 'failed') {
    const {message, remedy, isSilence} = problemOf(told.error);
    return {...state, servers: {...servers, problem: {message, remedy, isSilence}, isAsking: false}};
  }
  if (told.type !== 'news') return state;
  switch (told.news.kind) {
    case 'list': {
      const {problem} = told.news.list;
      return {
        ...state,
        servers: answered(servers, told.at, {count: waiting.rows.length, problem}),
      };
    }
    case 'servers': {
      const events = waiting.log.slice(0, waiting.log.length - before.waiting.log.length);
      // How many are late is told beside the verdict.
      const news = events.filter(({what}) => what !== undefined);
      const log = [...news, ...state.log].slice(0, LOG_LENGTH);
      const value = servers.value && {...servers.value, count: waiting.rows.length};
      return {...state, log, servers: {...servers, value}};
    }
    default:
      return state;
  }
}
