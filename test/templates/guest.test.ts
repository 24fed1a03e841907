import test from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {watchdogXml} from '../../source/domain/flavor/guest-xml.js';
import {renderShipped, textOf} from '../helpers/shipped-templates.js';

const userData = z.strictObject({
  package_update: z.boolean().optional(),
  packages: z.array(z.string()).optional(),
  write_files: z.array(
    z.strictObject({path: z.string(), content: z.string(), permissions: z.string().optional()}),
  ),
  runcmd: z.array(z.array(z.string())),
});

async function cloudConfig(template: string, values: Readonly<Record<string, unknown>>) {
  const text = textOf(await renderShipped(template, values), 'user-data.yaml');
  const {write_files: files, ...rest} = userData.parse(parse(text));
  return {...rest, text, files: new Map(files.map((file) => [file.path, file.content]))};
}

const DISTRIBUTIONS = ['debian', 'ubuntu', 'el', 'suse', 'alpine'];
/** What feeds: where its settings are, the lines that say what and how often, and the commands that start it. */
const FEEDERS: Readonly<
  Record<string, {readonly file: string; readonly lines: readonly string[]; readonly starts: string}>
> = {
  daemon: {
    file: '/etc/watchdog.conf',
    lines: ['watchdog-device = /dev/watchdog-i6300esb', 'watchdog-timeout = 45', 'interval = 15'],
    starts: 'systemctl enable watchdog.service',
  },
  systemd: {
    file: '/etc/systemd/system.conf.d/50-watchdog.conf',
    lines: ['RuntimeWatchdogSec=45s', 'WatchdogDevice=/dev/watchdog-i6300esb'],
    starts: 'systemctl daemon-reexec',
  },
  busybox: {
    file: '/etc/conf.d/watchdog',
    lines: ['WATCHDOG_OPTS="-T 45 -t 15"', 'rc_need="watchdog-driver"'],
    starts: 'rc-update add watchdog default',
  },
};

for (const distribution of DISTRIBUTIONS) {
  const feeder = {suse: 'systemd', alpine: 'busybox'}[distribution] ?? 'daemon';
  test(`cloud-init gives ${distribution} the driver, ${feeder} that feeds, its device and heartbeat`, async (t) => {
    const {packages, files, runcmd, text} = await cloudConfig('cloud-init', {distribution, heartbeat: '45s'});
    t.true(text.startsWith('#cloud-config\n'));
    t.deepEqual(packages, feeder === 'daemon' ? ['watchdog'] : undefined);
    const {file, lines, starts} = FEEDERS[feeder] ?? t.fail();
    const settings = (files.get(file) ?? '').split('\n');
    t.deepEqual(
      lines.filter((line) => !settings.includes(line)),
      [],
    );
    const commands = runcmd.map((words) => words.join(' '));
    t.true(commands.includes(starts), commands.join('\n'));
    const isSystemd = feeder !== 'busybox';
    const unit = isSystemd ? '/etc/systemd/system/watchdog-driver.service' : '/etc/init.d/watchdog-driver';
    t.regex(files.get(unit) ?? '', /modprobe i6300esb$/m);
    t.true(
      commands.some((command) => /^(?:systemctl enable --now|rc-update add) watchdog-driver/.test(command)),
    );
    // Of two devices the one that is Nova's: the settings name it, and this finds it.
    const rule = files.get(isSystemd ? '/etc/udev/rules.d/60-watchdog-i6300esb.rules' : file) ?? '';
    t.regex(rule, /i6300ESB/);
  });
}

test('the device is fed three times in a heartbeat, at least each minute and at most each second', async (t) => {
  for (const [heartbeat, interval] of [
    [4, 1],
    [30, 10],
    [50, 16],
    [2046, 60],
  ]) {
    const {files} = await cloudConfig('cloud-init', {heartbeat});
    t.true(files.get('/etc/watchdog.conf')?.includes(`timeout = ${heartbeat}\ninterval = ${interval}\n`));
  }
});

test('a heartbeat that the device does not know is refused, and a distribution that nobody has', async (t) => {
  for (const template of ['cloud-init', 'systemd', 'image-build', 'crash-drill']) {
    for (const heartbeat of ['3s', '2047s']) {
      await t.throwsAsync(
        renderShipped(template, {heartbeat, ...(template === 'crash-drill' && {flavor: 'a'})}),
        {
          message: /^value heartbeat \(test\): it must be at (?:least 4s|most 2046s|most 34m6s)/,
        },
      );
    }
  }
  await t.throwsAsync(renderShipped('cloud-init', {distribution: 'gentoo'}), {
    message: /"gentoo" is none of debian, ubuntu, el, suse, alpine/,
  });
});

