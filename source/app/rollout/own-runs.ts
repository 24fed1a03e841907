import {UserError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {Clock} from '../ports.js';
import type {FollowableJournals, JournalEntry, Journals} from './journal.js';
import {summarizeRun, type RunSummary} from './run-history.js';

/** How many journals are read at the same time. */
const READERS = 8;

/** So often what a live run did is told at most, in milliseconds. */
const FOLLOW_PAUSE_MS = 1000;

/** A journal that cannot be read. */
export type DamagedRun = {readonly run: string; readonly problem: UserError};

/** The runs that have a journal here, newest first. */
export type OwnRuns = {readonly runs: readonly RunSummary[]; readonly damaged: readonly DamagedRun[]};

/**
 * Reads the journals of this operator.
 *
 * @param known what was read before: of it a run that ended for good is not read again
 */
export async function readOwnRuns(
  journals: Pick<Journals, 'list' | 'read' | 'isLive'>,
  known: readonly RunSummary[] = [],
): Promise<OwnRuns> {
  const settled = new Map(known.filter(isSettled).map((summary) => [summary.run, summary]));
  const read = await mapLimited(await journals.list(), READERS, async (run) => {
    try {
      return settled.get(run) ?? summarizeRun(await journals.read(run), await journals.isLive(run));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return {run, problem: error};
    }
  });
  const found = read.filter((one) => one !== undefined);
  return {
    runs: found.filter((one) => 'state' in one),
    damaged: found.filter((one) => 'problem' in one),
  };
}

/** What a run has come to: its summary, and what was written since the last time. */
export type RunUpdate = {
  readonly summary: RunSummary | undefined;
  readonly news: readonly JournalEntry[];
  /** Whether nobody writes it any more. */
  readonly isOver: boolean;
};

/**
 * Follows a run by its journal, beside the process that conducts it: tells once what is there, then at most once a
 * second what came, and at last that it is over. Rejects with `UserError` where the journal cannot be read, and with
 * the signal's reason when aborted.
 */
export async function followRun(
  {journals, clock}: {readonly journals: FollowableJournals; readonly clock: Clock},
  run: string,
  emit: (update: RunUpdate) => void,
  signal: AbortSignal,
): Promise<void> {
  const entries: JournalEntry[] = [...(await journals.read(run))];
  const tell = (from: number, isLive: boolean) =>
    emit({summary: summarizeRun(entries, isLive), news: entries.slice(from), isOver: !isLive});
  const isLive = await journals.isLive(run);
  tell(0, isLive);
  if (!isLive) return;
  const ended = new AbortController();
  let told = entries.length;
  let count = 0;
  const reading = (async () => {
    try {
      for await (const entry of journals.follow(run, signal)) {
        // The first ones are those that were told already.
        count += 1;
        if (count > entries.length) entries.push(entry);
      }
    } finally {
      ended.abort();
    }
  })();
  const telling = (async () => {
    while (!ended.signal.aborted) {
      await pause(clock, ended.signal);
      if (ended.signal.aborted || entries.length === told) continue;
      const from = told;
      told = entries.length;
      tell(from, true);
    }
  })();
  try {
    await reading;
  } finally {
    await telling;
  }
  signal.throwIfAborted();
  tell(told, false);
}

async function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  await clock.sleep(FOLLOW_PAUSE_MS, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Nobody goes on with it any more: what its journal says stays so. */
function isSettled({state}: RunSummary): boolean {
  return state === 'done' || state === 'rolled-back';
}
