import {type ChildProcess, execFile, spawn, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {rmSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {atExit} from './at-exit.js';

const execute = promisify(execFile);

/** A private sshd on loopback with keys of its own, and a user's ~/.ssh to reach it. */
export type TestSshd = {
  /** Folder of everything; `home` below it plays the user's home. */
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  /** What the server printed, for assertions about logins. */
  log(): string;
  /** PIDs of connections that were accepted from now on do not count. */
  stop(): Promise<void>;
};

export type SshdOptions = {
  /** More lines for sshd_config. */
  readonly lines?: readonly string[];
  readonly address?: string;
  /** Kinds of host keys. */
  readonly hostKeys?: readonly string[];
  /** An existing folder from another server, whose user keys are used again. */
  readonly home?: string;
  readonly port?: number;
};

/** Starts sshd as root and waits until it listens. Writes `home/.ssh/known_hosts` and `id_ed25519`. */
export async function startSshd(options: SshdOptions = {}): Promise<TestSshd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-sshd-'));
  await chmod(folder, 0o755);
  const home = options.home ?? path.join(folder, 'home');
  const ssh = path.join(home, '.ssh');
  const userKey = path.join(ssh, 'id_ed25519');
  if (options.home === undefined) {
    await mkdir(ssh, {recursive: true, mode: 0o700});
    await makeKey(userKey, 'ed25519');
  }
  const authorized = path.join(folder, 'authorized_keys');
  await writeFile(authorized, await readFile(`${userKey}.pub`), {mode: 0o644});
  const kinds = options.hostKeys ?? ['ed25519'];
  for (const kind of kinds) await makeKey(path.join(folder, `host_${kind}`), kind);
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  const config = path.join(folder, 'sshd_config');
  await mkdir('/run/sshd', {recursive: true, mode: 0o755});
  await writeFile(
    config,
    [
      ...(options.lines ?? []),
      ...(address === '127.0.0.1'
        ? [`ListenAddress 127.0.0.1:${port}`]
        : [`ListenAddress ${address}:${port}`]),
      ...kinds.map((kind) => `HostKey ${path.join(folder, `host_${kind}`)}`),
      `AuthorizedKeysFile ${authorized}`,
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PidFile none',
      'MaxStartups 200',
      'LogLevel VERBOSE',
      // bash below this level reads no .bashrc, which on a developer's machine may take longer than the test.
      'Match User root',
      '  SetEnv SHLVL=2',
      '',
    ].join('\n'),
  );
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {stdio: ['ignore', 'ignore', 'pipe']});
  const forget = atExit(() => void server.kill('SIGTERM'));
  const lines = collect(server);
  await lines.until(/Server listening/);
  if (options.home === undefined) {
    for (const kind of kinds) {
      const [type = '', key = ''] = (await readFile(path.join(folder, `host_${kind}.pub`), 'utf8')).split(
        ' ',
      );
      const name = address === '0.0.0.0' ? `[127.0.0.*]:${port}` : `[${address}]:${port}`;
      await writeFile(path.join(ssh, 'known_hosts'), `${name} ${type} ${key}\n`, {flag: 'a', mode: 0o600});
    }
  }
  return {
    folder,
    home,
    port,
    log: () => lines.text(),
    async stop() {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGTERM');
        await gone;
      }
      forget();
      await rm(folder, {recursive: true, force: true});
    },
  };
}

/** Makes a key pair with ssh-keygen. */
export async function makeKey(file: string, kind: string, passphrase = '', comment = 'test'): Promise<void> {
  await execute('ssh-keygen', ['-q', '-t', kind, '-N', passphrase, '-C', comment, '-f', file]);
}

/** An account with sudo rules of its own, removed by `remove`. */
export type TestUser = {readonly name: string; readonly password: string; remove(): Promise<void>};

/**
 * Adds an account to this machine. `rule` is what follows the name in sudoers, absent for no rule at all.
 * Needs root.
 */
export async function addUser(rule?: string): Promise<TestUser> {
  const name = `rpv${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  await execute('useradd', ['--create-home', '--shell', '/bin/bash', name]);
  const file = `/etc/sudoers.d/${name}`;
  if (rule !== undefined)
    await writeFile(file, `Defaults:${name} timestamp_timeout=0\n${name} ${rule}\n`, {mode: 0o440});
  const child = spawn('chpasswd', {stdio: ['pipe', 'ignore', 'inherit']});
  child.stdin.end(`${name}:${password}\n`);
  await new Promise((resolve) => child.once('exit', resolve));
  const forget = atExit(() => {
    rmSync(file, {force: true});
    spawnSync('userdel', ['--remove', '--force', name]);
  });
  return {
    name,
    password,
    async remove() {
      forget();
      await rm(file, {force: true});
      await execute('userdel', ['--remove', '--force', name]).catch((error: unknown) => {
        // userdel complains about a mail spool that was never there.
        if (!String(error).includes('mail spool')) throw error;
      });
    },
  };
}

/** A port that nobody listens on at this moment. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

function collect(child: ChildProcess): {text(): string; until(pattern: RegExp): Promise<void>} {
  let text = '';
  const watchers = new Set<() => void>();
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text += chunk;
    for (const watcher of watchers) watcher();
  });
  return {
    text: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(text)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        child.once('exit', (code) => {
          reject(new Error(`sshd ended with ${String(code)}: ${text}`));
        });
        look();
      }),
  };
}
