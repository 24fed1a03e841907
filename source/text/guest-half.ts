/**
 * What a guest needs to feed its watchdog, as cloud-init takes it. systemd feeds the device itself, so that Debian,
 * Ubuntu, EL and SUSE need the same and no package. Sources: systemd-system.conf(5), RuntimeWatchdogSec; systemd opens
 * the device as soon as it is there. The driver is loaded by its name because Ubuntu keeps watchdog drivers from being
 * loaded by their device; Debian's linux-image-cloud-amd64 is built without it.
 */
export const GUEST_HALF: readonly string[] = [
  '#cloud-config',
  '# Guest half of the watchdog: its driver, and systemd, which feeds it.',
  '# Debian: linux-image-amd64 has the driver, linux-image-cloud-amd64 has not.',
  '# Ubuntu: linux-modules-extra-$(uname -r). EL and SUSE: the usual kernel.',
  'write_files:',
  '  - path: /etc/systemd/system.conf.d/50-watchdog.conf',
  '    content: |',
  '      [Manager]',
  '      RuntimeWatchdogSec=30s',
  '  - path: /etc/systemd/system/watchdog-driver.service',
  '    content: |',
  '      [Unit]',
  '      Description=Driver of the i6300esb watchdog',
  '      [Service]',
  '      Type=oneshot',
  '      ExecStart=/sbin/modprobe i6300esb',
  '      RemainAfterExit=yes',
  '      [Install]',
  '      WantedBy=multi-user.target',
  'runcmd:',
  '  - [systemctl, daemon-reload]',
  '  - [systemctl, enable, --now, watchdog-driver.service]',
  '  - [systemctl, daemon-reexec]',
  '# To see it: grep . /sys/class/watchdog/watchdog0/{identity,state}',
];
