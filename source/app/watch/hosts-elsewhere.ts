import {CloudError, isSilence, UserError} from '../errors.js';
import type {Clock, Cloud} from '../ports.js';
import {LATE, within} from '../within.js';

/** New hosts are rare, and looks at hosts too. */
const HOLD_MS = 300_000;
/** A client tries for minutes before it gives up; nobody's hosts are waited for that long. */
const WAIT_MS = 5000;

/** A cloud whose hosts others want to know. */
export type NeighbourCloud = {
  readonly name: string;
  /** Its API, as far as it can be had: rejects with `UserError` where not. */
  cloud(): Promise<Pick<Cloud, 'services'>>;
};

type Known = {readonly hosts: ReadonlySet<string>; readonly at: number};

/**
 * Which compute hosts which of several clouds has. A cloud that cannot be asked, or that does not let us list its
 * services, keeps what was known of it: the others must not wait for it.
 */
export class Neighbours {
  readonly #clouds: readonly NeighbourCloud[];
  readonly #clock: Clock;
  readonly #known = new Map<number, Known>();
  /** Those that refused: they are not asked again, so that no account is locked. */
  readonly #refusing = new WeakSet<object>();

  constructor(clouds: readonly NeighbourCloud[], clock: Clock) {
    this.#clouds = clouds;
    this.#clock = clock;
  }

  /** Hosts of all but one of the clouds, by Nova's name, with the first cloud that has it. Rejects with the signal's reason. */
  async hostsElsewhere(own: number, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const others = this.#clouds.map((cloud, index) => ({cloud, index})).filter(({index}) => index !== own);
    const found = await Promise.all(
      others.map(async ({cloud, index}) => ({
        name: cloud.name,
        hosts: await this.#hosts(cloud, index, signal),
      })),
    );
    return new Map(
      found.toReversed().flatMap(({name, hosts}) => [...hosts].map((host) => [host, name] as const)),
    );
  }

  async #hosts(neighbour: NeighbourCloud, index: number, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const now = this.#clock.now();
    const known = this.#known.get(index);
    if (known !== undefined && Math.abs(now - known.at) < HOLD_MS) return known.hosts;
    let cloud: Pick<Cloud, 'services'> | undefined;
    try {
      cloud = await neighbour.cloud();
      if (this.#refusing.has(cloud)) return known?.hosts ?? new Set();
      const asked = cloud;
      const services = await within(this.#clock, WAIT_MS, signal, async (one) => asked.services(one));
      if (services === LATE) return known?.hosts ?? new Set();
      const computes = services.filter(({binary}) => binary === 'nova-compute');
      const hosts = new Set(computes.map(({host}) => host));
      this.#known.set(index, {hosts, at: now});
      return hosts;
    } catch (error) {
      // Whoever lists its servers tells what is wrong with it.
      if (signal.aborted || !(error instanceof UserError)) throw error;
      const isRefusal = error instanceof CloudError && !isSilence(error.reason);
      if (isRefusal && cloud !== undefined) this.#refusing.add(cloud);
      return known?.hosts ?? new Set();
    }
  }
}
