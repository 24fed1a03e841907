import type {Duplex} from 'node:stream';
import type {Client, ClientChannel, ConnectConfig} from 'ssh2';
import {NodeError} from '../../app/errors.js';
import {shellQuote} from '../../domain/shell-quote.js';
import {visible} from '../../domain/fleet/names.js';
import {hostKeyError} from './host-key-errors.js';
import type {IdentityStore} from './identities.js';
import {entriesFor, fingerprint, judgeHostKey, knownKeyTypes} from './known-hosts.js';
import type {KnownHostsFiles} from './known-hosts-files.js';
import {Limiter, orAborted} from './limiter.js';
import type {Ssh2} from './load-ssh2.js';
import type {Hop} from './resolve.js';
import {type Session, sessionOf} from './session.js';
import type {SshOptions} from './settings.js';

/** OpenSSH's default for MaxSessions. */
const MAX_SESSIONS = 10;
/** ssh2's own list, in the order of OpenSSH: what is offered after the kinds already known for a host. */
const HOST_KEY_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
type HostKeyAlgorithm = (typeof HOST_KEY_ALGORITHMS)[number];

/** What opening a connection needs besides the place it leads to. */
export type LinkTools = {
  readonly ssh2: Ssh2;
  readonly options: SshOptions;
  readonly identities: IdentityStore;
  readonly knownHosts: KnownHostsFiles;
};

/** The server went away before anybody could be checked or logged in: another try may do. */
export class DroppedHandshake extends Error {
  override readonly name: string = 'DroppedHandshake';
}

/** A connection that is logged in. It is dead once `closed` is aborted, with the reason in words. */
export class Link {
  readonly hop: Hop;
  readonly sessions = new Limiter(MAX_SESSIONS);
  readonly closed: AbortSignal;
  readonly #client: Client;

  constructor(hop: Hop, client: Client, closed: AbortSignal) {
    this.hop = hop;
    this.#client = client;
    this.closed = closed;
  }

  /** Starts a command. Rejects where the server refuses, and where the connection breaks first. */
  exec(command: string): Promise<Session> {
    return this.#whileOpen((resolve, reject) => {
      this.#client.exec(command, (error, channel) => {
        if (error === undefined) resolve(sessionOf(channel, this.closed));
        else reject(error);
      });
    });
  }

  /** A stream to an address as the server sees it. */
  forward(host: string, port: number): Promise<ClientChannel> {
    return this.#whileOpen((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(error);
      });
    });
  }

  async close(): Promise<void> {
    if (this.closed.aborted) return;
    const closed = new Promise<void>((resolve) => {
      this.closed.addEventListener('abort', () => {
        resolve();
      });
    });
    this.#client.end();
    // A peer that does not say goodbye is not waited for.
    const timer = setTimeout(() => this.#client.destroy(), 1000);
    await closed;
    clearTimeout(timer);
  }

  #whileOpen<Opened>(
    start: (resolve: (opened: Opened) => void, reject: (error: unknown) => void) => void,
  ): Promise<Opened> {
    return new Promise((resolve, reject) => {
      const broke = (): void => {
        reject(new Error('The connection broke.'));
      };
      const over = (): void => {
        this.closed.removeEventListener('abort', broke);
      };
      this.closed.addEventListener('abort', broke, {once: true});
      start(
        (opened) => {
          over();
          resolve(opened);
        },
        (error) => {
          over();
          reject(error);
        },
      );
    });
  }
}

/**
 * Opens one connection to a hop, over `socket` where a jump host gave one. Rejects with `NodeError`, with
 * `DroppedHandshake` where the server hung up before login, and with the signal's reason when aborted.
 */
export async function openLink(
  node: string,
  hop: Hop,
  socket: Duplex | undefined,
  tools: LinkTools,
  signal: AbortSignal,
): Promise<Link> {
  const attempt = new Attempt(node, hop, socket, tools);
  try {
    return await orAborted(attempt.open(), signal);
  } catch (error) {
    attempt.abandon();
    throw error;
  }
}

class Attempt {
  readonly #node: string;
  readonly #hop: Hop;
  readonly #socket: Duplex | undefined;
  readonly #tools: LinkTools;
  readonly #client: Client;
  readonly #closed = new AbortController();
  readonly #tried: string[] = [];
  #left: readonly string[] = [];
  #needsOpenssh = false;
  #isKeyShut = false;
  #isVerified = false;
  #asking = 0;
  #remainingMs: number;
  #timer: NodeJS.Timeout | undefined;
  #timerSince = 0;
  #hostKeyProblem: unknown;
  /** Why an open connection broke, in words. */
  #breakReason = 'the connection was closed';
  #fail: ((error: unknown) => void) | undefined;

