import {closeSync, constants, fstatSync, open, openSync, readSync, statSync} from 'node:fs';
import process from 'node:process';
import type {Readable} from 'node:stream';
import {clearTimeout, setTimeout} from 'node:timers';
import type {InputRead, Inputs} from '../../app/ports.js';
import {isTerminal} from '../terminal/is-terminal.js';
import {errorCode} from './error-code.js';
import {systemReason} from './system-reason.js';

const CHUNK = 64 * 1024;

/** Files, pipes and stdin, never more of them than is asked for. */
export function createInputs(signal: AbortSignal): Inputs {
  return {
    async read(name, limit) {
      try {
        return name === '-'
          ? await readStream(process.stdin, limit, signal)
          : await readPath(name, limit, signal);
      } catch (error) {
        const reason = systemReason(error);
        if (signal.aborted || reason === undefined) throw error;
        return {kind: 'failed', reason};
      }
    },
  };
}

async function readPath(path: string, limit: number, signal: AbortSignal): Promise<InputRead> {
  const file = statSync(path).isFIFO() ? await openPipe(path, signal) : openSync(path, 'r');
  const status = fstatSync(file);
  // Whoever writes into a pipe takes its time, and Ctrl-C must work meanwhile.
  if (isTerminal(file)) {
    const {ReadStream} = await import('node:tty');
    return readStream(new ReadStream(file), limit, signal);
  }
  if (status.isFIFO() || status.isSocket()) {
    // Loaded for pipes only: it takes its time.
    const {Socket} = await import('node:net');
    return readStream(new Socket({fd: file, readable: true, writable: false}), limit, signal);
  }
  try {
    const size = status.isFile() ? status.size : 0;
    if (size > limit) return {kind: 'too-large'};
    return readFile(file, Math.max(size + 1, CHUNK), limit);
  } finally {
    closeSync(file);
  }
}

/** How long until it is tried again, where the opening has not yet begun to wait. */
const AGAIN_MS = 10;

/** Opens a pipe, which takes until somebody writes into it. Rejects when aborted. */
async function openPipe(path: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const {promisify} = await import('node:util');
  let timer: NodeJS.Timeout | undefined;
  // Only one who writes makes the opening end; there cannot be one before it waits.
  const letGo = (): void => {
    try {
      closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
    } catch (error) {
      if (errorCode(error) !== 'ENXIO') throw error;
      timer = setTimeout(letGo, AGAIN_MS);
    }
  };
  signal.addEventListener('abort', letGo, {once: true});
  try {
    const file = await promisify(open)(path, 'r');
    if (signal.aborted) closeSync(file);
    signal.throwIfAborted();
    return file;
  } finally {
    signal.removeEventListener('abort', letGo);
    clearTimeout(timer);
  }
}

/** To the end, whatever size the system tells: devices and what the kernel makes up have none. */
function readFile(file: number, chunk: number, limit: number): InputRead {
  const parts: Uint8Array[] = [];
  for (let total = 0; ;) {
    const part = Buffer.allocUnsafe(chunk);
    const length = readSync(file, part);
    if (length === 0) return {kind: 'bytes', bytes: joined(parts)};
    total += length;
    if (total > limit) return {kind: 'too-large'};
    parts.push(part.subarray(0, length));
  }
}

async function readStream(stream: Readable, limit: number, signal: AbortSignal): Promise<InputRead> {
  const {addAbortSignal} = await import('node:stream');
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of addAbortSignal(signal, stream) as AsyncIterable<Uint8Array>) {
    total += part.length;
    if (total > limit) return {kind: 'too-large'};
    parts.push(part);
  }
  return {kind: 'bytes', bytes: joined(parts)};
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
}
