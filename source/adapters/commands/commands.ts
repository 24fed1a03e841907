import {type ChildProcess, type ChildProcessByStdio, spawn} from 'node:child_process';
import {once} from 'node:events';
import {Socket} from 'node:net';
import type {Readable, Writable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {Commands} from '../../app/ports.js';
import {type Exit, exitOf, ifUnread, notStarted, signalTo} from './child.js';

/** How long a command has to end after SIGTERM. */
const GRACE_MS = 2000;
/** Of stderr so much of the end is kept. */
const KEPT = 4096;
/** How long what it left on stderr is waited for, where something in the background still holds that open. */
const REST_MS = 200;

/** Runs commands with this environment. */
export function createCommands(env: Readonly<Record<string, string | undefined>>): Commands {
  return {
    async run(command, input, signal) {
      let child: ChildProcessByStdio<Writable, null, Readable>;
      try {
        // A process group of its own: Ctrl+C in our terminal does not reach it, and it can be ended as a whole.
        child = spawn('/bin/sh', ['-c', command], {stdio: ['pipe', 'ignore', 'pipe'], detached: true, env});
      } catch (error) {
        return notStarted(error);
      }
      const exited = exitOf(child);
      // Where there are too many files open it has no streams either.
      if (child.pid === undefined) return {complaint: '', ...(await exited)};
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr = (stderr + chunk).slice(-KEPT);
      });
      child.stdin.on('error', ifUnread);
      const closed = once(child.stderr, 'close');
      child.stdin.end(input);
      const end = await untilEnded(child, exited, signal);
      if (end.kind !== 'exited' || end.code !== 0) await Promise.race([closed, delay(REST_MS)]);
      // What runs on in the background keeps its stderr, but does not keep this program.
      if (child.stderr instanceof Socket) child.stderr.unref();
      return {complaint: lastLine(stderr), ...end};
    },
  };
}

/** Ends it when aborted, first in a way that it can answer. */
async function untilEnded(child: ChildProcess, exited: Promise<Exit>, signal: AbortSignal): Promise<Exit> {
  let hurry: NodeJS.Timeout | undefined;
  const stop = (): void => {
    killGroup(child, 'SIGTERM');
    hurry = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, {once: true});
  try {
    return await exited;
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(hurry);
    // The shell is gone; what it waited for may have been deaf.
    if (signal.aborted) killGroup(child, 'SIGKILL');
  }
}

function killGroup({pid}: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalTo(-pid, signal);
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? ''
  );
}
