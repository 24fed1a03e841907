import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {RunOptions, RunResult, Shell} from '../../source/app/ports.js';
import {NodeError} from '../../source/app/errors.js';
import {renderScript} from '../../source/domain/shell-quote.js';
import {createOpensshShell} from '../../source/adapters/ssh/openssh-shell.js';
import type {SshSettings} from '../../source/adapters/ssh/settings.js';
import {createSsh2Shell} from '../../source/adapters/ssh/ssh2-shell.js';
import type {TestSshd} from './sshd.js';

export const transports = {ssh2: createSsh2Shell, openssh: createOpensshShell} as const;
export type Transport = keyof typeof transports;

/** Settings of a user whose home is the server's `home`, with this ssh_config. */
export async function settingsFor(
  server: TestSshd,
  lines: readonly string[] = [],
  more: Partial<SshSettings> = {},
): Promise<SshSettings> {
  const ssh = path.join(server.home, '.ssh');
  const configFile = path.join(ssh, `config-${Math.random().toString(36).slice(2)}`);
  await writeFile(
    configFile,
    [
      ...lines,
      'Host *',
      '  HostName 127.0.0.1',
      `  Port ${server.port}`,
      '  User root',
      `  IdentityFile ${path.join(ssh, 'id_ed25519')}`,
      `  UserKnownHostsFile ${path.join(ssh, 'known_hosts')}`,
      '  GlobalKnownHostsFile none',
      '',
    ].join('\n'),
    {mode: 0o600},
  );
  return {
    home: server.home,
    localUser: 'root',
    localHostName: 'bastion.example',
    environment: {PATH: process.env['PATH']},
    configFile,
    ...more,
  };
}

/** A program whose `main` has this body. */
export function script(body: string, variables: Readonly<Record<string, string>> = {}) {
  return renderScript('test', `main() {\n${body}\n}\nmain </dev/null`, variables);
}

export function options(more: Partial<RunOptions> = {}): RunOptions {
  return {signal: new AbortController().signal, timeoutMs: 30_000, ...more};
}

/** What a script printed, with its exit code, in one line for assertions. */
export function summary(result: RunResult): string {
  const out = Buffer.from(result.stdout).toString('utf8').trim();
  return result.kind === 'exited' ? `${result.code}: ${out}` : `lost: ${result.reason}`;
}

/** The `NodeError` that a run ends with. */
export async function refusal(work: Promise<unknown>): Promise<NodeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof NodeError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** Closes a shell when the test is over, however it ends. */
export function closing<ShellType extends Shell>(
  t: {teardown(work: () => Promise<void>): void},
  shell: ShellType,
): ShellType {
  t.teardown(() => shell.close());
  return shell;
}

/** Puts a server's key into the known_hosts of the user whose home it has. */
export async function learnKey(own: TestSshd): Promise<void> {
  const [type = '', key = ''] = (await readFile(path.join(own.folder, 'host_ed25519.pub'), 'utf8')).split(
    ' ',
  );
  const known = path.join(own.home, '.ssh/known_hosts');
  await writeFile(known, `[127.0.0.1]:${own.port} ${type} ${key}\n`, {flag: 'a'});
}
