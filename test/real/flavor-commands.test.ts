// The openstack commands that a dry run shows, run by the installed client on the embedded cloud.
import {execFile} from 'node:child_process';
import process from 'node:process';
import {promisify} from 'node:util';
import test from 'ava';
import {z} from 'zod';
import {startDemoCloud} from '../helpers/demo-cloud.js';

const planned = z.object({outcome: z.string(), commands: z.array(z.string())});
const shell = promisify(execFile);

const GOLD = {
  name: "gold of o'brien",
  vcpus: 4,
  ram: 4096,
  disk: 20,
  swap: 512,
  ephemeral: 5,
  description: 'for gold',
  projects: ['shop'],
  extra_specs: {
    'hw:watchdog_action': 'reset',
    'hw:cpu_max_sockets': '2',
    'aggregate_instance_extra_specs:x': 'a=b',
  },
};

test('what the commands do is what the calls do: afterwards there is nothing to change', async (t) => {
  const cloud = await startDemoCloud(t);
  const env = {...cloud.env, PATH: process.env['PATH']};
  const lookAt = async (flavor: object) => {
    const file = await cloud.operator.write('flavor.json', JSON.stringify(flavor));
    const ended = await cloud.run(['flavor', 'create', file, '--dry-run', '--force', '--prune']);
    t.is(ended.code, 0, ended.stderr);
    return planned.parse(JSON.parse(ended.stdout));
  };
  const carryOut = async (commands: readonly string[]) => {
    for (const command of commands) await shell('/bin/sh', ['-c', command], {env});
  };
  const made = await lookAt(GOLD);
  t.is(made.outcome, 'would-save');
  t.is(made.commands.length, 3);
  await carryOut(made.commands);
  t.is((await lookAt(GOLD)).outcome, 'unchanged');

  const other = {
    ...GOLD,
    description: 'for others',
    projects: ['ci'],
    extra_specs: {'hw:watchdog_action': 'pause'},
  };
  const changed = await lookAt(other);
  await carryOut(changed.commands);
  t.is((await lookAt(other)).outcome, 'unchanged', changed.commands.join('\n'));

  const {stdout} = await shell('openstack', ['flavor', 'show', GOLD.name, '-f', 'json'], {env});
  const shown: unknown = JSON.parse(stdout);
  t.is((await lookAt(z.record(z.string(), z.unknown()).parse(shown))).outcome, 'unchanged', stdout);
});
