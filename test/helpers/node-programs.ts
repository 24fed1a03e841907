import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {renderScript} from '../../source/domain/shell-quote.js';
import type {NodeVariables} from '../../source/domain/fleet/node-requests.js';
import {PROGRAM_FILES, type NodeProgram} from '../../source/node/programs.js';

const PROGRAMS = fileURLToPath(new URL('../../source/node/', import.meta.url));

/** Shells of this machine that a node may have as `sh`. */
export const SHELLS: readonly string[] = [
  'dash',
  'bash',
  ...(existsSync('/bin/busybox') ? ['busybox sh'] : []),
];

/** The text of a program with its values, as a node would be sent it. */
export async function programText(program: NodeProgram, variables: NodeVariables): Promise<string> {
  const parts = await Promise.all(
    PROGRAM_FILES[program].map((name) => readFile(path.join(PROGRAMS, name), 'utf8')),
  );
  return renderScript(program, parts.join('\n'), variables).text;
}

export type ProgramResult = {
  /** Undefined where it was killed. */
  readonly code: number | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: string;
};

/** Runs a program with a shell of this machine, fed on stdin, as on a node. */
export async function runProgram(
  program: NodeProgram,
  variables: NodeVariables,
  options: {readonly shell?: string; readonly env?: Readonly<Record<string, string>>} = {},
): Promise<ProgramResult> {
  return feed((options.shell ?? 'sh').split(' '), await programText(program, variables), options.env);
}

/** Feeds a text to a command's stdin and collects what it prints. */
export function feed(
  command: readonly string[],
  text: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const [file = 'sh', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {env: {...process.env, ...env}});
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.on('error', () => {
      // A shell that was killed does not read on; its exit tells.
    });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({code: code ?? undefined, stdout: Uint8Array.from(Buffer.concat(stdout)), stderr});
    });
    child.stdin.end(text);
  });
}

/** A folder that stands for the root of a node; removed after the test. */
export type TestNode = {
  readonly sysroot: string;
  /** A folder of commands that are found before the machine's own. */
  readonly shims: string;
  /** Environment that finds them. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file of the node, with its folders. */
  write(file: string, content: string | Uint8Array, mode?: number): Promise<void>;
  read(file: string): Promise<Buffer>;
  /** Puts a command before the machine's own; `$REAL` in it is that one's path. */
  shim(name: string, body: string): Promise<void>;
};

export async function makeNode(t: ExecutionContext, parent = tmpdir()): Promise<TestNode> {
  const folder = await mkdtemp(path.join(parent, 'reprieve-node-'));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  const sysroot = path.join(folder, 'root of node');
  const shims = path.join(folder, 'shims');
  await mkdir(path.join(sysroot, 'etc/nova'), {recursive: true});
  await mkdir(path.join(sysroot, 'usr/bin'), {recursive: true});
  await mkdir(shims);
  const write = async (file: string, content: string | Uint8Array, mode = 0o640) => {
    const target = path.join(sysroot, file);
    await mkdir(path.dirname(target), {recursive: true});
    await writeFile(target, content);
    await chmod(target, mode);
  };
  return {
    sysroot,
    shims,
    env: {PATH: `${shims}:${process.env['PATH'] ?? '/usr/bin:/bin'}`, STATE: folder},
    write,
    read: (file) => readFile(path.join(sysroot, file)),
    async shim(name, body) {
      const real = await realCommand(name);
      await writeFile(path.join(shims, name), `#!/bin/sh\nREAL=${real}\n${body}\n`);
      await chmod(path.join(shims, name), 0o755);
    },
  };
}

async function realCommand(name: string): Promise<string> {
  const {stdout} = await feed(['sh'], `command -v ${name}`);
  return Buffer.from(stdout).toString().trim();
}
