import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';

const RUN = '20261122-170000-dead';

function lockOf(fleet: FakeFleet, name: string, run = RUN): void {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  fleet.node(name).lock = new Map([
    ['run', run],
    ['operator', encode('bob')],
    ['bastion', encode('bastion-2')],
    ['pid', '77'],
    ['boot', 'boot-2'],
    ['since', '1795000000'],
  ]);
}

for (const name of ['api-1', 'compute-2']) {
  test(`a foreign lock on ${name} refuses the run with its owner`, async (t) => {
    const fleet = new FakeFleet({computes: 2, apis: 1});
    lockOf(fleet, name);
    const {error} = await fleet.process().apply(7200);
    t.true(error instanceof UserError && error.kind === 'refused');
    t.regex(String(error), new RegExp(`${name} is locked by run ${RUN} of bob on bastion-2`));
    t.true(fleet.nodes.every((node) => node.writes.length === 0));
    t.deepEqual(fleet.locks(), [name]);
  });

  test(`--break-lock takes the lock of ${name} over`, async (t) => {
    const fleet = new FakeFleet({computes: 2, apis: 1});
    lockOf(fleet, name);
    const ended = await fleet.process({settings: {breakLock: RUN}}).apply(7200);
    t.is(ended.end?.outcome, 'done');
    t.deepEqual(fleet.locks(), []);
  });
}

test('--break-lock of another run takes nothing over', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  lockOf(fleet, 'api-1');
  const {error} = await fleet.process({settings: {breakLock: '20261122-170000-beef'}}).apply(7200);
  t.true(error instanceof UserError && error.kind === 'refused');
});

test('a lock that appears after planning, before ours is taken, refuses the run', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 2});
  const process = fleet.process({
    confirm: async () => {
      lockOf(fleet, 'api-2');
      return {destroy: 0, strand: 0};
    },
  });
  const {error} = await process.apply(7200);
  t.true(error instanceof UserError && error.kind === 'refused');
  t.deepEqual(fleet.locks(), ['api-2']);
});

test('a compute that another run locked meanwhile is not touched, the others are done', async (t) => {
  const fleet = new FakeFleet({computes: 3, compute: '60'});
  const process = fleet.process({
    settings: {computesOnly: true},
    confirm: async () => {
      lockOf(fleet, 'compute-2');
      return {destroy: 0, strand: 0};
    },
  });
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.is(ended.end?.nodes['compute-2'], 'not-touched');
  t.is(ended.end?.nodes['compute-3'], 'done');
  t.is(fleet.node('compute-2').writes.length, 0);
  t.deepEqual(fleet.locks(), ['compute-2']);
});

test('two runs at once: one does it, the other is refused with the owner', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 2});
  const [one, other] = await Promise.all([fleet.process().apply(7200), fleet.process().apply(9000)]);
  const refused = [one, other].filter(({error}) => error !== undefined);
  t.is(refused.length, 1);
  t.regex(String(refused[0]?.error), /locked by run .* of alice/);
  t.is([one, other].find(({end}) => end !== undefined)?.end?.outcome, 'done');
  t.is(new Set(Object.values(fleet.running())).size, 1);
  t.deepEqual(fleet.locks(), []);
});

test('the lock of a run whose process is gone names resume', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const first = await fleet.process({diesAfter: 12}).apply(7200);
  const {error} = await fleet.process().apply(9000);
  t.true(error instanceof UserError && new RegExp(`reprieve resume ${first.run}`).test(error.remedy ?? ''));
});

test('where its journal is not here, it is not resume that is named', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const first = await fleet.process({diesAfter: 12}).apply(7200);
  fleet.journals.delete(first.run);
  const {error} = await fleet.process().apply(9000);
  const remedy = error instanceof UserError ? (error.remedy ?? '') : t.fail();
  t.false(remedy.includes('resume'), remedy);
  t.true(remedy.includes(`--break-lock ${first.run}`), remedy);
  const {end} = await fleet.process({settings: {breakLock: first.run}}).apply(9000);
  t.is(end?.outcome, 'done');
});

test('a refused run leaves no lock behind, also where a later API node refused', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 3});
  fleet.faultOf = ({title, node, values}) =>
    title === 'lock' && node === 'api-3' && values.get('action') === 'lock' ? 'refused' : undefined;
  const {error} = await fleet.process().apply(7200);
  t.true(error instanceof UserError);
  t.deepEqual(fleet.locks(), []);
});

test('a lock that cannot be given back is told with the way to get rid of it', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  fleet.faultOf = ({title, node, values}) =>
    title === 'lock' && node === 'api-1' && values.get('action') === 'unlock' ? 'refused' : undefined;
  const ended = await fleet.process().apply(7200);
  const told = ended.events.find((event) => event.kind === 'step' && event.step === 'unlock');
  t.true(told?.kind === 'step' && told.message.includes(`--break-lock ${ended.run}`));
});
