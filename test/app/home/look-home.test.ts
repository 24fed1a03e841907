import test from 'ava';
import {createHomeLook, type HomeFinding} from '../../../source/app/home/look-home.js';
import {CloudError, UserError} from '../../../source/app/errors.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {fakeMemory, findings, homePorts, LABEL} from '../../helpers/home-fleet.js';

const ON: FleetShape = {computes: 3, apis: 1, compute: '7200', api: '7200'};

test('the cloud is named before anything is asked, then signed in to', async (t) => {
  const fleet = new FakeFleet(ON);
  t.deepEqual(await findings(homePorts(fleet), 'cloud'), [
    {source: 'cloud', kind: 'named', label: LABEL},
    {source: 'cloud', kind: 'found', at: fleet.clock.start + 20, tookMs: 20},
  ]);
});

test('where no cloud is configured, that is the finding, with what to do', async (t) => {
  const fleet = new FakeFleet(ON);
  const connect = () =>
    Promise.reject(new CloudError('configuration', 'No credentials.', {remedy: 'Write a clouds.yaml.'}));
  const problem = {message: 'No credentials.', remedy: 'Write a clouds.yaml.', isSilence: false};
  t.deepEqual(await findings(homePorts(fleet, {connect}), 'cloud'), [
    {source: 'cloud', kind: 'failed', at: fleet.clock.start, problem},
  ]);
});

test('each source fails on its own: Nova is silent, the runs are there', async (t) => {
  const fleet = new FakeFleet(ON);
  const {look} = createHomeLook(homePorts(fleet));
  const found: HomeFinding[] = [];
  const {signal} = new AbortController();
  const emit = (finding: HomeFinding) => void found.push(finding);
  await look('cloud', emit, signal);
  fleet.isNovaDown = () => true;
  await Promise.all([
    look('services', emit, signal),
    look('setup', emit, signal),
    look('runs', emit, signal),
  ]);
  const kinds = found.map(({source, kind}) => `${source} ${kind}`);
  t.deepEqual(kinds.toSorted(), [
    'cloud found',
    'cloud named',
    'runs found',
    'services failed',
    'setup failed',
  ]);
  const failed = found.find(({source}) => source === 'services');
  t.true(failed?.kind === 'failed' && failed.problem.isSilence);
});

test('an answer that refuses is no silence', async (t) => {
  const fleet = new FakeFleet(ON);
  const ports = homePorts(fleet);
  const connection = await ports.connect(() => {});
  const cloud = {
    ...connection.ports.cloud,
    services: () => Promise.reject(new CloudError('forbidden', 'Not for you.', {status: 403})),
  };
  const connect = async () => ({...connection, ports: {...connection.ports, cloud}});
  const [, , failed] = await findings({...ports, connect}, 'cloud', 'services');
  t.like(failed, {source: 'services', kind: 'failed', problem: {message: 'Not for you.', isSilence: false}});
});

test('services: computes that are up, and those that are silent since when', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.ghosts = ['old-1'];
  const found = (await findings(homePorts(fleet), 'cloud', 'services')).at(-1);
  t.like(found, {source: 'services', kind: 'found', figures: {up: 3, of: 4}});
  t.deepEqual(found?.source === 'services' && found.kind === 'found' ? found.figures.silent : undefined, [
    {binary: 'nova-compute', host: 'old-1', state: 'down', since: fleet.clock.start - 9e6, isForced: false},
  ]);
});

test('hosts of servers are looked at only when nodes are not, over the same connections', async (t) => {
  const fleet = new FakeFleet(ON);
  const ports = homePorts(fleet);
  const home = createHomeLook(ports);
  const {signal} = new AbortController();
  await home.look('cloud', () => {}, signal);
  const said: string[] = [];
  const looked = home.look('setup', ({kind}) => void said.push(kind), signal);
  const {name, options, ports: watched} = home.watched(() => ['a'], false);
  const work = options.inTurn?.(async () => void said.push('hosts'));
  await Promise.all([looked, work]);
  t.is(said.at(-1), 'hosts');
  t.is(said.at(-2), 'found');
  t.is(name, LABEL.name);
  t.is(watched, (await ports.connect(() => {})).ports);
  t.deepEqual(options.exactOnly?.(), ['a']);
  t.false(options.areHostsAwaited);
  t.true(home.watched(() => [], true).options.areHostsAwaited);
});

