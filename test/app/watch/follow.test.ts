import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {followWaiting} from '../../../source/app/watch/follow.js';
import type {WatchNews} from '../../../source/app/watch/watch-news.js';
import {Nudge} from '../../../source/app/watch/nudge.js';
import type {WatchOptions} from '../../../source/app/watch/watch-types.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {FakeWaiting} from '../../helpers/fake-waiting.js';

const ON: FleetShape = {computes: 2, compute: '3600', apis: 1, api: '3600'};
const SILENCE = new CloudError('unreachable', 'Nova does not answer');

type Followed = {
  readonly waiting: FakeWaiting;
  /** Lets so many seconds pass. */
  readonly pass: (seconds: number) => Promise<void>;
  /** What was told since it was asked last, as `event name state cause`. */
  readonly told: () => readonly string[];
  readonly news: readonly WatchNews[];
  readonly nudge: Nudge;
};

function wordsOf(news: WatchNews): readonly string[] {
  if (news.kind !== 'servers') return [news.kind];
  return news.news.map(({event, listed: {server, standing, deleted}}) =>
    [event, server.name, standing.state, standing.cause, deleted.kind]
      .filter((word) => word !== undefined)
      .join(' '),
  );
}

/** Follows a fleet while the body changes things, and ends as an interruption ends it. */
async function follow(
  prepare: (waiting: FakeWaiting) => void,
  body: (followed: Followed) => Promise<void>,
  given: Partial<WatchOptions> = {isExact: true},
  shape: FleetShape = ON,
): Promise<void> {
  const waiting = new FakeWaiting(new FakeFleet(shape));
  prepare(waiting);
  const {ports, options} = waiting.watch(given);
  const stop = new AbortController();
  const nudge = new Nudge();
  const reason = new Error('interrupted');
  const news: WatchNews[] = [];
  let read = 0;
  const tell = (one: WatchNews): void => {
    // It is told each round.
    if (one.kind !== 'answered') news.push(one);
  };
  const following = followWaiting(ports, options, tell, stop.signal, nudge);
  const ended = following.then(
    () => undefined,
    (error: unknown) => error,
  );
  const pass = async (seconds: number) => waiting.fleet.clock.sleep(seconds * 1000);
  const told = () => {
    const fresh = news.slice(read);
    read = news.length;
    return fresh.flatMap(wordsOf);
  };
  await pass(2);
  await body({waiting, pass, told, news, nudge});
  stop.abort(reason);
  const error = await ended;
  if (error !== reason) throw error;
}

test('what is there is told first, then what comes, and nothing twice', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      t.deepEqual(told(), ['page', 'list']);
      await pass(30);
      t.deepEqual(told(), []);
      waiting.delete('b', 1);
      await pass(6);
      t.deepEqual(told(), ['added b waiting action']);
      await pass(600);
      t.deepEqual(told(), []);
    },
  );
});

test('estimated times become those of the actions', async (t) => {
  await follow(
    (waiting) => {
      for (let index = 0; index < 70; index += 1)
        waiting.delete(`s${index}`, 100 + index, {updatedAt: waiting.fleet.clock.now() - 50_000});
    },
    async ({pass, told, news}) => {
      const list = news.find(({kind}) => kind === 'list');
      t.true(list?.kind === 'list' && list.list.servers.every(({deleted}) => deleted.kind === 'estimate'));
      await pass(3);
      t.is(told().filter((words) => /^changed \S+ waiting action$/.test(words)).length, 50);
      await pass(6);
      t.is(told().length, 20);
    },
    {isExact: false},
  );
});

test('where few are shown, the actions of those alone are asked for, and again when they change', async (t) => {
  const shown = ['s3', 's9', 'nobody'];
  await follow(
    (waiting) => {
      for (let index = 0; index < 20; index += 1) waiting.delete(`s${index}`, 100 + index);
    },
    async ({waiting, pass}) => {
      const asked = () => waiting.asked.splice(0).filter((what) => what.startsWith('times'));
      await pass(12);
      t.deepEqual(asked().toSorted(), ['times s3', 'times s9']);
      shown.push('s5');
      waiting.change('s3', {isLocked: true});
      waiting.change('s4', {isLocked: true});
      await pass(12);
      t.deepEqual(asked().toSorted(), ['times s3', 'times s5']);
    },
    {isExact: false, exactOnly: () => shown},
  );
});

