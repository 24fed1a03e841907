import type {Flavor} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** What happens when the guest no longer feeds its watchdog. */
export type WatchdogAction = 'none' | 'pause' | 'poweroff' | 'reset';

/** Nova has one model only, a PCI device, on every architecture. */
export type Watchdog = {
  readonly model: 'i6300esb';
  readonly action: WatchdogAction;
  readonly isOfImage: boolean;
};

function isAction(text: string): text is WatchdogAction {
  return text === 'none' || text === 'pause' || text === 'poweroff' || text === 'reset';
}

/**
 * The watchdog of the guest; undefined for none. What the image says replaces what the flavor says, even a value that
 * would be refused. Source: nova/virt/libvirt/driver.py, `_guest_add_watchdog_action`.
 */
export function watchdogDevice(
  {extraSpecs}: Flavor,
  {properties}: ImageMeta,
): Watchdog | undefined | Refusal {
  const byImage = properties['hw_watchdog_action'];
  const action = byImage ?? (extraSpecs['hw:watchdog_action'] || 'disabled');
  if (action === 'disabled') return undefined;
  if (isAction(action)) return {model: 'i6300esb', action, isOfImage: byImage !== undefined};
  return new Refusal(
    'InvalidWatchdogAction',
    'hw:watchdog_action',
    `must be none, pause, poweroff, reset or disabled, not ${quoted(action)}`,
    'compute',
  );
}
