import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';

/** One start of a process on one start of a machine. PIDs are used again; the start time tells which. */
export type ProcessIdentity = {
  readonly pid: number;
  readonly bootId: string;
  /** Clock ticks since the machine started (`/proc/PID/stat`, field 22); `-` where the system has no `/proc`. */
  readonly startTime: string;
};

/** What stands for the boot id and start time where the system has no `/proc`. */
export const UNKNOWN = '-';

/** This machine's boot id: another after each restart; `-` where the system has none. */
export function currentBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return UNKNOWN;
  }
}

/** The running process. */
export async function currentProcess(): Promise<ProcessIdentity> {
  const stat = await readStat(process.pid);
  return {pid: process.pid, bootId: currentBootId(), startTime: stat?.startTime ?? UNKNOWN};
}

/**
 * Whether a process of this machine lives. Without a start time any process with that PID counts. One that has
 * ended and that nobody has waited for (a zombie) does not live.
 */
export async function isLiveProcess(identity: {
  readonly pid: number;
  readonly bootId: string;
  readonly startTime?: string;
}): Promise<boolean> {
  if (!Number.isSafeInteger(identity.pid) || identity.pid < 1) return false;
  if (identity.bootId !== currentBootId()) return false;
  if (currentBootId() === UNKNOWN) return answersToSignals(identity.pid);
  const stat = await readStat(identity.pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return false;
  const {startTime = UNKNOWN} = identity;
  return startTime === UNKNOWN || startTime === stat.startTime;
}

async function readStat(pid: number): Promise<{state: string; startTime: string} | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // ESRCH: it ended between open and read.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) {
      return undefined;
    }
    throw error;
  }
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {state: fields[0] ?? '', startTime: fields[19] ?? UNKNOWN};
}

/** Whether a process of this machine has this number; after a restart it may be another one. */
export function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
