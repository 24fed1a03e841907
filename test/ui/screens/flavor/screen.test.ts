import test from 'ava';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {flavorScreen} from '../../../../source/ui/screens/flavor/screen.js';
import type {FlavorOptions} from '../../../../source/ui/screens/flavor/state.js';
import {FakeFlavorCloud} from '../../../helpers/fake-flavor-cloud.js';
import {WIZARD} from '../../../helpers/flavor-driver.js';
import {shippedGuestHalf} from '../../../helpers/shipped-templates.js';
import {showScreens, type ShownOptions, type ShownScreens} from '../../../helpers/shown-screens.js';
import {VirtualClock} from '../../../helpers/virtual-clock.js';

type Shown = ShownScreens & {readonly cloud: FakeFlavorCloud};

function show(
  t: Parameters<typeof showScreens>[0],
  options: Partial<ShownOptions> = {},
  wizard: Partial<FlavorOptions> = {},
): Shown {
  const cloud = new FakeFlavorCloud();
  const clock = new VirtualClock();
  const kept = {last: undefined};
  const entry: ScreenEntry = {
    name: 'flavor',
    description: 'flavors',
    open: (shell) =>
      anyScreen(
        flavorScreen(
          {clock, kept, connect: async () => cloud, guestHalf: shippedGuestHalf},
          {...WIZARD, ...wizard},
          shell,
        ),
      ),
  };
  const screens = showScreens(t, [entry], {start: clock.now(), first: 'flavor', ...options});
  return {...screens, cloud};
}

const WINDOWS = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

for (const [columns, rows] of WINDOWS) {
  test(`${columns}x${rows}: from the name to a flavor in the cloud`, async (t) => {
    const {press, type, until, cloud} = show(t, {columns, rows});
    await until(/1 of 2 hosts|2 of 2 hosts/);
    await press('enter');
    await type('web.guarded');
    await press('enter', 'n');
    await until(/▸ watchdog/);
    await press('down');
    await until(/<watchdog model="i6300esb"/);
    await press('n', 'w');
    await until(/Nova gives 2 sockets : 1 core : 1 thread/);
    await press('n', 'n', 'n');
    await until(/NOVA, ZED/);
    await press('enter');
    const asked = await until(/Create web\.guarded/);
    t.true(asked.some((row) => / Create +\[ Back \]/.test(row)));
    await press('enter');
    await until(/made as id-web\.guarded/);
    t.deepEqual(cloud.named('web.guarded')?.extraSpecs, {
      'hw:watchdog_action': 'reset',
      'hw:cpu_sockets': '2',
      'hw:cpu_cores': '1',
      'hw:cpu_threads': '1',
    });
  });
}

test('e shows the openstack commands, and y copies them', async (t) => {
  const {press, type, until, written} = show(t, {}, {isOffline: true});
  await until(/offline/);
  await press('enter');
  await type('web');
  await press('enter', 'n', 'down', 'e');
  await until(/openstack flavor create web --vcpus 2 --ram 4096 --disk 20 &&/);
  await press('y');
  await until(/copied: openstack flavor create web/);
  const command =
    'openstack flavor create web --vcpus 2 --ram 4096 --disk 20 && ' +
    'openstack flavor set web --property hw:watchdog_action=reset';
  t.true(written().includes(Buffer.from(command).toString('base64')));
});

test('without colours and with ASCII alone the same is there', async (t) => {
  const {press, until, screen} = show(t, {
    isColourRefused: true,
    symbols: 'ascii',
    columns: 120,
    rows: 40,
  });
  await until(/1 of 2 hosts|2 of 2 hosts/);
  await press('n', 'down', 'n', 'n', 'n', 'n');
  await until(/NOVA, ZED/);
  t.regex(screen().join('\n'), /^[\x20-\x7e\n]*$/);
  t.regex(screen().join('\n'), /\+ stored/);
});

test('a screen reader hears the step, the field that a key chose, and what becomes of it', async (t) => {
  const {press, until} = show(t, {theme: 'reader', columns: 200, rows: 60});
  await until(/New flavor\. Step 1 of 6, size\./);
  await press('n');
  await until(/Step 2 of 6, watchdog: what happens when the guest hangs\./);
  await press('down');
  const heard = await until(/Selected: reset, chosen: hard reset, it boots again\. 2 of 5\./);
  t.notRegex(heard.join('\n'), /[■□│✓▲]/);
});

test('q asks before a flavor is lost that was not saved, and stays or leaves', async (t) => {
  const {press, type, until, code, screen} = show(t, {columns: 80, rows: 24});
  await until(/1 of 2 hosts|2 of 2 hosts/);
  await press('enter');
  await type('web');
  await press('enter', 'q');
  await until(/web is not saved\. Its openstack commands are left on the terminal\./);
  await press('enter');
  await until(/enter next/);
  t.notRegex(screen().join('\n'), /is not saved/);
  await press('q');
  await until(/web is not saved/);
  await press('tab', 'enter');
  t.is(await code, 0);
});

test('q leaves at once where nothing was typed', async (t) => {
  const {press, until, code} = show(t);
  await until(/SIZE/);
  await press('q');
  t.is(await code, 0);
});

test('help tells every key once, and what each sign means in full', async (t) => {
  const {press, until, screen} = show(t, {columns: 80, rows: 24});
  await until(/1 of 2 hosts|2 of 2 hosts/);
  await press('?');
  await until(/SIGNS/);
  t.is(
    screen()
      .join('\n')
      .match(/ n {9}next step/g)?.length,
    1,
  );
  t.regex(screen().join('\n').replaceAll(/\s+/g, ' '), /▲ Nova does something .*else/);
  t.notRegex(screen().join('\n'), /…/);
});

test('help has room for every key of the fullest step in the smallest window', async (t) => {
  const {press, type, until, screen} = show(t, {columns: 80, rows: 24});
  await until(/1 of 2 hosts|2 of 2 hosts/);
  await press('enter');
  await type('web');
  await press('enter', 'n', 'n', 'w', 'n');
  await press('3', 'down', 'down', '?');
  await until(/SIGNS/);
  for (const key of [
    'enter',
    'n',
    '← →',
    'm',
    'i',
    'x',
    'b',
    'v',
    'u',
    'e',
    'y',
    'ctrl-r',
    '?',
    'q',
    '↑ ↓',
  ]) {
    t.true(
      screen().some((row) => row.includes(` ${key} `)),
      key,
    );
  }
});

test('read-only: what would be saved is shown, and nothing offers to', async (t) => {
  const {press, until, screen, cloud} = show(
    t,
    {marks: ['read-only']},
    {isReadOnly: true, preset: 'watchdog'},
  );
  await until(/SIZE/);
  await press('n', 'n', 'n', 'n', 'n');
  await until(/nothing is saved with --read-only/);
  t.notRegex(screen().at(-1) ?? '', /save/);
  await press('enter');
  t.deepEqual(cloud.calls, []);
});
