import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';
import {followRun, readOwnRuns, type RunUpdate} from '../../../source/app/rollout/own-runs.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';
import {begin, end, intent, plan, planned, result, RUN, step} from '../../fixtures/plans.js';

async function fleetWithRuns() {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const first = await fleet.process().apply(7200);
  const second = await fleet.process({diesAfter: 8}).apply(86_400);
  return {fleet, first: first.run, second: second.run, journals: fleet.process().ports().journals};
}

test('own runs are read from their journals, newest first', async (t) => {
  const {journals, first, second} = await fleetWithRuns();
  const {runs, damaged} = await readOwnRuns(journals);
  t.deepEqual(
    runs.map(({run, state}) => `${run} ${state}`),
    [`${second} interrupted`, `${first} done`],
  );
  t.deepEqual(damaged, []);
});

test('a run that is done is not read again, one that was interrupted is', async (t) => {
  const {journals, second} = await fleetWithRuns();
  const known = (await readOwnRuns(journals)).runs;
  const read: string[] = [];
  const watched = {
    ...journals,
    read: async (run: string) => {
      read.push(run);
      return journals.read(run);
    },
  };
  t.deepEqual((await readOwnRuns(watched, known)).runs, known);
  t.deepEqual(read, [second]);
});

test('a damaged journal is told beside the others', async (t) => {
  const {journals, first, second} = await fleetWithRuns();
  const problem = new UserError('failed', 'line 2 is no entry');
  const damaged = {
    ...journals,
    read: async (run: string) => (run === second ? Promise.reject(problem) : journals.read(run)),
  };
  const found = await readOwnRuns(damaged);
  t.deepEqual(
    found.runs.map(({run}) => run),
    [first],
  );
  t.deepEqual(found.damaged, [{run: second, problem}]);
});

/** A journal that another process writes: entries with the seconds at which they come. */
function followed(
  clock: VirtualClock,
  before: readonly JournalEntry[],
  later: readonly [number, JournalEntry][],
) {
  let isLive = later.length > 0;
  const {journals} = new FakeFleet({}).process().ports();
  return {
    ...journals,
    read: async () => before,
    isLive: async () => isLive,
    async *follow(_run: string, signal: AbortSignal) {
      yield* before;
      const start = clock.now();
      for (const [second, entry] of later) {
        const wait = start + second * 1000 - clock.now();
        try {
          await clock.sleep(wait, signal);
        } catch (error) {
          if (signal.aborted) return;
          throw error;
        }
        yield entry;
      }
      isLive = false;
    },
  };
}

async function follow(
  before: readonly JournalEntry[],
  later: readonly [number, JournalEntry][],
  onUpdate: (update: RunUpdate, seconds: number, stop: AbortController) => void = () => {},
) {
  const clock = new VirtualClock();
  const journals = followed(clock, before, later);
  const stop = new AbortController();
  const updates: string[] = [];
  const emit = (update: RunUpdate) => {
    const seconds = Math.floor(clock.seconds());
    onUpdate(update, seconds, stop);
    updates.push(`${seconds} ${update.summary?.state} ${update.news.length}${update.isOver ? ' over' : ''}`);
  };
  await followRun({journals, clock}, RUN, emit, stop.signal);
  return updates;
}

test('a run that is over is told once', async (t) => {
  t.deepEqual(await follow([begin, planned(plan()), end('done', {})], []), ['0 done 3 over']);
});

test('a live run is told at once, then at most once a second, then that it is over', async (t) => {
  const updates = await follow(
    [begin, planned(plan())],
    [
      [0.1, intent('compute-1/compute')],
      [0.2, step('compute-1', 'change', 'done')],
      [3.5, result('compute-1/compute', 'done')],
      [3.6, end('done', {'compute-1': 'done'})],
    ],
  );
  t.deepEqual(updates, ['0 running 2', '1 running 2', '3 done 2 over']);
});

test('the process was killed: the run is interrupted', async (t) => {
  const updates = await follow([begin], [[0.5, planned(plan())]]);
  t.deepEqual(updates, ['0 running 1', '0 interrupted 1 over']);
});

test('following ends when nobody wants it any more', async (t) => {
  const enough = new Error('enough');
  await t.throwsAsync(
    follow([begin], [[90, planned(plan())]], (_update, _seconds, stop) => stop.abort(enough)),
    {is: enough},
  );
});
