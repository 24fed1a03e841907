import type {PlannedTarget} from './plan-types.js';
import {askNova, type RunContext, tell} from './run-context.js';

const WAIT_MS = 120_000;
const PAUSE_MS = 5000;

/**
 * Waits until no server of the host has a task and no migration runs there: a restart would break them
 * (nova: nova/compute/manager.py, `_init_instance`). Undefined when it is quiet, else what is still going on
 * after two minutes.
 */
export async function waitUntilQuiet(
  context: RunContext,
  target: PlannedTarget,
): Promise<string | undefined> {
  const {cloud, clock} = context.ports;
  const host = target.novaHost;
  if (host === undefined) return undefined;
  const deadline = clock.now() + WAIT_MS;
  let isTold = false;
  for (;;) {
    const [servers, migrations] = await askNova(
      context,
      target.host,
      async () =>
        Promise.all([
          cloud.serversInFlight(host, context.stop),
          cloud.migrationsInFlight(host, context.stop),
        ]),
      context.stop,
    );
    const problem = servers.problem ?? migrations.problem;
    const count = servers.rows.length + migrations.rows.length;
    if (count === 0 && problem === undefined) return undefined;
    const first = servers.rows[0];
    const what =
      problem ??
      [
        servers.rows.length > 0 &&
          `${counted(servers.rows.length, 'server')} with a task (${first?.taskState} of ${first?.id})`,
        migrations.rows.length > 0 && counted(migrations.rows.length, 'migration'),
      ]
        .filter((part) => part !== false)
        .join(' and ');
    if (clock.now() >= deadline) return what;
    if (!isTold) tell(context, target.host, 'in-flight', 'waiting', `${what}; a restart would break that`);
    isTold = true;
    await clock.sleep(PAUSE_MS, context.stop);
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
