import {Buffer} from 'node:buffer';
import {randomUUID} from 'node:crypto';
import type {Dirent} from 'node:fs';
import {chmod, link, lstat, mkdir, open, readdir, readFile, rename, rm, rmdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import type {
  FileToWrite,
  FolderBeginnings,
  OutputFolder,
  Standing,
} from '../../app/template/template-ports.js';
import {errorCode} from '../files/error-code.js';
import {systemReason} from '../files/system-reason.js';
import {answersToSignals} from '../journal/process-identity.js';

const PLAIN = 0o644;
const EXECUTABLE = 0o755;
/** Of a file that is compared, in bytes. */
const MOST_BYTES = 100 * 1024 * 1024;

/** A folder that files of templates are written to; it is made when something is written. */
export function outputFolder(root: string): OutputFolder {
  return {
    look: async (name) => look(root, name),
    beginnings: async () => beginnings(root),
    write: async (files) => write(root, files),
  };
}

async function look(root: string, name: string): Promise<Standing> {
  const target = path.join(root, name);
  try {
    const obstacle = await obstacleBefore(root, name);
    if (obstacle !== undefined) return {kind: 'refused', reason: obstacle};
    const status = await lstat(target);
    if (status.isSymbolicLink()) return {kind: 'refused', reason: 'it is a symbolic link'};
    if (!status.isFile()) return {kind: 'refused', reason: 'it is there and no file'};
    if (status.size > MOST_BYTES)
      return {kind: 'refused', reason: 'the file that is there is larger than any of ours'};
    const text = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(await readFile(target));
    return {kind: 'file', text, isExecutable: (status.mode & 0o100) !== 0};
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {kind: 'absent'};
    if (error instanceof TypeError) return {kind: 'refused', reason: 'the file that is there is not UTF-8'};
    return {kind: 'refused', reason: reasonOf(error)};
  }
}

/** Of a folder that is looked through: files and folders, and of each file bytes. */
const MOST_ENTRIES = 10_000;
const BEGINNING = 4096;
/** Folders in which nothing of ours is. */
const NOT_OURS: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

async function beginnings(root: string): Promise<FolderBeginnings> {
  const files: {path: string; text: string}[] = [];
  const folders = [''];
  let isWhole = true;
  let count = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of await entriesOf(path.join(root, folder))) {
      if (entry === 'unreadable' || count === MOST_ENTRIES) {
        isWhole = false;
        break;
      }
      count += 1;
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !NOT_OURS.has(entry.name)) folders.push(name);
      if (!entry.isFile() || entry.name.startsWith(BESIDE)) continue;
      const text = await beginningOf(path.join(root, name));
      if (text === undefined) isWhole = false;
      else files.push({path: name, text});
    }
  }
  return {files, isWhole};
}

async function entriesOf(folder: string): Promise<readonly (Dirent | 'unreadable')[]> {
  try {
    return await readdir(folder, {withFileTypes: true});
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    if (systemReason(error) === undefined) throw error;
    return ['unreadable'];
  }
}

