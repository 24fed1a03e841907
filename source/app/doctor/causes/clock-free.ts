import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';
import {trackingOf} from './clock-off.js';

const KEEPERS = ['chronyd', 'ntpd', 'ntpsec', 'openntpd', 'systemd-timesyn'];

/** A clock that nobody sets runs away by a second in some days. */
export const clockFree: Cause = {
  code: 'ClockFree',
  title: 'a clock that nothing keeps',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    if (node.facts.isClockSynchronized !== false) return [];
    const keeper = node.signs.daemons.find((name) => KEEPERS.includes(name));
    const tracking = trackingOf(node);
    return [
      nodeFinding(node, clockFree.code, {
        severity: 'warning',
        certainty: 'certain',
        because: tracking.length > 0 ? 'chrony says so' : 'timedatectl says so',
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
            keeper === undefined ? 'timedatectl set-ntp true' : 'chronyc sources',
          ),
        ],
      }),
    ];
  },
};
