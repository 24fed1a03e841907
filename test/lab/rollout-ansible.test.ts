// Delayed delete on and off by the operator's own Ansible, shown, proved and journalled as any other run.
import {readFile, writeFile} from 'node:fs/promises';
import test from 'ava';
import {z} from 'zod';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {documentBytes, readDocument} from '../../source/domain/oslo/document.js';
import {setOption} from '../../source/domain/oslo/edit.js';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {allNodes, labNode, type LabNode, openLab, readOn} from '../helpers/lab.js';
import {lookAtNode, lookAtNodes} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {type Ended, fits} from '../helpers/program.js';

/** What takes long, and is proven besides without a lab, is for the full run. */

const lab = await openLab();
const cloud = await openLabCloud(lab);
// The system's ssh, which Ansible starts, looks for its configuration in the real home folder.
const operator = await labOperator(lab, {
  more: {
    ANSIBLE_SSH_ARGS: `-F ${lab.sshConfig} -o ControlMaster=auto -o ControlPersist=10`,
    ANSIBLE_REMOTE_USER: 'root',
    ANSIBLE_PIPELINING: 'True',
  },
});

// What an inventory says of the role's variables must not win over the plan.
const {all} = z
  .object({all: z.looseObject({})})
  .parse(JSON.parse(await readFile(operator.inventory, 'utf8')));
const vars = {
  delayed_delete_units: ['nova-nowhere.service'],
  delayed_delete_files: ['/etc/hosts'],
  delayed_delete_interval: 1,
  delayed_delete_restarts: false,
};
await writeFile(operator.inventory, JSON.stringify({all: {...all, vars}}));

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => {
  await operator.remove();
  await resetLab(lab, cloud);
});

const ENGINE = ['--engine', 'ansible', '--yes'];

async function novaConf({host}: LabNode): Promise<Buffer> {
  return Buffer.from(await readOn(lab, host, 'base64 /etc/nova/nova.conf'), 'base64');
}

async function allConfs(): Promise<ReadonlyMap<string, Buffer>> {
  return new Map(
    await Promise.all(allNodes(lab).map(async (node) => [node.host, await novaConf(node)] as const)),
  );
}

/** What the built-in engine makes of a file. */
function edited(bytes: Uint8Array, seconds: number): Buffer {
  const document = readDocument(bytes);
  const edit = setOption(document, 'DEFAULT', 'reclaim_instance_interval', String(seconds));
  if (edit.kind !== 'edit') throw new Error(`the file would not be edited: ${edit.kind}`);
  return Buffer.from(documentBytes(applyEdits(document, edit.edits)));
}

/** Playbooks that were started, as the run tells it. */
const plays = ({events}: Ended): readonly string[] =>
  events.flatMap(({message = ''}) => {
    const [, hosts] = /^ansible-playbook for (.*)/.exec(message) ?? [];
    return hosts === undefined ? [] : [hosts];
  });

let switchedOff = '';

test.serial(
  'Ansible switches it on: computes, then the API, each proved; the bytes are those of our own engine',
  async (t) => {
    const [before, bytes] = [await lookAtNodes(lab), await allConfs()];
    const ended = await operator.run(['apply', '--interval', '90s', '--batch', '1,100%', ...ENGINE]);
    t.is(ended.code, 0, ended.stdout + ended.stderr);
    t.is(ended.end?.outcome, 'done');
    t.deepEqual(new Set(Object.values(ended.end?.nodes ?? {})), new Set(['done']));
    t.deepEqual(plays(ended), ['compute-1', '3 hosts', 'controller']);
    t.true(ended.events.some(({message = ''}) => message.startsWith('Ansible: ')));
    const gates = ended.events.filter(({step, state}) => step === 'gate' && state === 'done');
    t.deepEqual([gates[0]?.host, gates.at(-1)?.host], ['compute-1', 'controller']);
    for (const [host, node] of await lookAtNodes(lab)) {
      t.like(node, {interval: 90, isFresh: true, active: 'active', leftovers: []}, host);
      t.is(`${node.owner} ${node.mode}`, `${before.get(host)?.owner} ${before.get(host)?.mode}`, host);
      t.deepEqual(await novaConf(labNode(lab, host)), edited(bytes.get(host) ?? new Uint8Array(), 90), host);
      t.is(await readOn(lab, host, 'ls -A /etc/nova | grep -c before-delayed-delete || true'), '0\n', host);
    }
  },
);

