import test from 'ava';
import type {PresentProfile} from '../../../source/app/init/init-types.js';
import {CloudError, UserError} from '../../../source/app/errors.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';
import {cloudNamed, FILE, found, isDone, LAB, play, type Script} from '../../helpers/init-scene.js';

const REST: Script = [
  [/How are nodes reached/, ''],
  [/SSH user/, ''],
  [/sudo want a password/, ''],
  [/^Write /, 'yes'],
];

test('every question has its turn, and the answers are the profile', async (t) => {
  const played = await play({
    script: [
      [/^Which cloud\?$/, 'fra1'],
      [/Where are the nodes/, 'Ansible inventory'],
      [/Inventory file/, 'hosts.yml'],
      [/How are nodes reached/, "system's ssh"],
      [/SSH user/, 'operator'],
      [/sudo want a password/, 'yes'],
      [/^Write \/home\/op/, 'yes'],
    ],
  });
  isDone(t, played);
  t.deepEqual(played.settings, {
    cloud: 'fra1',
    inventory: '/here/hosts.yml',
    transport: 'openssh',
    'ask-become-pass': true,
    nodes: {all: {user: 'operator'}},
  });
  t.deepEqual(found(played.events).slice(0, 3), [
    'cloud ok: 2 clouds in /home/op/clouds.yaml',
    'cloud ok: signed in to fra1, Nova at http://c lists 2 computes, 2 up',
    'nodes ok: hosts.yml: 2 computes, 1 API node',
  ]);
  t.regex(found(played.events)[3] ?? '', /^node ok: compute-1: nova-compute\.service is active \(Debian/);
  t.true(played.result?.isCloudProved === true && played.result.isNodeProved);
});

test("Nova's own list needs the names of API hosts, and none can be given", async (t) => {
  const nova: Script = [
    [/Which cloud/, 'lab'],
    [/Where are the nodes/, 'that Nova lists'],
  ];
  const named = await play({script: [...nova, [/Hosts that run nova-api/, 'api-1'], ...REST]});
  isDone(t, named);
  t.deepEqual(named.settings, {cloud: 'lab', 'api-hosts': ['api-1']});
  const none = await play({script: [...nova, [/Hosts that run nova-api/, ''], ...REST]});
  isDone(t, none);
  t.deepEqual(none.settings, {cloud: 'lab'});
  t.true(found(none.events).some((line) => line.startsWith('nodes warning: no API node is named')));
});

test('a wrong answer is asked again with the reason', async (t) => {
  const played = await play({
    script: [
      [/Which cloud/, 'lab'],
      [/Where are the nodes/, 'Ansible inventory'],
      [/Inventory file/, 'host.yml'],
      [/Inventory file/, 'hosts.yml'],
      [/How are nodes reached/, ''],
      [/SSH user/, 'a b'],
      [/SSH user/, 'root'],
      [/^Write /, 'yes'],
    ],
  });
  isDone(t, played);
  t.true(played.asked.includes('inventory /here/host.yml: there is no such file.'));
  t.true(played.asked.some((line) => /"a b" is not an account name/.test(line)));
  t.like(played.settings, {nodes: {all: {user: 'root'}}});
});

test('flags answer in advance, and with --yes nothing is asked', async (t) => {
  const played = await play({isAlone: true, given: {cloud: 'lab', inventory: 'hosts.yml'}});
  isDone(t, played);
  t.deepEqual(played.asked, []);
  t.deepEqual(played.settings, {cloud: 'lab', inventory: '/here/hosts.yml'});
  const all = await play({
    isAlone: true,
    given: {
      cloud: 'lab',
      apiHosts: ['api-1'],
      transport: 'openssh',
      user: 'operator',
      asksSudoPassword: true,
      service: 'nova-compute',
    },
  });
  isDone(t, all);
  t.deepEqual(all.settings, {
    cloud: 'lab',
    'api-hosts': ['api-1'],
    transport: 'openssh',
    'ask-become-pass': true,
    nodes: {all: {user: 'operator'}, 'all,!api-1': {service: 'nova-compute'}},
  });
});

test('with --yes a question that only a person can answer is wrong usage, and names the flag', async (t) => {
  const {error, written} = await play({isAlone: true});
  t.true(error instanceof UserError && error.kind === 'usage' && /--cloud NAME/.test(error.remedy ?? ''));
  t.regex(String(error), /Which cloud.*lab, admin@Default, fra1/);
  t.is(written, undefined);
});

test('a cloud that does not answer is told, can be tried again, and may be done without', async (t) => {
  let tries = 0;
  const openCloud = () => {
    tries += 1;
    throw new CloudError('unreachable', 'nothing listens at lab', {remedy: 'is it up?'});
  };
  const played = await play({
    openCloud,
    script: [
      [/Which cloud/, 'lab'],
      [/lab could not be used/, 'try again'],
      [/lab could not be used/, 'another cloud'],
      [/Which cloud/, 'fra1'],
      [/fra1 could not be used/, 'go on'],
      [/Where are the nodes/, 'Ansible'],
      [/Inventory file/, 'hosts.yml'],
      ...REST,
    ],
  });
  isDone(t, played);
  t.is(tries, 3);
  t.is(found(played.events)[1], 'cloud failed: nothing listens at lab');
  t.false(played.result?.isCloudProved);
  t.true(played.result?.isNodeProved);
  t.like(played.settings, {cloud: 'fra1'});
});

test('the cloud of the OS_* variables is not named in the profile', async (t) => {
  const clouds = {clouds: [cloudNamed('envvars', true)], file: undefined};
  const played = await play({isAlone: true, clouds, given: {inventory: 'hosts.yml'}});
  isDone(t, played);
  t.deepEqual(played.settings, {inventory: '/here/hosts.yml'});
  const both = {clouds: [...LAB.clouds, ...clouds.clouds], file: LAB.file};
  const warned = await play({isAlone: true, clouds: both, given: {cloud: 'lab', inventory: 'hosts.yml'}});
  t.true(found(warned.events).some((line) => /OS_\* variables describe another cloud/.test(line)));
});

test('a node that cannot be used is told, and how it is reached can be answered anew', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  fleet.faultOf = ({count}) => (count <= 2 ? 'refused' : undefined);
  const shells: string[] = [];
  const played = await play({
    fleet,
    onShell: ({transport, asksSudoPassword}) => shells.push(`${transport} ${asksSudoPassword}`),
    given: {cloud: 'lab', inventory: 'hosts.yml'},
    script: [
      [/How are nodes reached/, ''],
      [/SSH user/, 'operator'],
      [/sudo want/, ''],
      [/compute-1 is not as it should be/, 'answer anew'],
      [/How are nodes reached/, "system's"],
      [/SSH user/, '-'],
      [/sudo want/, 'yes'],
      [/compute-1 is not as it should be/, 'another node'],
      [/Which node/, 'compute-9'],
      [/Which node/, 'compute-2'],
      [/compute-2 is not as it should be/, 'look again'],
      [/compute-2 is not as it should be/, 'look again'],
      [/^Write /, 'yes'],
    ],
  });
  isDone(t, played);
  t.deepEqual(shells, ['ssh2 false', ...Array.from({length: 4}, () => 'openssh true')]);
  t.deepEqual(played.settings, {
    cloud: 'lab',
    inventory: '/here/hosts.yml',
    transport: 'openssh',
    'ask-become-pass': true,
  });
});

