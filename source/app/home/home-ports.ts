import type {Clock, Memory} from '../ports.js';
import type {Journals} from '../rollout/journal.js';
import type {LoadFleet, PlanPorts} from '../rollout/plan.js';
import type {WatchOptions, WatchPorts} from '../watch/watch-types.js';

/** A cloud as the configuration has it, known before anything is asked. */
export type CloudLabel = {
  /** Its name in clouds.yaml, or `envvars`. */
  readonly name: string;
  readonly authUrl: string;
  readonly region: string | undefined;
  /** The project, domain or `system` that the token is for; undefined where Keystone chooses. */
  readonly scope: string | undefined;
};

/** A cloud with its nodes, ready to be asked. */
export type HomeConnection = {
  readonly label: CloudLabel;
  readonly ports: PlanPorts & WatchPorts;
  readonly loadFleet: LoadFleet;
  /** How many nodes are talked to at the same time. */
  readonly parallel: number;
};

/** A cloud as `followWaiting` takes it. */
export type HomeWatched = {
  readonly name: string;
  readonly ports: WatchPorts;
  readonly options: WatchOptions;
};

/** Everything outside that home needs. */
export type HomePorts = {
  readonly clock: Clock;
  readonly journals: Journals;
  readonly memory: Memory;
  /**
   * Reads which cloud is meant, anew each time. Rejects with `UserError` where none is, or its settings are wrong.
   *
   * @param notice is told what was passed over, now and later
   */
  readonly connect: (notice: (text: string) => void) => Promise<HomeConnection>;
};
