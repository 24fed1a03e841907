// The playbook of the template, run by Ansible itself: what it leaves on nodes is what `apply` leaves.
import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {readDocument, documentBytes} from '../../source/domain/oslo/document.js';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {setOption} from '../../source/domain/oslo/edit.js';
import {playbook, type PlaybookRun} from '../helpers/ansible-playbook.js';
import {fullTest, isFull} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {allNodes, labNode, openLab, readOn, type LabNode} from '../helpers/lab.js';
import {lookAtNode, lookAtNodes} from '../helpers/lab-node-state.js';
import {resetLab} from '../helpers/lab-reset.js';
import {programWords} from '../helpers/program.js';

const INTERVAL = 90;

const lab = await openLab();
const cloud = await openLabCloud(lab);
const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-template-'));

test.before(async () => {
  if (!isFull) return;
  await resetLab(lab, cloud);
  await render();
});
test.after.always(async () => {
  await rm(folder, {recursive: true, force: true});
  if (isFull) await resetLab(lab, cloud);
});

async function render(): Promise<void> {
  const [command = '', ...words] = programWords(['template', 'render', 'ansible', '-o', folder, '--yes']);
  const values = {
    interval: `${INTERVAL}s`,
    cloud: 'lab',
    computes: lab.computes.map(({host}) => host).join(','),
    api: lab.controller.host,
    batches: '1,100%',
  };
  const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  await promisify(execFile)(command, [...words, ...set]);
}

async function run(args: readonly string[], killedBefore?: string): Promise<PlaybookRun> {
  return playbook(folder, ['-i', 'inventory.yml', 'playbook.yml', ...args], {
    env: {
      HOME: folder,
      OS_CLIENT_CONFIG_FILE: lab.cloudsFile,
      ANSIBLE_SSH_ARGS: `-F ${lab.sshConfig} -o ControlMaster=auto -o ControlPersist=30 -o ControlPath=${folder}/%C`,
      ANSIBLE_REMOTE_USER: 'root',
      ANSIBLE_PIPELINING: 'True',
    },
    ...(killedBefore === undefined ? {} : {killedBefore}),
  });
}

async function novaConf(node: LabNode): Promise<Uint8Array> {
  return Buffer.from(await readOn(lab, node.host, 'base64 /etc/nova/nova.conf'), 'base64');
}

/** What `apply` makes of a file. */
function edited(bytes: Uint8Array): Buffer {
  const document = readDocument(bytes);
  const edit = setOption(document, 'DEFAULT', 'reclaim_instance_interval', String(INTERVAL));
  if (edit.kind !== 'edit') throw new Error(`the file would not be edited: ${edit.kind}`);
  return Buffer.from(documentBytes(applyEdits(document, edit.edits)));
}

fullTest(
  'a run that is killed between writing and restarting leaves the file written, the process old',
  async (t) => {
    const node = labNode(lab, 'compute-1');
    const [before, bytes] = [await lookAtNode(lab, node), await novaConf(node)];
    const killed = await run(['--limit', 'compute-1'], 'Restart the service');
    t.is(killed.signal, 'SIGKILL', killed.stdout + killed.stderr);
    const after = await lookAtNode(lab, node);
    t.like(after, {interval: INTERVAL, isFresh: false, startId: before.startId});
    t.deepEqual(Buffer.from(await novaConf(node)), edited(bytes));
  },
);

fullTest('the next run restarts what was written, sets the others, and ends as apply does', async (t) => {
  const before = await lookAtNodes(lab);
  const bytes = new Map(
    await Promise.all(allNodes(lab).map(async (node) => [node.host, await novaConf(node)] as const)),
  );
  const ran = await run([]);
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  for (const [host, after] of await lookAtNodes(lab)) {
    t.like(after, {interval: INTERVAL, isFresh: true, active: 'active', leftovers: []}, host);
    const was = before.get(host);
    t.is(`${after.owner} ${after.mode}`, `${was?.owner} ${was?.mode}`, host);
    t.not(after.startId, was?.startId, `${host} was not restarted`);
    const old = bytes.get(host) ?? new Uint8Array();
    const wanted = host === 'compute-1' ? Buffer.from(old) : edited(old);
    t.deepEqual(Buffer.from(await novaConf(labNode(lab, host))), wanted, host);
    t.is(await readOn(lab, host, 'ls -A /etc/nova | grep -c before-delayed-delete || true'), '0\n', host);
  }
  const restarts = ran.tasks.filter(({name}) => name.endsWith('Restart the service'));
  t.deepEqual(
    restarts.flatMap(({hosts}) => Object.keys(hosts)).at(-1),
    lab.controller.host,
    'the API comes last',
  );
});

fullTest('a run after that changes nothing and restarts nothing', async (t) => {
  const seen = await lookAtNodes(lab);
  const ran = await run([]);
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  t.deepEqual(new Set(Object.values(ran.changed)), new Set([0]));
  t.deepEqual(await lookAtNodes(lab), seen);
});

fullTest('with --check a run tells and does nothing', async (t) => {
  const seen = await lookAtNodes(lab);
  const ran = await run(['--check', '--diff', '-e', 'delayed_delete_interval=120']);
  t.is(ran.code, 0, ran.stdout + ran.stderr);
  t.true(ran.stdout.includes('reclaim_instance_interval = 120'));
  t.false(ran.stdout.includes('transport_url'), 'only the option is shown');
  t.deepEqual(await lookAtNodes(lab), seen);
});

fullTest('a host whose soft-deleted servers would go is refused', async (t) => {
  const {id} = await cloud.createServer({name: 'would-go', host: 'compute-1'});
  await cloud.deleteServer(id);
  await cloud.waitForStatus(id, 'SOFT_DELETED');
  const seen = await lookAtNodes(lab);
  const ran = await run(['-e', 'delayed_delete_interval=30']);
  t.is(ran.code, 2, ran.stdout + ran.stderr);
  t.regex(ran.stdout, /compute-1: not changed: it has 1 soft-deleted server,/);
  t.deepEqual(await lookAtNodes(lab), seen);
});

fullTest('a service that does not come back gets its old file, and the API is not touched', async (t) => {
  const node = labNode(lab, 'compute-2');
  const broken = String.raw`printf '\n[DEFAULT]\ncompute_driver = nosuch.Driver\n' >>/etc/nova/nova.conf`;
  await readOn(lab, node.host, broken);
  const [bytes, api] = [await novaConf(node), await lookAtNode(lab, lab.controller)];
  const ran = await run([
    '--limit',
    'compute-2,controller',
    '-e',
    '{"delayed_delete_interval": 180, "delayed_delete_gate_seconds": 40}',
  ]);
  t.is(ran.code, 2, ran.stdout + ran.stderr);
  t.regex(ran.stdout, /nova\.conf is as it was/);
  t.deepEqual(Buffer.from(await novaConf(node)), Buffer.from(bytes));
  t.deepEqual(await lookAtNode(lab, lab.controller), api);
});
