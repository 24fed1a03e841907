import type {ChildProcessWithoutNullStreams} from 'node:child_process';
import {Duplex} from 'node:stream';
import {killSsh} from './openssh-process.js';

/** The two pipes of `ssh -W` as one stream. Destroying it ends ssh; ssh ending is the end of the stream. */
export class ProcessStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    super({allowHalfOpen: true});
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    child.once('close', () => this.push(null));
    // The other side went away: the reader sees the end, the writer's bytes go nowhere, as with a socket.
    child.stdin.on('error', () => undefined);
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#child.stdin.destroyed) {
      done(new Error('The forwarded connection is closed.'));
      return;
    }
    this.#child.stdin.write(chunk, () => {
      done();
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#child.stdin.end(() => {
      done();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    killSsh(this.#child);
    done(error);
  }
}
