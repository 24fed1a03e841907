import {execFile} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

export type Run = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Runs `reprieve conf …` as a process, with nothing of this one's environment but what is given. */
export function runConf(
  args: readonly string[],
  options: {readonly cwd?: string; readonly env?: Readonly<Record<string, string>>} = {},
): Promise<Run> {
  const env = {PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...options.env};
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, 'conf', ...args], {...options, env}, (error, stdout, stderr) => {
      resolve({code: error === null ? 0 : Number(error.code), stdout, stderr});
    });
  });
}
