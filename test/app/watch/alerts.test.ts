import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import type {CommandEnd} from '../../../source/app/ports.js';
import {AlertCommands} from '../../../source/app/watch/alert-commands.js';
import {type AlertNews, Alerts, whileAlerting} from '../../../source/app/watch/alerts.js';
import {followWaiting} from '../../../source/app/watch/follow.js';
import {Nudge} from '../../../source/app/watch/nudge.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {FakeWaiting} from '../../helpers/fake-waiting.js';

const ON: FleetShape = {computes: 2, compute: '3600', apis: 1, api: '3600'};
const DONE: CommandEnd = {kind: 'exited', code: 0, complaint: ''};

type Watched = {
  readonly waiting: FakeWaiting;
  readonly pass: (seconds: number) => Promise<void>;
  /** What was told since it was asked last: the names of an alert with commas, or what happened to a command. */
  readonly told: () => readonly string[];
  /** What commands were given. */
  readonly ran: readonly string[];
};

/** Follows a fleet whose interval is an hour, with alerts at ten minutes, and ends as an interruption ends it. */
async function watch(
  prepare: (waiting: FakeWaiting) => void,
  body: (watched: Watched) => Promise<void>,
  shape = ON,
  end = DONE,
): Promise<void> {
  const waiting = new FakeWaiting(new FakeFleet(shape));
  prepare(waiting);
  const {clock} = waiting.fleet;
  const {ports, options} = waiting.watch({isExact: true});
  const stop = new AbortController();
  const news: AlertNews[] = [];
  const ran: string[] = [];
  let read = 0;
  const run = async (command: string, input: string): Promise<CommandEnd> => {
    ran.push(`${command} ${input}`);
    return end;
  };
  const alerts = new Alerts(
    clock,
    {
      alertSeconds: 600,
      wanted: () => () => true,
      isTimed: false,
      exec: {
        commands: new AlertCommands({clock, commands: {run}}, 'page'),
        inputOf: ({server}) => server.name,
      },
    },
    (one) => news.push(one),
  );
  const reason = new Error('interrupted');
  const ended = whileAlerting(alerts, stop.signal, async (signal) =>
    followWaiting(ports, options, (one) => alerts.see(one), signal, new Nudge()),
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  const told = () => {
    const fresh = news.slice(read);
    read = news.length;
    return fresh.map((one) =>
      one.kind === 'alerts'
        ? one.servers.map(({server}) => server.name).join(',')
        : one.news.map(({kind}) => kind).join(','),
    );
  };
  const pass = async (seconds: number) => clock.sleep(seconds * 1000);
  await pass(3);
  await body({waiting, pass, told, ran});
  stop.abort(reason);
  const error = await ended;
  if (error !== reason) throw error;
}

test('those that are below the alert time already are one alert, and each has its command', async (t) => {
  await watch(
    (waiting) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) waiting.delete(name, 3300);
      waiting.delete('later', 100);
    },
    async ({pass, told, ran}) => {
      t.deepEqual(told(), ['a,b,c,d,e']);
      await pass(200);
      t.deepEqual(told(), []);
      t.deepEqual(ran, ['page a', 'page b', 'page c', 'page d', 'page e']);
    },
  );
});

test('time alone brings one below it, within a second, also while Nova does not answer', async (t) => {
  await watch(
    (waiting) => {
      waiting.delete('a', 2900);
      waiting.delete('b', 2950);
    },
    async ({waiting, pass, told}) => {
      t.deepEqual(told(), []);
      await pass(45);
      t.deepEqual(told(), []);
      await pass(4);
      t.deepEqual(told(), ['b']);
      waiting.trouble = new CloudError('unreachable', 'Nova does not answer');
      await pass(53);
      t.deepEqual(told(), ['a']);
    },
  );
});

test('one that comes below it already is alerted of, one that leaves before is not', async (t) => {
  await watch(
    (waiting) => waiting.delete('restored', 2950),
    async ({waiting, pass, told}) => {
      waiting.delete('old', 3500, {updatedAt: waiting.fleet.clock.now()});
      await pass(7);
      t.deepEqual(told(), ['old']);
      waiting.change('restored', {status: 'ACTIVE'});
      await pass(100);
      t.deepEqual(told(), []);
    },
  );
});

test('where nothing is ever reclaimed there is no alert', async (t) => {
  await watch(
    (waiting) => waiting.delete('a', 3500),
    async ({pass, told}) => {
      await pass(600);
      t.deepEqual(told(), []);
    },
    {...ON, compute: '0'},
  );
});

test('after a sleep of this machine all that came below it meanwhile are one alert', async (t) => {
  await watch(
    (waiting) => {
      for (let index = 0; index < 30; index += 1) waiting.delete(`s${index}`, 100 + 10 * index);
    },
    async ({waiting, pass, told}) => {
      waiting.fleet.clock.jump(3_000_000);
      await pass(10);
      const alerts = told();
      t.is(alerts.length, 1);
      t.is(alerts[0]?.split(',').length, 30);
    },
  );
});

test('after a jump nothing is told before Nova answered', async (t) => {
  await watch(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      waiting.trouble = new CloudError('unreachable', 'Nova does not answer');
      waiting.fleet.clock.jump(3_000_000);
      await pass(120);
      t.deepEqual(told(), []);
      waiting.trouble = undefined;
      await pass(70);
      t.deepEqual(told(), ['a']);
    },
  );
});

test('commands that fail are told, those of a second together', async (t) => {
  await watch(
    (waiting) => {
      waiting.delete('a', 3300);
      waiting.delete('b', 3300);
    },
    async ({pass, told}) => {
      await pass(1);
      t.deepEqual(told(), ['a,b', 'command-failed,command-failed']);
    },
    ON,
    {kind: 'exited', code: 1, complaint: 'no'},
  );
});