test('the last run is the newest journal', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  t.like((await findings(homePorts(fleet), 'runs')).at(-1), {source: 'runs', last: undefined});
  const ended = await fleet.process({settings: {destroy: 0}}).apply(7200);
  t.is(ended.end?.outcome, 'done');
  const found = (await findings(homePorts(fleet), 'runs')).at(-1);
  t.true(found?.source === 'runs' && found.kind === 'found' && found.last?.run === ended.run);
});

test('the set-up is told as it grows and remembered at the end, by cloud', async (t) => {
  const fleet = new FakeFleet(ON);
  const memory = fakeMemory();
  const found = await findings(homePorts(fleet, {memory}), 'cloud', 'memory', 'setup', 'memory');
  t.deepEqual(
    found.map(({source, kind}) => `${source} ${kind}`),
    [
      'cloud named',
      'cloud found',
      'memory found',
      ...Array.from({length: 5}, () => 'setup part'),
      'setup found',
      'memory found',
    ],
  );
  t.like(found[2], {source: 'memory', setup: undefined});
  const at = fleet.clock.now();
  t.deepEqual(found.at(-1), {
    source: 'memory',
    kind: 'found',
    at,
    setup: {at, verdict: 'on', api: {good: 1, of: 1}, computes: {good: 3, of: 3}, intervalSeconds: 7200},
  });
});

test('a memory that cannot be kept takes nothing away from what was found', async (t) => {
  const fleet = new FakeFleet(ON);
  const memory = {
    read: async () => undefined,
    write: () => Promise.reject(new UserError('failed', 'the disk is full')),
  };
  const found = await findings(homePorts(fleet, {memory}), 'cloud', 'setup');
  t.deepEqual(
    found.slice(-2).map(({source, kind}) => `${source} ${kind}`),
    ['setup found', 'memory failed'],
  );
});

test('no connection to a node stays open, also where the look is broken off', async (t) => {
  const fleet = new FakeFleet(ON);
  const ports = homePorts(fleet);
  const connection = await ports.connect(() => {});
  const released: string[] = [];
  const shell = {
    ...connection.ports.shell,
    release: async ({name}: {readonly name: string}) => void released.push(name),
  };
  const connect = async () => ({...connection, ports: {...connection.ports, shell}});
  await findings({...ports, connect}, 'cloud', 'setup');
  t.deepEqual(released, ['api-1', 'compute-1', 'compute-2', 'compute-3']);

  released.length = 0;
  const {look} = createHomeLook({...ports, connect});
  const controller = new AbortController();
  await look('cloud', () => {}, controller.signal);
  const stop = new Error('enough');
  await t.throwsAsync(
    look(
      'setup',
      (finding) => {
        if (finding.source === 'setup') controller.abort(stop);
      },
      controller.signal,
    ),
    {is: stop},
  );
  t.is(released.length, 4);
});

test('the next look waits until the one before has given its connections back', async (t) => {
  const fleet = new FakeFleet(ON);
  const ports = homePorts(fleet);
  const connection = await ports.connect(() => {});
  const given = Promise.withResolvers<void>();
  const shell = {...connection.ports.shell, release: async () => given.promise};
  const {look} = createHomeLook({
    ...ports,
    connect: async () => ({...connection, ports: {...connection.ports, shell}}),
  });
  const {signal} = new AbortController();
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const tellAs = (name: string) => (finding: HomeFinding) => {
    if (finding.source !== 'setup') return;
    said.push(`${name} ${finding.kind}`);
    if (finding.kind === 'found') first.resolve();
  };
  await look('cloud', () => {}, signal);
  const one = look('setup', tellAs('one'), signal);
  await first.promise;
  const two = look('setup', tellAs('two'), signal);
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  t.is(said.at(-1), 'one found');
  given.resolve();
  await Promise.all([one, two]);
  t.is(said.at(-1), 'two found');
});
