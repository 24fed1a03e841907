import type {Duplex} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {ClientChannel} from 'ssh2';
import {NodeError} from '../../app/errors.js';
import type {RunOptions, RunResult, Script, Shell} from '../../app/ports.js';
import {hostNameProblem, visible} from '../../domain/fleet/names.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {loadConfig} from './config.js';
import type {ConfigItem} from './config-file.js';
import {type RemoteProcess, converse, newMarks} from './conversation.js';
import {elevationFor, remoteCommand} from './elevation.js';
import {IdentityStore} from './identities.js';
import {KnownHostsFiles} from './known-hosts-files.js';
import type {Link} from './link.js';
import {LinkPool} from './link-pool.js';
import {orAborted} from './limiter.js';
import {loadSsh2} from './load-ssh2.js';
import {type Hop, resolveHops} from './resolve.js';
import {type SshOptions, type SshSettings, withDefaults} from './settings.js';
import {SudoAccounts} from './sudo-accounts.js';

const EMPTY_SERVER_TRIES = 4;

/** The built-in transport: ssh2 in pure JavaScript. Nothing is read or loaded before the first use. */
export function createSsh2Shell(settings: SshSettings): Shell {
  return new Ssh2Shell(withDefaults(settings));
}

class Ssh2Shell implements Shell {
  readonly #options: SshOptions;
  readonly #accounts: SudoAccounts;
  /** Nodes on which sudo let us in without asking. */
  readonly #passwordless = new Set<string>();
  #config: Promise<readonly ConfigItem[]> | undefined;
  #pool: LinkPool | undefined;

  constructor(options: SshOptions) {
    this.#options = options;
    const ask = options.secrets.becomePassword;
    this.#accounts = new SudoAccounts(ask === undefined ? undefined : (account) => ask(account));
  }

  async run(node: NodeAddress, script: Script, run: RunOptions): Promise<RunResult> {
    const hops = await this.#hops(node);
    const account = hops.at(-1)?.user ?? '';
    const elevation = elevationFor(node, account);
    const asks = elevation.kind === 'sudo' && this.#accounts.isAvailable;
    if (asks && !this.#passwordless.has(node.name)) this.#accounts.check(account, node.name);
    const marks = newMarks();
    const {remote, leave} = await this.#start(node, hops, remoteCommand(elevation, asks, marks), run.signal);
    try {
      const accounts = asks ? this.#accounts : undefined;
      return await converse(
        remote,
        script,
        {
          node: node.name,
          account,
          elevation,
          accounts,
          marks,
          options: this.#options,
          onPasswordless: () => this.#passwordless.add(node.name),
        },
        run,
      );
    } finally {
      leave();
    }
  }

  async dial(node: NodeAddress, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    checkTarget(node, host, port);
    const link = await this.#connected(node, await this.#hops(node), signal);
    return openForward(node, link, host, port, signal, this.#options.connectTimeoutMs);
  }

  async release(node: NodeAddress): Promise<void> {
    await this.#pool?.release(await this.#hops(node));
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }

  async #hops(node: NodeAddress): Promise<readonly Hop[]> {
    this.#config ??= loadConfig(this.#options);
    return resolveHops(node, await this.#config, this.#options);
  }

  #connected(node: NodeAddress, hops: readonly Hop[], signal: AbortSignal): Promise<Link> {
    const ssh2 = loadSsh2();
    this.#pool ??= new LinkPool({
      ssh2,
      options: this.#options,
      identities: new IdentityStore(ssh2, this.#options),
      knownHosts: new KnownHostsFiles(),
    });
    return this.#pool.link(hops, node.name, signal);
  }

  /** Starts the command in a session. A connection that broke before anything was sent is opened again once. */
  async #start(
    node: NodeAddress,
    hops: readonly Hop[],
    command: string,
    signal: AbortSignal,
  ): Promise<{readonly remote: RemoteProcess; readonly leave: () => void}> {
    let hasBroken = false;
    let refusals = 0;
    for (;;) {
      const link = await this.#connected(node, hops, signal);
      const leave = await link.sessions
        .enter(AbortSignal.any([signal, link.closed]))
        .catch((error: unknown) => {
          if (signal.aborted) throw error;
          return undefined;
        });
      if (leave === undefined) continue;
      const opening = link.exec(command);
      try {
        const channel = await orAborted(
          withinTime(opening, this.#options.connectTimeoutMs, () => noSession(node, 'no answer')),
          signal,
        );
        return {remote: remoteProcess(channel, link), leave: freeWhenClosed(channel, leave)};
      } catch (error) {
        leave();
        // A channel that opens after nobody waits for it is closed again.
        opening.then(
          (channel) => channel.close(),
          () => undefined,
        );
        if (signal.aborted || error instanceof NodeError) throw error;
        if (link.closed.aborted) {
          if (hasBroken) throw noSession(node, 'the connection breaks each time');
          hasBroken = true;
        } else if (link.sessions.active > 0) {
          // Fewer sessions than we thought (MaxSessions): the others go on, this one waits in line.
          link.sessions.lower(link.sessions.active);
        } else {
          refusals += 1;
          if (refusals >= EMPTY_SERVER_TRIES) throw noSession(node, 'the server refuses every session');
          await delay(50 * 2 ** refusals);
        }
      }
    }
  }
}

function noSession(node: NodeAddress, what: string): NodeError {
  return new NodeError(node.name, 'connect-failed', `${node.name}: it opens no session: ${what}.`, {
    remedy: 'Nothing ran on it. Look at MaxSessions in its sshd_config and at its log.',
  });
}

/** A session's place is free when the server closed the channel, which may be later than our last word. */
function freeWhenClosed(channel: ClientChannel, leave: () => void): () => void {
  let isClosed = false;
  channel.once('close', () => {
    isClosed = true;
    leave();
  });
  return () => {
    if (!isClosed) channel.close();
  };
}

function remoteProcess(channel: ClientChannel, link: Link): RemoteProcess {
  const ended = new Promise<{code: number | undefined; reason: string}>((resolve) => {
    let code: number | undefined;
    let reason = 'the channel closed without an exit code';
    channel.on('exit', (status: number | null, signal?: string) => {
      code = status ?? undefined;
      if (status === null) reason = `it was killed by ${visible(signal ?? 'a signal')}`;
    });
    channel.on('close', () => {
      resolve({code, reason: link.closed.aborted ? String(link.closed.reason) : reason});
    });
  });
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    close: () => {
      channel.close();
    },
  };
}

async function withinTime<Result>(
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

async function openForward(
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
