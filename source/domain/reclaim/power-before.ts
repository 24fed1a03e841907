/** What is known of an action, the newest first. */
type Done = {
  readonly action: string;
  readonly startedAt: number | undefined;
  readonly result: 'succeeded' | 'failed' | 'under-way' | 'unknown';
};

/**
 * Whether a guest ran when its server was deleted. `action`: what took it off, in Nova's words, and when that began,
 * epoch milliseconds.
 */
export type PowerBefore =
  | {readonly kind: 'running'}
  | {readonly kind: 'off'; readonly action: string; readonly since: number | undefined}
  | {readonly kind: 'unknown'};

const OFF: ReadonlySet<string> = new Set(['stop', 'suspend', 'pause', 'shelve']);
const ON: ReadonlySet<string> = new Set([
  'create',
  'start',
  'reboot',
  'resume',
  'unpause',
  'unshelve',
  'restore',
  'rescue',
  'unrescue',
]);

/**
 * The guest's power before a soft delete, which takes it off hard whatever it was. Nova's `power_state` of such a
 * server is of no use: it is what it was before (recorded: 1, running, of guests that are off), so that the actions
 * have to tell. Further deletes restart the clock and do nothing to the guest.
 */
export function powerBefore(actions: readonly Done[]): PowerBefore {
  const deletedAt = actions.findIndex(({action}) => action === 'delete');
  if (deletedAt === -1) return {kind: 'unknown'};
  for (const {action, startedAt, result} of actions.slice(deletedAt)) {
    if (result === 'failed') continue;
    if (OFF.has(action)) return {kind: 'off', action, since: startedAt};
    if (ON.has(action)) return {kind: 'running'};
  }
  return {kind: 'unknown'};
}
