import test from 'ava';
import * as fc from 'fast-check';
import {estimateOf, listServer} from '../../../source/app/watch/listed-server.js';
import {Roll, type RollNews} from '../../../source/app/watch/roll.js';
import type {ListedServer, SeenHost, Surroundings} from '../../../source/app/watch/watch-types.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';
import type {DeleteTime} from '../../../source/domain/reclaim/standing.js';
import type {WaitingServer} from '../../../source/domain/reclaim/waiting-server.js';

const START = Date.parse('2026-11-22T12:00:00Z');
const HOSTS = ['c1', 'c2', 'c3'];

function row(id: string, changes: Partial<WaitingServer> = {}): WaitingServer {
  return {
    id,
    name: id,
    projectId: 'p',
    userId: 'u',
    host: 'c1',
    isHostShown: true,
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt: START,
    isLocked: false,
    flavor: 'm1.tiny',
    ...changes,
  };
}

function service(host: string, changes: Partial<ComputeService> = {}): ComputeService {
  return {
    id: host,
    binary: 'nova-compute',
    host,
    zone: 'nova',
    status: 'enabled',
    state: 'up',
    disabledReason: undefined,
    isForcedDown: false,
    updatedAt: undefined,
    ...changes,
  };
}

function seen(seconds: number, clockAheadMs = 0): SeenHost {
  return {interval: {kind: 'value', seconds}, clockAheadMs};
}

function around(changes: Partial<Surroundings> = {}): Surroundings {
  return {
    services: HOSTS.map((host) => service(host)),
    hosts: new Map(HOSTS.map((host) => [host, seen(3600)])),
    unseen: new Map(),
    assumedSeconds: undefined,
    ...changes,
  };
}

const words = (news: readonly RollNews[]) =>
  news.map(({event, listed: {server, standing}}) =>
    [event, server.id, standing.state, standing.cause].filter((word) => word !== undefined).join(' '),
  );

/** The same rules, with everything decided anew each time and everything sorted. */
class PlainRoll {
  readonly #rows = new Map<
    string,
    {server: WaitingServer; deleted: DeleteTime; isAsked: boolean; told: ListedServer | undefined}
  >();

  put(server: WaitingServer): void {
    const known = this.#rows.get(server.id);
    if (known === undefined) {
      this.#rows.set(server.id, {server, deleted: estimateOf(server), isAsked: false, told: undefined});
      return;
    }
    const isSame = JSON.stringify(known.server) === JSON.stringify(server);
    if (isSame) return;
    if (known.server.updatedAt !== server.updatedAt || known.server.taskState !== server.taskState) {
      known.isAsked = false;
      const isFailedRestore = known.server.taskState === 'restoring' && server.taskState === undefined;
      known.deleted = isFailedRestore ? {kind: 'cleared'} : estimateOf(server);
    }
    known.server = server;
  }

  putTime(id: string, deleted: DeleteTime): void {
    const known = this.#rows.get(id);
    if (known === undefined) return;
    known.isAsked = true;
    if (known.deleted.kind !== 'cleared' || deleted.kind !== 'estimate') known.deleted = deleted;
  }

  putTold(listed: ListedServer): void {
    const known = this.#rows.get(listed.server.id);
    if (known !== undefined) known.told = listed;
  }

  remove(id: string): void {
    this.#rows.delete(id);
  }

  ids(): readonly string[] {
    return [...this.#rows.keys()];
  }

  hosts(): ReadonlySet<string> {
    return new Set([...this.#rows.values()].flatMap(({server}) => server.host ?? []));
  }

  unasked(most: number): readonly WaitingServer[] {
    const rank = ({told, server}: {told: ListedServer | undefined; server: WaitingServer}) =>
      told?.server === server ? (told.standing.dueAt ?? Number.POSITIVE_INFINITY) : Number.NEGATIVE_INFINITY;
    return [...this.#rows.values()]
      .filter(({isAsked}) => !isAsked)
      .map((one) => ({server: one.server, rank: rank(one)}))
      .toSorted((one, other) => (one.rank === other.rank ? 0 : one.rank < other.rank ? -1 : 1))
      .slice(0, most)
      .map(({server}) => server);
  }

  news(now: number, surroundings: Surroundings): readonly RollNews[] {
    const found: RollNews[] = [];
    for (const known of this.#rows.values()) {
      const listed = listServer(known.server, known.deleted, surroundings, now);
      if (known.told !== undefined && isAlike(known.told, listed)) continue;
      found.push({event: known.told === undefined ? 'added' : 'changed', listed});
      known.told = listed;
    }
    return found;
  }
}

function isAlike(one: ListedServer, other: ListedServer): boolean {
  const essence = ({standing: {state, cause}, deleted, interval, intervalSource}: ListedServer) =>
    [
      state,
      cause,
      deleted.kind,
      intervalSource,
      interval.kind === 'value' ? interval.seconds : interval.kind,
    ].join(' ');
  const [left, right] = [one.standing.dueAt, other.standing.dueAt];
  const isNear = left === undefined || right === undefined ? left === right : Math.abs(left - right) < 2000;
  return one.server === other.server && essence(one) === essence(other) && isNear;
}

const seconds = fc.constantFrom(0, 1, 30, 60, 61, 62, 63, 100, 500, 601, 3599, 3601);
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const time = fc.integer({min: -4000, max: 100}).map((ago) => START + ago * 1000);
const host = fc.constantFrom('c1', 'c2', 'c3', 'elsewhere', undefined);
const changes = fc.record(
  {
    host,
    taskState: fc.constantFrom(undefined, 'restoring', 'deleting', 'unknown'),
    updatedAt: fc.option(time, {nil: undefined}),
    isHostShown: fc.boolean(),
    isLocked: fc.boolean(),
  },
  {requiredKeys: ['host', 'updatedAt']},
);
const deleted: fc.Arbitrary<DeleteTime> = fc.oneof(
  time.map((at) => ({kind: 'action', time: at}) as const),
  fc.constantFrom({kind: 'cleared'} as const, {kind: 'unknown'} as const),
);
const services = fc.oneof(
  {weight: 1, arbitrary: fc.constant(undefined)},
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.record({
          host: fc.constantFrom(...HOSTS),
          state: fc.constantFrom('up' as const, 'down' as const, 'unknown' as const),
          isForcedDown: fc.boolean(),
        }),
        {maxLength: 4},
      )
      .map((listed) => listed.map((one) => service(one.host, one))),
  },
);
const hosts = fc
  .array(
    fc.tuple(
      fc.constantFrom(...HOSTS),
      fc.oneof(
        fc.tuple(fc.constantFrom(60, 120, 3600, 0), fc.constantFrom(0, 500, 5000, -90_000)),
        fc.constant(undefined),
      ),
    ),
    {maxLength: 3},
  )
  .map(
    (found) =>
      new Map(
        found.map(([name, of]): [string, SeenHost] => [
          name,
          of === undefined
            ? {interval: {kind: 'unknown', problem: 'unread'}, clockAheadMs: 0}
            : seen(of[0], of[1]),
        ]),
      ),
  );
const step = fc.oneof(
  {weight: 6, arbitrary: fc.record({do: fc.constant('put' as const), id, changes})},
  {weight: 3, arbitrary: fc.record({do: fc.constant('time' as const), id, deleted})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('remove' as const), id})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('told' as const), id, changes, deleted})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('services' as const), services})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('hosts' as const), hosts})},
  {weight: 5, arbitrary: fc.record({do: fc.constant('pass' as const), seconds})},
  {weight: 1, arbitrary: fc.record({do: fc.constant('back' as const), seconds})},
);

