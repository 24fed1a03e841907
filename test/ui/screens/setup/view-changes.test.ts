import test from 'ava';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {bodyOf, DAY, rowWith, SIZES, troubledFleet} from '../../../helpers/setup-body.js';

test('the changes name who is destroyed, by the order of harm', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    const order = [
      '71 of 78',
      'deleted ',
      'projects',
      'safe ',
      'server-79',
      'nova.conf',
      'type how many',
      'Back',
    ];
    const places = order.map((text) => body.findIndex((line) => line.slice(0, 76).includes(text)));
    t.true(
      places.every((place, index) => place >= (places[index - 1] ?? 0)),
      `${columns}: ${places.join()}\n${body.join('\n')}`,
    );
  }
});

test('in every window the buttons and the count are in sight, whatever else there is to say', async (t) => {
  const ports = new FakeSetup(troubledFleet());
  const wizard = new SetupDriver(ports);
  await wizard.toChanges('2h');
  for (const columns of [80, 100, 109, 110, 120, 200]) {
    for (let rows = 24; rows <= 60; rows++) {
      const body = bodyOf(wizard, columns, rows).map((line) => line.slice(0, 96));
      const where = `${columns}x${rows}\n${body.join('\n')}`;
      t.true(
        body.some((line) => line.includes('type how many are destroyed')),
        where,
      );
      t.true(
        body.some((line) => /Back .*\[ Apply \]/.test(line)),
        where,
      );
      t.true(
        body.some((line) => line.includes('71 of 78')),
        where,
      );
    }
  }
  await wizard.stop();
});

test('changes of the same place are told together, and the cut is named by the interval', async (t) => {
  const fleet = new FakeFleet(DAY);
  for (let index = 0; index < 8; index += 1) fleet.delete(`server-${index}`, 'compute-1', 300 + index * 1000);
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('90s');
  const body = bodyOf(wizard, 80, 24);
  t.regex(rowWith(body, 'changes '), /^ changes  60 nova\.conf:\d+  3 API nodes, last$/);
  t.truthy(rowWith(body, '1 min 30 s ago'));
  t.regex(rowWith(body, 'type how many'), /8 +Back +\[ Apply \] +needs 8$/);
  await wizard.stop();
});

test('who would be destroyed stands in columns with their names', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  wizard.press('v');
  const body = bodyOf(wizard, 80, 24);
  const heading = rowWith(body, 'NAME ');
  t.regex(heading, /NAME +PROJECT +HOST +DELETED, AGO$/);
  const first = rowWith(body, 'server-79');
  t.is(first.indexOf('server-79'), heading.indexOf('NAME'));
  t.is(first.length, heading.length);
  await wizard.stop();
});

test('what else there is to know is told whole in a wide window', async (t) => {
  const fleet = troubledFleet();
  for (const host of ['compute-20', 'compute-21', 'compute-22']) fleet.node(host).isReachable = false;
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  const body = bodyOf(wizard, 120, 40).map((line) => line.slice(0, 76).trimEnd());
  const at = body.findIndex((line) => line.trim() === 'ALSO');
  const rows = body.slice(
    at + 1,
    body.findIndex((line, index) => index > at && line.trim() === ''),
  );
  t.regex(
    rows.join(' ').replaceAll(/ +/g, ' '),
    / 4 computes were not looked at, compute-9 …: nova-api goes on only when all reclaim/,
  );
  t.true(rows.every((line) => !line.endsWith('…')));
});

test('computes that were seen and are not chosen are not said to be unseen', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet(DAY)), {hosts: 'compute-2,compute-5'});
  await wizard.toChanges('2h');
  const body = bodyOf(wizard, 120, 40).join('\n');
  t.notRegex(body, /not looked at/);
  t.regex(body, / ✓ \d+ computes stay as they are/);
});

test('where nothing has to be changed there are no headings of changes and of their order', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet(DAY)));
  await wizard.toChanges('24h');
  const body = bodyOf(wizard, 120, 40).join('\n');
  t.regex(body, /✗ nothing has to be changed/);
  t.notRegex(body, /CHANGES|ORDER|takes about/);
});
