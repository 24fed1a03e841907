/** What a process uses, as Linux tells it. */
import {readdir, readFile} from 'node:fs/promises';

/** Processor seconds that all threads of a process have used, to the microsecond. */
export async function cpuSeconds(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const used = tasks.map(async (task) => {
    const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8');
    return Number(text.split(' ', 1)[0]) / 1e9;
  });
  return (await Promise.all(used)).reduce((sum, one) => sum + one, 0);
}

/** The most that a process has had resident (VmHWM), in MiB. */
export async function peakMib(pid: number): Promise<number> {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`/proc/${pid}/status does not say how much memory was used`);
  return Number(kib) / 1024;
}