/** Undefined where it cannot be read. */
async function beginningOf(name: string): Promise<string | undefined> {
  try {
    const file = await open(name, 'r');
    try {
      const {buffer, bytesRead} = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    if (systemReason(error) === undefined) throw error;
    return undefined;
  }
}

/** What keeps a folder on the way from being one: a symbolic link may lead out. */
async function obstacleBefore(root: string, name: string): Promise<string | undefined> {
  const parts = path
    .dirname(name)
    .split('/')
    .filter((part) => part !== '.');
  for (const [index] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    const status = await lstat(path.join(root, folder));
    if (status.isSymbolicLink()) return `${folder} is a symbolic link, which may lead out of the folder`;
    if (!status.isDirectory()) return `${folder} is no folder`;
  }
  return undefined;
}

type Prepared = {readonly file: FileToWrite; readonly temporary: string};

/**
 * Every file lies complete beside its place before the first takes it. What is in the way then, such as a file that
 * somebody has just made, stops it before anything is replaced. Killed in between it leaves whole files only, and hidden
 * ones that the next writing takes away.
 */
async function write(root: string, files: readonly FileToWrite[]): Promise<void> {
  const made: string[] = [];
  const prepared: Prepared[] = [];
  const written: string[] = [];
  const known = new Set<string>();
  let target = root;
  try {
    for (const file of files) {
      const folder = path.dirname(path.join(root, file.path));
      if (!known.has(folder)) {
        known.add(folder);
        await removeStale(folder, await makeFolders(folder, made));
      }
      const temporary = path.join(folder, `${BESIDE}${process.pid}-${randomUUID()}`);
      prepared.push({file, temporary});
      await writeWhole(temporary, file);
    }
    for (const {file} of prepared) await refuseChanged(root, file);
    for (const {file, temporary} of prepared) {
      target = path.join(root, file.path);
      await place(temporary, target, file.before === undefined);
      written.push(file.path);
    }
  } catch (error) {
    for (const {temporary} of prepared.slice(written.length)) await rm(temporary, {force: true});
    if (written.length === 0) for (const folder of made.toReversed()) await removeIfEmpty(folder);
    throw error instanceof UserError ? error : unwritable(target, written, error);
  }
}

/** What is used up is no fault of the command line. */
const USED_UP: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE']);

function unwritable(target: string, written: readonly string[], error: unknown): UserError {
  const told = written.length === 0 ? 'nothing was written' : `written so far: ${written.join(', ')}`;
  const isFailed = written.length > 0 || USED_UP.has(errorCode(error) ?? '');
  return new UserError(
    isFailed ? 'failed' : 'usage',
    `${target} cannot be written: ${reasonOf(error)}; ${told}`,
    {remedy: isFailed ? 'mend that, and run it again' : 'take another folder, or mend that', cause: error},
  );
}

const BESIDE = '.reprieve-';

/** What a killed writer has left. */
async function removeStale(folder: string, isNew: boolean): Promise<void> {
  if (isNew) return;
  for (const name of await readdir(folder)) {
    const pid = /^\.reprieve-(\d+)-[0-9a-f-]{36}$/.exec(name)?.[1];
    if (pid !== undefined && !answersToSignals(Number(pid))) await rm(path.join(folder, name), {force: true});
  }
}

async function writeWhole(temporary: string, {text, isExecutable, before}: FileToWrite): Promise<void> {
  const mode = isExecutable ? EXECUTABLE : PLAIN;
  // One that takes another's place may be read by nobody else before it has that one's mode.
  const file = await open(temporary, 'wx', before === undefined ? mode : mode & 0o700);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function refuseChanged(root: string, {path: name, before}: FileToWrite): Promise<void> {
  const standing = await look(root, name);
  const isSame =
    before === undefined ? standing.kind === 'absent' : standing.kind === 'file' && standing.text === before;
  if (isSame) return;
  const reason = standing.kind === 'refused' ? standing.reason : 'it was changed meanwhile';
  throw new UserError('refused', `${path.join(root, name)}: ${reason}; nothing was written`);
}

/** A new one never takes the place of what somebody made meanwhile, where the file system has second names. */
async function place(temporary: string, target: string, isNew: boolean): Promise<void> {
  if (isNew) {
    try {
      await link(temporary, target);
      await rm(temporary);
      return;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') throw error;
    }
  } else {
    const {mode} = await lstat(target);
    const {mode: own} = await lstat(temporary);
    // Who may read it stays; whether it is run is the template's.
    await chmod(temporary, (mode & 0o666) | (own & 0o111 ? (mode & 0o444) >> 2 : 0));
  }
  await rename(temporary, target);
}

/**
 * Makes a folder and those above it that are missing, and adds them to `made`, the upper ones first; whether it was
 * missing. Node's own way never ends where a folder that is there takes none, as below /proc.
 */
async function makeFolders(folder: string, made: string[]): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return false;
    const above = path.dirname(folder);
    if (code !== 'ENOENT' || above === folder || !(await makeFolders(above, made))) throw error;
    await mkdir(folder);
  }
  made.push(folder);
  return true;
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // Somebody has put something there, or it is gone.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

function reasonOf(error: unknown): string {
  return systemReason(error) ?? String(error);
}