test('time alone makes one due, and overdue where its host is down', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3580),
    async ({waiting, pass, told}) => {
      told();
      await pass(30);
      t.deepEqual(told(), ['changed a due action']);
      waiting.fleet.unitOf('compute-1', 'compute').active = 'failed';
      await pass(200);
      t.deepEqual(told().at(-1), 'changed a overdue host-down action');
    },
  );
});

test('a restore is told when it begins and when it is done', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told, news}) => {
      told();
      waiting.change('a', {taskState: 'restoring'});
      waiting.times.set('a', {kind: 'cleared'});
      await pass(6);
      t.deepEqual(told(), ['changed a restoring cleared']);
      waiting.change('a', {taskState: undefined, status: 'ACTIVE'});
      await pass(6);
      t.deepEqual(told(), ['restored a restoring cleared']);
      const last = news.at(-1);
      t.is(last?.kind === 'servers' ? last.news[0]?.listed.server.status : undefined, 'ACTIVE');
    },
  );
});

test('a restore that failed is told at once', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      told();
      waiting.change('a', {});
      waiting.times.set('a', {kind: 'cleared'});
      await pass(6);
      t.deepEqual(told(), ['changed a due restore-failed cleared']);
    },
  );
});

test('another DELETE begins the time anew', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3590),
    async ({waiting, pass, told}) => {
      told();
      waiting.delete('a', 1);
      await pass(6);
      t.deepEqual(told(), ['changed a waiting action']);
      await pass(100);
      t.deepEqual(told(), []);
    },
  );
});

test('what Nova reclaimed and what somebody purged are told apart', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('old', 3590);
      waiting.delete('young', 100);
      waiting.delete('late', 3595);
    },
    async ({waiting, pass, told}) => {
      await pass(20);
      told();
      waiting.change('old', {status: 'DELETED'});
      waiting.change('young', {status: 'DELETED'});
      waiting.times.set('young', {kind: 'action', time: waiting.fleet.clock.now() - 500});
      waiting.change('late', {status: 'DELETED'});
      waiting.times.set('late', {kind: 'action', time: waiting.fleet.clock.now() - 500});
      await pass(6);
      t.deepEqual(told(), [
        'reclaimed old due action',
        'purged young waiting action',
        'purged late due action',
      ]);
    },
  );
});

test('an overdue one that is gone while its host is down was purged, though Nova recorded no action', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3580),
    async ({waiting, pass, told}) => {
      waiting.fleet.unitOf('compute-1', 'compute').active = 'failed';
      await pass(200);
      t.is(told().at(-1), 'changed a overdue host-down action');
      waiting.change('a', {status: 'DELETED'});
      await pass(6);
      t.deepEqual(told(), ['purged a overdue host-down action']);
    },
  );
});

/** Who did what, as `event name user`. */
function doers(news: readonly WatchNews[]): readonly string[] {
  return news.flatMap((one) =>
    one.kind === 'servers'
      ? one.news
          .filter(({event}) => event !== 'changed')
          .map(({event, listed: {server}, by}) => `${event} ${server.name} ${by ?? 'nobody'}`)
      : [],
  );
}

test('who deleted, restored or purged a server is told, where its actions tell', async (t) => {
  await follow(
    (waiting) => {
      for (const name of ['back', 'seen', 'purged', 'silent']) waiting.delete(name, 100);
      waiting.delete('old', 3590);
    },
    async ({waiting, pass, news}) => {
      const now = () => waiting.fleet.clock.now();
      await pass(20);
      waiting.delete('new', 1);
      waiting.times.set('new', {kind: 'action', time: now(), by: 'u1'});
      waiting.change('back', {status: 'ACTIVE'});
      waiting.times.set('back', {kind: 'cleared', by: 'u2'});
      waiting.change('purged', {status: 'DELETED'});
      waiting.times.set('purged', {kind: 'action', time: now() - 500, by: 'u3'});
      waiting.change('silent', {status: 'ACTIVE'});
      waiting.times.set('silent', new CloudError('forbidden', 'no'));
      waiting.change('old', {status: 'DELETED'});
      waiting.change('seen', {taskState: 'restoring'});
      waiting.times.set('seen', {kind: 'cleared', by: 'u4'});
      await pass(6);
      waiting.asked.length = 0;
      waiting.change('seen', {taskState: undefined, status: 'ACTIVE'});
      await pass(6);
      t.deepEqual(doers(news).toSorted(), [
        'added new u1',
        'purged purged u3',
        'reclaimed old nobody',
        'restored back u2',
        'restored seen u4',
        'restored silent nobody',
      ]);
      t.false(waiting.asked.includes('times seen'), 'what is known is not asked for again');
    },
  );
});

