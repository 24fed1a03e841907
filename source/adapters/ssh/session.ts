import type {ClientChannel} from 'ssh2';
import {visible} from '../../domain/fleet/names.js';
import type {RemoteProcess} from './conversation.js';

/** A program in a session of ssh2. */
export type Session = RemoteProcess & {
  /** Calls back when the server closed the channel, which may be later than our last word. */
  onceClosed(callback: () => void): void;
};

/**
 * Must be called in the very callback that hands the channel over: a program that ends at once has its exit
 * code in the same packet, and nobody listens a moment later.
 */
export function sessionOf(channel: ClientChannel, closed: AbortSignal): Session {
  const ended = new Promise<{code: number | undefined; reason: string}>((resolve) => {
    let code: number | undefined;
    let reason = 'the channel closed without an exit code';
    channel.on('exit', (status: number | null, signal?: string) => {
      code = status ?? undefined;
      if (status === null) reason = `it was killed by ${visible(signal ?? 'a signal')}`;
    });
    channel.on('close', () => {
      resolve({code, reason: closed.aborted ? String(closed.reason) : reason});
    });
  });
  return {
    onceClosed(callback) {
      channel.once('close', callback);
    },
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended,
    close: () => {
      channel.close();
    },
  };
}
