import {spawn} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {atExit} from '../helpers/at-exit.js';

/** A program to run: its words, and what is added to the environment. */
export type Command = {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

export type Outcome = {
  /** Wall time from the start of the process to its exit. */
  readonly seconds: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

const outputs = mkdtempSync(path.join(os.tmpdir(), 'reprieve-bench-output-'));
atExit(() => rmSync(outputs, {recursive: true, force: true}));
let runs = 0;

/**
 * Runs a program and waits for its exit. Its output goes through files: an ssh master that stays in the
 * background keeps a pipe open long after the program has ended.
 */
export async function run(command: Command): Promise<Outcome> {
  const files = ['stdout', 'stderr'].map((name) => path.join(outputs, `${runs}.${name}`));
  runs += 1;
  const handles = files.map((file) => openSync(file, 'w'));
  const [program = '', ...args] = command.words;
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', ...handles],
    env: {...process.env, ...command.env},
  });
  const forget = atExit(() => void child.kill('SIGKILL'));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  }).finally(forget);
  const seconds = (performance.now() - began) / 1000;
  handles.forEach((handle) => closeSync(handle));
  const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
  files.forEach((file) => rmSync(file));
  return {seconds, code, stdout, stderr};
}

/** As `run`, but throws with the program's last words where it did not exit with 0. */
export async function mustRun(command: Command): Promise<Outcome> {
  const outcome = await run(command);
  if (outcome.code !== 0) {
    const words = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${command.words.slice(0, 3).join(' ')} … exited with ${outcome.code}:\n${words}`);
  }
  return outcome;
}

/** The middle of the values; the mean of both middles where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
