import type {JournalEntry, RunJournal} from '../../app/rollout/journal.js';
import {toLine} from './entries.js';
import {journalError} from './journal-error.js';

/** What a journal needs of an open file that is only appended to. */
export type AppendFile = {
  /** Writes all of it, or rejects. */
  appendFile(text: string): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
};

type Waiter = {resolve(): void; reject(reason: unknown): void};

/**
 * The journal of a run over an open file. Entries go to the file in order and soon, also unasked; `flush` adds
 * the fsync, one for all calls that came while the one before was under way.
 *
 * After the first failure nothing is written any more, and every later `flush`, and `close`, says why. `append` stays
 * silent: a node in the middle of its change must not be left there because of a full disk; the flush before the
 * next step stops the run. A line torn by the failure stays: readers leave it out, and who goes on with the journal
 * cuts it off.
 *
 * @param onClose gives the journal up after the last write
 */
export class JournalWriter implements RunJournal {
  readonly #file: AppendFile;
  readonly #path: string;
  readonly #onClose: () => Promise<void>;
  #lines: string[] = [];
  #waiters: Waiter[] = [];
  #work: Promise<void> | undefined;
  #failure: {readonly error: unknown} | undefined;
  #isClosed = false;

  constructor(file: AppendFile, path: string, onClose: () => Promise<void>) {
    this.#file = file;
    this.#path = path;
    this.#onClose = onClose;
  }

  append(entry: JournalEntry): void {
    this.#mustBeOpen();
    if (this.#failure !== undefined) return;
    this.#lines.push(toLine(entry));
    this.#work ??= this.#drain();
  }

  flush(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#mustBeOpen();
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#waiters.push({resolve, reject});
      this.#work ??= this.#drain();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.flush();
    } finally {
      this.#isClosed = true;
      await this.#work;
      await this.#file.close();
      await this.#onClose();
    }
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw new Error(`the journal ${this.#path} is closed`);
  }

  async #drain(): Promise<void> {
    // Everything that is asked for in this moment goes together.
    await Promise.resolve();
    while (this.#lines.length > 0 || this.#waiters.length > 0) {
      const text = this.#lines.join('');
      const waiters = this.#waiters;
      this.#lines = [];
      this.#waiters = [];
      try {
        if (text !== '') await this.#file.appendFile(text);
        if (waiters.length > 0) await this.#file.datasync();
        for (const waiter of waiters) waiter.resolve();
      } catch (error) {
        this.#fail(error, waiters);
      }
    }
    this.#work = undefined;
  }

  #fail(error: unknown, waiters: readonly Waiter[]): void {
    const failure = {error: journalError('write the journal', this.#path, error)};
    this.#failure = failure;
    this.#lines = [];
    for (const waiter of [...waiters, ...this.#waiters.splice(0)]) waiter.reject(failure.error);
  }
}
