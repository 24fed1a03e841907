import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {NodeError, UserError} from '../../app/errors.js';
import {explainSshFailure} from './openssh-errors.js';
import {killSsh, spawnSsh} from './openssh-process.js';
import {Limiter, orAborted} from './limiter.js';
import type {SshOptions} from './settings.js';

const MAX_SESSIONS = 10;
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 5000;
/** A master that is idle for so long ends itself, also when this program was killed. */
const PERSIST_SECONDS = 120;
/** A socket's path has 104 to 108 bytes, and ssh adds 17 while it makes one. */
const LONGEST_FOLDER = 70;

/** Where a master leads: what ssh is given before `--` and after it. */
export type MasterTarget = {
  readonly label: string;
  readonly alias: string;
  /** Options like `-l`, `-p`, each with its checked value. */
  readonly args: readonly string[];
  readonly acceptsNewHostKey: boolean;
  /** Jump hosts that already have masters: their names and sockets. */
  readonly jumps: readonly {readonly alias: string; readonly socket: string}[];
};

/** A shared connection of the system's ssh. */
export type Master = {
  readonly alias: string;
  readonly socket: string;
  readonly configFile: string;
  readonly sessions: Limiter;
};

/** The private folder with the sockets and configuration files of one transport. */
export class MasterFolder {
  readonly #options: SshOptions;
  readonly #configs = new Map<string, Promise<string>>();
  #folder: Promise<string> | undefined;
  #count = 0;

  constructor(options: SshOptions) {
    this.#options = options;
  }