test('whatever happens, what is told is what deciding everything anew tells', (t) => {
  fc.assert(
    fc.property(
      fc.array(step, {maxLength: 60}),
      fc.option(fc.constant(100), {nil: undefined}),
      (steps, given) => {
        const [roll, plain] = [new Roll(), new PlainRoll()];
        let surroundings = around({assumedSeconds: given});
        let now = START;
        for (const one of steps) {
          switch (one.do) {
            case 'put':
              roll.put(row(one.id, one.changes));
              plain.put(row(one.id, one.changes));
              continue;
            case 'time':
              roll.putTime(one.id, one.deleted);
              plain.putTime(one.id, one.deleted);
              continue;
            case 'remove':
              roll.remove(one.id);
              plain.remove(one.id);
              continue;
            case 'told': {
              const listed = listServer(row(one.id, one.changes), one.deleted, surroundings, now);
              roll.putTold(listed);
              plain.putTold(listed);
              continue;
            }
            case 'services':
              surroundings = {...surroundings, services: one.services};
              continue;
            case 'hosts':
              surroundings = {...surroundings, hosts: one.hosts};
              continue;
            case 'pass':
              now += one.seconds * 1000;
              break;
            case 'back':
              now -= one.seconds * 1000;
          }
          t.deepEqual(roll.unasked(3), plain.unasked(3));
          t.deepEqual(roll.news(surroundings, now), plain.news(now, surroundings));
          t.deepEqual(roll.unasked(99), plain.unasked(99));
          t.deepEqual(roll.ids(), plain.ids());
          t.deepEqual([...roll.hosts()].toSorted(), [...plain.hosts()].toSorted());
        }
      },
    ),
    {numRuns: 300},
  );
});

test('a moment that comes is told, without anything else', (t) => {
  const roll = new Roll();
  const here = around();
  roll.put(row('a'));
  roll.put(row('b', {updatedAt: START + 1000}));
  roll.put(row('c', {taskState: 'restoring'}));
  t.deepEqual(words(roll.news(here, START)), ['added a waiting', 'added b waiting', 'added c restoring']);
  t.deepEqual(words(roll.news(here, START + 600_000)), []);
  t.deepEqual(words(roll.news(here, START + 600_001)), ['changed c stuck task-hangs']);
  t.deepEqual(words(roll.news(here, START + 3_600_000)), []);
  t.deepEqual(words(roll.news(here, START + 3_600_001)), ['changed a due']);
  t.deepEqual(words(roll.news(here, START + 3_662_001)), ['changed a overdue loop-late', 'changed b due']);
});

test('a clock that was set back is followed', (t) => {
  const roll = new Roll();
  const here = around();
  roll.put(row('a'));
  t.deepEqual(words(roll.news(here, START + 3_700_000)), ['added a overdue loop-late']);
  t.deepEqual(words(roll.news(here, START)), ['changed a waiting']);
  t.deepEqual(words(roll.news(here, START + 3_601_000)), ['changed a due']);
});

test('what happens to one host is told of its servers only', (t) => {
  const roll = new Roll();
  roll.put(row('a'));
  roll.put(row('b', {host: 'c2'}));
  const here = around();
  roll.news(here, START);
  const down = HOSTS.map((name) => service(name, name === 'c2' ? {state: 'down'} : {}));
  t.deepEqual(words(roll.news({...here, services: down}, START)), ['changed b waiting host-down']);
  const looked = new Map(HOSTS.map((name) => [name, seen(name === 'c1' ? 60 : 3600)]));
  t.deepEqual(words(roll.news({...here, services: down, hosts: looked}, START + 1)), ['changed a waiting']);
});
