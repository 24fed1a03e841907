/** The private folder of an embedded cloud, and those that others left. */
import {readlinkSync, rmSync} from 'node:fs';
import {access, constants, lstat, mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {currentBootId, currentProcess, isLiveProcess} from '../adapters/journal/process-identity.js';

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'reprieve-demo-';

/**
 * Makes a folder that only this user can enter. Its name says whose it is (boot id, process namespace, PID, start
 * time), so that one that was left behind is known from the moment it is there.
 */
export async function makeFolder(env: Environment): Promise<string> {
  const {pid, startTime} = await currentProcess();
  const [place = tmpdir()] = await places(env);
  const folder = await mkdtemp(
    path.join(place, `${PREFIX}${bootWord()}-${namespaceWord()}-${pid}-${startTime}-`),
  );
  // For an end without a word, as a second Ctrl-C is.
  if (folders.size === 0) process.on('exit', removeAll);
  folders.add(folder);
  return folder;
}

/** Those of this process. */
const folders = new Set<string>();

function removeAll(): void {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
}

/** Removes the folders of this user's embedded clouds that have ended without doing so. Gives their paths. */
export async function sweepFolders(env: Environment): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const place of await places(env)) {
    for (const name of await readdir(place)) {
      const folder = path.join(place, name);
      if (name.startsWith(PREFIX) && (await isMine(folder)) && !(await isInUse(name))) {
        await removeFolder(folder);
        removed.push(folder);
      }
    }
  }
  return removed;
}

/** Removes a folder with everything in it, now. A program that still ends there may write meanwhile. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50});
  if (folders.delete(folder) && folders.size === 0) process.off('exit', removeAll);
}

/** Where such folders may be; the first one is where new ones are made. */
async function places(env: Environment): Promise<readonly string[]> {
  const wanted = [env['XDG_RUNTIME_DIR'], env['TMPDIR'] ?? tmpdir()];
  const found: string[] = [];
  for (const place of new Set(wanted)) {
    if (place === undefined || !path.isAbsolute(place)) continue;
    if (await isWritable(place)) found.push(place);
  }
  return found;
}

async function isWritable(place: string): Promise<boolean> {
  return access(place, constants.W_OK | constants.X_OK | constants.R_OK).then(
    () => true,
    () => false,
  );
}

async function isMine(folder: string): Promise<boolean> {
  try {
    const found = await lstat(folder);
    return found.isDirectory() && found.uid === process.getuid?.();
  } catch (error) {
    // Another start removed it first.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Whether the process that the name speaks of lives, or cannot be seen from here. */
async function isInUse(name: string): Promise<boolean> {
  const [boot, namespace, pid, startTime, rest] = name.slice(PREFIX.length).split('-');
  if (boot === undefined || namespace === undefined || pid === undefined || startTime === undefined)
    return true;
  if (rest === undefined || rest === '' || !/^\d+$/.test(pid)) return true;
  if (boot !== bootWord()) return false;
  if (namespace !== namespaceWord()) return true;
  return isLiveProcess({pid: Number(pid), bootId: currentBootId(), startTime});
}

function bootWord(): string {
  return currentBootId().slice(0, 8);
}

/** Processes of another container do not show here. */
function namespaceWord(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}