test('of many that were restored at once only some are asked for who did it', async (t) => {
  await follow(
    (waiting) => {
      for (let index = 0; index < 30; index += 1) waiting.delete(`s${index}`, 100);
    },
    async ({waiting, pass, news}) => {
      for (let index = 0; index < 30; index += 1) {
        waiting.change(`s${index}`, {status: 'ACTIVE'});
        waiting.times.set(`s${index}`, {kind: 'cleared', by: 'u2'});
      }
      await pass(6);
      const told = doers(news);
      t.is(told.length, 30);
      t.is(told.filter((words) => words.endsWith('u2')).length, 20);
    },
  );
});

test('what vanished without a trace is found by the whole list', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('a', 100);
      waiting.delete('b', 100);
    },
    async ({waiting, pass, told}) => {
      told();
      waiting.rows.delete('a');
      waiting.times.set('a', new CloudError('not-found', 'Nova does not have that'));
      await pass(30);
      t.deepEqual(told(), []);
      await pass(120);
      t.deepEqual(told(), ['purged a waiting action']);
    },
  );
});

test('a row whose time went back is found by the whole list', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 10, {taskState: 'restoring'}),
    async ({waiting, pass, told}) => {
      told();
      const updatedAt = waiting.fleet.clock.now() - 700_000;
      waiting.change('a', {updatedAt});
      await pass(150);
      t.deepEqual(
        told().filter((words) => words.includes('stuck')),
        ['changed a stuck task-hangs action'],
      );
    },
  );
});

test('what was asked before this machine slept is not waited for', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      told();
      waiting.isSilent = true;
      await pass(6);
      waiting.fleet.clock.jump(2 * 3_600_000);
      waiting.isSilent = false;
      waiting.delete('b', 10);
      await pass(6);
      t.true(told().includes('added b waiting action'));
    },
  );
});

test('one that was purged while this machine slept was not reclaimed, however long ago that was', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('purged', 100);
      waiting.delete('reclaimed', 3000);
    },
    async ({waiting, pass, told}) => {
      told();
      const at = waiting.fleet.clock.now() + 60_000;
      waiting.change('purged', {status: 'DELETED', updatedAt: at});
      waiting.times.set('purged', {kind: 'action', time: at - 500});
      waiting.change('reclaimed', {status: 'DELETED', updatedAt: at + 570_000});
      waiting.fleet.clock.jump(2 * 3_600_000);
      await pass(10);
      t.deepEqual(told(), ['purged purged waiting action', 'reclaimed reclaimed due action']);
    },
  );
});

test('one that is gone after a row that did not tell its task was purged, not reclaimed', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      await pass(20);
      told();
      waiting.change('a', {taskState: 'unknown'});
      waiting.times.set('a', {kind: 'action', time: waiting.fleet.clock.now() - 500});
      await pass(12);
      told();
      waiting.change('a', {status: 'DELETED'});
      await pass(6);
      t.deepEqual(told(), ['purged a unknown task-unknown action']);
    },
  );
});

test('who destroyed one is not guessed while a token is refused', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3595),
    async ({waiting, pass, told}) => {
      await pass(20);
      told();
      const at = waiting.fleet.clock.now();
      waiting.change('a', {status: 'DELETED'});
      waiting.times.set('a', new CloudError('authentication', 'the token is refused'));
      await pass(6);
      t.deepEqual(told(), ['trouble']);
      waiting.times.set('a', {kind: 'action', time: at - 500});
      await pass(60);
      t.true(told().includes('purged a due action'));
    },
  );
});

