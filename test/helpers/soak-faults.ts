/** What goes wrong in a soak: on the controller and the hosts, with the tool itself, and on the line between. */
import {setTimeout as pause} from 'node:timers/promises';
import type {Random} from '../../source/demo/random.js';
import {type FaultyProxy, PROXY_FAULTS} from './faulty-proxy.js';
import {type Lab, readOn} from './lab.js';
import type {LabCloud, LabService} from './lab-cloud.js';
import {switchCompute} from './lab-reclaim.js';
import type {LabWatch} from './lab-watch.js';
import type {SoakFacts} from './soak-judge.js';
import {waitUntil} from './wait-until.js';

export type SoakFault = {readonly name: string; run(): Promise<void>};

export type SoakFaultOptions = {
  readonly lab: Lab;
  readonly cloud: LabCloud;
  readonly random: Random;
  readonly proxy: FaultyProxy;
  readonly watch: Pick<LabWatch, 'signal'>;
  /** Hosts that are stopped are in it meanwhile. */
  readonly unwell: Set<string>;
  /** Where hosts are noted that were forced down, with the time. */
  readonly forcedDown: SoakFacts['forcedDown'][number][];
  /** How long the tool is suspended at most, in seconds. */
  readonly longestSleep: number;
};

/** Those that last, one after the other. */
export function placeFaults(options: SoakFaultOptions): readonly SoakFault[] {
  const {lab, cloud, random, proxy, watch, unwell, forcedDown, longestSleep} = options;
  const hosts = lab.computes.map(({host}) => host);
  const systemctl = async (words: string) => readOn(lab, 'controller', `systemctl ${words}`);
  const whileUnwell = async (host: string, run: () => Promise<void>) => {
    unwell.add(host);
    try {
      await run();
    } finally {
      unwell.delete(host);
    }
  };
  const between = async (least: number, most: number) =>
    pause((least + random.next() * (most - least)) * 1000);
  return [
    {name: 'nova-api restarts', run: async () => void (await systemctl('restart nova-api'))},
    {
      name: 'nova-api freezes for a minute',
      async run() {
        await systemctl('kill --signal=STOP nova-api');
        try {
          await pause(60_000);
        } finally {
          await systemctl('kill --signal=CONT nova-api');
        }
      },
    },
    {
      name: 'keystone restarts',
      async run() {
        await systemctl('stop keystone');
        await between(0, 20);
        await systemctl('start keystone');
        await bringUpKeystone(lab);
      },
    },
    {
      name: 'the token is revoked',
      async run() {
        const token = proxy.token();
        if (token === undefined) return;
        const {status} = await fetch(`http://${lab.controller.ip}:5000/v3/auth/tokens`, {
          method: 'DELETE',
          headers: {'X-Auth-Token': token, 'X-Subject-Token': token},
        });
        // One that has expired meanwhile is no longer known.
        if (![204, 401, 404].includes(status)) throw new Error(`Keystone answers ${status} to a revocation`);
      },
    },
    {
      name: 'a nova-compute stops until Nova misses it',
      async run() {
        const host = random.pick(hosts);
        await whileUnwell(host, async () => {
          await switchCompute(lab, host, 'stop');
          try {
            await between(65, 110);
          } finally {
            await switchCompute(lab, host, 'start');
          }
          await isUp(cloud, host);
        });
      },
    },
    {
      name: 'a nova-compute restarts',
      async run() {
        const host = random.pick(hosts);
        await whileUnwell(host, async () => {
          await switchCompute(lab, host, 'stop');
          await switchCompute(lab, host, 'start');
          await between(5, 10);
        });
      },
    },
    {
      name: 'a nova-compute is forced down',
      async run() {
        const host = random.pick(hosts);
        await whileUnwell(host, async () => {
          const began = Date.now();
          await force(cloud, host, true);
          try {
            await between(20, 60);
          } finally {
            await force(cloud, host, false);
            forcedDown.push({host, began, ended: Date.now()});
          }
        });
      },
    },
    {
      name: 'the tool is suspended',
      async run() {
        watch.signal('SIGSTOP');
        try {
          await between(longestSleep / 2, longestSleep);
        } finally {
          watch.signal('SIGCONT');
        }
      },
    },
  ];
}

/** Those of the line, each for some seconds. */
export function lineFaults({
  proxy,
  random,
}: Pick<SoakFaultOptions, 'proxy' | 'random'>): readonly SoakFault[] {
  return PROXY_FAULTS.map((fault) => ({
    name: `line: ${fault}`,
    async run() {
      await proxy.set(fault);
      try {
        await pause((10 + random.next() * 15) * 1000);
      } finally {
        await proxy.set(undefined);
      }
    },
  }));
}

/**
 * Injects faults in no order until the moment, epoch milliseconds: each once before any comes again. Those that did not
 * come are left for the next call.
 */
export class FaultBag {
  /** How often each came. */
  readonly counts = new Map<string, number>();
  readonly #faults: readonly SoakFault[];
  readonly #random: Random;
  readonly #note: (what: Record<string, unknown>) => void;
  readonly #longestPause: number;
  #left: SoakFault[] = [];

  /** @param longestPause seconds between two */
  constructor(
    faults: readonly SoakFault[],
    random: Random,
    longestPause: number,
    note: (what: Record<string, unknown>) => void,
  ) {
    this.#faults = faults;
    this.#random = random;
    this.#longestPause = longestPause;
    this.#note = note;
  }

  async injectUntil(until: number): Promise<void> {
    for (;;) {
      await pause(this.#random.next() * this.#longestPause * 1000);
      if (Date.now() >= until) return;
      if (this.#left.length === 0) this.#left = [...this.#faults];
      const fault = this.#random.pick(this.#left);
      this.#left = this.#left.filter((one) => one !== fault);
      this.#note({fault: fault.name, begins: Date.now()});
      await fault.run();
      this.#note({fault: fault.name, ended: Date.now()});
      this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1);
    }
  }
}

/**
 * Waits until Keystone answers. Debian's, under uWSGI, blocks for ever now and then where several requests come while it
 * starts (`greenlet.error: cannot switch to a different thread` in its log); then it is restarted.
 */
export async function bringUpKeystone(lab: Lab): Promise<void> {
  await waitUntil('Keystone to answer', 120, async () => {
    for (let look = 0; look < 10; look += 1) {
      const answer = await ifItAnswers(
        fetch(`http://${lab.controller.ip}:5000/v3`, {signal: AbortSignal.timeout(3000)}),
      );
      if (answer?.ok === true) return true;
      await pause(1000);
    }
    await readOn(lab, 'controller', 'systemctl restart keystone');
    return false;
  });
}

async function force(cloud: LabCloud, host: string, isDown: boolean): Promise<void> {
  await waitUntil(`Nova to force ${host} ${isDown ? 'down' : 'up'}`, 180, async () => {
    const id = (await computeOf(cloud, host))?.id;
    if (id === undefined) return false;
    const answer = await ifItAnswers(cloud.request('PUT', `/os-services/${id}`, {forced_down: isDown}));
    return answer?.status === 200;
  });
}

async function isUp(cloud: LabCloud, host: string): Promise<void> {
  await waitUntil(`Nova to call ${host} up`, 180, async () => (await computeOf(cloud, host))?.state === 'up');
}

async function computeOf(cloud: LabCloud, host: string): Promise<LabService | undefined> {
  const services = (await ifItAnswers(cloud.services())) ?? [];
  return services.find((service) => service.binary === 'nova-compute' && service.host === host);
}

/** Nova and Keystone may just be starting: then it is asked again. */
async function ifItAnswers<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}
