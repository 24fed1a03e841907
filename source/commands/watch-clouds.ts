import type {Shell} from '../app/ports.js';
import type {NamedServers, ServerDetails} from '../app/servers/server-ports.js';
import type {CloudAccount, Clock} from '../app/ports.js';
import type {CloudLabel} from '../app/home/home-ports.js';
import {Neighbours} from '../app/watch/hosts-elsewhere.js';
import {refuseSameNova} from '../app/watch/same-nova.js';
import type {WatchOptions, WatchPorts} from '../app/watch/watch-types.js';
import type {Composition, RolloutOptions} from '../compose.js';
import type {CommandContext} from './command.js';
import {type NodeFlags, placeFlags, placeOf} from './rollout-session.js';

/** A cloud that is watched. */
export type CloudToWatch = {
  /** As it was asked for; empty where it was not. */
  readonly name: string;
  readonly clock: Clock;
  /** Signs in lazily; rejects where its settings cannot be read. */
  open(): Promise<OpenedToWatch>;
};

type OpenedToWatch = {
  /** As it was asked for, else as it calls itself. */
  readonly name: string;
  readonly ports: WatchPorts & {
    readonly label: CloudLabel;
    readonly account: CloudAccount;
    readonly namedServers: NamedServers;
    readonly serverDetails: ServerDetails;
  };
  readonly options: WatchOptions;
};

/** What one is opened with besides its name. */
export type WatchRequest = {
  readonly flags: NodeFlags & {readonly interval: number | undefined};
  readonly options: Pick<WatchOptions, 'text' | 'isExact' | 'areHostsAwaited' | 'awaitedNames'>;
  /** How questions about keys and sudo are answered. */
  readonly asking: Pick<RolloutOptions, 'isInteractive' | 'secrets'>;
  /** Told what is worth knowing, each once. */
  readonly notice: (text: string) => void;
};

/**
 * The clouds that the command line names. They share inventory and connections: nodes are told apart by the hosts that
 * each Nova lists, and by what the inventory says.
 */
export function cloudsToWatch(
  context: CommandContext,
  composition: Composition,
  {flags, options, asking, notice}: WatchRequest,
): readonly CloudToWatch[] {
  const {clock} = composition;
  const names: readonly (string | undefined)[] = context.clouds.length === 0 ? [undefined] : context.clouds;
  const told = new Set<string>();
  const tellOnce = (text: string): void => {
    if (!told.has(text)) notice(text);
    told.add(text);
  };
  const reaching = {
    transport: flags.transport,
    parallel: flags.parallel,
    askBecomePass: flags.askBecomePass,
    ...asking,
    notice: tellOnce,
  };
  let shell: Promise<Shell> | undefined;
  const opening: (Promise<OpenedToWatch> | undefined)[] = [];
  const openNew = async (index: number): Promise<OpenedToWatch> => {
    const name = names[index];
    const place = {...placeOf(context, composition), ...(name === undefined ? {} : {cloud: name})};
    shell ??= composition.shell(reaching);
    const ports = await composition.rollout({...reaching, cloud: name, shell, isLongList: true});
    return {
      name: name ?? ports.label.name,
      ports,
      options: {
        ...options,
        parallel: flags.parallel,
        assumedSeconds: flags.interval,
        async loadFleet(novaComputes) {
          const fleet = await composition.fleet(novaComputes, place);
          for (const text of fleet.notices) tellOnce(text);
          return fleet;
        },
        ...(names.length === 1
          ? {}
          : {
              hostsElsewhere: async (signal) => neighbours.hostsElsewhere(index, signal),
              refuseSameNova: async (signal) => refuseSameNova(beside, index, clock, signal),
            }),
      },
    };
  };
  const beside = names.map((name = '', index) => ({
    name,
    async open() {
      return (await (opening[index] ??= openNew(index))).ports;
    },
  }));
  const neighbours = new Neighbours(
    beside.map(({name, open}) => ({name, cloud: async () => (await open()).cloud})),
    clock,
  );
  return names.map((name = '', index) => ({
    name,
    clock,
    open: async () => (opening[index] = openNew(index)),
  }));
}

/** Flags that find the same clouds and nodes. */
export function watchPlaceFlags(context: CommandContext, composition: Composition): readonly string[] {
  const {cloud: _cloud, ...nodes} = placeOf(context, composition);
  return [...context.clouds.flatMap((name) => ['--cloud', name]), ...placeFlags(nodes)];
}