test.serial('a second run changes nothing and starts no playbook', async (t) => {
  const seen = await lookAtNodes(lab);
  const ended = await operator.run(['apply', '--interval', '90s', ...ENGINE]);
  t.is(ended.code, 0, ended.stderr);
  t.deepEqual(new Set(Object.values(ended.end?.nodes ?? {})), new Set(['unchanged']));
  t.deepEqual(plays(ended), []);
  t.deepEqual(await lookAtNodes(lab), seen);
});

fullTest('Ansible switches it off: the API, then the computes', async (t) => {
  const ended = await operator.run(['apply', '--interval', 'off', '--batch', '100%', ...ENGINE]);
  t.is(ended.code, 0, ended.stdout + ended.stderr);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(plays(ended), ['controller', '4 hosts']);
  for (const [host, node] of await lookAtNodes(lab)) {
    t.like(node, {interval: 0, isFresh: true, active: 'active', leftovers: []}, host);
  }
  switchedOff = ended.end?.run ?? '';
});

fullTest('a rollback puts back byte for byte what Ansible wrote', async (t) => {
  t.not(switchedOff, '', 'there is no run to roll back');
  const node = labNode(lab, 'compute-1');
  const off = await novaConf(node);
  const ended = await operator.run([
    'rollback',
    switchedOff,
    '--yes',
    '--hosts',
    'compute-1',
    '--computes-only',
  ]);
  t.is(ended.code, 0, ended.stdout + ended.stderr);
  t.is(ended.end?.outcome, 'rolled-back');
  t.like(await lookAtNode(lab, node), {interval: 90, isFresh: true, active: 'active', leftovers: []});
  t.deepEqual(edited(await novaConf(node), 0), off);
});

for (const [host, more] of [
  ['compute-2', []],
  ['compute-3', ['--engine', 'builtin']],
] as const) {
  const engine = more[1] ?? 'ansible';
  fullTest(
    `killed while Ansible restarts: the playbook ends, and resume finishes with ${engine}`,
    async (t) => {
      const one = ['--interval', '120s', '--hosts', host, '--computes-only'];
      const killed = await operator.run(['apply', ...one, ...ENGINE], (event, program) => {
        if (fits({host, step: 'restart', state: 'started'}, event)) program.signal('SIGKILL');
      });
      t.is(killed.signal, 'SIGKILL');
      const run = killed.events[0]?.run ?? '';
      const resumed = await operator.run(['resume', run, '--yes', ...more]);
      t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
      t.is(resumed.end?.outcome, 'done');
      const node = labNode(lab, host);
      t.like(await lookAtNode(lab, node), {interval: 120, isFresh: true, active: 'active', leftovers: []});
      const home = `/var/lib/reprieve/${run}/compute`;
      t.regex(await readOn(lab, host, `cat ${home}/state`), /\thanded-over\t[^]*\twritten\t/);
      const digest = (await readOn(lab, host, 'sha256sum </etc/nova/nova.conf')).slice(0, 64);
      t.true((await readOn(lab, host, `cat ${home}/record`)).includes(`\tafter\t${digest}\n`));
    },
  );
}

fullTest('a file that somebody else edits meanwhile stays as it is, and is not rolled back', async (t) => {
  const node = labNode(lab, 'compute-4');
  const edits: Promise<string>[] = [];
  const one = ['--interval', '180s', '--hosts', node.host, '--computes-only'];
  const ended = await operator.run(['apply', ...one, ...ENGINE], (event) => {
    if (!fits({host: node.host, step: 'restart', state: 'started'}, event) || edits.length > 0) return;
    edits.push(readOn(lab, node.host, 'echo "# by hand" >>/etc/nova/nova.conf'));
  });
  await Promise.all(edits);
  t.is(edits.length, 1);
  t.is(ended.code, 0, ended.stdout + ended.stderr);
  t.true(
    ended.events.some(({message = ''}) =>
      message.startsWith('somebody else changed /etc/nova/nova.conf too'),
    ),
  );
  t.like(await lookAtNode(lab, node), {interval: 180, isFresh: true, active: 'active'});
  const bytes = await novaConf(node);
  t.true(bytes.toString().endsWith('# by hand\n'));
  const back = await operator.run(['rollback', ended.end?.run ?? '', '--yes', '--computes-only']);
  t.is(back.code, 3, back.stdout + back.stderr);
  t.deepEqual(await novaConf(node), bytes);
});
