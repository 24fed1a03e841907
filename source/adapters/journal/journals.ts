import {link, readdir, unlink} from 'node:fs/promises';
import type {FileHandle} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import type {Clock} from '../../app/ports.js';
import type {FollowableJournals, JournalEntry, RunJournal} from '../../app/rollout/journal.js';
import {isRunId} from '../../domain/fleet/run-id.js';
import {systemClock} from '../clock/clock.js';
import {stateDirectory} from '../files/state-directory.js';
import {type JournalContent, readEntries, toLine} from './entries.js';
import {followJournal} from './follow.js';
import {codeOf, journalError} from './journal-error.js';
import {openNew, openToAppend, openToRead, prepareDirectory, syncDirectory} from './journal-file.js';
import {JournalWriter} from './journal-writer.js';
import {isOwnerLive, type Ownership, removeOwners, takeOwnership} from './owner.js';
import {currentProcess, isLiveProcess} from './process-identity.js';

const SUFFIX = '.jsonl';

/** Where the journals are. */
export function journalDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  return path.join(stateDirectory(environment, home), 'runs');
}

/**
 * Journals as files of one directory: `RUN.jsonl`, one entry a line, and `RUN.owner-N` beside it (owner.ts).
 * The directory is made when the first run is.
 *
 * @param directory absolute, as of `journalDirectory`
 */
export function createJournals(
  directory: string,
  clock: Pick<Clock, 'now'> = systemClock,
): FollowableJournals {
  const fileOf = (run: string): string => {
    if (!isRunId(run)) throw noSuchRun(run, directory);
    return path.join(directory, `${run}${SUFFIX}`);
  };

  return {
    async create(run, first) {
      const file = fileOf(run);
      await prepareDirectory(directory);
      return owning(directory, run, (ownership) => createFile(directory, file, first, ownership));
    },

    async reopen(run, operator) {
      const file = fileOf(run);
      await mustExist(run, file, directory);
      return owning(directory, run, (ownership) => {
        const resumed = {type: 'resumed', time: clock.now(), operator} as const;
        return reopenFile(run, file, directory, resumed, ownership);
      });
    },

    async read(run) {
      const file = fileOf(run);
      const handle = await openExisting(run, file, directory, openToRead);
      try {
        return (await readWhole(handle, file)).entries;
      } finally {
        await handle.close();
      }
    },

    async list() {
      let names: string[];
      try {
        names = await readdir(directory);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw journalError('read the directory', directory, error);
      }
      const runs = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
      return runs.filter(isRunId).toSorted().toReversed();
    },

    async isLive(run) {
      return isRunId(run) && (await isOwnerLive(directory, run));
    },

    isProcessLive: (pid, bootId) => isLiveProcess({pid, bootId}),

    async remove(run) {
      const file = fileOf(run);
      await mustExist(run, file, directory);
      const ownership = await takeOwnership(directory, run, await currentProcess());
      try {
        await unlink(file);
        await removeOwners(directory, run);
        await syncDirectory(directory);
      } catch (error) {
        throw journalError('remove the journal', file, error);
      } finally {
        await ownership.release();
      }
    },

    follow: (run, signal) =>
      followJournal(
        () => openExisting(run, fileOf(run), directory, openToRead),
        () => isOwnerLive(directory, run),
        fileOf(run),
        signal,
      ),
  };
}

/** Takes a run over; lets go of it where that leads to nothing. */
async function owning(
  directory: string,
  run: string,
  begin: (ownership: Ownership) => Promise<RunJournal>,
): Promise<RunJournal> {
  const ownership = await takeOwnership(directory, run, await currentProcess());
  try {
    return await begin(ownership);
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** A journal has its name only once its first entry is on disk: there is none without a beginning. */
async function createFile(
  directory: string,
  file: string,
  first: JournalEntry,
  ownership: Ownership,
): Promise<RunJournal> {
  const draft = `${file}.new`;
  try {
    const line = toLine(first);
    const handle = await openNew(draft);
    try {
      await handle.appendFile(line);
      await handle.sync();
      // Unlike rename, link never replaces an older journal.
      await link(draft, file);
      await unlink(draft);
      await syncDirectory(directory);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new JournalWriter(handle, file, () => ownership.release());
  } catch (error) {
    throw journalError('begin the journal', file, error);
  }
}

async function reopenFile(
  run: string,
  file: string,
  directory: string,
  resumed: JournalEntry,
  ownership: Ownership,
): Promise<RunJournal> {
  const handle = await openExisting(run, file, directory, openToAppend);
  try {
    const {wholeLength} = await readWhole(handle, file);
    await handle.truncate(wholeLength);
    const journal = new JournalWriter(handle, file, () => ownership.release());
    journal.append(resumed);
    await journal.flush();
    return journal;
  } catch (error) {
    await handle.close();
    throw journalError('go on with the journal', file, error);
  }
}

async function readWhole(handle: FileHandle, file: string): Promise<JournalContent> {
  const content = readEntries(await handle.readFile());
  if (content.brokenLine !== undefined) {
    throw new UserError(
      'failed',
      `The journal ${file} is damaged: line ${content.brokenLine} is no entry, and entries follow it.`,
      {
        remedy:
          'The nodes keep their own records of the run; reprieve runs and reprieve rollback read those.',
      },
    );
  }
  return content;
}

async function openExisting(
  run: string,
  file: string,
  directory: string,
  opener: (path: string) => Promise<FileHandle>,
): Promise<FileHandle> {
  try {
    return await opener(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw noSuchRun(run, directory);
    throw journalError('open the journal', file, error);
  }
}

async function mustExist(run: string, file: string, directory: string): Promise<void> {
  await (await openExisting(run, file, directory, openToRead)).close();
}

function noSuchRun(run: string, directory: string): UserError {
  return new UserError('usage', `There is no run "${run}" in ${directory}.`, {
    remedy: 'See which there are with: reprieve runs',
  });
}
