// What Placement says of the draft, asked when a step is entered and when the answers rest.
import test from 'ava';
import {CloudError} from '../../../../source/app/errors.js';
import type {Candidates, CloudFlavor} from '../../../../source/app/flavor/flavor-ports.js';
import {flavorSentences} from '../../../../source/ui/screens/flavor/sentences.js';
import {cloudFlavor} from '../../../helpers/cloud-flavors.js';
import {FakeFlavorCloud} from '../../../helpers/fake-flavor-cloud.js';
import {FlavorDriver, half} from '../../../helpers/flavor-driver.js';

const hosts = (...names: readonly string[]): Candidates => ({
  kind: 'hosts',
  hosts: names,
  dedicating: [],
  isComplete: true,
});

type Options = ConstructorParameters<typeof FlavorDriver>[1] & {readonly rows?: readonly CloudFlavor[]};

async function open(candidates: Candidates, {rows = [], ...options}: Options = {}) {
  const cloud = new FakeFlavorCloud(rows);
  cloud.candidates = candidates;
  const wizard = await new FlavorDriver(cloud, options).ready();
  const tick = (seconds = 1): void => {
    wizard.dispatch({type: 'tick', now: wizard.state.now + seconds * 1000});
  };
  const settled = async () => wizard.until(({room}) => room.asked === undefined);
  const right = () => half(wizard.body(120, 40), 'right').replaceAll(/\s+/g, ' ');
  return {cloud, wizard, tick, settled, right};
}

test('no key asks; answers that rest for a second do, and the same answers not again', async (t) => {
  const {cloud, wizard, tick, settled} = await open(hosts('c1'));
  wizard.press('down').type('16').press('down').type('32g');
  t.deepEqual(cloud.placementAsked, []);
  tick(0.5);
  t.deepEqual(cloud.placementAsked, []);
  tick();
  await settled();
  t.is(cloud.placementAsked.length, 1);
  t.regex(cloud.placementAsked[0] ?? '', /MEMORY_MB:32768,VCPU:16/);
  tick();
  tick();
  wizard.press('up', 'down').toStep('review');
  tick();
  await settled();
  t.is(cloud.placementAsked.length, 1);
  wizard.toStep('review').press('b', 'b', 'b', 'b', 'b', 'up', 'up', 'enter').type('db.16');
  tick();
  await settled();
  t.is(cloud.placementAsked.length, 1, 'a name takes no room');
  await wizard.stop();
});

test('a step that is entered asks at once', async (t) => {
  const {cloud, wizard, settled} = await open(hosts('c1'));
  wizard.press('down').type('4').press('n');
  t.is(wizard.state.step, 'watchdog');
  await settled();
  t.is(cloud.placementAsked.length, 1);
  await wizard.stop();
});

test('what Placement says takes the place of the estimate', async (t) => {
  const {wizard, tick, settled, right} = await open(hosts('c1', 'c2'));
  t.regex(right(), /✓ 2 of 2 hosts: 2 vCPU, 4 GiB free estimated without overcommitment/);
  tick();
  await settled();
  t.regex(right(), /✓ Placement: 2 hosts could take it now, c1, c2 by size alone.*: 2 of 2 hosts/);
  t.true(flavorSentences(wizard.state).includes('Placement: 2 hosts could take it now, c1, c2.'));
  t.true(wizard.state.news.includes('Placement: 2 hosts could take it now, c1, c2.'));
  wizard.press('down').type('8');
  t.regex(right(), /✓ 1 of 2 hosts: 8 vCPU/, 'what was said of other answers is not shown');
  await wizard.stop();
});

test('no host, an unknown trait and PCPUs that nobody has are told as what they are', async (t) => {
  const {cloud, wizard, tick, settled, right} = await open(hosts());
  tick();
  await settled();
  t.regex(
    right(),
    /▲ Placement: no host could take it now; a server would end with "No valid host was found"/,
  );
  cloud.candidates = {
    kind: 'refused',
    unknown: 'trait',
    names: ['CUSTOM_NOBODY'],
    message: 'No such trait(s): CUSTOM_NOBODY.',
  };
  wizard.press('down').type('3');
  tick();
  await settled();
  t.regex(right(), /▲ Placement does not know the trait CUSTOM_NOBODY, so no host has it/);
  await wizard.stop();
});

test('an answer that comes late is dropped, and the answers of now are asked about', async (t) => {
  const {cloud, wizard, tick, settled} = await open(hosts('old'));
  tick();
  t.is(cloud.placementAsked.length, 0, 'the question is on its way');
  wizard.press('down').type('8');
  tick();
  await settled();
  t.is(wizard.state.room.answer, undefined);
  t.is(cloud.placementAsked.length, 1, 'one question at a time');
  cloud.candidates = hosts('new');
  tick();
  await settled();
  t.regex(cloud.placementAsked[1] ?? '', /VCPU:8/);
  t.regex(JSON.stringify(wizard.state.room.answer?.outcome), /"new"/);
  await wizard.stop();
});

test('without a Placement nothing is said, and nothing more is asked', async (t) => {
  const {cloud, wizard, tick, settled, right} = await open({kind: 'unavailable', why: 'absent'});
  const before = right();
  tick();
  await settled();
  t.is(right(), before);
  wizard.press('down').type('8').press('enter');
  tick();
  await settled();
  t.is(cloud.placementAsked.length, 1);
  await wizard.stop();
});

test('who may not ask is told so once, and keeps the estimate', async (t) => {
  const {cloud, wizard, tick, settled, right} = await open({kind: 'unavailable', why: 'forbidden'});
  tick();
  await settled();
  t.regex(right(), /✓ 2 of 2 hosts: .* Placement does not let this account ask who could take it/);
  wizard.press('down').type('8').toStep('review');
  tick();
  await settled();
  t.is(cloud.placementAsked.length, 1);
  await wizard.stop();
});

test('a Placement that does not answer is told with its reason, and asked again with r or other answers', async (t) => {
  const {cloud, wizard, tick, settled, right} = await open(hosts('c1'));
  cloud.silence = new CloudError('server-error', 'Placement of fra1 does not tell (HTTP 503).');
  tick();
  await settled();
  t.regex(
    right(),
    /2 of 2 hosts.*\? who could take it now is not known: Placement of fra1 does not tell \(HTTP 503\)\./,
  );
  tick();
  t.is(cloud.placementAsked.length, 1);
  cloud.silence = undefined;
  wizard.dispatch({type: 'look-again'});
  tick();
  await settled();
  t.regex(right(), /Placement: 1 host could take it now, c1/);
  await wizard.stop();
});

test('a flavor with encrypted memory is asked about with an image that can have it', async (t) => {
  const {cloud, wizard, settled} = await open(hosts('c1'), {
    rows: [cloudFlavor('sev', {extraSpecs: {'hw:mem_encryption': 'true'}})],
    clone: 'sev',
  });
  wizard.press('n');
  await settled();
  t.regex(cloud.placementAsked[0] ?? '', /MEM_ENCRYPTION_CONTEXT/);
  await wizard.stop();
});

test('offline, without a size, and for what Nova refuses nothing is asked', async (t) => {
  const cloud = new FakeFlavorCloud();
  const offline = new FlavorDriver(cloud, {isOffline: true});
  offline.dispatch({type: 'tick', now: offline.state.now + 5000});
  const {cloud: asked, wizard, tick} = await open(hosts('c1'));
  wizard.press('down', 'backspace');
  tick();
  wizard.type('2').toStep('NUMA').type('3');
  tick();
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual([...cloud.placementAsked, ...asked.placementAsked.slice(1)], []);
  await wizard.stop();
  await offline.stop();
});
