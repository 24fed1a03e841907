/** An SSH server of one node, in this process: it runs programs with `sh` and forwards ports. */
import {type ChildProcess, spawn} from 'node:child_process';
import {timingSafeEqual} from 'node:crypto';
import net from 'node:net';
import process from 'node:process';
import type {Connection, PublicKeyAuthContext, ServerChannel} from 'ssh2';
import {loadSsh2} from '../../adapters/ssh/load-ssh2.js';
import {portOf} from '../http.js';

export type NodeSsh = {
  readonly port: number;
  /** As a line of known_hosts has it: type and key. */
  readonly hostKey: string;
  /** Logins that were accepted. */
  logins(): number;
  /** From now on nobody's key is good enough. */
  refuseLogins(): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Closes the port, and ends what runs. */
  stop(): Promise<void>;
};

export type NodeSshOptions = {
  /** The one key that may log in, as a line of authorized_keys. Whoever has it runs commands as this user. */
  readonly authorizedKey: string;
  /** Where commands are looked for first. */
  readonly commands: string;
  /** Whether a port may be forwarded to now; a refusal looks like nobody listening there. */
  readonly mayForward: (port: number) => boolean;
  /** A command came to its end. */
  readonly onCommandEnd: () => void;
};

/** Starts one on a port of its own on 127.0.0.1. */
export async function startNodeSsh(options: NodeSshOptions): Promise<NodeSsh> {
  const {Server} = loadSsh2();
  const key = makeKeyPair();
  const sockets = new Set<net.Socket>();
  const children = new Set<ChildProcess>();
  let logins = 0;
  let isClosed = false;
  const isAllowed = authorizer(options.authorizedKey);
  const ssh = new Server({hostKeys: [key.private]}, (connection) => {
    // A client that goes away is its own affair.
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (context.method !== 'publickey' || isClosed || !isAllowed(context)) {
        context.reject(['publickey']);
        return;
      }
      if (context.signature !== undefined) logins += 1;
      context.accept();
    });
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, {command}) => {
        runCommand(command, acceptExec(), options, children);
      });
    });
    forwardPorts(connection, options, sockets);
  });
  // As sshd does: small messages must not wait for each other.
  const front = net.createServer({noDelay: true}, (socket) => {
    keep(sockets, socket);
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: portOf(front.address()),
    hostKey: key.public.split(' ', 2).join(' '),
    logins: () => logins,
    refuseLogins: () => {
      isClosed = true;
    },
    cut,
    async stop() {
      const closed = new Promise((resolve) => {
        front.close(resolve);
      });
      cut();
      const ended = [...children].map(
        async (child) =>
          new Promise((resolve) => {
            child.once('close', resolve);
            killGroup(child);
          }),
      );
      await Promise.all([closed, ...ended]);
    },
  };
}

/** A pair of ed25519 keys in OpenSSH's form. One in 256 that ssh2 makes cannot be read again, by nobody. */
export function makeKeyPair(): {readonly private: string; readonly public: string} {
  const {utils} = loadSsh2();
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Who has the one key and can sign with it. */
function authorizer(authorizedKey: string): (context: PublicKeyAuthContext) => boolean {
  const parsed = loadSsh2().utils.parseKey(authorizedKey);
  if (parsed instanceof Error) throw parsed;
  const wanted = parsed.getPublicSSH();
  return ({key, signature, blob, hashAlgo}) => {
    if (key.data.length !== wanted.length || !timingSafeEqual(key.data, wanted)) return false;
    // Without a signature the client only asks whether the key would do.
    if (signature === undefined || blob === undefined) return true;
    // Whatever its types say, it gives an Error for what it cannot verify.
    const verdict: unknown = parsed.verify(blob, signature, hashAlgo);
    return verdict === true;
  };
}

function keep(sockets: Set<net.Socket>, socket: net.Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
}

function forwardPorts(connection: Connection, {mayForward}: NodeSshOptions, sockets: Set<net.Socket>): void {
  connection.on('tcpip', (accept, reject, {destIP, destPort}) => {
    if (!mayForward(destPort)) {
      reject();
      return;
    }
    const socket = net.connect({port: destPort, host: destIP, noDelay: true});
    keep(sockets, socket);
    socket.once('error', reject);
    socket.once('connect', () => {
      const channel = accept();
      channel.on('error', () => socket.destroy());
      channel.pipe(socket).pipe(channel);
    });
  });
}

function runCommand(
  command: string,
  channel: ServerChannel,
  {commands, onCommandEnd}: NodeSshOptions,
  children: Set<ChildProcess>,
): void {
  channel.on('error', () => undefined);
  // A process group of its own: a Ctrl-C at the terminal of the demo is none on the node.
  const child = spawn('/bin/sh', ['-c', command], {
    env: {PATH: `${commands}:${process.env['PATH'] ?? '/usr/bin:/bin'}`},
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  children.add(child);
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  // A line that is cut ends the input; the program goes on by itself.
  channel.on('close', () => child.stdin.end());
  child.stdout.on('data', (chunk: Buffer) => {
    if (channel.writable) channel.write(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (channel.writable) channel.stderr.write(chunk);
  });
  child.on('error', () => channel.close());
  child.on('close', (code) => {
    children.delete(child);
    onCommandEnd();
    if (!channel.writable) return;
    channel.exit(code ?? 255);
    channel.end();
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
  }
}
