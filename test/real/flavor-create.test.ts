// What is asked at a terminal before a flavor is saved.
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {type Demo, startDemo} from '../../source/demo/demo.js';
import {openTmuxProgram} from '../helpers/tmux-program.js';

async function start(t: ExecutionContext): Promise<Demo> {
  t.timeout(180_000);
  const env = {PATH: process.env['PATH']};
  const demo = await startDemo({nodes: 4, servers: 24, speed: 20, hasTraffic: false, env});
  t.teardown(async () => demo.stop());
  return demo;
}

const specsOf = ({nova}: Demo, name: string) => nova.flavors.find((one) => one.name === name)?.extraSpecs;

test('the name of a flavor is typed before it is saved though no server boots from it', async (t) => {
  const demo = await start(t);
  const flavor = {name: 'odd', vcpus: 4, ram: 4096, disk: 1, extra_specs: {'hw:mem_page_size': '2M'}};
  const file = await demo.operator.write('odd.json', JSON.stringify(flavor));
  const terminal = await openTmuxProgram(t, {env: demo.env});
  terminal.start('flavor', 'create', file, '--yes');
  t.regex(await terminal.left(3), /--force odd/);
  terminal.start('flavor', 'create', file, '--force');
  await terminal.until('Type its name');
  terminal.line('yes');
  t.regex(await terminal.left(3), /or give its name: --force odd/);
  t.is(specsOf(demo, 'odd'), undefined);
  terminal.start('flavor', 'create', file, '--force');
  await terminal.until('Type its name');
  terminal.line('odd');
  await terminal.left(0);
  t.deepEqual(specsOf(demo, 'odd'), flavor.extra_specs);
});

test('the change of a flavor in use is asked about, and no is no', async (t) => {
  const demo = await start(t);
  const flavor = {
    name: 'm1.large',
    vcpus: 4,
    ram: 8192,
    disk: 80,
    extra_specs: {'hw:watchdog_action': 'reset'},
  };
  const file = await demo.operator.write('large.json', JSON.stringify(flavor));
  const terminal = await openTmuxProgram(t, {env: demo.env});
  terminal.start('flavor', 'create', file);
  await terminal.until('would keep the old copy?');
  terminal.line('n');
  t.regex(await terminal.left(3), /not agreed to/);
  t.deepEqual(specsOf(demo, 'm1.large'), {'hw:watchdog_action': 'poweroff'});
  terminal.start('flavor', 'create', file);
  await terminal.until('would keep the old copy?');
  terminal.line('y');
  await terminal.left(0);
  t.deepEqual(specsOf(demo, 'm1.large'), flavor.extra_specs);
});