test('an API that fails empties nothing: it is told, and asked again, less and less often', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3500),
    async ({waiting, pass, told, news}) => {
      told();
      waiting.trouble = SILENCE;
      await pass(300);
      const words = told();
      t.true(words.includes('changed a due action'), 'time goes on');
      t.true(words.filter((word) => word === 'trouble').length <= 8, words.join(', '));
      t.false(words.some((word) => /purged|reclaimed|restored/.test(word)));
      const pauses = news.flatMap((one) => (one.kind === 'trouble' ? one.retryMs : []));
      t.deepEqual(pauses.slice(0, 6), [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
      waiting.trouble = undefined;
      waiting.delete('b', 1);
      await pass(65);
      t.deepEqual(
        told().filter((word) => word !== 'changed a overdue loop-late action'),
        ['recovered', 'added b waiting action'],
      );
    },
  );
});

test('half a list takes nobody away', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told, news}) => {
      told();
      waiting.problem = 'the listing broke off';
      waiting.rows.delete('a');
      await pass(500);
      t.deepEqual(told(), ['notice']);
      const last = news.at(-1);
      t.is(last?.kind === 'notice' ? last.text : '', 'servers may be missing: the listing broke off');
    },
  );
});

test('what half a list left out comes with the next', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('a', 100);
      waiting.problem = 'the listing broke off';
    },
    async ({waiting, pass, told}) => {
      told();
      waiting.problem = undefined;
      waiting.delete('b', 1000);
      await pass(36);
      t.deepEqual(told(), ['added b waiting action']);
    },
  );
});

test('rights that were lost take nobody away', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      told();
      waiting.scope = 'own-project';
      waiting.rows.delete('a');
      await pass(300);
      t.deepEqual(told(), ['notice']);
    },
  );
});

test('hosts of servers that come are looked at', async (t) => {
  await follow(
    () => {},
    async ({waiting, pass, told}) => {
      t.deepEqual(told(), ['list']);
      waiting.delete('a', 1, {host: 'compute-2'});
      await pass(6);
      t.deepEqual(told(), ['added a unknown interval-unknown action', 'changed a waiting action']);
      await pass(40);
      t.deepEqual(told(), []);
    },
  );
});

test('only servers with the text are told of', async (t) => {
  await follow(
    (waiting) => waiting.delete('web-1', 100),
    async ({waiting, pass, told}) => {
      told();
      waiting.delete('db-1', 1);
      waiting.delete('web-2', 1);
      await pass(200);
      t.deepEqual(told(), ['added web-2 waiting action']);
    },
    {isExact: true, text: 'web'},
  );
});

test('a host whose interval was turned off meanwhile is looked at when it lets a server wait for longer', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3500, {host: 'compute-1'}),
    async ({waiting, pass, told}) => {
      told();
      const node = waiting.fleet.node('compute-1');
      node.write('/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 0\n');
      node.restart('compute');
      await pass(200);
      t.deepEqual(told(), [
        'changed a due action',
        'changed a overdue loop-late action',
        'changed a stuck interval-off action',
      ]);
    },
  );
});

test('a machine that slept for hours is right again with its next look', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('a', 100);
      waiting.delete('b', 100);
    },
    async ({waiting, pass, told}) => {
      told();
      waiting.rows.delete('a');
      waiting.fleet.clock.jump(5 * 3_600_000);
      await pass(12);
      const words = told();
      t.true(words.includes('reclaimed a overdue loop-late action'), words.join(', '));
      t.true(words.includes('changed b overdue loop-late action'), words.join(', '));
    },
  );
});

test('a list that cannot be had at first is an error', async (t) => {
  const waiting = new FakeWaiting(new FakeFleet(ON));
  waiting.trouble = SILENCE;
  const {ports, options} = waiting.watch();
  const {signal} = new AbortController();
  await t.throwsAsync(
    followWaiting(ports, options, () => t.fail(), signal, new Nudge()),
    {is: SILENCE},
  );
});

test('a nudge has Nova asked at once', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told, nudge}) => {
      told();
      waiting.delete('b', 1);
      nudge.nudge();
      await pass(1);
      t.deepEqual(told(), ['added b waiting action']);
    },
  );
});

test('hosts that are not awaited are looked at while the list is there already', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({pass, told}) => {
      t.deepEqual(told(), ['page', 'list', 'changed a waiting action']);
      await pass(60);
      t.deepEqual(told(), []);
    },
    {isExact: true, areHostsAwaited: false},
  );
});

