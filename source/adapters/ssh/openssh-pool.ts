import {NodeError} from '../../app/errors.js';
import {hostNameProblem, accountNameProblem, visible} from '../../domain/fleet/names.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {type HostConfig, configFor} from './config.js';
import type {ConfigItem} from './config-file.js';
import {Limiter, orAborted} from './limiter.js';
import type {Master, MasterFolder} from './openssh-master.js';
import {acceptsNew, parseJump} from './resolve.js';
import type {SshOptions} from './settings.js';

/** Where to go: a node or a jump host, with its own jumps. */
type Target = {
  readonly label: string;
  readonly alias: string;
  readonly args: readonly string[];
  readonly config: HostConfig;
  readonly jumps: readonly Target[];
};

type Entry = {
  readonly opening: Promise<Master>;
  readonly controller: AbortController;
  waiting: number;
  isOpen: boolean;
};

/** Masters by where they lead. Jump hosts get masters of their own, shared by all who go through them. */
export class MasterPool {
  readonly #folder: MasterFolder;
  readonly #options: SshOptions;
  readonly #handshakes: Limiter;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  constructor(folder: MasterFolder, options: SshOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#handshakes = new Limiter(options.parallel);
  }

  /** The open master of a node. Rejects with `NodeError`, or the signal's reason. */
  master(
    node: NodeAddress,
    config: HostConfig,
    items: readonly ConfigItem[],
    signal: AbortSignal,
  ): Promise<Master> {
    return this.#shared(nodeTarget(node, config, items, this.#options), signal);
  }

  /** Ends a master that is dead or of no use any more: the next use opens another. */
  async drop(master: Master): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (!entry.isOpen || (await entry.opening) !== master) continue;
      if (this.#entries.get(key) !== entry) continue;
      this.#entries.delete(key);
      await this.#end(entry);
    }
  }

  async release(node: NodeAddress, config: HostConfig, items: readonly ConfigItem[]): Promise<void> {
    const key = keyOf(nodeTarget(node, config, items, this.#options));
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    await this.#end(entry);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()].toReversed();
    this.#entries.clear();
    await Promise.all(entries.map((entry) => this.#end(entry)));
    await this.#folder.remove();
  }

  async #end(entry: Entry): Promise<void> {
    entry.controller.abort(new Error('The transport was closed.'));
    // Whoever waited for a login that failed has been told.
    const master = await entry.opening.catch(() => undefined);
    if (master !== undefined) await this.#folder.exit(master);
  }

  async #shared(target: Target, signal: AbortSignal): Promise<Master> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new Error('The transport was closed.');
    const key = keyOf(target);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const controller = new AbortController();
      const made: Entry = {
        opening: this.#open(target, controller.signal),
        controller,
        waiting: 0,
        isOpen: false,
      };
      const forget = (): void => {
        if (this.#entries.get(key) === made) this.#entries.delete(key);
      };
      made.opening.then(() => {
        made.isOpen = true;
      }, forget);
      controller.signal.addEventListener('abort', forget);
      this.#entries.set(key, made);
      entry = made;
    }
    entry.waiting += 1;
    try {
      return await orAborted(entry.opening, signal);
    } finally {
      entry.waiting -= 1;
      if (signal.aborted && entry.waiting === 0 && !entry.isOpen) entry.controller.abort(signal.reason);
    }
  }

  async #open(target: Target, signal: AbortSignal): Promise<Master> {
    const jumps: Master[] = [];
    for (const jump of target.jumps) {
      jumps.push(
        await this.#shared(jump, signal).catch((error: unknown) => {
          throw behindJump(target.label, jump.alias, error);
        }),
      );
    }
    const leave = await this.#handshakes.enter(signal);
    try {
      return await this.#folder.open(
        {
          label: target.label,
          alias: target.alias,
          args: target.args,
          acceptsNewHostKey: acceptsNew(
            target.alias,
            target.config.first.get('stricthostkeychecking')?.[0],
            this.#options,
          ),
          jumps,
        },
        signal,
      );
    } finally {
      leave();
    }
  }
}

function nodeTarget(
  node: NodeAddress,
  config: HostConfig,
  items: readonly ConfigItem[],
  options: SshOptions,
): Target {
  return {
    label: node.name,
    alias: node.name,
    args: [
      ...(node.hostName === undefined ? [] : ['-o', `HostName=${node.hostName.replaceAll('%', '%%')}`]),
      ...(node.port === undefined ? [] : ['-p', String(node.port)]),
      ...(node.user === undefined ? [] : ['-l', node.user]),
      ...(node.identityFile === undefined ? [] : ['-i', node.identityFile]),
      ...(node.proxyJump === undefined ? [] : ['-J', node.proxyJump]),
    ],
    config,
    jumps: jumpTargets(node.name, config, items, options, 0),
  };
}

/** Jump hosts that can have masters of their own; with tokens in their names ssh goes through them by itself. */
function jumpTargets(
  label: string,
  config: HostConfig,
  items: readonly ConfigItem[],
  options: SshOptions,
  depth: number,
): readonly Target[] {
  const jump = config.first.get('proxyjump')?.[0];
  if (jump === undefined || jump.toLowerCase() === 'none') return [];
  if (depth > 8) {
    throw new NodeError(label, 'jump', `${label}: ProxyJump goes in a circle or is too long.`, {
      remedy: `Look at it with: ssh -G ${label}`,
    });
  }
  const targets: Target[] = [];
  for (const text of jump.replaceAll(/%[hnpr]/g, (token) => (token === '%p' ? '22' : 'x')).split(',')) {
    const {host, wanted} = parseJump(text.trim(), label);
    const user = wanted.get('user')?.[0];
    const port = wanted.get('port')?.[0];
    const problem = hostNameProblem(host) ?? (user === undefined ? undefined : accountNameProblem(user));
    if (problem !== undefined) throw new NodeError(label, 'unresolved', `${visible(label)}: ${problem}`);
    const before = targets.map((target) => target.alias);
    if (before.length > 0) wanted.set('proxyjump', [jump.split(',').slice(0, before.length).join(',')]);
    const own = configFor(items, {alias: host, given: wanted, localUser: options.localUser});
    targets.push({
      label: host,
      alias: host,
      args: [
        ...(user === undefined ? [] : ['-l', user]),
        ...(port === undefined ? [] : ['-p', port]),
        ...(before.length === 0 ? [] : ['-J', jump.split(',').slice(0, before.length).join(',')]),
      ],
      config: own,
      jumps: targets.length > 0 ? [...targets] : jumpTargets(host, own, items, options, depth + 1),
    });
  }
  // The names above stood in for tokens: they were checked, and ssh finds its way by itself.
  return jump.includes('%') ? [] : targets;
}

function keyOf(target: Target): string {
  return JSON.stringify([target.alias, target.args, target.jumps.map(keyOf)]);
}

function behindJump(label: string, alias: string, error: unknown): unknown {
  if (!(error instanceof NodeError)) return error;
  const reason =
    error.reason.startsWith('host-key') || error.reason === 'unsupported' ? error.reason : 'jump';
  return new NodeError(label, reason, `${label}: its jump host ${alias} cannot be used: ${error.message}`, {
    ...(error.remedy === undefined ? {} : {remedy: error.remedy}),
    cause: error,
  });
}
