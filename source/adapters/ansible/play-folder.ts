import {lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {PlaybookFile} from '../../app/rollout/ansible/ansible-ports.js';
import {UserError} from '../../app/errors.js';
import {systemReason} from '../files/system-reason.js';
import {currentProcess, isLiveProcess} from '../journal/process-identity.js';

const PREFIX = 'reprieve-ansible-';
/** Names the process that made a folder. */
const OWNER = 'owner';

/**
 * Makes a folder with these files that only this user can read: it tells where the nodes are. What killed processes
 * left there is removed before. Rejects with `UserError` where the files cannot be written.
 */
export async function makePlayFolder(temporary: string, files: readonly PlaybookFile[]): Promise<string> {
  let folder: string | undefined;
  try {
    await removeLeftovers(temporary);
    folder = await mkdtemp(path.join(temporary, PREFIX));
    for (const file of [{path: OWNER, text: await describeOwner()}, ...files]) {
      const target = path.join(folder, file.path);
      await mkdir(path.dirname(target), {recursive: true, mode: 0o700});
      await writeFile(target, file.text, {mode: 0o600, flag: 'wx'});
    }
    return folder;
  } catch (error) {
    if (folder !== undefined) await rm(folder, {recursive: true, force: true});
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new UserError('failed', `the playbook cannot be written below ${temporary}: ${reason}`, {
      cause: error,
      remedy: 'make room there, or name another folder with TMPDIR',
    });
  }
}

/** A process of another machine, or of another container, cannot be looked for. */
async function describeOwner(): Promise<string> {
  const {pid, startTime, bootId} = await currentProcess();
  return [pid, startTime, bootId, await pidNamespace()].join(' ');
}

async function pidNamespace(): Promise<string> {
  return orNothing(readlink('/proc/self/ns/pid'));
}

/** Folders of this user whose process is surely gone, and that nothing that it started still works in. */
async function removeLeftovers(temporary: string): Promise<void> {
  const names = (await readdir(temporary)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = path.join(temporary, name);
    if (!(await isLeft(folder))) continue;
    try {
      await rm(folder, {recursive: true, force: true});
    } catch (error) {
      // It is in nobody's way.
      if (systemReason(error) === undefined) throw error;
    }
  }
}

async function isLeft(folder: string): Promise<boolean> {
  try {
    const seen = await lstat(folder);
    if (!seen.isDirectory() || seen.uid !== process.getuid?.()) return false;
    const words = (await readFile(path.join(folder, OWNER), 'utf8')).split(' ');
    const [pid = '', startTime = '', bootId = '', namespace = ''] = words;
    const own = await currentProcess();
    const isHere = bootId === own.bootId && namespace !== '' && namespace === (await pidNamespace());
    if (!isHere || !/^[1-9]\d*$/.test(pid) || !/^\d+$/.test(startTime)) return false;
    return !(await isLiveProcess({pid: Number(pid), startTime, bootId})) && !(await isNamedByProcess(folder));
  } catch (error) {
    // Just being made, or removed by somebody else.
    if (systemReason(error) === undefined) throw error;
    return false;
  }
}

/** An Ansible that is still about to end has the folder on its command line. */
async function isNamedByProcess(folder: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if ((await orNothing(readFile(`/proc/${pid}/cmdline`, 'utf8'))).includes(folder)) return true;
  }
  return false;
}

/** Empty where the system does not tell, as of a process that has just ended. */
async function orNothing(text: Promise<string>): Promise<string> {
  try {
    return await text;
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return '';
  }
}
