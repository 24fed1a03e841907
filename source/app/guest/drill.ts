import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {stateName} from '../../domain/guest/drill-course.js';
import {UserError} from '../errors.js';
import type {GuestServer} from '../servers/server-ports.js';
import type {GuestOptions, GuestPorts, Verified} from './guest-ports.js';
import {verifyServers} from './verify.js';

/** A guest that a drill can be held with. */
export type DrillSubject = {
  readonly server: GuestServer;
  readonly node: InventoryHost;
  readonly verified: Verified & {readonly kind: 'compared'};
  readonly model: string;
  readonly action: string;
};

/**
 * Looks whether a drill can be held: the server runs, its domain is seen, and it has a watchdog that does something.
 * Rejects with `UserError` (refused) where it cannot.
 */
export async function prepareDrill(
  ports: GuestPorts,
  server: GuestServer,
  options: GuestOptions,
  signal: AbortSignal,
): Promise<DrillSubject> {
  const refuse = (what: string, remedy: string): UserError =>
    new UserError('refused', `${server.name}: ${what}; no drill is held`, {remedy});
  if (server.status !== 'ACTIVE' || server.taskState !== undefined) {
    const task = server.taskState === undefined ? '' : `, ${server.taskState}`;
    throw refuse(`it is ${server.status}${task}`, 'a drill takes a server that is ACTIVE and at rest');
  }
  let found: Verified | undefined;
  await verifyServers(ports, [server], options, false, (one) => (found = one), signal);
  const verified = asCompared(found, server);
  const {watchdog} = verified.domain.traits;
  if (watchdog === undefined || watchdog.isOfMachine) {
    throw refuse(
      watchdog === undefined ? 'its domain has no watchdog' : 'it has the watchdog of its machine type only',
      'give its flavor hw:watchdog_action and resize it to that flavor; reprieve verify tells both sides',
    );
  }
  if (stateName(verified.state) !== 'running') {
    throw refuse(`its domain is ${verified.state}`, 'a drill takes a guest that runs');
  }
  return {server, node: verified.node, verified, model: watchdog.model, action: watchdog.action};
}

/** What was seen of the server. Throws `UserError` where nothing was, with the reason. */
function asCompared(
  found: Verified | undefined,
  {name}: GuestServer,
): Verified & {readonly kind: 'compared'} {
  if (found?.kind === 'compared') return found;
  const kind = found?.isUnreachable === true ? 'unreachable' : 'failed';
  throw new UserError(kind, found?.problem ?? `${name} was not looked at`, {
    ...(found?.remedy === undefined ? {} : {remedy: found.remedy}),
  });
}
