#!/bin/sh
# Gives an image the guest half of the watchdog. It runs in the image, as root; the device need not be there.
set -eu

heartbeat={{ heartbeat }}
pause={{ heartbeat | divided_by: 3, true | at_most: 60 }}

# put FILE: its content from the input.
put() {
  mkdir -p "${1%/*}"
  cat >"$1"
}

# install_packages NAME...: diskimage-builder has a program of its own for that.
install_packages() {
  if command -v install-packages >/dev/null; then
    install-packages "$@"
  elif [ "$family" = debian ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install --yes -o Dpkg::Options::=--force-confold "$@"
  else
    dnf install --assumeyes "$@"
  fi
}

has_driver() {
  find /lib/modules -name 'i6300esb.ko*' | grep -q .
}

driver_unit() {
  put /etc/udev/rules.d/60-watchdog-i6300esb.rules <<'END'
# A q35 machine has a second watchdog: Nova's is known by its name.
SUBSYSTEM=="watchdog", ATTR{identity}=="i6300ESB timer", \
  SYMLINK+="watchdog-i6300esb"
END
  put /etc/systemd/system/watchdog-driver.service <<'END'
[Unit]
Description=Driver of the i6300esb watchdog
[Service]
Type=oneshot
ExecStart=/sbin/modprobe i6300esb
ExecStart=/usr/bin/udevadm control --reload
ExecStart=/usr/bin/udevadm trigger --settle --subsystem-match=watchdog
RemainAfterExit=yes
[Install]
WantedBy=multi-user.target
END
  systemctl enable watchdog-driver.service
}

with_daemon() {
  put /etc/watchdog.conf <<END
watchdog-device = /dev/watchdog-i6300esb
watchdog-timeout = $heartbeat
interval = $pause
realtime = yes
priority = 1
END
  put /etc/systemd/system/watchdog.service.d/driver.conf <<'END'
[Unit]
Requires=watchdog-driver.service
After=watchdog-driver.service
END
  if [ "$family" = debian ]; then
    # Without run_wd_keepalive=0 a restart of the daemon ends in another one, which only feeds.
    put /etc/default/watchdog <<'END'
run_watchdog=1
run_wd_keepalive=0
watchdog_module="none"
END
  fi
  driver_unit
  install_packages watchdog
  systemctl enable watchdog.service
}

with_systemd() {
  put /etc/systemd/system.conf.d/50-watchdog.conf <<END
[Manager]
RuntimeWatchdogSec=${heartbeat}s
WatchdogDevice=/dev/watchdog-i6300esb
END
  driver_unit
}

with_busybox() {
  put /etc/init.d/watchdog-driver <<'END'
#!/sbin/openrc-run
description="Driver of the i6300esb watchdog"
depend() {
  need dev
  before watchdog
}
start() {
  ebegin "Loading i6300esb"
  modprobe i6300esb
  eend $?
}
END
  chmod 755 /etc/init.d/watchdog-driver
  put /etc/conf.d/watchdog <<END
rc_need="watchdog-driver"
WATCHDOG_OPTS="-T $heartbeat -t $pause"
# A q35 machine has a second watchdog: Nova's is known by its name.
device=\$(grep -ls '^i6300ESB' /sys/class/watchdog/*/identity)
device=\${device%/identity}
WATCHDOG_DEV=\${device:+/dev/\${device##*/}}
END
  rc-update add watchdog-driver default
  rc-update add watchdog default
}

# shellcheck source=/dev/null
. /etc/os-release
family=other
for name in $ID ${ID_LIKE:-}; do
  case $name in
    debian | ubuntu) family=debian ;;
    rhel | centos | fedora) family=el ;;
    alpine) family=alpine ;;
    *) continue ;;
  esac
  break
done

case $family in
  debian) has_driver || [ "$ID" != ubuntu ] || install_packages linux-image-generic ;;
  el) has_driver || install_packages kernel-modules ;;
esac
if ! has_driver; then
  echo "no kernel in this image has the driver i6300esb: take linux-image-amd64 or kernel-default" >&2
  exit 1
fi

case $family in
  debian | el) with_daemon ;;
  alpine) with_busybox ;;
  *) with_systemd ;;
esac
