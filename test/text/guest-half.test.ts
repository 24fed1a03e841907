import test from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {GUEST_HALF} from '../../source/text/guest-half.js';

const cloudConfig = z.strictObject({
  write_files: z.array(z.strictObject({path: z.string(), content: z.string()})),
  runcmd: z.array(z.array(z.string())),
});

test('the guest half is user data for cloud-init: a driver, and systemd that feeds the device', (t) => {
  t.is(GUEST_HALF[0], '#cloud-config');
  const {write_files: files, runcmd} = cloudConfig.parse(parse(GUEST_HALF.join('\n')));
  const contents = new Map(files.map(({path, content}) => [path, content.trim().split('\n')]));
  t.deepEqual(contents.get('/etc/systemd/system.conf.d/50-watchdog.conf'), [
    '[Manager]',
    'RuntimeWatchdogSec=30s',
  ]);
  const unit = contents.get('/etc/systemd/system/watchdog-driver.service') ?? [];
  t.true(unit.includes('ExecStart=/sbin/modprobe i6300esb'));
  // Every command runs systemctl, and the unit that is enabled is the one that was written.
  t.deepEqual(runcmd, [
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', '--now', 'watchdog-driver.service'],
    ['systemctl', 'daemon-reexec'],
  ]);
});

test('it fits a window of 80 columns', (t) => {
  t.deepEqual(
    GUEST_HALF.filter((line) => line.length > 76),
    [],
  );
});
