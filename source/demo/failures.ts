import {UserError} from '../app/errors.js';
import type {Role} from '../domain/fleet/node-facts.js';
import {nearestNames} from '../domain/nearest-names.js';

/** What can be made to go wrong on a node of the embedded cloud, and what that is. */
export const FAILURES = {
  restart: 'its service does not start with a file that was changed',
  loop: 'its service starts again and again with a file that was changed',
  broken: 'its service does not start again, whatever the file says',
  heartbeat: 'nova-compute runs with a file that was changed, but Nova hears nothing of it',
  unreachable: 'nothing listens on its SSH port',
  'host-key': 'it shows another host key than the known one',
  disk: 'its disk is full',
  changed: 'somebody edits nova.conf between the look and the write',
  busy: 'a server of the host is always at work',
  down: 'nova-compute does not run',
  clock: 'its clock is 14 s ahead',
  cinder: 'nova-compute has no [cinder] credentials',
  restore: 'a restored server does not start',
} as const;

export type FailureKind = keyof typeof FAILURES;

export type Failure = {readonly host: string; readonly kind: FailureKind};

const COMPUTE_ONLY: readonly FailureKind[] = ['heartbeat', 'busy', 'down', 'cinder', 'restore'];

/** Reads `compute-03=restart`, several with commas. Throws `RangeError` with the kinds that there are. */
export function parseFailures(text: string): readonly Failure[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const [host = '', kind = ''] = word.split(/=(.*)/s);
      if (host === '' || !isKind(kind)) {
        throw new RangeError(`"${word}" is not HOST=FAILURE with one of ${Object.keys(FAILURES).join(', ')}`);
      }
      return {host, kind};
    });
}

function isKind(word: string): word is FailureKind {
  return Object.hasOwn(FAILURES, word);
}

/** Throws `UserError` (usage) where a failure names a node that is not there, or one that it does not fit. */
export function checkFailures(
  failures: readonly Failure[],
  nodes: readonly {readonly name: string; readonly role: Role}[],
): void {
  for (const {host, kind} of failures) {
    const node = nodes.find(({name}) => name === host);
    if (node === undefined) {
      const [nearest = nodes[0]?.name ?? ''] = nearestNames(
        host,
        nodes.map(({name}) => name),
        1,
      );
      throw new UserError('usage', `the embedded cloud has no node "${host}"`, {
        remedy: `did you mean ${nearest}=${kind}?`,
      });
    }
    if (node.role === 'api' && COMPUTE_ONLY.includes(kind)) {
      throw new UserError('usage', `${host} runs nova-api, and "${kind}" concerns nova-compute`, {
        remedy: 'name a compute',
      });
    }
  }
}
