import {createHash} from 'node:crypto';
import {mkdir, rm, symlink} from 'node:fs/promises';
import path from 'node:path';
import type {ChangeRequest, FileAction} from '../../source/domain/fleet/node-requests.js';
import {changeVariables} from '../../source/domain/fleet/node-requests.js';
import {decodeChange, type ChangeAnswer} from '../../source/domain/fleet/decode-change.js';
import {runProgram, type TestNode} from './node-programs.js';

export const RUN = '20260101-120000-abcd';
export const LATER_RUN = '20260102-120000-wxyz';
export const FILE = '/etc/nova/nova.conf';
export const OLD =
  '# head\n[DEFAULT]\nreclaim_instance_interval = 60\ntransport_url = rabbit://nova:secret@mq\n';
export const NEW = OLD.replace('60', '7200');

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The edit that makes `NEW` of `OLD`. */
export const EDIT: Extract<FileAction, {kind: 'edit'}> = {
  kind: 'edit',
  file: FILE,
  digestBefore: sha256(OLD),
  digestAfter: sha256(NEW),
  offset: OLD.indexOf('60'),
  length: 2,
  replacement: '7200',
  valueBefore: '60',
  valueAfter: '7200',
};

/** Takes that edit back from a run's backup. */
export function restoreFrom(sourceRun: string): Extract<FileAction, {kind: 'restore'}> {
  return {
    kind: 'restore',
    file: FILE,
    digestBefore: sha256(NEW),
    digestAfter: sha256(OLD),
    sourceRun,
    valueBefore: '7200',
    valueAfter: '60',
  };
}

export function changeRequest(node: TestNode, changes: Partial<ChangeRequest> = {}): ChangeRequest {
  return {
    sysroot: node.sysroot,
    run: RUN,
    operator: "ada o'neil",
    bastion: 'bastion.example',
    pid: 4711,
    bootId: '11111111-2222-3333-4444-555555555555',
    steal: undefined,
    role: 'compute',
    action: EDIT,
    restart: {unit: 'nova-compute.service', command: undefined},
    keepsLock: false,
    ...changes,
  };
}

/** Runs the change and decodes its answer. */
export async function change(
  node: TestNode,
  changes: Partial<ChangeRequest> = {},
  options: {readonly shell?: string; readonly env?: Readonly<Record<string, string>>} = {},
): Promise<ChangeAnswer> {
  const {stdout} = await runProgram('change', changeVariables(changeRequest(node, changes)), {
    ...options,
    env: {...node.env, ...options.env},
  });
  return decodeChange(stdout);
}

/** A service manager that runs one nova-compute and writes down what it was asked. */
export async function giveServiceManager(node: TestNode): Promise<void> {
  await node.write(
    'usr/bin/systemctl',
    `#!/bin/sh
case $1 in
  show) cat "$SYSROOT/units" ;;
  *) echo "$*" >>"$SYSROOT/asked" ;;
esac
`,
    0o755,
  );
  await node.write('units', unitBlock({}));
}

/** Gives a run's turn on the node to a program, named by `PID START`. */
export async function giveTurn(node: TestNode, run: string, worker: string): Promise<void> {
  const turn = path.join(node.sysroot, `run/reprieve/work-${run}`);
  await mkdir(path.dirname(turn), {recursive: true});
  await rm(turn, {force: true});
  await symlink(worker, turn);
}

/** What `systemctl show` prints of a unit. */
export function unitBlock(properties: Readonly<Record<string, string>>): string {
  const all = {
    Id: 'nova-compute.service',
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    Result: 'success',
    MainPID: '4242',
    NRestarts: '0',
    ExecMainStartTimestampMonotonic: '1000000',
    ControlGroup: '/system.slice/nova-compute.service',
    TimeoutStopUSec: '15s',
    UnitFileState: 'enabled',
    ...properties,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
