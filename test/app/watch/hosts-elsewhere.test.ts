import test from 'ava';
import {CloudError, type CloudErrorReason, UserError} from '../../../source/app/errors.js';
import {type NeighbourCloud, Neighbours} from '../../../source/app/watch/hosts-elsewhere.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const MINUTE_MS = 60_000;
const running = new AbortController().signal;

function service(host: string, binary = 'nova-compute'): ComputeService {
  return {
    id: host,
    binary,
    host,
    zone: 'nova',
    status: 'enabled',
    state: 'up',
    updatedAt: undefined,
    isForcedDown: false,
    disabledReason: undefined,
  };
}

type Services = (signal: AbortSignal) => Promise<readonly ComputeService[]>;

/** A cloud that answers as it is told to; every question is counted, and how often it was opened anew. */
class Neighbour implements NeighbourCloud {
  readonly name: string;
  asked = 0;
  answer: Services;
  #opened: {services: Services};

  constructor(name: string, ...hosts: readonly string[]) {
    this.name = name;
    this.answer = async () => Promise.resolve(hosts.map((host) => service(host)));
    this.#opened = this.#open();
  }

  async cloud() {
    return Promise.resolve(this.#opened);
  }

  /** Signs in with other settings. */
  openAnew(): void {
    this.#opened = this.#open();
  }

  fail(reason: CloudErrorReason): void {
    this.answer = async () => Promise.reject(new CloudError(reason, reason));
  }

  #open(): {services: Services} {
    return {
      services: async (signal) => {
        this.asked += 1;
        return this.answer(signal);
      },
    };
  }
}

function neighbours(...clouds: readonly NeighbourCloud[]) {
  const clock = new VirtualClock();
  const all = new Neighbours(clouds, clock);
  const seenBy = async (own: number) => Object.fromEntries(await all.hostsElsewhere(own, running));
  return {clock, all, seenBy};
}

test('each cloud is told the compute hosts of the others, and none of its own', async (t) => {
  const [east, west, north] = [
    new Neighbour('east', 'c1'),
    new Neighbour('west', 'c1', 'c2'),
    new Neighbour('north', 'c2', 'c3'),
  ];
  const {seenBy} = neighbours(east, west, north);
  t.deepEqual(await seenBy(0), {c1: 'west', c2: 'west', c3: 'north'}, 'the first cloud that has it');
  t.deepEqual(await seenBy(2), {c1: 'east', c2: 'west'});
});

test('a host of other services only is no compute host', async (t) => {
  const west = new Neighbour('west');
  west.answer = async () => Promise.resolve([service('ctl', 'nova-scheduler'), service('c1')]);
  t.deepEqual(await neighbours(new Neighbour('east'), west).seenBy(0), {c1: 'west'});
});

test('hosts are asked for once in five minutes, also where a clock is set back', async (t) => {
  const [east, west] = [new Neighbour('east'), new Neighbour('west', 'c1')];
  const {clock, seenBy} = neighbours(east, west);
  await seenBy(0);
  clock.jump(4 * MINUTE_MS);
  await seenBy(0);
  t.is(west.asked, 1);
  west.answer = async () => Promise.resolve([service('c9')]);
  clock.jump(6 * MINUTE_MS);
  t.deepEqual(await seenBy(0), {c9: 'west'});
  clock.jump(-60 * MINUTE_MS);
  await seenBy(0);
  t.is(west.asked, 3);
  t.is(east.asked, 0);
});

test('one that does not answer at the start has no hosts, does not hide the others, and is asked again', async (t) => {
  const [east, west, north] = [
    new Neighbour('east'),
    new Neighbour('west', 'c1'),
    new Neighbour('north', 'c2'),
  ];
  const answer = west.answer;
  west.fail('unreachable');
  const {seenBy} = neighbours(east, west, north);
  t.deepEqual(await seenBy(0), {c2: 'north'});
  west.answer = answer;
  t.deepEqual(
    await seenBy(0),
    {c1: 'west', c2: 'north'},
    'nothing was known that could hold for five minutes',
  );
});

test('one that takes for ever holds nobody up for more than seconds', async (t) => {
  const [west, north] = [new Neighbour('west', 'c1'), new Neighbour('north', 'c2')];
  const {clock, seenBy} = neighbours(new Neighbour('east'), west, north);
  const {answer} = west;
  west.answer = async (signal) => {
    await clock.sleep(120_000, signal);
    throw new CloudError('unreachable', 'no answer');
  };
  t.deepEqual(await seenBy(0), {c2: 'north'});
  t.true(clock.seconds() <= 5, `${clock.seconds()} s`);
  west.answer = answer;
  t.deepEqual(await seenBy(0), {c1: 'west', c2: 'north'});
});

test('one that stops to answer keeps the hosts that it had', async (t) => {
  const west = new Neighbour('west', 'c1');
  const {clock, seenBy} = neighbours(new Neighbour('east'), west);
  await seenBy(0);
  west.fail('server-error');
  clock.jump(6 * MINUTE_MS);
  t.deepEqual(await seenBy(0), {c1: 'west'});
});

test('one that refuses is not asked again, until it is opened anew', async (t) => {
  for (const reason of ['authentication', 'forbidden'] as const) {
    const west = new Neighbour('west', 'c1');
    const {answer} = west;
    west.fail(reason);
    const {seenBy} = neighbours(new Neighbour('east'), west);
    t.deepEqual(await seenBy(0), {});
    west.answer = answer;
    t.deepEqual(await seenBy(0), {});
    t.is(west.asked, 1, reason);
    west.openAnew();
    t.deepEqual(await seenBy(0), {c1: 'west'});
  }
});

test('one whose settings cannot be read has no hosts', async (t) => {
  const broken: NeighbourCloud = {
    name: 'west',
    cloud: async () => Promise.reject(new UserError('usage', 'There is no cloud "west".')),
  };
  const {seenBy} = neighbours(new Neighbour('east'), broken, new Neighbour('north', 'c2'));
  t.deepEqual(await seenBy(0), {c2: 'north'});
});

test('a mistake of this program, and whoever stops it, are no silence', async (t) => {
  const west = new Neighbour('west', 'c1');
  const {all} = neighbours(new Neighbour('east'), west);
  const mistake = new TypeError('x is undefined');
  west.answer = async () => Promise.reject(mistake);
  t.is(await t.throwsAsync(all.hostsElsewhere(0, running)), mistake);
  const stopped = AbortSignal.abort(new Error('left'));
  west.answer = async () => Promise.reject(new CloudError('unreachable', 'no'));
  await t.throwsAsync(all.hostsElsewhere(0, stopped), {instanceOf: CloudError});
});
