import type {WatchView} from './watch-view.js';

/** The keys of a view in its section. */
export const VIEW_KEYS: readonly (keyof WatchView)[] = ['columns', 'sort', 'filter'];
