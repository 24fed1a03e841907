// The proof with a test server against the real Nova: off it is disproved, on it is proved, and nothing is left.
import test from 'ava';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {fullTest} from '../helpers/full-test.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {openLab} from '../helpers/lab.js';
import {offerOn, proveOn} from '../helpers/real-proof.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const own = createCloud(await labConfiguration('lab'), labOptions);

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => {
  own.close();
  await operator.remove();
  await resetLab(lab, cloud);
});

test.serial('with delayed delete off the deleted server is gone, and the proof says why', async (t) => {
  const {end, steps, id} = await proveOn(own);
  t.log(...steps);
  t.is(end.outcome, 'disproved', end.verdict);
  t.regex(end.verdict, /destroyed at once/);
  t.is(end.left, undefined);
  t.is(await cloud.server(id ?? ''), undefined);
});

fullTest('with an interval a server waits as SOFT_DELETED, is restored, and removed for good', async (t) => {
  const ended = await operator.run(['apply', '--interval', '90s', '--yes', '--batch', '1,100%']);
  t.is(ended.code, 0, ended.stderr);
  const before = (await cloud.servers()).map(({id}) => id);
  const {offer, end, steps, id} = await proveOn(own);
  t.log(...steps);
  t.is(`${offer.choice.flavor.name} ${offer.choice.image.name}`, 'lab.tiny lab-blank');
  t.is(end.outcome, 'proved', end.verdict);
  t.is(end.left, undefined);
  t.deepEqual(
    steps.map((step) => step.split(':')[0]),
    ['create done', 'delete done', 'soft-deleted done', 'restore done', 'remove done'],
  );
  t.is(await cloud.server(id ?? ''), undefined);
  t.deepEqual((await cloud.servers()).map((server) => server.id).toSorted(), before.toSorted());
});

fullTest('stopped while it waits, its server is removed all the same, and none is found later', async (t) => {
  const {end, id} = await proveOn(own, 'soft-deleted');
  t.is(end.outcome, 'stopped', end.verdict);
  t.is(end.left, undefined);
  t.is(await cloud.server(id ?? ''), undefined);
  t.deepEqual((await offerOn(own)).earlier, []);
});
