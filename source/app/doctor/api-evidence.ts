import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {maskSecrets} from '../../domain/mask-secrets.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {ServerAction} from '../servers/server-ports.js';
import type {Evidence} from './doctor-types.js';
import type {GoneRow} from './remains-ports.js';

/** A moment as evidence has it: UTC to the second, as ISO 8601. */
export function moment(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'unknown' : `${date.toISOString().slice(0, 19)}Z`;
}

/** What Nova answered about a server, and when. `proof`: the field that proves it. */
export function serverEvidence(
  {id, status, taskState, host, updatedAt, isLocked, isHostShown}: WaitingServer,
  now: number,
  proof?: 'status' | 'task_state' | 'host' | 'locked',
): Evidence {
  const fields = {
    status: field('status', status),
    task_state: field('OS-EXT-STS:task_state', taskState),
    host: isHostShown ? field('OS-EXT-SRV-ATTR:host', host) : '',
    locked: isLocked === undefined ? '' : field('locked', isLocked),
    updated: updatedAt === undefined ? '' : field('updated', moment(updatedAt)),
  };
  return {
    from: 'nova',
    place: `GET /servers/${id} at ${moment(now)}`,
    lines: [listed(Object.values(fields))],
    proof: proof === undefined ? undefined : fields[proof],
  };
}

/** At most this many actions are quoted. */
const MOST_ACTIONS = 5;

/** What was asked of a server, as Nova recorded it, the newest first; those that pass, where a test is given. */
export function actionsEvidence(
  id: string,
  actions: readonly ServerAction[],
  now: number,
  isWanted: (action: ServerAction) => boolean = () => true,
): Evidence {
  const wanted = actions.filter(isWanted);
  const lines = wanted.slice(0, MOST_ACTIONS).map((action) => actionLine(action));
  const more = wanted.length - lines.length;
  return {
    from: 'nova',
    place: `GET /servers/${id}/os-instance-actions at ${moment(now)}`,
    lines: more > 0 ? [...lines, `and ${more} more`] : lines,
    proof: undefined,
  };
}

function actionLine({action, startedAt, requestId, result, problem}: ServerAction): string {
  return listed([
    field('action', action),
    startedAt === undefined ? '' : field('start_time', moment(startedAt)),
    requestId === '' ? '' : field('request_id', requestId),
    result === 'failed' ? field('message', 'Error') : '',
    problem === undefined ? '' : field('details', maskSecrets(problem)),
  ]);
}

/** How Nova lists a service, and when. */
export function serviceEvidence(
  services: readonly ComputeService[],
  now: number,
  proof?: 'state' | 'forced_down',
): Evidence {
  const [first] = services;
  const isProof = {state: first?.state, forced_down: first?.isForcedDown};
  return {
    from: 'nova',
    place: `GET /os-services at ${moment(now)}`,
    lines: services.map((one) =>
      listed([
        field('binary', one.binary),
        field('host', one.host),
        field('status', one.status),
        field('state', one.state),
        field('forced_down', one.isForcedDown),
        one.updatedAt === undefined ? '' : field('updated_at', one.updatedAt),
        one.disabledReason === undefined ? '' : field('disabled_reason', maskSecrets(one.disabledReason)),
      ]),
    ),
    proof: proof === undefined ? undefined : field(proof, isProof[proof]),
  };
}

/** The row of a server that was destroyed. */
export function goneEvidence({id, name, host, vmState, ...row}: GoneRow, now: number): Evidence {
  const time = (label: string, value: number | undefined) =>
    field(label, value === undefined ? undefined : moment(value));
  return {
    from: 'nova',
    place: `GET /servers/detail?deleted=true at ${moment(now)}`,
    lines: [
      listed([
        field('id', id),
        field('name', name),
        field('OS-EXT-STS:vm_state', vmState),
        field('OS-EXT-SRV-ATTR:host', host),
        time('OS-SRV-USG:launched_at', row.launchedAt),
        time('OS-SRV-USG:terminated_at', row.terminatedAt),
      ]),
    ],
    proof: vmState === undefined ? undefined : field('OS-EXT-STS:vm_state', vmState),
  };
}

function field(name: string, value: string | boolean | undefined): string {
  return `"${name}": ${value === undefined ? 'null' : JSON.stringify(value)}`;
}

function listed(fields: readonly string[]): string {
  return fields.filter((one) => one !== '').join(', ');
}
