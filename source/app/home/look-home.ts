import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {CloudError, isSilence, UserError} from '../errors.js';
import type {Clock} from '../ports.js';
import {summarizeRun, type RunSummary} from '../rollout/run-history.js';
import {readStatus} from '../rollout/status.js';
import type {CloudLabel, HomeConnection, HomePorts, HomeWatched} from './home-ports.js';
import type {WatchOptions} from '../watch/watch-types.js';
import {recallSetup, rememberable, withSetup, type RememberedSetup} from './remembered-setup.js';
import {servicesFigures, type ServicesFigures} from './services-figures.js';
import {setupFigures, type SetupFigures} from './setup-figures.js';

/** Where home gets what it shows. Each is asked on its own and fails on its own. */
export type HomeSource = 'cloud' | 'services' | 'setup' | 'runs' | 'memory';

/** Why a source has nothing to say. */
export type HomeProblem = {
  readonly message: string;
  readonly remedy: string | undefined;
  /** Nothing answered, as against an answer that refuses. */
  readonly isSilence: boolean;
};

/** One thing that was found. `at`: epoch milliseconds of the answer. */
export type HomeFinding =
  /** The configuration was read; nothing was asked yet. */
  | {readonly source: 'cloud'; readonly kind: 'named'; readonly label: CloudLabel}
  /** Something that was passed over, or is worth knowing. */
  | {readonly source: 'cloud'; readonly kind: 'notice'; readonly at: number; readonly text: string}
  | {readonly source: 'cloud'; readonly kind: 'found'; readonly at: number; readonly tookMs: number}
  | {
      readonly source: 'services';
      readonly kind: 'found';
      readonly at: number;
      readonly figures: ServicesFigures;
    }
  | {
      readonly source: 'setup';
      /** `part`: nodes are still being looked at. */
      readonly kind: 'part' | 'found';
      readonly at: number;
      readonly figures: SetupFigures;
    }
  | {
      readonly source: 'runs';
      readonly kind: 'found';
      readonly at: number;
      /** The newest; undefined where there is none. */
      readonly last: RunSummary | undefined;
    }
  | {
      readonly source: 'memory';
      readonly kind: 'found';
      readonly at: number;
      readonly setup: RememberedSetup | undefined;
    }
  | {
      readonly source: HomeSource;
      readonly kind: 'failed';
      readonly at: number;
      readonly problem: HomeProblem;
    };

export type HomeSink = (finding: HomeFinding) => void;

/** Looks at one source and tells what it finds. Resolves when that is all; rejects only when aborted, and for bugs. */
export type LookHome = (source: HomeSource, emit: HomeSink, signal: AbortSignal) => Promise<void>;

/** A cloud as home has it. */
export type HomeLook = {
  readonly look: LookHome;
  /**
   * The cloud for somebody who follows its soft-deleted servers. Nodes are looked at in turn with `look`, over the same
   * connections, so that nobody is asked twice for a password.
   *
   * @param shown ids of the servers whose times have to be exact
   * @param isAgain it was followed before: hosts are waited for, so that nothing is known less than it was
   */
  watched(shown: () => readonly string[], isAgain: boolean): HomeWatched;
};

/**
 * Makes the look at a cloud as home has it. `cloud` has to be looked at first; looked at again it reads the
 * configuration anew, so that what was mended there counts.
 */
export function createHomeLook(ports: HomePorts): HomeLook {
  const {clock, journals, memory} = ports;
  let connection: HomeConnection | undefined;
  const connected = (): HomeConnection => {
    if (connection === undefined) throw new Error('the cloud was not looked at yet');
    return connection;
  };
  // Until the look before has given its connections back, they would be taken from the next one.
  let lastLook: Promise<unknown> = Promise.resolve();
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = lastLook.then(work);
    lastLook = next.catch(() => undefined);
    return next;
  };
  const lookAt = async (source: HomeSource, emit: HomeSink, signal: AbortSignal): Promise<void> => {
    switch (source) {
      case 'cloud': {
        connection = await ports.connect((text) => emit({source, kind: 'notice', at: clock.now(), text}));
        emit({source, kind: 'named', label: connection.label});
        const began = clock.now();
        await connection.ports.cloud.identity(signal);
        const at = clock.now();
        emit({source, kind: 'found', at, tookMs: at - began});
        return;
      }
      case 'services': {
        const services = await connected().ports.cloud.services(signal);
        emit({source, kind: 'found', at: clock.now(), figures: servicesFigures(services)});
        return;
      }
      case 'runs': {
        const [run] = await journals.list();
        const last =
          run === undefined ? undefined : summarizeRun(await journals.read(run), await journals.isLive(run));
        emit({source, kind: 'found', at: clock.now(), last});
        return;
      }
      case 'memory': {
        const setup = recallSetup(await memory.read(), connected().label);
        emit({source, kind: 'found', at: clock.now(), setup});
        return;
      }
      case 'setup':
        return inTurn(async () => lookAtSetup(connected(), ports, emit, signal));
    }
  };
  return {
    async look(source, emit, signal) {
      try {
        await lookAt(source, emit, signal);
      } catch (error) {
        signal.throwIfAborted();
        emit({source, kind: 'failed', at: clock.now(), problem: problemOf(error)});
      }
    },
    watched(shown, isAgain) {
      const {label, ports: cloudPorts, loadFleet, parallel} = connected();
      const options: WatchOptions = {
        loadFleet,
        parallel,
        assumedSeconds: undefined,
        text: undefined,
        isExact: false,
        areHostsAwaited: isAgain,
        awaitedNames: [],
        exactOnly: shown,
        inTurn,
      };
      return {name: label.name, ports: cloudPorts, options};
    },
  };
}

/** Looks at every node over SSH, tells figures as they grow, and remembers the last of them. */
async function lookAtSetup(
  {label, ports, loadFleet, parallel}: HomeConnection,
  {clock, memory}: HomePorts,
  emit: HomeSink,
  signal: AbortSignal,
): Promise<void> {
  let nodes: readonly InventoryHost[] = [];
  const remembering = async (computes: readonly string[]) => {
    const fleet = await loadFleet(computes);
    nodes = fleet.selected;
    return fleet;
  };
  try {
    const status = await readStatus(ports, remembering, parallel, signal, (_host, soFar) => {
      emit({source: 'setup', kind: 'part', at: clock.now(), figures: setupFigures(soFar())});
    });
    const figures = setupFigures({status, awaited: []});
    const at = clock.now();
    emit({source: 'setup', kind: 'found', at, figures});
    const setup = rememberable(figures, at);
    if (setup !== undefined) await remember(memory, label, setup, clock, emit);
  } finally {
    // Home stays open for hours, and looks at nodes seldom: it keeps no connection.
    await Promise.all(nodes.map(async ({address}) => ports.shell.release(address)));
  }
}

async function remember(
  memory: HomePorts['memory'],
  label: CloudLabel,
  setup: RememberedSetup,
  clock: Clock,
  emit: HomeSink,
): Promise<void> {
  try {
    await memory.write(withSetup(await memory.read(), label, setup));
  } catch (error) {
    emit({source: 'memory', kind: 'failed', at: clock.now(), problem: problemOf(error)});
  }
}

/** An error that a user can cause as a problem; everything else is a bug and goes on. */
export function problemOf(error: unknown): HomeProblem {
  if (!(error instanceof UserError)) throw error;
  const {message, remedy} = error;
  return {message, remedy, isSilence: error instanceof CloudError && isSilence(error.reason)};
}
