import type {Duplex} from 'node:stream';
import {NodeError} from '../../app/errors.js';
import {hostNameProblem, visible} from '../../domain/fleet/names.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import type {Link} from './link.js';
import {orAborted} from './limiter.js';

/** Rejects with `problem()` when the work takes longer; the work itself goes on. */
export async function withinTime<Result>(
  work: Promise<Result>,
  milliseconds: number,
  problem: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(problem());
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Only names and ports that can be ones go into a request. Shared by both transports. */
export function checkTarget(node: NodeAddress, host: string, port: number): void {
  const problem = hostNameProblem(host);
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  if (problem === undefined && isPort) return;
  throw new NodeError(
    node.name,
    'unresolved',
    `${visible(node.name)}: ${problem ?? `${String(port)} is not a port.`}`,
  );
}

/** What a refused forward means. Shared by both transports. */
export function refusedForward(node: NodeAddress, host: string, port: number, said: string): NodeError {
  const isForbidden = /administratively prohibited|disabled/i.test(said);
  return isForbidden
    ? new NodeError(node.name, 'unsupported', `${node.name}: its sshd forbids port forwarding.`, {
        remedy: 'Allow it for this account: AllowTcpForwarding local, in its sshd_config.',
      })
    : new NodeError(
        node.name,
        'connect-failed',
        `${node.name}: nothing answers on ${host} port ${port} there.`,
        {
          remedy: `Look at it there: ss -ltnp | grep ${port}`,
        },
      );
}

/** A stream to an address as the node sees it, over ssh2. */
export async function openForward(
  node: NodeAddress,
  link: Link,
  host: string,
  port: number,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Duplex> {
  const opening = link.forward(host, port);
  try {
    return await orAborted(
      withinTime(opening, timeoutMs, () => refusedForward(node, host, port, 'no answer')),
      signal,
    );
  } catch (error) {
    opening.then(
      (channel) => channel.close(),
      () => undefined,
    );
    if (signal.aborted) throw signal.reason;
    if (error instanceof NodeError) throw error;
    if (link.closed.aborted) {
      throw new NodeError(node.name, 'connect-failed', `${node.name}: ${String(link.closed.reason)}.`, {
        remedy: 'Start again.',
        cause: error,
      });
    }
    const reason = error instanceof Error && 'reason' in error ? error.reason : undefined;
    // SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, RFC 4254 section 5.1.
    throw refusedForward(node, host, port, reason === 1 ? 'administratively prohibited' : 'refused');
  }
}
