import {setTimeout as delay} from 'node:timers/promises';
import type {Duplex} from 'node:stream';
import {NodeError} from '../../app/errors.js';
import {DroppedHandshake, type Link, type LinkTools, openLink} from './link.js';
import {Limiter, orAborted} from './limiter.js';
import type {Hop} from './resolve.js';

const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 5000;
/** Reasons of a jump host that are the same for whoever is behind it. */
const KEPT_REASONS = ['host-key-unknown', 'host-key-changed', 'host-key-revoked', 'unsupported'] as const;

type Entry = {
  readonly opening: Promise<Link>;
  readonly controller: AbortController;
  waiting: number;
  isOpen: boolean;
};

/** Connections by where they lead and how. Jump hosts are shared by all who go through them. */
export class LinkPool {
  readonly #tools: LinkTools;
  readonly #handshakes: Limiter;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(tools: LinkTools) {
    this.#tools = tools;
    this.#handshakes = new Limiter(tools.options.parallel);
  }

  /**
   * The open connection over these hops, opened where needed. Whoever waits for the same one waits together;
   * the attempt is given up when nobody waits any more. Rejects with `NodeError` of `label`, or with the
   * signal's reason.
   */
  async link(hops: readonly Hop[], label: string, signal: AbortSignal): Promise<Link> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new Error('The transport was closed.');
    const key = JSON.stringify(hops);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const controller = new AbortController();
      entry = {opening: this.#open(hops, label, controller.signal), controller, waiting: 0, isOpen: false};
      this.#entries.set(key, entry);
      this.#forgetWhenOver(key, entry);
    }
    entry.waiting += 1;
    try {
      return await orAborted(entry.opening, signal);
    } finally {
      entry.waiting -= 1;
      if (signal.aborted && entry.waiting === 0 && !entry.isOpen) entry.controller.abort(signal.reason);
    }
  }

  /** Closes the connection over these hops if it is open. */
  async release(hops: readonly Hop[]): Promise<void> {
    const key = JSON.stringify(hops);
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    await closeEntry(entry);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Those behind jump hosts were opened after them, and go first.
    const entries = [...this.#entries.values()].toReversed();
    this.#entries.clear();
    await Promise.all(entries.map(closeEntry));
  }

  #forgetWhenOver(key: string, entry: Entry): void {
    const forget = (): void => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    entry.controller.signal.addEventListener('abort', forget);
    entry.opening.then((link) => {
      entry.isOpen = true;
      if (link.closed.aborted) forget();
      else link.closed.addEventListener('abort', forget);
    }, forget);
  }

  async #open(hops: readonly Hop[], label: string, signal: AbortSignal): Promise<Link> {
    const hop = hops.at(-1);
    if (hop === undefined) throw new Error('A connection needs a host.');
    if (hop.hasProxyCommand) {
      throw new NodeError(label, 'unsupported', `${label}: ssh_config has a ProxyCommand for it.`, {
        remedy: 'Use --transport openssh, or ProxyJump in place of ProxyCommand.',
      });
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#try(hop, hops.slice(0, -1), label, signal);
      } catch (error) {
        if (!(error instanceof DroppedHandshake)) throw error;
        if (attempt === MAX_TRIES) {
          throw new NodeError(label, 'connect-failed', `${error.message}, ${MAX_TRIES} times.`, {
            remedy:
              'Lower --parallel, or raise MaxStartups of its sshd; PerSourcePenalties may also be at work.',
            cause: error,
          });
        }
      }
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await delay(pause * (0.5 + Math.random()), undefined, {signal}).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error;
      });
    }
  }

  async #try(hop: Hop, before: readonly Hop[], label: string, signal: AbortSignal): Promise<Link> {
    const jump = before.at(-1);
    if (jump === undefined) return this.#handshake(hop, undefined, label, signal);
    const parent = await this.link(before, jump.alias, signal).catch((error: unknown) => {
      throw behindJump(label, jump, error);
    });
    return this.#handshake(hop, {parent, jump}, label, signal);
  }

  async #handshake(
    hop: Hop,
    through: {readonly parent: Link; readonly jump: Hop} | undefined,
    label: string,
    signal: AbortSignal,
  ): Promise<Link> {
    const leave = await this.#handshakes.enter(signal);
    try {
      const socket = through === undefined ? undefined : await forward(hop, through, label, signal);
      return await openLink(label, hop, socket, this.#tools, signal);
    } finally {
      leave();
    }
  }
}

async function forward(
  hop: Hop,
  through: {readonly parent: Link; readonly jump: Hop},
  label: string,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    return await orAborted(through.parent.forward(hop.hostName, hop.port), signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (through.parent.closed.aborted) {
      throw new DroppedHandshake(`${label}: its jump host ${through.jump.alias} closed the connection`);
    }
    throw new NodeError(
      label,
      'jump',
      `${label}: its jump host ${through.jump.alias} cannot reach ${hop.hostName} port ${hop.port}.`,
      {remedy: `Look at it with: ssh ${through.jump.alias}`, cause: error},
    );
  }
}

function behindJump(label: string, jump: Hop, error: unknown): unknown {
  if (!(error instanceof NodeError)) return error;
  const reason = KEPT_REASONS.find((kept) => kept === error.reason) ?? 'jump';
  return new NodeError(
    label,
    reason,
    `${label}: its jump host ${jump.alias} cannot be used: ${error.message}`,
    {
      ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
      cause: error,
    },
  );
}

async function closeEntry(entry: Entry): Promise<void> {
  entry.controller.abort(new Error('The transport was closed.'));
  // Whoever waited for a connection that did not open has been told.
  const link = await entry.opening.catch(() => undefined);
  await link?.close();
}
