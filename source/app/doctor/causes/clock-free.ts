import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';
import {trackingOf} from './clock-off.js';

/** What keeps clocks, and how each is asked. */
const ASK: Readonly<Record<string, string>> = {
  chronyd: 'chronyc sources',
  ntpd: 'ntpq -p',
  ntpsec: 'ntpq -p',
  openntpd: 'ntpctl -s all',
  'systemd-timesyn': 'timedatectl timesync-status',
};

/** A clock that nobody sets runs away by a second in some days. */
export const clockFree: Cause = {
  code: 'ClockFree',
  title: 'a clock that nothing keeps',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    if (node.facts.isClockSynchronized !== false) return [];
    const keeper = node.signs.daemons.find((name) => ASK[name] !== undefined);
    const tracking = trackingOf(node);
    return [
      nodeFinding(node, clockFree.code, {
        severity: 'warning',
        certainty: tracking.length > 0 ? 'certain' : 'likely',
        because:
          tracking.length > 0 ? 'chrony says so' : 'timedatectl says so; not every program tells the kernel',
        message: `its clock is not synchronised${keeper === undefined ? '' : `, although ${keeper} runs`}`,
        evidence: [
          {
            from: 'clock',
            place: undefined,
            lines: tracking.length > 0 ? tracking : ['NTPSynchronized=no'],
            proof: undefined,
          },
        ],
        cause: 'The host’s clock decides how old a deleted server is, and it runs as it likes.',
        remedies: [
          byHand(
            keeper === undefined
              ? 'install chrony, or switch systemd-timesyncd on'
              : 'see why it does not find its servers',
            keeper === undefined ? 'timedatectl set-ntp true' : ASK[keeper],
          ),
        ],
      }),
    ];
  },
};
