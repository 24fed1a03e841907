import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import type {RemoteProcess} from './conversation.js';
import type {SshOptions} from './settings.js';

/** What ssh said when no session came about: nothing reached the node. */
export type NoSession = {readonly kind: 'refused' | 'gone'};

/**
 * Starts the system's ssh without a terminal: it can ask nobody anything, and Ctrl+C in our terminal does not
 * reach it. Texts are in the C locale, so that they can be told apart.
 */
export function spawnSsh(args: readonly string[], options: SshOptions): ChildProcessWithoutNullStreams {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.environment)) {
    if (value !== undefined && !name.startsWith('LC_')) env[name] = value;
  }
  return spawn('ssh', args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: {...env, LC_ALL: 'C', LANG: 'C', SSH_ASKPASS_REQUIRE: 'never'},
  });
}

/** Ends ssh and what it started (its own ssh for a jump host). */
export function killSsh(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // It ended in this moment.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What ssh prints; nothing where it fails, which shows again, with its reason, when it is to connect. */
export async function sshOutput(args: readonly string[], options: SshOptions): Promise<string> {
  const child = spawnSsh(args, options);
  let text = '';
  child.stdin.end();
  child.stderr.resume();
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve('');
    });
    child.once('close', () => {
      resolve(text);
    });
  });
}

/** Whether the text of a session client says that it never got a session. */
export function noSessionIn(stderr: string): NoSession | undefined {
  if (/refused by peer|Session open refused|open failed: administratively/i.test(stderr))
    return {kind: 'refused'};
  if (/Control socket connect|UNKNOWN port 65535|mux_client_hello|master .*(dead|gone)/i.test(stderr)) {
    return {kind: 'gone'};
  }
  return undefined;
}

/** A session client as a program on the node. 255 is ssh's own word, also for a program killed by a signal. */
export function sessionProcess(
  child: ChildProcessWithoutNullStreams,
  onNoSession: (problem: NoSession) => Error,
): RemoteProcess {
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (text.length < 16_384) text += chunk.toString('utf8');
  });
  const ended = new Promise<{code: number | undefined; reason: string}>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const problem = code === 255 ? noSessionIn(text) : undefined;
      if (problem !== undefined) reject(onNoSession(problem));
      else if (code === null) resolve({code: undefined, reason: `ssh was ended by ${String(signal)}`});
      else if (code === 255)
        resolve({code: undefined, reason: 'the connection broke, or a signal killed it'});
      else resolve({code, reason: ''});
    });
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    close() {
      killSsh(child);
    },
  };
}