test('the user data for systemd and the files for an image are the same', async (t) => {
  const made = await renderShipped('systemd', {heartbeat: '45s'});
  const {files} = await cloudConfig('systemd', {heartbeat: '45s'});
  const plain = made.filter(({path}) => path.startsWith('files/'));
  t.is(plain.length, 3);
  t.deepEqual(
    plain.map(({path, text}) => [path.slice('files'.length), text.replaceAll(/^#.*\n/gm, '')]),
    plain.map(({path}) => [path.slice('files'.length), files.get(path.slice('files'.length))]),
  );
});

test('cloud-init for SUSE and the template systemd write the same settings', async (t) => {
  const [suse, systemd] = [
    await cloudConfig('cloud-init', {distribution: 'suse'}),
    await cloudConfig('systemd', {}),
  ];
  for (const file of [
    '/etc/systemd/system.conf.d/50-watchdog.conf',
    '/etc/udev/rules.d/60-watchdog-i6300esb.rules',
  ]) {
    t.truthy(systemd.files.get(file));
    t.is(suse.files.get(file), systemd.files.get(file));
  }
});

/** What a shell program gives to `put`, by its path. */
function putBy(program: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(program.matchAll(/^ *put (\S+) <<'END'\n([^]*?)^END$/gm), ([, file = '', text = '']) => [
      file,
      text,
    ]),
  );
}

test('the unit of the driver and the rule of the device are the same in every template that has them', async (t) => {
  const unit = '/etc/systemd/system/watchdog-driver.service';
  const rule = '/etc/udev/rules.d/60-watchdog-i6300esb.rules';
  const plain = await renderShipped('systemd', {});
  const remarks = /^#.*\n/gm;
  const wanted = [unit, rule].map((file) => textOf(plain, `files${file}`).replaceAll(remarks, ''));
  t.true(wanted.every((text) => text.includes('watchdog')));
  const image = putBy(textOf(await renderShipped('image-build', {}), 'guest-half.sh'));
  const others: Record<string, ReadonlyMap<string, string>> = {
    systemd: (await cloudConfig('systemd', {})).files,
    'image-build': image,
  };
  for (const distribution of DISTRIBUTIONS.filter((name) => name !== 'alpine')) {
    others[`cloud-init, ${distribution}`] = (await cloudConfig('cloud-init', {distribution})).files;
  }
  for (const [name, files] of Object.entries(others)) {
    t.deepEqual(
      [unit, rule].map((file) => files.get(file)?.replaceAll(remarks, '')),
      wanted,
      name,
    );
  }
});

test("the domain's watchdog is the element that a flavor gets, and there is none without", async (t) => {
  for (const action of ['none', 'pause', 'poweroff', 'reset'] as const) {
    const [domain] = await renderShipped('libvirt', {}, {flavor: {watchdog_action: action}});
    t.true(domain?.text.includes(watchdogXml({model: 'i6300esb', action, isOfImage: false})));
  }
  const [without] = await renderShipped('libvirt', {action: 'disabled'});
  t.false(without?.text.includes('<watchdog'));
  // What libvirt has and Nova refuses.
  for (const action of ['dump', 'inject-nmi', 'shutdown']) {
    await t.throwsAsync(renderShipped('libvirt', {action}), {message: /is none of disabled, none/});
  }
});

test('each drill tells what must be seen for its action, and quotes names for the shell', async (t) => {
  const seen = {reset: /begins anew/, poweroff: /SHUTOFF/, pause: /Paused/, none: /hangs until/};
  for (const [action, pattern] of Object.entries(seen)) {
    const [drill] = await renderShipped('crash-drill', {
      action,
      flavor: "o'brien $(reboot)",
      server: 'drill-7',
    });
    t.regex(drill?.text ?? '', pattern);
    for (const [other, absent] of Object.entries(seen))
      if (other !== action) t.notRegex(drill?.text ?? '', absent);
    t.true(drill?.text.includes(String.raw`--flavor 'o'\''brien $(reboot)' `));
    t.true(drill?.text.includes('--user-data user-data.yaml drill-7\n'));
  }
  await t.throwsAsync(renderShipped('crash-drill', {action: 'disabled', flavor: 'a'}), {
    message: /is none of none/,
  });
});

test('a name of an image with quotes and braces stays one for Packer', async (t) => {
  const files = await renderShipped('image-build', {
    source_image: 'a "b" ${c} %{d}',
    networks: ['n-1', 'n-2'],
  });
  const build = textOf(files, 'watchdog.pkr.hcl');
  t.true(build.includes('default     = "a \\"b\\" $${c} %%{d}"'));
  t.true(build.includes('networks          = ["n-1", "n-2"]'));
  t.is(
    textOf(files, 'guest-half.sh').replaceAll(/^#.*\n/gm, ''),
    textOf(files, 'elements/watchdog/install.d/50-watchdog').replaceAll(/^#.*\n/gm, ''),
  );
});
