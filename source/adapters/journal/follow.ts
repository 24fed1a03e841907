import {type FileHandle} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../app/errors.js';
import type {JournalEntry} from '../../app/rollout/journal.js';
import {readEntries} from './entries.js';

/** Polling works on every file system, network ones too; a look costs one fstat. */
const POLL_MS = 200;

/**
 * Reads a journal while it grows. Ends when nobody writes it any more and everything was read, or when `signal`
 * is aborted.
 */
export async function* followJournal(
  open: () => Promise<FileHandle>,
  isOwned: () => Promise<boolean>,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<JournalEntry, void, undefined> {
  const handle = await open();
  try {
    let position = 0;
    while (!signal.aborted) {
      // Asked before reading: what the last owner wrote is there when it is seen to be gone.
      const isLast = !(await isOwned());
      const {size} = await handle.stat();
      if (size > position) {
        const bytes = Buffer.alloc(size - position);
        const {bytesRead} = await handle.read(bytes, 0, bytes.length, position);
        const content = readEntries(bytes.subarray(0, bytesRead));
        if (content.brokenLine !== undefined) {
          throw new UserError('failed', `The journal ${path} is damaged behind byte ${position}.`);
        }
        yield* content.entries;
        position += content.wholeLength;
      }
      if (isLast) return;
      await sleep(POLL_MS, undefined, {signal}).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  } finally {
    await handle.close();
  }
}
