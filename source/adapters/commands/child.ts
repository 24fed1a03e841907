import type {ChildProcess} from 'node:child_process';
import process from 'node:process';
import {systemReason} from '../files/system-reason.js';

/** How a program that was started here ended. `signal`: such as `SIGTERM`. */
export type Exit =
  | {readonly kind: 'exited'; readonly code: number}
  | {readonly kind: 'killed'; readonly signal: string}
  | NotStarted;

export type NotStarted = {readonly kind: 'not-started'; readonly problem: string};

/** Resolves when it has ended, or could not be started. */
export async function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      try {
        resolve(notStarted(error));
      } catch {
        reject(error);
      }
    });
    child.once('exit', (code, signal) => {
      resolve(code === null ? {kind: 'killed', signal: String(signal)} : {kind: 'exited', code});
    });
  });
}

/** What the system said of a program that could not be started. Throws the error where it is none of the system's. */
export function notStarted(error: unknown): NotStarted {
  const problem = systemReason(error);
  if (problem === undefined) throw error;
  return {kind: 'not-started', problem};
}

/** Signals a process, or with a negative id its group. One that is gone is none to signal. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended in this moment.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** For the errors of its stdin: a command need not read what it is given. */
export function ifUnread(error: Error): void {
  const code = 'code' in error ? error.code : undefined;
  if (code !== 'EPIPE' && code !== 'ECONNRESET') throw error;
}
