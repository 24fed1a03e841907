import type {ServerAction} from '../servers/server-ports.js';

/** The `delete` actions since the newest restore, the newest first: a restore ends what was before it. */
export function deletesSince(actions: readonly ServerAction[]): readonly ServerAction[] {
  const restored = actions.findIndex(({action}) => action === 'restore');
  const since = restored === -1 ? actions : actions.slice(0, restored);
  return since.filter(({action}) => action === 'delete');
}
