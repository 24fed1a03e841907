import {homedir} from 'node:os';
import {loadFleet, type Fleet} from './app/inventory.js';
import type {InventoryReference} from './domain/fleet/inventory.js';
import {readInventory} from './adapters/files/inventory.js';
import {readProfile, type Profile} from './adapters/files/profile.js';
import {openLog, type LogOptions, type OpenLog} from './adapters/log/log.js';

/** What a command line settles, as far as adapters need it. */
export type Settings = {
  readonly inventory: string | undefined;
  readonly hosts: string | undefined;
  readonly apiHosts: readonly string[];
  readonly profile: Profile;
  readonly signal: AbortSignal;
};

/** The adapters, put together. */
export type Composition = {
  /** The nodes to work on. `novaComputes`: what Nova lists, for fleets without an inventory. */
  fleet(novaComputes: readonly string[]): Promise<Fleet>;
  close(): Promise<void>;
};

/** Builds the adapters for one command. */
export function compose(settings: Settings): Composition {
  return {
    fleet: (novaComputes) =>
      loadFleet(
        {
          inventory: inventoryOf(settings),
          pattern: settings.hosts,
          apiHosts: settings.apiHosts,
          novaComputes,
          rules: settings.profile.nodes,
        },
        readInventory,
        settings.signal,
      ),
    close: () => Promise.resolve(),
  };
}

/** A file that flags, environment or profile name wins over the list that the profile holds. */
function inventoryOf({inventory, profile}: Settings): InventoryReference | undefined {
  return inventory === undefined ? profile.inventory : {kind: 'file', path: inventory};
}

/** Reads the profile of this user, or the one that is named. */
export function loadProfile(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  flagNames: readonly string[],
): Promise<Profile> {
  return readProfile({file, env, home: env['HOME'] ?? homedir(), flagNames});
}

/** Opens the log. */
export function startLog(options: Omit<LogOptions, 'clock'>): OpenLog {
  return openLog({...options, clock: {now: () => Date.now()}});
}

export type {OpenLog, Profile};
