/** The live list of an embedded cloud in a real terminal. */
import type {ExecutionContext} from 'ava';
import type {DemoOptions} from '../../source/demo/demo.js';
import type {Server} from '../../source/demo/nova/model.js';
import {type DemoCloud, startDemoCloud} from './demo-cloud.js';
import {openTmuxProgram, type TmuxProgram, type TmuxProgramOptions} from './tmux-program.js';

export type Watched = {
  readonly cloud: DemoCloud;
  readonly terminal: TmuxProgram;
  /** Servers that wait, those that go next first; their names are their own. */
  readonly waiting: readonly Server[];
};

/** The list, after hosts were looked at. */
export const LISTED = /TIME LEFT.*\n▌. box-a .* (?:min|s) /;

/** A terminal with the list in it, on a cloud where delayed delete is on. `env` replaces variables of its operator. */
export async function openWatch(
  t: ExecutionContext,
  options: Partial<DemoOptions> = {},
  {env, ...window}: Partial<TmuxProgramOptions> = {},
  args: readonly string[] = [],
): Promise<Watched> {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 16, ...options});
  const waiting = [...cloud.nova.servers.values()]
    .filter(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed)
    .toSorted((one, other) => (one.deletedAt ?? 0) - (other.deletedAt ?? 0));
  for (const [index, server] of waiting.entries()) {
    server.name = `box-${String.fromCodePoint(97 + index)}`;
    // Its actions tell the same time as before; Nova takes none of them while they are looked at.
    server.deletedAt = cloud.nova.now();
  }
  const terminal = await openTmuxProgram(t, {...window, env: {...cloud.env, ...env}});
  terminal.start('watch', ...args);
  return {cloud, terminal, waiting};
}

export function pick(all: readonly Server[], index: number): Server {
  const server = all[index];
  if (server === undefined) throw new Error(`only ${all.length} servers wait`);
  return server;
}
