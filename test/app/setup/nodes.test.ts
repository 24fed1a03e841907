import test from 'ava';
import {arrange, matchNames, presentInterval, rowsOf} from '../../../source/app/setup/nodes.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {seeFleet, sessionOf} from '../../helpers/seen-fleet.js';

const ON: FleetShape = {computes: 3, apis: 1, compute: '7200', api: '7200'};

async function rowsOfFleet(fleet: FakeFleet) {
  const seen = await seeFleet(sessionOf(fleet));
  return {seen, rows: [...seen.looks.values()].flatMap((look) => rowsOf(look, seen.view))};
}

test('nodes that are alike are one group, API nodes last', async (t) => {
  const {rows} = await rowsOfFleet(new FakeFleet(ON));
  const {wrong, groups} = arrange(rows);
  t.deepEqual(wrong, []);
  t.deepEqual(
    groups.map(({rows: members}) => [members.length, members[0]?.roles[0], members[0]?.state]),
    [
      [3, 'compute', 'ready'],
      [1, 'api', 'ready, go last'],
    ],
  );
});

test('another value makes another group', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-2').write('/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 600\n');
  const {rows} = await rowsOfFleet(fleet);
  const {wrong, groups} = arrange(rows);
  t.deepEqual(
    wrong.map(({host, state}) => `${host}: ${state}`),
    ['compute-2: restart missing'],
  );
  t.is(groups[0]?.rows.length, 2);
});

test('a node that cannot be reached comes first, with its whole message', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-3').isReachable = false;
  fleet.node('compute-1').skewMs = 14_000;
  const {rows} = await rowsOfFleet(fleet);
  const {wrong} = arrange(rows);
  t.deepEqual(
    wrong.map(({host, sign, state}) => `${host} ${sign} ${state}`),
    ['compute-3 failed no SSH', 'compute-1 warning clock 14 s ahead'],
  );
  t.regex(wrong[0]?.details[0] ?? '', /connection refused/);
  t.is(wrong[0]?.value, undefined);
});

test('a host with both roles has a row for each', async (t) => {
  const {rows} = await rowsOfFleet(new FakeFleet({mixed: 1, compute: '60', api: '60'}));
  t.deepEqual(
    rows.map(({id}) => id),
    ['mixed-1/compute', 'mixed-1/api'],
  );
});

test('names that only Nova or only the inventory has are told', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.ghosts.push('ghost-1');
  const {seen} = await rowsOfFleet(fleet);
  t.deepEqual(matchNames(seen.view, seen.looks), {both: 3, onlyNova: ['ghost-1'], onlyInventory: []});
});

test('the present interval is one number, mixed, or unknown', async (t) => {
  const same = await rowsOfFleet(new FakeFleet(ON));
  t.is(presentInterval(same.rows), 7200);
  const off = await rowsOfFleet(new FakeFleet({computes: 2, apis: 1}));
  t.is(presentInterval(off.rows), 0);
  const fleet = new FakeFleet(ON);
  fleet.node('compute-2').write('/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 600\n');
  t.is(presentInterval((await rowsOfFleet(fleet)).rows), 'mixed');
  t.is(presentInterval([]), undefined);
});

test('500 alike nodes are one row', async (t) => {
  const {rows} = await rowsOfFleet(new FakeFleet({computes: 497, apis: 3, compute: '7200', api: '7200'}));
  const {wrong, groups} = arrange(rows);
  t.is(wrong.length, 0);
  t.deepEqual(
    groups.map((group) => group.rows.length),
    [497, 3],
  );
});