  constructor(node: string, hop: Hop, socket: Duplex | undefined, tools: LinkTools) {
    this.#node = node;
    this.#hop = hop;
    this.#socket = socket;
    this.#tools = tools;
    this.#client = new tools.ssh2.Client();
    this.#remainingMs = hop.connectTimeoutMs ?? tools.options.connectTimeoutMs;
  }

  async open(): Promise<Link> {
    const {options, identities, knownHosts} = this.#tools;
    const found = entriesFor(await knownHosts.entries(this.#hop), this.#hop);
    const {usable, left, needsOpenssh} = await identities.identitiesFor(this.#hop, (isAsking) => {
      this.#whileAsking(isAsking);
    });
    this.#left = left;
    this.#needsOpenssh = needsOpenssh;
    if (usable.length === 0) throw this.#loginError('there is no key to log in with');
    const queue = [...usable];
    const config: ConnectConfig = {
      host: this.#hop.hostName,
      port: this.#hop.port,
      username: this.#hop.user,
      readyTimeout: 0,
      keepaliveInterval: options.keepalive.intervalMs,
      keepaliveCountMax: options.keepalive.count,
      algorithms: {serverHostKey: hostKeyOrder(knownKeyTypes(found))},
      hostVerifier: (key: Buffer, accept: (isGood: boolean) => void) => {
        this.#verify(key, found).then(accept, (error: unknown) => {
          this.#hostKeyProblem = error;
          accept(false);
        });
      },
      authHandler: (methods, isPartial, next) => {
        const identity = queue.shift();
        if (isPartial && !methods.includes('publickey')) {
          this.#fail?.(this.#loginError(`a key is not enough, it also wants ${visible(methods.join(', '))}`));
          return;
        }
        if (identity === undefined) {
          this.#fail?.(this.#loginError('it refused every key'));
          return;
        }
        this.#tried.push(identity.label);
        next({type: 'agent', username: this.#hop.user, agent: identity.agent});
      },
      ...(this.#socket === undefined ? {} : {sock: this.#socket}),
    };
    return new Promise<Link>((resolve, reject) => {
      this.#fail = reject;
      this.#client.on('error', (error: Error & {level?: string}) => {
        this.#onError(error);
      });
      this.#client.on('close', () => {
        this.#stopTimer();
        this.#closed.abort(this.#breakReason);
        reject(this.#dropped('the server closed the connection'));
      });
      this.#client.once('ready', () => {
        this.#stopTimer();
        this.#fail = undefined;
        resolve(new Link(this.#hop, this.#client, this.#closed.signal));
      });
      this.#startTimer();
      // As ssh does: a request follows right after its channel was opened, and must not wait for that one's answer.
      this.#client.connect(config).setNoDelay(true);
    });
  }

  abandon(): void {
    this.#stopTimer();
    this.#client.destroy();
    this.#socket?.destroy();
  }

  async #verify(key: Buffer, found: ReturnType<typeof entriesFor>): Promise<boolean> {
    const named = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
    const keyType = /^[a-z0-9@.-]+$/.test(named) ? named : 'odd';
    const shown = {keyType, key: key.toString('base64'), fingerprint: fingerprint(key)};
    const {knownHosts} = this.#tools;
    if (await knownHosts.isRevoked(this.#hop, shown.key)) {
      const entry = {file: this.#hop.revokedHostKeysFile ?? '', line: 0};
      throw new NodeError(
        this.#node,
        'host-key-revoked',
        `${this.#where()}: shows the ${keyType} key ${shown.fingerprint}, which is revoked in ${entry.file}.`,
        {remedy: 'Do not log in to it; the machine needs a new host key.'},
      );
    }
    let verdict = judgeHostKey(found, shown);
    if (verdict.kind === 'unknown' && this.#hop.acceptsNewHostKey && verdict.otherTypes.length === 0) {
      verdict = await knownHosts.add(this.#hop, shown);
      if (verdict.kind === 'known') {
        this.#tools.options.notice(
          `${this.#where()}: its ${keyType} key ${shown.fingerprint} was new and is now in known_hosts.`,
        );
      }
    }
    if (verdict.kind !== 'known') {
      throw hostKeyError(this.#node, this.#hop, verdict, shown, this.#socket !== undefined);
    }
    this.#isVerified = true;
    return true;
  }

  #onError(error: Error & {level?: string; code?: unknown}): void {
    if (this.#fail === undefined) {
      this.#breakReason = visible(error.message);
      return;
    }
    // A key that could not sign: ssh2 goes on with the next one.
    if (error.level === 'agent') {
      this.#tried.push(`(${error.message})`);
      this.#isKeyShut ||= /passphrase/.test(error.message);
      return;
    }
    this.#fail(this.#explain(error));
  }

  #explain(error: Error & {level?: string; code?: unknown}): Error {
    if (this.#hostKeyProblem instanceof Error) return this.#hostKeyProblem;
    if (/no matching/.test(error.message)) {
      return new NodeError(
        this.#node,
        'unsupported',
        `${this.#where()}: ${visible(error.message)}: the server offers nothing that the built-in transport knows.`,
        {remedy: 'Use --transport openssh.', cause: error},
      );
    }
    if (/too many authentication failures/i.test(error.message)) {
      return this.#loginError('the server cut the login short after too many keys', [
        'Name one key for this host: IdentityFile with "IdentitiesOnly yes" in ssh_config.',
      ]);
    }
    const code = typeof error.code === 'string' ? error.code : undefined;
    if (code === 'ECONNRESET' || code === 'EPIPE' || /before handshake/.test(error.message)) {
      return this.#dropped('the server closed the connection');
    }
    if (code === 'ETIMEDOUT') return this.#timeout();
    const isNameUnknown = code === 'ENOTFOUND' || code === 'EAI_AGAIN';
    return new NodeError(
      this.#node,
      isNameUnknown ? 'unresolved' : 'connect-failed',
      `${this.#where()}: ${reasonOf(code, error.message)}.`,
      {
        remedy: isNameUnknown
          ? 'Give its address: HostName in ssh_config, or ansible_host in the inventory.'
          : `Look at it with: ssh ${shellQuote(this.#hop.alias)}`,
        cause: error,
      },
    );
  }

  #dropped(what: string): Error {
    if (this.#hostKeyProblem instanceof Error) return this.#hostKeyProblem;
    // Once keys were shown, a server that hangs up means them; before, it may only be busy (MaxStartups).
    if (this.#isVerified && this.#tried.length > 0) {
      return this.#loginError(`${what} while keys were tried`);
    }
    return new DroppedHandshake(`${this.#where()}: ${what} before login`);
  }

  #loginError(what: string, advice: readonly string[] = []): NodeError {
    const tried = this.#tried.length === 0 ? '' : `; tried ${this.#tried.join(', ')}`;
    const left = this.#left.length === 0 ? '' : `; could not use ${this.#left.join(', ')}`;
    const isOther = this.#needsOpenssh;
    const shut = this.#isKeyShut
      ? ['Give the passphrase when it is asked for, or let an agent hold the key: ssh-add.']
      : [];
    const remedy = isOther
      ? 'Certificates and hardware keys need --transport openssh.'
      : [...shut, ...advice, `Try it with: ssh -v ${shellQuote(this.#hop.alias)} true`].join(' ');
    return new NodeError(
      this.#node,
      isOther ? 'unsupported' : 'authentication',
      `${this.#where()}: cannot log in as ${this.#hop.user}: ${what}${tried}${left}.`,
      {remedy},
    );
  }

  #timeout(): NodeError {
    const seconds = (this.#hop.connectTimeoutMs ?? this.#tools.options.connectTimeoutMs) / 1000;
    return new NodeError(this.#node, 'connect-timeout', `${this.#where()}: no answer within ${seconds} s.`, {
      remedy:
        'Look whether it is up and whether a firewall is in between; ConnectTimeout in ssh_config waits longer.',
    });
  }

  #where(): string {
    return `${this.#node} (${this.#hop.hostName} port ${this.#hop.port})`;
  }

  #whileAsking(isAsking: boolean): void {
    this.#asking += isAsking ? 1 : -1;
    if (isAsking && this.#asking === 1) this.#stopTimer();
    if (!isAsking && this.#asking === 0 && this.#fail !== undefined) this.#startTimer();
  }

  #startTimer(): void {
    this.#timerSince = Date.now();
    this.#timer = setTimeout(() => {
      this.#fail?.(this.#timeout());
      this.#client.destroy();
    }, this.#remainingMs);
  }

  #stopTimer(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#remainingMs = Math.max(1000, this.#remainingMs - (Date.now() - this.#timerSince));
  }
}

/** Kinds of keys known for a host first, as ssh asks for them, so that a host known by one is asked for it. */
function hostKeyOrder(knownTypes: readonly string[]): HostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    knownTypes.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  const first = HOST_KEY_ALGORITHMS.filter(isKnown);
  return [...first, ...HOST_KEY_ALGORITHMS.filter((algorithm) => !first.includes(algorithm))];
}

function reasonOf(code: string | undefined, message: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused, no SSH server listens there';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved';
    default:
      return `the connection failed (${visible(message)})`;
  }
}
