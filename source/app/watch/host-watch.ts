import {UserError} from '../errors.js';
import {type HostLooks, lookAtHosts, problemsOf} from './look-at-hosts.js';
import type {SeenHost, Surroundings, WatchOptions, WatchPorts} from './watch-types.js';

/** Somebody may have changed an interval meanwhile. */
const AGAIN_MS = 600_000;
/** Hosts of which servers were not there before: several may come together. */
const NEW_HOSTS_MS = 5000;

/** Compute hosts that are looked at now and then, while other things go on. */
export type HostWatch = {
  /** As they were seen last; one that cannot be looked at any more stays. */
  readonly hosts: () => ReadonlyMap<string, SeenHost>;
  /** Why hosts could not be looked at the last time, by their names. */
  readonly unseen: () => ReadonlyMap<string, string>;
  /**
   * Looks at them where that is due, without waiting for it. Throws what went wrong with an earlier look, if that was
   * no matter of nodes.
   */
  look(wanted: ReadonlySet<string>, services: Surroundings['services'], apiOffsetMs: number): void;
  /** The next look is due at once: a host was restarted. */
  hurry(): void;
  /** Resolves when no look is under way. */
  settled(): Promise<void>;
};

/** Whom looks are told to. */
export type HostWatchSink = {
  /** Once of each host that cannot be looked at. */
  notice(text: string): void;
  /** After each look: hosts may have changed. */
  seen(): void;
};

export function watchHosts(
  ports: WatchPorts,
  options: WatchOptions,
  first: HostLooks,
  hasLooked: boolean,
  {notice, seen}: HostWatchSink,
  signal: AbortSignal,
): HostWatch {
  let hosts = first.hosts;
  let unseen = problemsOf(first.unseen);
  let hasNodes = first.hasNodes || !hasLooked;
  const tried = new Set([...hosts.keys(), ...first.unseen.map(({host}) => host)]);
  const told = new Set(first.unseen.map(({host}) => host));
  let lookedAt = ports.clock.now();
  let isHurried = false;
  let looking: Promise<void> | undefined;
  let failure: unknown;

  const lookNow = async (
    wanted: ReadonlySet<string>,
    services: Surroundings['services'],
    apiOffsetMs: number,
  ): Promise<void> => {
    try {
      const found = await lookAtHosts(ports, options, services ?? [], wanted, apiOffsetMs, signal);
      hasNodes = found.hasNodes;
      hosts = new Map([...hosts, ...found.hosts]);
      unseen = problemsOf(found.unseen);
      for (const host of [...wanted, ...found.hosts.keys()]) tried.add(host);
      for (const host of found.hosts.keys()) told.delete(host);
      for (const {host, problem} of found.unseen) {
        if (wanted.has(host) && !told.has(host)) notice(`the interval of ${host} was not seen: ${problem}`);
        told.add(host);
      }
      if (!signal.aborted) seen();
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UserError) notice(`nodes cannot be looked at: ${error.message}`);
      else failure = error;
    } finally {
      looking = undefined;
      lookedAt = ports.clock.now();
    }
  };

  return {
    hosts: () => hosts,
    unseen: () => unseen,
    look(wanted, services, apiOffsetMs) {
      if (failure !== undefined) throw failure;
      if (looking !== undefined || !hasNodes || wanted.size === 0) return;
      const isNew = [...wanted].some((host) => !tried.has(host));
      const age = Math.abs(ports.clock.now() - lookedAt);
      if (!isHurried && age < (isNew ? NEW_HOSTS_MS : AGAIN_MS)) return;
      isHurried = false;
      looking = lookNow(wanted, services, apiOffsetMs);
    },
    hurry: () => void (isHurried = true),
    settled: async () => looking,
  };
}
