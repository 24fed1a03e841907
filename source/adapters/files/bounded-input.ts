import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import process from 'node:process';
import type {Readable} from 'node:stream';
import type {InputRead, Inputs} from '../../app/ports.js';
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
  const file = openSync(path, 'r');
  const status = fstatSync(file);
  // Whoever writes into a pipe takes its time, and Ctrl-C must work meanwhile.
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
