import type {Duplex} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import {NodeError} from '../../app/errors.js';
import type {RunOptions, RunResult, Script, Shell} from '../../app/ports.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {loadConfig} from './config.js';
import type {ConfigItem} from './config-file.js';
import {converse, newMarks} from './conversation.js';
import {elevationFor, remoteCommand} from './elevation.js';
import {checkTarget, openForward, withinTime} from './forward.js';
import {IdentityStore} from './identities.js';
import {KnownHostsFiles} from './known-hosts-files.js';
import type {Link} from './link.js';
import {LinkPool} from './link-pool.js';
import {orAborted} from './limiter.js';
import {loadSsh2} from './load-ssh2.js';
import {type Hop, resolveHops} from './resolve.js';
import type {Session} from './session.js';
import {type SshOptions, type SshSettings, withDefaults} from './settings.js';
import {SudoAccounts} from './sudo-accounts.js';

const EMPTY_SERVER_TRIES = 4;
/** How long a closed session may keep its place until the server says that it is closed. */
const LINGER_MS = 5000;

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
    this.#accounts = new SudoAccounts(options.secrets.becomePassword);
  }

  async run(node: NodeAddress, script: Script, run: RunOptions): Promise<RunResult> {
    const hops = await this.#hops(node);
    const account = hops.at(-1)?.user ?? '';
    const elevation = elevationFor(node, account);
    const asks = elevation.kind === 'sudo' && this.#accounts.isAvailable;
    if (asks && !this.#passwordless.has(node.name)) this.#accounts.check(account, node.name);
    const marks = newMarks();
    const remote = await this.#start(node, hops, remoteCommand(elevation, asks, marks), run.signal);
    return converse(
      remote,
      script,
      {
        node: node.name,
        account,
        elevation,
        accounts: asks ? this.#accounts : undefined,
        marks,
        options: this.#options,
        onPasswordless: () => this.#passwordless.add(node.name),
      },
      run,
    );
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
  ): Promise<Session> {
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
        const session = await orAborted(
          withinTime(opening, this.#options.connectTimeoutMs, () => noSession(node, 'no answer')),
          signal,
        );
        session.onceClosed(leave);
        return {
          ...session,
          close() {
            session.close();
            // A program that goes on keeps its channel open on the server: it is not waited for.
            setTimeout(leave, LINGER_MS).unref();
          },
        };
      } catch (error) {
        leave();
        // A channel that opens after nobody waits for it is closed again.
        opening.then(
          (session) => {
            session.close();
          },
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
          // Programs that went on after their time fill this connection's sessions; a new one has its own.
          if (refusals === EMPTY_SERVER_TRIES - 1) await this.#pool?.release(hops);
          else await orAborted(delay(50 * 2 ** refusals), signal);
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
