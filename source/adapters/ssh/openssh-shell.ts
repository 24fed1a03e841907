import type {Duplex} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import {NodeError} from '../../app/errors.js';
import type {RunOptions, RunResult, Script, Shell} from '../../app/ports.js';
import {accountNameProblem, hostNameProblem, visible} from '../../domain/fleet/names.js';
import type {NodeAddress} from '../../domain/fleet/node-address.js';
import {type HostConfig, configFor, loadConfig} from './config.js';
import type {ConfigItem} from './config-file.js';
import {converse, newMarks} from './conversation.js';
import {elevationFor, remoteCommand} from './elevation.js';
import {checkTarget, refusedForward} from './forward.js';
import {orAborted} from './limiter.js';
import {type Master, MasterFolder} from './openssh-master.js';
import {MasterPool} from './openssh-pool.js';
import {
  type NoSession,
  killSsh,
  noSessionIn,
  sessionProcess,
  spawnSsh,
  sshOutput,
} from './openssh-process.js';
import {ProcessStream} from './openssh-stream.js';
import {type SshOptions, type SshSettings, withDefaults} from './settings.js';
import {SudoAccounts} from './sudo-accounts.js';

const TRIES = 4;
/** How long a version of ssh that does not tell that a forward is open is waited for. */
const SILENT_FORWARD_MS = 2000;

/** The transport that drives the system's ssh: certificates, hardware keys, ProxyCommand, GSSAPI. */
export function createOpensshShell(settings: SshSettings): Shell {
  return new OpensshShell(withDefaults(settings));
}

/** A session client found no master, or the server refused the session: the script did not leave. */
class SessionRefused extends Error {
  readonly problem: NoSession;

  constructor(problem: NoSession) {
    super('There was no session.');
    this.problem = problem;
  }
}

class OpensshShell implements Shell {
  readonly #options: SshOptions;
  readonly #accounts: SudoAccounts;
  readonly #passwordless = new Set<string>();
  readonly #pool: MasterPool;
  #config: Promise<readonly ConfigItem[]> | undefined;

  constructor(options: SshOptions) {
    this.#options = options;
    this.#pool = new MasterPool(new MasterFolder(options), options);
    this.#accounts = new SudoAccounts(options.secrets.becomePassword);
  }