  /** Logs in and leaves a master behind. Rejects with `NodeError`, or the signal's reason. */
  async open(target: MasterTarget, signal: AbortSignal): Promise<Master> {
    const folder = await (this.#folder ??= makeFolder());
    const configFile = await this.#configFile(folder, target);
    const socket = path.join(folder, `s${(this.#count += 1)}`);
    for (let attempt = 1; ; attempt += 1) {
      const problem = await this.#login(target, configFile, socket, signal);
      if (problem === undefined) {
        return {alias: target.alias, socket, configFile, sessions: new Limiter(MAX_SESSIONS)};
      }
      if (problem !== 'dropped') throw problem;
      if (attempt === MAX_TRIES) {
        throw new NodeError(
          target.label,
          'connect-failed',
          `${target.label}: the server closed the connection before login, ${MAX_TRIES} times.`,
          {
            remedy:
              'Lower --parallel, or raise MaxStartups of its sshd; PerSourcePenalties may also be at work.',
          },
        );
      }
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await orAborted(delay(pause * (0.5 + Math.random())), signal);
    }
  }

  /** Ends a master; one that is already gone is well. */
  async exit(master: Pick<Master, 'alias' | 'socket' | 'configFile'>): Promise<void> {
    const args = ['-F', master.configFile, '-S', master.socket, '-O', 'exit', '--', master.alias];
    const child = spawnSsh(args, this.#options);
    child.stdin.end();
    child.stdout.resume();
    child.stderr.resume();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        killSsh(child);
      }, 2000);
      const over = (): void => {
        clearTimeout(timer);
        resolve();
      };
      child.once('exit', over);
      child.once('error', over);
    });
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, {recursive: true, force: true});
  }

  async #login(
    target: MasterTarget,
    configFile: string,
    socket: string,
    signal: AbortSignal,
  ): Promise<NodeError | 'dropped' | undefined> {
    signal.throwIfAborted();
    const strict = target.acceptsNewHostKey ? 'accept-new' : 'yes';
    const places = ['-F', configFile, '-M', '-S', socket, '-N', '-f', '-T'];
    const rules = ['-o', `ControlPersist=${PERSIST_SECONDS}`, '-o', `StrictHostKeyChecking=${strict}`];
    // With -v, and not LogLevel, ssh lets the messages of its own ssh for a jump host through.
    const args = [...places, ...rules, '-v', ...target.args, '--', target.alias];
    const child = spawnSsh(args, this.#options);
    let output = '';
    let isLate = false;
    child.stderr.on('data', (chunk: Buffer) => {
      if (output.length < 262_144) output += chunk.toString('utf8');
    });
    child.stdin.end();
    child.stdout.resume();
    const onAbort = (): void => {
      killSsh(child);
    };
    const timer = setTimeout(() => {
      isLate = true;
      killSsh(child);
    }, this.#options.connectTimeoutMs);
    signal.addEventListener('abort', onAbort, {once: true});
    try {
      // `exit`, not `close`: the master in the background keeps the streams open.
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      });
      if (signal.aborted) {
        // It may have gone to the background in the same moment.
        if (code === 0) await this.exit({alias: target.alias, socket, configFile});
        throw signal.reason;
      }
      if (isLate) return timeoutError(target.label, this.#options.connectTimeoutMs);
      if (code === 0) return undefined;
      // What ssh wrote last may still be in the pipe when it is gone.
      await new Promise<void>((resolve) => {
        if (child.stderr.readableEnded) resolve();
        else child.stderr.once('end', resolve);
      });
      if (/Bad configuration option|terminating, \d+ bad configuration/.test(output)) {
        throw new UserError(
          'usage',
          `ssh refuses its configuration: ${output.trim().split('\n').at(-1) ?? ''}`,
        );
      }
      return explainSshFailure(target.label, target.alias, output);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
        throw new NodeError(target.label, 'unsupported', `${target.label}: there is no ssh program here.`, {
          remedy: 'Install the OpenSSH client, or use --transport ssh2.',
          cause: error,
        });
      }
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      child.stderr.destroy();
      child.stdout.destroy();
    }
  }

  /**
   * Our rules first, because ssh takes the first value of each; then the user's files. They hold for the ssh
   * that ssh itself starts for a jump host, too.
   */
  #configFile(folder: string, target: MasterTarget): Promise<string> {
    const options = this.#options;
    const jumps = target.jumps.map(({alias, socket}) => `Host ${alias}\n  ControlPath ${quote(socket)}\n`);
    const includes =
      options.configFile === undefined
        ? [path.join(options.home, '.ssh', 'config'), path.join(options.systemFolder, 'ssh_config')]
        : [options.configFile];
    const text = [
      ...jumps,
      'Host *',
      '  BatchMode yes',
      '  StrictHostKeyChecking yes',
      `  ServerAliveInterval ${Math.max(1, Math.ceil(options.keepalive.intervalMs / 1000))}`,
      `  ServerAliveCountMax ${options.keepalive.count}`,
      '  ControlMaster no',
      '  ClearAllForwardings yes',
      '  EscapeChar none',
      '  ForwardAgent no',
      '  ForwardX11 no',
      '  LogLevel INFO',
      '  PermitLocalCommand no',
      '  RemoteCommand none',
      '  RequestTTY no',
      '  UpdateHostKeys no',
      ...includes.map((file) => `Include ${quote(path.resolve(file))}`),
      'Host *',
      '  ControlPath none',
      `  ConnectTimeout ${Math.max(1, Math.ceil(options.connectTimeoutMs / 1000))}`,
      '',
    ].join('\n');
    let written = this.#configs.get(text);
    if (written === undefined) {
      const file = path.join(folder, `c${this.#configs.size + 1}`);
      written = writeFile(file, text, {mode: 0o600}).then(() => file);
      this.#configs.set(text, written);
    }
    return written;
  }
}

async function makeFolder(): Promise<string> {
  const base = tmpdir().length > LONGEST_FOLDER ? '/tmp' : tmpdir();
  return mkdtemp(path.join(base, 'rpv-'));
}

function quote(file: string): string {
  if (/["\n]/.test(file)) throw new UserError('usage', 'ssh cannot read a file with a quote in its name.');
  return `"${file}"`;
}

function timeoutError(label: string, milliseconds: number): NodeError {
  return new NodeError(label, 'connect-timeout', `${label}: no answer within ${milliseconds / 1000} s.`, {
    remedy: 'Look whether it is up and whether a firewall is in between.',
  });
}