test('a node of another cloud is no proof', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  const given = {cloud: 'lab', inventory: 'hosts.yml'};
  fleet.node('compute-1').hostname = 'stranger';
  const services = fleet.services.bind(fleet);
  fleet.services = () => services().map((service) => ({...service, host: 'compute-1'}));
  const played = await play({fleet, isAlone: true, given});
  isDone(t, played);
  t.false(played.result?.isNodeProved);
  t.true(found(played.events).some((line) => /calls itself stranger, and Nova lists no/.test(line)));
});

test('who logs in is not asked where the inventory says it, nor sudo where root logs in', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  const hosts = fleet.hosts.map((host) => ({...host, address: {...host.address, user: 'root'}}));
  fleet.hosts.splice(0, hosts.length, ...hosts);
  const played = await play({
    fleet,
    given: {cloud: 'lab', inventory: 'hosts.yml', transport: 'ssh2'},
    script: [[/^Write /, 'yes']],
  });
  isDone(t, played);
  t.deepEqual(played.settings, {cloud: 'lab', inventory: '/here/hosts.yml'});
});

const OLD = `# mine
cloud: fra1
inventory: ../hosts.yml # of Ansible
api_hosts: [api-1]
batch: [1, 5]
ask-become-pass: true
nodes:
  all: {user: operator, sysroot: /srv}
`;

const present: PresentProfile = {
  text: OLD,
  problem: undefined,
  values: new Map<string, unknown>([
    ['cloud', 'fra1'],
    ['inventory', '/here/hosts.yml'],
    ['api-hosts', ['api-1']],
    ['batch', [1, 5]],
    ['ask-become-pass', true],
  ]),
  rules: [{pattern: 'all', overrides: {sysroot: '/srv'}, user: 'operator', place: 'there'}],
  inventory: undefined,
};

test('a profile that is there proposes its answers, and nothing is written where all stay', async (t) => {
  const played = await play({
    present,
    given: {inventory: 'hosts.yml'},
    script: [
      [/Which cloud/, ''],
      [/How are nodes reached/, ''],
      [/SSH user/, ''],
      [/sudo want/, ''],
    ],
  });
  t.is(played.result?.outcome, 'same', String(played.error));
  t.is(played.written, undefined);
});

test('what the answers are not about stays in the profile, comments too', async (t) => {
  const played = await play({
    present,
    given: {inventory: 'hosts.yml', cloud: 'lab', apiHosts: ['api-1', 'api-2']},
    script: [
      [/How are nodes reached/, ''],
      [/SSH user/, '-'],
      [/sudo want/, 'no'],
      [/^Replace .* copy/, 'yes'],
    ],
  });
  isDone(t, played);
  t.is(
    played.written,
    `# mine
cloud: lab
inventory: ../hosts.yml # of Ansible
api_hosts: [api-1, api-2]
batch: [1, 5]
nodes:
  all: {sysroot: /srv}
`,
  );
  t.like(
    played.events.find(({type}) => type === 'profile'),
    {before: OLD},
  );
});

test('a profile with nonsense is told, and replaced as a whole after a yes', async (t) => {
  const broken = {...present, problem: 'profile config.yaml:2: it is not YAML', values: new Map(), rules: []};
  const given = {cloud: 'lab', inventory: 'hosts.yml', transport: 'ssh2', user: 'root'} as const;
  const declined = await play({present: broken, given, script: [[/^Replace/, 'no']]});
  t.is(declined.result?.outcome, 'declined', String(declined.error));
  t.is(declined.written, undefined);
  const played = await play({present: broken, given, script: [[/^Replace/, 'yes']]});
  isDone(t, played);
  t.is(played.result?.backup, `${FILE}.old`);
  t.true(found(played.events).includes('profile warning: profile config.yaml:2: it is not YAML'));
  // What it holds may be the very secret that it was refused for.
  t.like(
    played.events.find(({type}) => type === 'profile'),
    {before: undefined},
  );
});
