import {Finding, setSpec} from '../finding.js';
import {replacedWatchdog} from '../image-replacements.js';
import type {Judged} from '../judged.js';
import {quoted} from '../quoted.js';
import {Refusal} from '../refusal.js';

const GUEST_HALF =
  'Let the guest load the driver i6300esb and run a daemon that opens and feeds /dev/watchdog; before that the device ' +
  'does nothing.';

/** What becomes of the watchdog. */
export function watchdogFindings(judged: Judged): Finding[] {
  const {watchdog, flavor, imageProperties} = judged;
  if (watchdog instanceof Refusal) return [];
  const findings: Finding[] = [];
  const replaced = replacedWatchdog(flavor, imageProperties);
  if (replaced !== undefined) {
    const {wanted, byImage} = replaced;
    findings.push(
      new Finding(
        'warning',
        'WatchdogReplacedByImage',
        'hw:watchdog_action',
        `The flavor says ${quoted(wanted)}; the image has hw_watchdog_action ${byImage}, which replaces it.`,
        () => [setSpec('hw:watchdog_action', byImage)],
      ),
    );
  }
  if (watchdog === undefined) return findings;
  const byImage = imageProperties['hw_watchdog_action'];
  const architecture = (
    imageProperties['hw_architecture'] ??
    imageProperties['architecture'] ??
    ''
  ).toLowerCase();
  if (architecture.startsWith('s390')) {
    const message = `Nova's watchdog is an i6300esb, a PCI device that ${architecture} refuses.`;
    findings.push(
      new Finding('error', 'WatchdogNeedsPci', 'hw:watchdog_action', message, () => [
        setSpec('hw:watchdog_action', 'disabled'),
        ...(byImage === undefined
          ? []
          : [{target: 'image', property: 'hw_watchdog_action', value: 'disabled'} as const]),
      ]),
    );
  }
  findings.push(
    new Finding(
      'info',
      'WatchdogNeedsDaemon',
      byImage === undefined ? 'hw:watchdog_action' : 'hw_watchdog_action',
      `The guest gets an i6300esb with the action ${watchdog.action}; it begins to count when the guest opens it.`,
      GUEST_HALF,
    ),
  );
  return findings;
}
