import test from 'ava';
import {
  holdingOf,
  meaningOf,
  olderThan,
  pricedIntervals,
  rateOf,
  readDeleteRate,
} from '../../../source/app/setup/interval.js';
import {CloudError} from '../../../source/app/errors.js';
import type {Deletion} from '../../../source/app/ports.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';
import {fakeAccount, sessionOf} from '../../helpers/seen-fleet.js';

const signal = new AbortController().signal;
const complete = <Row>(rows: readonly Row[]) => ({rows, isComplete: true, problem: undefined});
const deletion = (id: number): Deletion => ({
  id: String(id),
  projectId: 'p',
  time: 0,
  vcpus: 4,
  memoryMib: 8192,
});
const hypervisor = (vcpus: number | undefined, memoryMib: number | undefined) => ({
  id: 'h',
  host: 'h',
  hypervisorHostname: 'h',
  vcpus,
  memoryMib,
});
const week = Array.from({length: 2380}, (_, index) => deletion(index));

test('an interval holds the deletes of its time, by the rate of seven days', (t) => {
  const rate = rateOf(complete(week), complete([hypervisor(3400, 68_000 * 1024)]));
  t.is(rate.perDay, 340);
  const day = holdingOf(rate, 86_400);
  t.is(day.servers, 340);
  t.is(day.vcpus, 1360);
  t.is(day.memoryMib, 340 * 8192);
  t.is(Math.round((day.share ?? 0) * 100), 4);
  t.is(Math.round(holdingOf(rate, 7200).servers ?? 0), 28);
});

test('sizes that Nova does not tell are unknown, not zero', (t) => {
  const rate = rateOf(
    complete([
      {...deletion(1), vcpus: undefined},
      {...deletion(2), vcpus: undefined, memoryMib: undefined},
    ]),
    complete([hypervisor(8, undefined)]),
  );
  t.is(rate.vcpus, undefined);
  t.is(rate.memoryMib, 8192);
  t.is(rate.cloudVcpus, 8);
  t.is(rate.cloudMemoryMib, undefined);
  const {servers, vcpus, share} = holdingOf(rate, 86_400);
  t.truthy(servers);
  t.is(vcpus, undefined);
  t.is(share, undefined);
});

test('a listing that broke off makes the rate unknown and says why', async (t) => {
  const broken = rateOf({rows: week, isComplete: false, problem: 'a cell is down'}, complete([]));
  t.is(broken.perDay, undefined);
  t.is(broken.problem, 'a cell is down');
  t.is(holdingOf(broken, 60).servers, undefined);
  const {ports} = sessionOf(new FakeFleet({computes: 1}));
  const account = {
    ...fakeAccount(),
    deletions: async () => Promise.reject(new CloudError('forbidden', 'not for you')),
  };
  const refused = await readDeleteRate({cloud: ports.cloud, account}, 0, signal);
  t.is(refused.problem, 'not for you');
});

test('a server can be restored for the interval and is destroyed within 62 s after it', (t) => {
  t.deepEqual(meaningOf(7200, 1000), {restorableUntil: 7_201_000, destroyedBy: 7_263_000});
});

test('the typed interval stands among the usual ones', (t) => {
  t.deepEqual(pricedIntervals(3600), [600, 3600, 7200, 86_400, 604_800]);
  t.deepEqual(pricedIntervals(7200), [600, 7200, 86_400, 604_800]);
  t.deepEqual(pricedIntervals(0), [600, 7200, 86_400, 604_800]);
});

test('only servers that are surely older are counted before the plan', (t) => {
  const row = (updatedAt: number | undefined) => ({
    id: 'a',
    name: 'a',
    projectId: undefined,
    host: 'h',
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt,
    isLocked: false,
  });
  t.is(olderThan([row(0), row(5000), row(undefined)], 6, 10_000), 1);
});