  async run(node: NodeAddress, script: Script, run: RunOptions): Promise<RunResult> {
    const config = await this.#configOf(node);
    const account = await this.#account(node, config);
    const elevation = elevationFor(node, account);
    const asks = elevation.kind === 'sudo' && this.#accounts.isAvailable;
    const talk = {
      node: node.name,
      account,
      elevation,
      accounts: asks ? this.#accounts : undefined,
      options: this.#options,
      onPasswordless: () => this.#passwordless.add(node.name),
    };
    let failures = 0;
    for (;;) {
      if (asks && !this.#passwordless.has(node.name)) this.#accounts.check(account, node.name);
      const master = await this.#pool.master(node, config, await this.#items(), run.signal);
      const leave = await master.sessions.enter(run.signal);
      try {
        const marks = newMarks();
        const child = spawnSsh(
          [...clientArgs(master), '-T', '--', master.alias, remoteCommand(elevation, asks, marks)],
          this.#options,
        );
        const remote = sessionProcess(child, (problem) => new SessionRefused(problem));
        return await converse(remote, script, {...talk, marks}, run);
      } catch (error) {
        leave();
        if (!(error instanceof SessionRefused)) throw error;
        if (error.problem.kind === 'refused' && master.sessions.active > 0) {
          // Fewer sessions than we thought (MaxSessions): the others go on, this one waits in line.
          master.sessions.lower(master.sessions.active);
          continue;
        }
        failures += 1;
        if (failures === TRIES) throw noSession(node);
        // Programs that went on after their time fill this master's sessions; a new one has its own.
        const isUseless = error.problem.kind === 'gone' || failures === TRIES - 1;
        if (isUseless) await this.#pool.drop(master);
        else await orAborted(delay(50 * 2 ** failures), run.signal);
      } finally {
        leave();
      }
    }
  }

  async dial(node: NodeAddress, host: string, port: number, signal: AbortSignal): Promise<Duplex> {
    checkTarget(node, host, port);
    const config = await this.#configOf(node);
    for (let attempt = 1; ; attempt += 1) {
      const master = await this.#pool.master(node, config, await this.#items(), signal);
      const stream = await this.#forward(node, master, host, port, signal);
      if (stream !== undefined) return stream;
      if (attempt === 2) throw noSession(node);
      await this.#pool.drop(master);
    }
  }

  async release(node: NodeAddress): Promise<void> {
    await this.#pool.release(node, await this.#configOf(node), await this.#items());
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #items(): Promise<readonly ConfigItem[]> {
    return (this.#config ??= loadConfig(this.#options));
  }

  async #configOf(node: NodeAddress): Promise<HostConfig> {
    const problem =
      hostNameProblem(node.name) ??
      (node.hostName === undefined ? undefined : hostNameProblem(node.hostName)) ??
      (node.user === undefined ? undefined : accountNameProblem(node.user));
    if (problem !== undefined) {
      throw new NodeError(node.name, 'unresolved', `${visible(node.name)}: ${problem}`, {
        remedy: 'Correct the name in the inventory or in ssh_config; nothing was done on this node.',
      });
    }
    const given = new Map<string, readonly string[]>();
    if (node.user !== undefined) given.set('user', [node.user]);
    if (node.proxyJump !== undefined) given.set('proxyjump', [node.proxyJump]);
    return configFor(await this.#items(), {alias: node.name, given, localUser: this.#options.localUser});
  }

  /** The account that ssh logs in as. Where our reading left a Match undecided, ssh itself is asked. */
  async #account(node: NodeAddress, config: HostConfig): Promise<string> {
    if (node.user !== undefined) return node.user;
    if (config.notices.length > 0) {
      const {configFile} = this.#options;
      const file = configFile === undefined ? [] : ['-F', configFile];
      const user = /^user (\S+)$/m.exec(await sshOutput(['-G', ...file, '--', node.name], this.#options));
      if (user?.[1] !== undefined) return user[1];
    }
    return config.first.get('user')?.[0] ?? this.#options.localUser;
  }

  /** Undefined where the master is gone. */
  async #forward(
    node: NodeAddress,
    master: Master,
    host: string,
    port: number,
    signal: AbortSignal,
  ): Promise<Duplex | undefined> {
    const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const child = spawnSsh(
      ['-o', 'LogLevel=DEBUG1', ...clientArgs(master), '-W', target, '--', master.alias],
      this.#options,
    );
    let said = '';
    const state = await orAborted(
      new Promise<'open' | 'over'>((resolve, reject) => {
        const silent = setTimeout(() => {
          resolve('open');
        }, SILENT_FORWARD_MS);
        child.once('error', reject);
        child.once('close', () => {
          clearTimeout(silent);
          resolve('over');
        });
        child.stderr.on('data', (chunk: Buffer) => {
          if (said.length < 65_536) said += chunk.toString('utf8');
          if (!/stdio_fwd: master session id/.test(said)) return;
          clearTimeout(silent);
          resolve('open');
        });
      }),
      signal,
    ).catch((error: unknown) => {
      killSsh(child);
      throw error;
    });
    if (state === 'over') {
      if (noSessionIn(said)?.kind === 'gone') return undefined;
      throw refusedForward(node, host, port, said);
    }
    return new ProcessStream(child);
  }
}

/** A client that only uses its master: without one it must fail, and not connect by itself. */
function clientArgs(master: Master): readonly string[] {
  return ['-F', master.configFile, '-S', master.socket, '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'];
}

function noSession(node: NodeAddress): NodeError {
  return new NodeError(node.name, 'connect-failed', `${node.name}: it opens no session.`, {
    remedy: 'Nothing ran on it. Look at MaxSessions in its sshd_config and at its log.',
  });
}
