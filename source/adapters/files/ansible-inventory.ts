import {execFile} from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import {UserError} from '../../app/errors.js';

/** An inventory program may ask a slow cloud, and must not hang for ever. */
const TIMEOUT_MS = 60_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** What to run and what to call it in messages. */
export type AnsibleRequest = {
  readonly shown: string;
  /** Why Ansible is asked, for example `it is a program`. */
  readonly why: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly program?: string;
};

/**
 * What `ansible-inventory --list` prints for this file, parsed. No shell is involved. Throws `UserError` (usage)
 * where Ansible is not installed, cannot read the file or takes too long.
 */
export async function runAnsibleInventory(file: string, request: AnsibleRequest): Promise<unknown> {
  const {shown, why, signal} = request;
  const timeoutMs = request.timeoutMs ?? TIMEOUT_MS;
  const outcome = await run(request.program ?? 'ansible-inventory', file, timeoutMs, signal);
  if (outcome.kind !== 'printed') throw failure(outcome, shown, why, timeoutMs);
  try {
    return JSON.parse(outcome.text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UserError('usage', `inventory ${shown}: ansible-inventory printed something that is not JSON`, {
      cause: error,
      remedy: `try: ansible-inventory -i ${shown} --list`,
    });
  }
}

function failure(
  outcome: Exclude<Outcome, {kind: 'printed'}>,
  shown: string,
  why: string,
  timeoutMs: number,
): UserError {
  const save = 'save the output of "ansible-inventory --list" to a file and give that';
  if (outcome.kind === 'missing') {
    return new UserError(
      'usage',
      `inventory ${shown}: ${why}, and ansible-inventory is not installed to read it`,
      {remedy: `install Ansible, or ${save}`},
    );
  }
  if (outcome.kind === 'timeout') {
    return new UserError(
      'usage',
      `inventory ${shown}: ansible-inventory took longer than ${timeoutMs / 1000} s to read it`,
      {remedy: save},
    );
  }
  return new UserError('usage', `inventory ${shown}: ansible-inventory cannot read it: ${outcome.reason}`, {
    remedy: `try: ansible-inventory -i ${shown} --list`,
  });
}

type Outcome =
  | {readonly kind: 'printed'; readonly text: string}
  | {readonly kind: 'missing'}
  | {readonly kind: 'timeout'}
  | {readonly kind: 'failed'; readonly reason: string};

function run(program: string, file: string, timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      ['-i', file, '--list'],
      {
        timeout: timeoutMs,
        maxBuffer: MOST_BYTES,
        cwd: path.dirname(file),
        signal,
        // Without this an inventory that nothing can read counts as an empty one.
        env: {...process.env, ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: 'True', ANSIBLE_NOCOLOR: '1'},
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({kind: 'printed', text: stdout});
        else if (signal.aborted) reject(signal.reason);
        else if (error.code === 'ENOENT') resolve({kind: 'missing'});
        else if (error.killed === true) resolve({kind: 'timeout'});
        else resolve({kind: 'failed', reason: lastWords(stderr) || error.message});
      },
    );
    child.stdin?.end();
  });
}

/** The line of Ansible's output that says why: its error, else its last one. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const reason = lines.find((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? '';
  return reason.replace(/^ERROR!?\s*/, '').slice(0, 300);
}
