import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';
import {trackingOf} from './clock-off.js';

/** What keeps a clock, and what asks it how it fares. */
const KEEPERS: ReadonlyMap<string, string | undefined> = new Map([
  ['chronyd', 'chronyc sources'],
  ['systemd-timesyn', 'timedatectl timesync-status'],
  ['ntpd', 'ntpq -p'],
  ['ntpsec', 'ntpq -p'],
  ['openntpd', 'ntpctl -s status'],
  ['phc2sys', undefined],
]);

/** Those that tell the kernel when the clock is kept; OpenNTPD, which is called ntpd too, and PTP need not. */
const TELLING = ['chronyd', 'systemd-timesyn'];

/** A clock that nobody sets runs away by a second in some days. */
export const clockFree: Cause = {
  code: 'ClockFree',
  title: 'a clock that nothing keeps',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    if (node.facts.isClockSynchronized !== false) return [];
    const keeper = node.signs.daemons.find((name) => KEEPERS.has(name));
    const tracking = trackingOf(node);
    const isSure = tracking.length > 0 || keeper === undefined || TELLING.includes(keeper);
    const says = tracking.length > 0 ? 'chrony says so' : 'timedatectl says so';
    return [
      nodeFinding(node, clockFree.code, {
        severity: isSure ? 'warning' : 'info',
        certainty: isSure ? 'certain' : 'possible',
        because: isSure ? says : `${says}; ${keeper} may keep it and not tell the kernel`,
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
            keeper === undefined ? 'timedatectl set-ntp true' : KEEPERS.get(keeper),
          ),
        ],
      }),
    ];
  },
};