test('a host that could not be looked at meanwhile is told with its servers, and why', async (t) => {
  await follow(
    (waiting) => {
      waiting.fleet.node('compute-2').isReachable = false;
      waiting.delete('a', 120, {host: 'compute-2'});
    },
    async ({pass, news}) => {
      await pass(10);
      const last = news.findLast((one) => one.kind === 'servers');
      const [told] = last?.kind === 'servers' ? last.news : [];
      t.is(told?.listed.server.name, 'a');
      t.truthy(told?.listed.unseen);
      t.like(told?.listed.interval, {
        kind: 'unknown',
        problem: `it could not be looked at: ${told?.listed.unseen}`,
      });
    },
    {areHostsAwaited: false},
  );
});

test('a restore that failed is told also where its actions cannot be read', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told}) => {
      told();
      waiting.times.set('a', new CloudError('forbidden', 'the policy keeps actions to itself'));
      waiting.change('a', {taskState: 'restoring'});
      await pass(6);
      t.deepEqual(told(), ['changed a restoring estimate']);
      waiting.change('a', {taskState: undefined});
      await pass(6);
      t.deepEqual(told(), ['changed a due restore-failed cleared']);
      await pass(30);
      t.deepEqual(told(), []);
    },
  );
});

test('while a large list is read, what happens is told as ever', async (t) => {
  await follow(
    (waiting) => {
      waiting.delete('a', 100);
      waiting.delete('b', 100);
      waiting.delete('vanished', 100);
    },
    async ({waiting, pass, told}) => {
      told();
      waiting.listMs = 200_000;
      await pass(125);
      waiting.delete('c', 1);
      waiting.change('a', {status: 'ACTIVE'});
      await pass(6);
      t.deepEqual(told(), ['restored a waiting action', 'added c waiting action']);
      waiting.rows.delete('vanished');
      waiting.times.delete('vanished');
      await pass(150);
      t.deepEqual(told(), []);
      await pass(60);
      t.deepEqual(told(), ['purged vanished waiting action']);
      t.false(told().some((word) => /\b[abc]\b/.test(word)));
    },
    {isExact: true},
    {...ON, compute: '86400', api: '86400'},
  );
});

test('of many that leave at once the first are told while the last are still looked at', async (t) => {
  await follow(
    (waiting) => {
      for (let index = 0; index < 100; index++) waiting.delete(`web-${index}`, 3500);
    },
    async ({waiting, pass, told}) => {
      await pass(160);
      told();
      waiting.actionsMs = 1500;
      for (const name of waiting.rows.keys()) waiting.change(name, {status: 'DELETED'});
      await pass(9);
      const first = told();
      t.true(first.length >= 20 && first.length < 100, `${first.length}`);
      await pass(12);
      t.is(first.length + told().length, 100);
      t.true(first.every((word) => word.startsWith('reclaimed web-')));
    },
  );
});

test('an interval that is only assumed proves no purge', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 3000),
    async ({waiting, pass, told}) => {
      told();
      waiting.change('a', {status: 'DELETED'});
      await pass(6);
      t.deepEqual(told(), ['reclaimed a waiting action']);
    },
    {
      isExact: true,
      assumedSeconds: 7200,
      loadFleet: async () => ({source: undefined, hosts: [], selected: [], notices: []}),
    },
  );
});

test('a whole list that alone gets no answer is told, and asked for again', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told, news}) => {
      told();
      waiting.listTrouble = new CloudError('server-error', 'the list broke off');
      await pass(300);
      t.deepEqual(told(), ['notice']);
      t.like(news.at(-1), {kind: 'notice', text: 'servers may be missing: the list broke off'});
      waiting.listTrouble = undefined;
      waiting.rows.delete('a');
      waiting.times.delete('a');
      await pass(45);
      t.deepEqual(told(), ['purged a waiting action']);
    },
  );
});

test('a cell that does not answer any more is told, and takes nobody away', async (t) => {
  await follow(
    (waiting) => waiting.delete('a', 100),
    async ({waiting, pass, told, news}) => {
      told();
      const {fleet} = waiting;
      const listed = fleet.services;
      fleet.services = () =>
        listed
          .call(fleet)
          .map((service) =>
            service.host === 'compute-1' ? {...service, status: 'unknown', state: 'unknown'} : service,
          );
      waiting.rows.delete('a');
      await pass(200);
      t.false(told().some((word) => /purged|reclaimed/.test(word)));
      const notices = news.filter(({kind}) => kind === 'notice');
      t.is(notices.length, 1);
      t.regex(JSON.stringify(notices), /a cell of Nova does not answer/);
    },
  );
});
