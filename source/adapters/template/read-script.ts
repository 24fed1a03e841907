import {spawn} from 'node:child_process';
import process from 'node:process';
import type {FileCheck} from '../../app/template/template-ports.js';
import {lineInWords} from '../../domain/template/characters.js';
import {exitOf, ifUnread} from '../commands/child.js';

/** Shells that read a script without running it. */
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ksh']);

/** Reads a script with the shell that its first line names, where that is here: nothing of it is run. */
export async function readScript(text: string): Promise<FileCheck> {
  const shell = shellOf(text);
  if (!SHELLS.has(shell)) return {verdict: 'none', text: `nothing here reads ${shell}: it was not checked`};
  const child = spawn(shell, ['-n'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Without BASH_ENV and the like, which a shell would read first.
    env: {PATH: process.env['PATH'], LC_ALL: 'C'},
  });
  const exited = exitOf(child);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  const closed = new Promise((resolve) => child.stderr.once('close', resolve));
  child.stdin.on('error', ifUnread);
  child.stdin.end(text);
  const end = await exited;
  if (end.kind === 'not-started') {
    return {verdict: 'none', text: `${shell} cannot be started here (${end.problem}): it was not checked`};
  }
  await closed;
  if (end.kind === 'exited' && end.code === 0)
    return {verdict: 'ok', text: `${shell} -n finds no fault in it`};
  const [first = ''] = complaint.split('\n');
  const told = first.replace(
    /^\w+: (?:line )?(\d+): */,
    (_, line: string) => `${lineInWords(text, Number(line))}: `,
  );
  return {
    verdict: 'failed',
    text: told === '' ? `${shell} -n refuses it` : `${shell} -n refuses it, ${told}`,
  };
}

/** `#!/bin/sh -e`, `#!/usr/bin/env bash`; `sh` where it has no such line. */
function shellOf(text: string): string {
  const [, words = 'sh'] = /^#!\s*([^\n]*)/.exec(text) ?? [];
  const [program = 'sh', next = 'sh'] = words.trim().split(/\s+/);
  const named = program.endsWith('/env') ? next : program;
  return named.slice(named.lastIndexOf('/') + 1);
}
