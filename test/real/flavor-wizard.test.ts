// The wizard of flavors in a real terminal, on the embedded cloud: what was designed is what Nova has then.
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import {startProgram} from '../helpers/program.js';
import {real} from '../helpers/tmux.js';
import {openTmuxProgram, type TmuxProgram, typed} from '../helpers/tmux-program.js';

async function openWizard(
  t: ExecutionContext,
  cloud: DemoCloud,
  size: {readonly columns: number; readonly rows: number},
  ...flags: readonly string[]
): Promise<TmuxProgram> {
  const terminal = await openTmuxProgram(t, {...size, env: {...cloud.env}});
  terminal.start('flavor', ...flags);
  return terminal;
}

const flavor = z.object({
  name: z.string(),
  vcpus: z.number(),
  ram: z.number(),
  extraSpecs: z.record(z.string(), z.string()),
});

/** From the topology on; each step holds keys that were not meant for it. */
async function toReview(terminal: TmuxProgram): Promise<void> {
  await terminal.step(['n'], 'POLICY');
  await terminal.step(['n'], 'ACCESS');
  await terminal.step(['n'], 'EXTRA SPECS');
}

/** A flavor as the embedded Nova has it. */
function flavorOf(cloud: DemoCloud, name: string): z.infer<typeof flavor> | undefined {
  const found = cloud.nova.flavors.find((one) => one.name === name);
  return found === undefined ? undefined : flavor.parse(found);
}

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
] as const) {
  real(`${columns}x${rows}: a watchdog flavor with a topology is designed, saved and there`, async (t) => {
    const cloud = await startDemoCloud(t);
    const terminal = await openWizard(t, cloud, {columns, rows});
    await terminal.until(/of \d+ hosts/);
    await terminal.step(['Enter', ...typed('web.guarded'), 'Enter', '4'], /vCPUs +4/);
    await terminal.step(['Down', ...typed('8g'), 'Down'], /memory +8 GiB/);
    await terminal.step(['n'], 'WHEN THE GUEST HANGS');
    await terminal.step(['Down', 'Down'], /<watchdog model="i6300esb"/);
    await terminal.step(['n'], 'WISHES');
    await terminal.step(['w'], /Nova gives 2 sockets : 2 cores : 1 thread/);
    await toReview(terminal);
    await terminal.step(['Enter'], / Create +\[ Back \]/);
    await terminal.step(['Enter'], /web\.guarded: made as/);
    t.deepEqual(flavorOf(cloud, 'web.guarded'), {
      name: 'web.guarded',
      vcpus: 4,
      ram: 8192,
      extraSpecs: {
        'hw:watchdog_action': 'poweroff',
        'hw:cpu_sockets': '2',
        'hw:cpu_cores': '2',
        'hw:cpu_threads': '1',
      },
    });
    await terminal.step(['q'], 'left with 0');
    t.true(await terminal.isClean());
  });
}

real('a flavor of the cloud is cloned and changed, and the old one stays as it is', async (t) => {
  const cloud = await startDemoCloud(t);
  const before = flavorOf(cloud, 'win.desktop');
  const terminal = await openWizard(t, cloud, {columns: 120, rows: 40}, '--clone', 'win.desktop');
  await terminal.until(/win\.desktop-2/);
  await terminal.step(['n'], 'WHEN THE GUEST HANGS');
  await terminal.step(['Down'], /action="reset"/);
  await terminal.step(['n'], 'WISHES');
  await toReview(terminal);
  await terminal.step(['Enter'], / Create +\[ Back \]/);
  await terminal.step(['Enter'], /win\.desktop-2: made as/);
  t.is(flavorOf(cloud, 'win.desktop-2')?.extraSpecs['hw:watchdog_action'], 'reset');
  t.deepEqual(flavorOf(cloud, 'win.desktop'), before);
  await terminal.step(['q'], 'left with 0');
});

real('offline it judges and shows the commands, and a window that is too small says so', async (t) => {
  const cloud = await startDemoCloud(t);
  const terminal = await openWizard(t, cloud, {columns: 80, rows: 24}, '--offline', '--preset', 'database');
  await terminal.until('SIZE');
  await terminal.step(
    ['Enter', ...typed('own'), 'Enter', 'e'],
    /openstack --os-cloud demo flavor create own --vcpus 2/,
  );
  await terminal.step(['Escape'], 'SIZE');
  terminal.resize(40, 10);
  await terminal.until(/This window is 40 x 10/);
  terminal.resize(80, 24);
  await terminal.until('SIZE');
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
});

test('without a terminal the wizard names the commands that do the same', async (t) => {
  const cloud = await startDemoCloud(t);
  const {code, stdout, stderr} = await startProgram(['flavor'], {env: cloud.env}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /this screen needs a terminal/);
  t.regex(stderr, /reprieve flavor check/);
});
