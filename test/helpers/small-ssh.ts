/** SSH servers in this process, one for each small node: they run programs with `sh` and forward ports. */
import {type ChildProcess, spawn} from 'node:child_process';
import net from 'node:net';
import process from 'node:process';
import type {Connection, ServerChannel} from 'ssh2';
import {loadSsh2} from '../../source/adapters/ssh/load-ssh2.js';
import {makeKeyPair} from './ssh-key-pair.js';

export type SmallSsh = {
  readonly port: number;
  /** As a line of known_hosts has it: type and key. */
  readonly hostKey: string;
  /** Logins that were accepted. */
  logins(): number;
  /** From now on nobody's key is good enough. */
  refuseLogins(): void;
  stop(): Promise<void>;
};

/** Starts one on a port of its own on 127.0.0.1. Commands are looked for in `shims` first. */
export async function startSmallSsh(shims: string): Promise<SmallSsh> {
  const {Server} = loadSsh2();
  const key = makeKeyPair();
  const sockets = new Set<net.Socket>();
  const children = new Set<ChildProcess>();
  let logins = 0;
  let isClosed = false;
  const ssh = new Server({hostKeys: [key.private]}, (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      if (context.method !== 'publickey' || isClosed) {
        context.reject(['publickey']);
        return;
      }
      if (context.signature !== undefined) logins += 1;
      context.accept();
    });
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, {command}) => {
        runCommand(command, acceptExec(), shims, children);
      });
    });
    forwardPorts(connection, sockets);
  });
  const front = net.createServer((socket) => {
    keep(sockets, socket);
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return {
    port: address.port,
    hostKey: key.public.split(' ', 2).join(' '),
    logins: () => logins,
    refuseLogins: () => {
      isClosed = true;
    },
    async stop() {
      const closed = new Promise((resolve) => front.close(resolve));
      for (const socket of sockets) socket.destroy();
      for (const child of children) child.kill('SIGKILL');
      await closed;
    },
  };
}

function keep(sockets: Set<net.Socket>, socket: net.Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => undefined);
}

function forwardPorts(connection: Connection, sockets: Set<net.Socket>): void {
  connection.on('tcpip', (accept, reject, {destIP, destPort}) => {
    const socket = net.connect(destPort, destIP);
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
  shims: string,
  children: Set<ChildProcess>,
): void {
  channel.on('error', () => undefined);
  const child = spawn('/bin/sh', ['-c', command], {
    env: {PATH: `${shims}:${process.env['PATH'] ?? '/usr/bin:/bin'}`},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.add(child);
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  child.on('close', (code) => {
    children.delete(child);
    channel.exit(code ?? 255);
    channel.end();
  });
}
