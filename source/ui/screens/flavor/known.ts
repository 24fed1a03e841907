import type {Loadable} from '../../trouble.js';

/** What is there, if it is. */
export function readyOf<Value>(loadable: Loadable<Value>): Value | undefined {
  return loadable.kind === 'ready' ? loadable.value : undefined;
}
