import {closeSync, fstatSync, openSync, writeSync} from 'node:fs';
import {UserError} from '../../app/errors.js';
import type {Clock, Log} from '../../app/ports.js';
import {systemReason} from '../files/system-reason.js';

/** A log that can be closed. */
export type OpenLog = Log & {readonly close: () => void};

/** Where a log goes. */
export type LogOptions = {
  /** `--log-file`; undefined for none. */
  readonly file: string | undefined;
  /** Takes lines without their end for `-v`; undefined without it. Errors are told anyway, and are left out. */
  readonly toScreen: ((line: string) => void) | undefined;
  /** Told once, in words, when the file cannot be written any more or others may read it. */
  readonly notice: (text: string) => void;
  readonly clock: Pick<Clock, 'now'>;
  /** Makes foreign text one safe line. */
  readonly sanitize: (text: string) => string;
};

const OTHERS = 0o077;

/**
 * Opens the log: lines `TIME LEVEL MESSAGE`, times ISO 8601 in UTC, appended to a file that only its owner may
 * read (0600 when it is made here). Each line is written at once and alone, so that a killed program loses none.
 * Throws `UserError` (usage) where the file cannot be opened.
 */
export function openLog({file, toScreen, notice, clock, sanitize}: LogOptions): OpenLog {
  let descriptor = file === undefined ? undefined : open(file, notice);
  return {
    write(level, message) {
      const text = `${level} ${sanitize(message)}`;
      if (level !== 'error') toScreen?.(text);
      if (descriptor === undefined) return;
      try {
        writeSync(descriptor, `${new Date(clock.now()).toISOString()} ${text}\n`);
      } catch (error) {
        const reason = systemReason(error);
        if (reason === undefined) throw error;
        // A full disk must not stop a run half-way; it is said once, and the run goes on without a log.
        notice(`the log ${file} ends here: ${reason}`);
        closeSync(descriptor);
        descriptor = undefined;
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function open(file: string, notice: (text: string) => void): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new UserError('usage', `log file ${file}: ${reason}`, {
      cause: error,
      remedy: 'give a file that can be written with --log-file',
    });
  }
  const status = fstatSync(descriptor);
  if (status.isFile() && (status.mode & OTHERS) !== 0) {
    notice(`the log ${file} was there before and others may read it; chmod 600 makes it private`);
  }
  return descriptor;
}
