import {constants} from 'node:fs';
import {access, chmod, copyFile, mkdir, open, readFile, realpath, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {randomUUID} from 'node:crypto';
import {UserError} from '../../app/errors.js';
import type {PresentProfile, ProfileStore} from '../../app/init/init-types.js';
import type {Clock} from '../../app/ports.js';
import {errorCode} from './error-code.js';
import {defaultProfileFile} from './default-profile.js';
import {readProfile, type ProfileRequest} from './profile.js';
import {renderProfile} from './profile-text.js';
import {systemReason} from './system-reason.js';

/** The profile that is named, else the one that is read where none is. */
export function createProfileStore(request: ProfileRequest, clock: Pick<Clock, 'now'>): ProfileStore {
  const file = path.resolve(request.file ?? defaultProfileFile(request));
  return {
    file,
    async read() {
      try {
        await refuseUnwritable(file);
        const text = await readText(file);
        return text === undefined ? undefined : await present(file, text, request);
      } catch (error) {
        throw explain(file, error);
      }
    },
    render: renderProfile,
    async write(text, before) {
      try {
        return await write(file, text, before, clock);
      } catch (error) {
        throw explain(file, error);
      }
    },
  };
}

/** What is there, judged by the program's own reader. */
async function present(file: string, text: string, request: ProfileRequest): Promise<PresentProfile> {
  try {
    const {flags, nodes, inventory} = await readProfile({...request, file});
    const values = new Map([...flags].map(([name, {value}]) => [name, value]));
    return {text, problem: undefined, values, rules: nodes, inventory};
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {text, problem: error.message, values: new Map(), rules: [], inventory: undefined};
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Found out before anybody answers a question for nothing. */
async function refuseUnwritable(file: string): Promise<void> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    try {
      if (!(await stat(folder)).isDirectory()) throw unwritable(file, `${folder} is not a folder`);
      await access(folder, constants.W_OK | constants.X_OK);
      return;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || folder === path.dirname(folder)) throw error;
    }
  }
}

async function write(
  name: string,
  text: string,
  before: string | undefined,
  clock: Pick<Clock, 'now'>,
): Promise<string | undefined> {
  await mkdir(path.dirname(name), {recursive: true, mode: 0o700});
  // A symbolic link, as people have them to a folder of such files, stays one.
  const target = before === undefined ? name : await realpath(name);
  const temporary = `${target}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readText(name)) !== before) {
      throw new UserError('refused', `${name} was changed meanwhile; nothing was written`, {
        remedy: 'run reprieve init again',
      });
    }
    const backup = before === undefined ? undefined : await keepCopy(name, target, clock);
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
    return backup;
  } finally {
    await rm(temporary, {force: true});
  }
}

/** Beside the name that people know, with the time in its own: `config.yaml.20261122-223000`. */
async function keepCopy(name: string, target: string, clock: Pick<Clock, 'now'>): Promise<string> {
  const digits = new Date(clock.now()).toISOString().replaceAll(/\D/g, '');
  const stamp = `${digits.slice(0, 8)}-${digits.slice(8, 14)}`;
  for (let number = 1; ; number += 1) {
    const backup = `${name}.${stamp}${number === 1 ? '' : `-${number}`}`;
    try {
      await copyFile(target, backup, constants.COPYFILE_EXCL);
      await chmod(backup, 0o600);
      return backup;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explain(file: string, error: unknown): unknown {
  const reason = systemReason(error);
  if (error instanceof UserError || reason === undefined) return error;
  return unwritable(file, reason, error);
}

function unwritable(file: string, reason: string, cause?: unknown): UserError {
  return new UserError('usage', `the profile ${file} cannot be written: ${reason}`, {
    cause,
    remedy: 'name another place with --profile FILE',
  });
}
