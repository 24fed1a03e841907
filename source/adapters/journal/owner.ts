import {readdir, readlink, symlink, unlink} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {codeOf, journalError} from './journal-error.js';
import {isLiveProcess, type ProcessIdentity} from './process-identity.js';

/** Who writes a journal. */
export type Owner = ProcessIdentity & {readonly machine: string};

/** The right to write a journal, until `release`. */
export type Ownership = {release(): Promise<void>};

/*
 * Ownership is a row of symbolic links `RUN.owner-1`, `RUN.owner-2`, … whose target is the owner in words; the
 * highest counts. Making one is atomic, with its content, and fails where it exists, so of two that take over
 * from a dead owner exactly one wins. Only a living owner takes its own link away: a dead one's stays, so that
 * its number is never given twice.
 */

/** The present or last owner of a run's journal; undefined where nobody has been or the last one let go. */
export async function readOwner(directory: string, run: string): Promise<Owner | undefined> {
  const number = await highestNumber(directory, run);
  return number === 0 ? undefined : readLink(linkPath(directory, run, number));
}

/** Whether the owner lives on this machine. */
export async function isOwnerLive(directory: string, run: string): Promise<boolean> {
  const owner = await readOwner(directory, run);
  return owner !== undefined && owner.machine === machineName() && (await isLiveProcess(owner));
}

/**
 * Becomes the owner. Rejects with a refused `UserError` where the owner lives, where it is of another machine
 * and may live, or where another process was faster.
 */
export async function takeOwnership(
  directory: string,
  run: string,
  identity: ProcessIdentity,
): Promise<Ownership> {
  for (;;) {
    const number = await highestNumber(directory, run);
    if (number > 0) {
      const previous = await readLink(linkPath(directory, run, number));
      // Its owner let go since the look at the directory, so its number may be given to somebody else: look again.
      if (previous === undefined) continue;
      await refuseWhileOwned(run, linkPath(directory, run, number), previous);
    }
    const link = linkPath(directory, run, number + 1);
    try {
      await symlink(ownerWords({...identity, machine: machineName()}), link);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw journalError('write the owner of a journal to', link, error);
      throw new UserError('refused', `Another process has just gone on with run ${run}.`, {
        remedy: `Look at it with: reprieve runs ${run}`,
      });
    }
    return {release: () => removeLink(link)};
  }
}

/** Removes every trace of owners. Only for who owns the run. */
export async function removeOwners(directory: string, run: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (numberOf(run, name) !== undefined) await removeLink(path.join(directory, name));
  }
}

async function refuseWhileOwned(run: string, link: string, owner: Owner): Promise<void> {
  if (owner.machine !== machineName()) {
    throw new UserError(
      'refused',
      `Run ${run} was started on ${owner.machine} (PID ${owner.pid}); from ${machineName()} it cannot be seen whether it still works there.`,
      {remedy: `Go on with it there; if that machine is gone for good, delete ${link} and try again.`},
    );
  }
  if (await isLiveProcess(owner)) {
    throw new UserError('refused', `Run ${run} is still being worked on by process ${owner.pid}.`, {
      remedy: `Wait for it, or end that process first: kill ${owner.pid}`,
    });
  }
}

async function removeLink(link: string): Promise<void> {
  try {
    await unlink(link);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw journalError('remove', link, error);
  }
}

async function highestNumber(directory: string, run: string): Promise<number> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw journalError('read the directory', directory, error);
  }
  return Math.max(0, ...names.flatMap((name) => numberOf(run, name) ?? []));
}

function numberOf(run: string, name: string): number | undefined {
  const prefix = `${run}.owner-`;
  if (!name.startsWith(prefix)) return undefined;
  const digits = name.slice(prefix.length);
  return /^[1-9][0-9]{0,8}$/.test(digits) ? Number(digits) : undefined;
}

async function readLink(link: string): Promise<Owner | undefined> {
  let words: string;
  try {
    words = await readlink(link);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw journalError('read the owner of a journal from', link, error, {
      remedy: `Where something else than a link stands there, remove it: ${link}`,
    });
  }
  const [pid = '', startTime = '', bootId = '', machine = ''] = words.split(':');
  return {pid: Number(pid), startTime, bootId, machine};
}

function ownerWords(owner: Owner): string {
  return [owner.pid, owner.startTime, owner.bootId, owner.machine].join(':');
}

function linkPath(directory: string, run: string, number: number): string {
  return path.join(directory, `${run}.owner-${number}`);
}

function machineName(): string {
  return hostname().replaceAll(/[:/]/g, '-');
}
