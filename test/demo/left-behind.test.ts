// Programs on the nodes of an embedded cloud that was killed do not outlive it for long.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, mkdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {systemctlProgram} from '../../source/demo/node/systemctl.js';

test('whoever waits for the service manager of a killed cloud is ended', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-systemctl-'));
  t.teardown(async () => rm(folder, {recursive: true, force: true}));
  await mkdir(path.join(folder, 'manager'));
  const run = async (owner: number) => {
    const file = path.join(folder, 'systemctl');
    await writeFile(file, systemctlProgram(folder, 'compute-01', owner), {mode: 0o755});
    // In a process group of its own, as every command on a node is. Read, not run, as a process of another test
    // that was just forked may still have the file open for writing.
    const child = spawn('/bin/sh', ['-c', `/bin/sh "${file}" show nova-compute; echo still here`], {
      env: {PATH: process.env['PATH'] ?? '', SYSROOT: folder},
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    return {said, signal: child.signalCode};
  };
  const served = await run(process.pid);
  t.regex(served.said, /LoadState=not-found[\s\S]*still here/);
  const gone = spawn('/bin/true');
  await once(gone, 'close');
  t.deepEqual(await run(gone.pid ?? 0), {said: '', signal: 'SIGKILL'});
});
