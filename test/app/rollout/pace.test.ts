import test from 'ava';
import {applyWish} from '../../../source/app/rollout/apply.js';
import {PaceControl} from '../../../source/app/rollout/pace.js';
import type {RunEvent, StepEvent} from '../../../source/app/rollout/events.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {SETTINGS} from '../../helpers/fake-process.js';
import {sessionOf} from '../../helpers/seen-fleet.js';

const DAY: FleetShape = {computes: 12, apis: 1, compute: '60', api: '60'};

/** Applies with a pace, and tells each event while it happens. */
async function applyWith(
  fleet: FakeFleet,
  pace: PaceControl,
  onStep: (event: StepEvent) => void,
  stop = new AbortController(),
) {
  const {ports, loadFleet, operator} = sessionOf(fleet);
  const wish = {kind: 'interval', intervalSeconds: 7200, hosts: undefined} as const;
  const events: RunEvent[] = [];
  const end = await applyWish(
    ports,
    {wish, settings: SETTINGS, loadFleet: loadFleet(undefined), operator, context: {}},
    async () => ({destroy: 0, strand: 0}),
    (event) => {
      events.push(event);
      if (event.kind === 'step') onStep(event);
    },
    {stop: stop.signal, finish: new AbortController().signal, pace},
  );
  return {end, events};
}

const isResult = ({step}: StepEvent) => step === 'result';

test('a paused run begins no node, finishes those in hand, and goes on', async (t) => {
  const fleet = new FakeFleet(DAY);
  const pace = new PaceControl();
  let begunWhilePaused = 0;
  const {end} = await applyWith(fleet, pace, (event) => {
    if (event.step === 'change' && event.state === 'started' && pace.isPaused) begunWhilePaused += 1;
    if (isResult(event) && !pace.isPaused && event.host === 'compute-1') {
      pace.pause();
      // Ten minutes of the fleet's own time.
      void fleet.clock.sleep(600_000).then(() => pace.goOn());
    }
  });
  t.is(begunWhilePaused, 0);
  t.is(end.outcome, 'done');
  t.true(fleet.clock.seconds() > 600);
});

test('who leaves a paused run leaves it interrupted, with what is left named', async (t) => {
  const fleet = new FakeFleet(DAY);
  const pace = new PaceControl();
  const stop = new AbortController();
  const {end} = await applyWith(
    fleet,
    pace,
    (event) => {
      if (!isResult(event) || pace.isPaused) return;
      pace.pause();
      void fleet.clock.sleep(60_000).then(() => stop.abort(new Error('left')));
    },
    stop,
  );
  t.is(end.outcome, 'interrupted');
  t.true(end.next.some((line) => line.includes(`reprieve resume ${end.run}`)));
  t.deepEqual(fleet.locks(), []);
});

test('a run that ends after its batch finishes that batch, and nothing else begins', async (t) => {
  const fleet = new FakeFleet(DAY);
  const pace = new PaceControl();
  const {end, events} = await applyWith(fleet, pace, (event) => {
    if (isResult(event) && event.host === 'compute-2') pace.endAfterBatch();
  });
  t.is(end.outcome, 'interrupted');
  // The canary, and the batch of two that compute-2 is in.
  t.is(events.filter((event) => event.kind === 'step' && isResult(event)).length, 3);
  t.is(Object.values(end.nodes).filter((state) => state === 'pending').length, 10);
});

test('a run that shall end after its last batch is done', async (t) => {
  const fleet = new FakeFleet(DAY);
  const pace = new PaceControl();
  const {end} = await applyWith(fleet, pace, (event) => {
    if (event.step === 'change' && event.host === 'api-1') pace.endAfterBatch();
  });
  t.is(end.outcome, 'done');
});
