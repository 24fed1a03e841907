import {type ChildProcess, spawn} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer, type Server as NetServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Connection, ServerChannel} from 'ssh2';
import {loadSsh2} from '../../source/adapters/ssh/load-ssh2.js';
import type {SshSettings} from '../../source/adapters/ssh/settings.js';
import {makeKeyPair} from '../../source/demo/node/ssh-server.js';

/** One session as a test sees it: what was asked for, and the channel to misbehave on. */
export type TestSession = {
  readonly command: string;
  readonly channel: ServerChannel;
  readonly connection: Connection;
  /** Runs the command with `sh`, as a server would. */
  run(environment?: Readonly<Record<string, string>>): ChildProcess;
};

export type ServerRules = {
  /** What happens with a session; default: the command runs. */
  readonly onSession?: (session: TestSession) => void;
  /** Whether a session may be opened at all, with how many are open. */
  readonly admits?: (openSessions: number) => boolean;
  /** Whether a connection is dropped before any word, by its number from 1 on. */
  readonly drops?: (connection: number) => boolean;
  /** Whether a key may log in, by its number in this login from 1 on. */
  readonly acceptsKey?: (attempt: number) => boolean;
  /** Accepts TCP and says nothing. */
  readonly isSilent?: boolean;
};

export type TestServer = {
  readonly port: number;
  /** Settings of a user who knows this server and has a key for it. */
  readonly settings: SshSettings;
  readonly folder: string;
  /** Logins that were accepted. */
  logins(): number;
  connections(): number;
  mostSessions(): number;
  /** Connections at the same time that had not logged in yet. */
  mostHandshakes(): number;
  /** Reads nothing more from anybody. */
  deafen(): void;
  /** Cuts every connection without a word. */
  cut(): void;
  stop(): Promise<void>;
};

/** An SSH server in this process, on loopback, that breaks rules where a test wants it to. */
export async function startServer(rules: ServerRules = {}): Promise<TestServer> {
  const {Server} = loadSsh2();
  const hostKey = makeKeyPair();
  const userKey = makeKeyPair();
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-ssh-'));
  await mkdir(path.join(folder, '.ssh'), {mode: 0o700});
  await writeFile(path.join(folder, '.ssh/id_ed25519'), userKey.private, {mode: 0o600});
  let logins = 0;
  let connections = 0;
  let open = 0;
  let most = 0;
  let handshakes = 0;
  let mostHandshakes = 0;
  const ssh = new Server({hostKeys: [hostKey.private]}, (connection) => {
    connection.on('ready', () => (handshakes -= 1));
    let keys = 0;
    let last = '';
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (context.method !== 'publickey') {
        context.reject(['publickey']);
        return;
      }
      const key = context.key.data.toString('base64');
      if (key !== last) keys += 1;
      last = key;
      if (rules.acceptsKey?.(keys) === false) {
        context.reject(['publickey']);
        return;
      }
      if (context.signature !== undefined) logins += 1;
      context.accept();
    });
    connection.on('session', (accept, reject) => {
      if (rules.admits?.(open) === false) {
        reject();
        return;
      }
      open += 1;
      most = Math.max(most, open);
      const session = accept();
      session.on('close', () => (open -= 1));
      session.on('exec', (acceptExec, _reject, info) => {
        const channel = acceptExec();
        channel.on('error', () => undefined);
        const it: TestSession = {
          command: info.command,
          channel,
          connection,
          run: (environment) => runWithSh(info.command, channel, environment),
        };
        if (rules.onSession === undefined) it.run();
        else rules.onSession(it);
      });
    });
  });
  const sockets = new Set<Socket>();
  const front: NetServer = createServer((socket) => {
    connections += 1;
    handshakes += 1;
    mostHandshakes = Math.max(mostHandshakes, handshakes);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (rules.drops?.(connections) === true) socket.destroy();
    else if (rules.isSilent !== true) ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const [type = '', key = ''] = hostKey.public.split(' ');
  await writeFile(path.join(folder, '.ssh/known_hosts'), `[127.0.0.1]:${address.port} ${type} ${key}\n`);
  const configFile = path.join(folder, '.ssh/config');
  await writeFile(configFile, `Host *\n  HostName 127.0.0.1\n  Port ${address.port}\n  User root\n`);
  return {
    port: address.port,
    folder,
    settings: {
      home: folder,
      localUser: 'root',
      localHostName: 'bastion',
      environment: {},
      systemFolder: path.join(folder, 'etc'),
      configFile,
    },
    logins: () => logins,
    connections: () => connections,
    mostSessions: () => most,
    mostHandshakes: () => mostHandshakes,
    deafen() {
      for (const socket of sockets) socket.pause();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      const closed = new Promise((resolve) => front.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, {recursive: true, force: true});
    },
  };
}

function runWithSh(
  command: string,
  channel: ServerChannel,
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn('/bin/sh', ['-c', command], {
    env: {PATH: process.env['PATH'], ...environment},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  child.on('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
  return child;
}
