import {spawnSync} from 'node:child_process';
import type {KnownOption} from '../../source/domain/oslo/options.js';

export type OracleJob = {
  /** Name to bytes; created in a folder of their own, in which the service runs. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly args: readonly string[];
  readonly options: readonly KnownOption[];
  readonly read: readonly (readonly [group: string, option: string])[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly encoding?: 'utf-8' | 'latin-1';
};

export type OracleAnswer = {
  readonly startup_error?: string;
  readonly line?: number | null;
  readonly values?: readonly {readonly value?: unknown; readonly error?: string}[];
  /** Per file: section, key and every value in order. */
  readonly sections?: readonly (readonly [
    string,
    readonly (readonly [string, string, readonly string[]])[],
  ])[];
};

/** Asks oslo.config itself, all jobs in one process. */
export function askOslo(jobs: readonly OracleJob[]): readonly OracleAnswer[] {
  const input = jobs.map((job) => ({
    ...job,
    files: Object.fromEntries(
      Object.entries(job.files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
    ),
    options: job.options.map((one) => [one.group, one.name, one.type, one.default ?? null]),
  }));
  const result = spawnSync('/usr/bin/python3', ['test/real/oslo-oracle.py'], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8'},
  });
  if (result.status !== 0) throw new Error(`oslo.config could not be asked: ${result.stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(result.stdout) as OracleAnswer[];
}
