import test, {type ExecutionContext} from 'ava';
import {CloudError, UserError} from '../../../source/app/errors.js';
import {flavorReference} from '../../../source/app/flavor/flavor-reference.js';
import {showFlavor} from '../../../source/app/flavor/show-flavor.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {serverWords} from '../../../source/text/flavor-show.js';
import {cloudFlavor, serverWith} from '../../helpers/cloud-flavors.js';
import {flavorCloud, namingPorts, type FlavorScene} from '../../helpers/flavor-cloud.js';

const {signal} = new AbortController();
const ONE = '{"name": "one", "vcpus": 1, "ram": 512, "extra_specs": {"hw:watchdog_action": "reset"}}';
const TWO = '{"name": "two", "vcpus": 2, "ram": 512}';
const WITH_IMAGE =
  '{"name": "windows", "vcpus": 4, "ram": 512, "image_properties": {"hw_watchdog_action": "none"}}';

async function show(
  word: string,
  {
    files = {},
    scene,
    image,
    release,
  }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly scene?: FlavorScene;
    readonly image?: string;
    readonly release?: string;
  },
) {
  const ports = namingPorts(files, scene && flavorCloud(scene));
  const rules = release === undefined ? undefined : parseNovaRelease(release);
  return showFlavor(flavorReference(word), ports, {image, release: rules}, signal);
}

async function refused(
  t: ExecutionContext,
  word: string,
  options: Parameters<typeof show>[1],
): Promise<string> {
  const error = await t.throwsAsync(show(word, options), {instanceOf: UserError});
  t.is(error instanceof UserError && error.kind, 'usage');
  return `${error?.message ?? ''} | ${(error instanceof UserError ? error.remedy : undefined) ?? ''}`;
}

test('a flavor of a file is judged without a cloud, by the newest rules or those that are named', async (t) => {
  const shown = await show('f.json', {files: {'f.json': ONE}});
  t.is(shown.judgement.release.name, '2026.1');
  t.is(shown.judgement.flavor.name, 'one');
  t.is(shown.servers, undefined);
  t.deepEqual(shown.origin, {kind: 'file', source: 'f.json', place: {line: 1, number: 1, name: 'one'}});
  t.is((await show('f.json', {files: {'f.json': ONE}, release: 'zed'})).judgement.release.name, 'zed');
});

test('one of several flavors of a file is picked by its name, and asked for where none is', async (t) => {
  const files = {'-': `${ONE}\n${TWO}\n`};
  t.is((await show('-#two', {files})).judgement.flavor.vcpus, 2);
  t.is(
    await refused(t, '-', {files}),
    'stdin has 2 flavors, and one is to be named | name it as file:-#NAME: one, two',
  );
  t.is(await refused(t, '-#three', {files}), 'stdin has no flavor with the name "three" | it has one, two');
});

test('servers whose copies Nova does not tell are not said to have none that is older', async (t) => {
  const flavor = cloudFlavor('m1');
  const servers = [serverWith('told', flavor), {...serverWith('untold', flavor), copy: undefined}];
  const {servers: shown} = await show('m1', {scene: {flavors: [flavor], servers}});
  t.deepEqual(shown, {total: 2, old: undefined, scope: 'all-projects', isComplete: true});
  if (shown === undefined) return t.fail();
  t.is(serverWords(shown), '2 servers have it, and whether with an older copy is not known');
});

test('Placement is asked about a flavor with encrypted memory, with an image that can have it', async (t) => {
  const flavor = cloudFlavor('sev', {extraSpecs: {'hw:mem_encryption': 'true'}});
  const shown = await show('sev', {scene: {flavors: [flavor]}});
  t.is(shown.judgement.verdict, 'ok');
  t.not(shown.placement, undefined);
});

test('hosts that are not listed may be larger: no flavor is too large then', async (t) => {
  const small = {
    host: 'small',
    vcpus: 4,
    vcpusUsed: 0,
    memoryMib: 4096,
    memoryMibUsed: 0,
    isUsable: true,
    type: 'QEMU',
  };
  const hosts = {rows: [small], isComplete: false, problem: 'The listing broke off.'};
  const shown = await show('big', {scene: {flavors: [cloudFlavor('big', {vcpus: 8})], hosts}});
  t.is(shown.judgement.verdict, 'ok');
  t.deepEqual(shown.problems, [
    'not all of its hosts could be listed, so that the largest is not known: The listing broke off',
  ]);
});

test('a file without a flavor, or with a broken one, is told with its place', async (t) => {
  t.is(await refused(t, 'f.json', {}), 'f.json: it cannot be read: there is no such file | ');
  t.is(await refused(t, 'f.json', {files: {'f.json': '[]'}}), 'f.json has no flavor | ');
  const broken = `${TWO}\n{"name": "odd", "vcpus": "4", "ram": 1}\n`;
  t.regex(
    await refused(t, 'f.json#odd', {files: {'f.json': broken}}),
    /^f\.json:2, flavor "odd": vcpus is the text "4"/,
  );
});

test('of what is wrong with a file only what touches the flavor is told', async (t) => {
  const text =
    '{"name": "a", "vcpus": 1, "ram": 1, "color": 2}\n{"name": "b", "vcpus": 1, "ram": 1, "colour": 3}\nx';
  const shown = await show('f.jsonl#b', {files: {'f.jsonl': text}});
  t.deepEqual(
    shown.notices.map((event) => ('detail' in event ? event.detail.slice(0, 18) : event.kind)).slice(0, 1),
    ['the field "colour"'],
  );
  t.false(shown.notices.some((event) => 'detail' in event && event.detail.includes('"color"')));
});

test('a flavor of the cloud is found by id or name and judged by the rules of that cloud', async (t) => {
  const flavor = cloudFlavor('m1', {id: '42', vcpus: 8, extraSpecs: {'hw:watchdog_action': 'reset'}});
  const scene = {
    flavors: [cloudFlavor('42'), flavor],
    servers: [
      serverWith('current', flavor),
      serverWith('old', flavor, {extraSpecs: {}}),
      serverWith('other', cloudFlavor('42')),
    ],
    hosts: [
      {host: 'a', vcpus: 16, vcpusUsed: 12, memoryMib: 4096, memoryMibUsed: 0, isUsable: true, type: 'QEMU'},
      {host: 'b', vcpus: 4, vcpusUsed: 0, memoryMib: 4096, memoryMibUsed: 0, isUsable: true, type: 'QEMU'},
    ],
  };
  for (const word of ['42', 'm1']) {
    const shown = await show(word, {scene});
    t.is(shown.flavor.name, 'm1', word);
    t.is(shown.judgement.release.name, 'zed');
    t.deepEqual(shown.servers, {total: 2, old: 1, scope: 'all-projects', isComplete: true});
    t.deepEqual(shown.fitting, {total: 2, large: 1, free: 0});
    t.deepEqual(shown.problems, []);
  }
});

test('Placement is asked about disks of all kinds; where it does not answer the rest is shown', async (t) => {
  const asked: string[] = [];
  const flavors = [cloudFlavor('m1', {diskGib: 10, ephemeralGib: 5, swapMib: 1025})];
  const scene: FlavorScene = {
    flavors,
    async candidates(query) {
      asked.push(query.map((pair) => pair.join('=')).join(' '));
      return Promise.resolve({kind: 'hosts', hosts: ['a'], dedicating: [], isComplete: true});
    },
  };
  t.deepEqual((await show('m1', {scene})).placement, {kind: 'room', hosts: ['a'], isComplete: true});
  t.regex(asked[0] ?? '', /resources=DISK_GB:17,MEMORY_MB:512,VCPU:1 /);
  const silent: FlavorScene = {
    flavors,
    candidates: async () => Promise.reject(new CloudError('server-error', 'Placement fails.')),
  };
  const shown = await show('m1', {scene: silent});
  t.is(shown.placement, undefined);
  t.deepEqual(shown.problems, ['Placement could not be asked for: Placement fails']);
});

test('vCPUs that no host of the cloud has are found', async (t) => {
  const host = {
    host: 'a',
    vcpus: 4,
    vcpusUsed: 0,
    memoryMib: 65_536,
    memoryMibUsed: 0,
    isUsable: true,
    type: 'QEMU',
  };
  const shown = await show('big', {scene: {flavors: [cloudFlavor('big', {vcpus: 8})], hosts: [host]}});
  t.is(shown.judgement.verdict, 'error');
});

test('a flavor that is not there comes with names that are near', async (t) => {
  const scene = {flavors: [cloudFlavor('m1.small'), cloudFlavor('m1.large')]};
  t.is(
    await refused(t, 'm1.smal', {scene}),
    'fra1 has no flavor with the id or name "m1.smal" | is "m1.small" meant? ' +
      'a file is named with a slash, as ./m1.smal, or by its ending',
  );
});

test('a word with nothing in it names no flavor, and no cloud is asked', async (t) => {
  for (const word of ['', 'cloud:', 'file:', 'file:#a']) {
    t.is(
      await refused(t, word, {}),
      'an empty word names no flavor | give the id or name of one of the cloud, or a file',
    );
  }
});

test('where there is no cloud it is told how a file would be named', async (t) => {
  const ports = {
    ...namingPorts({}),
    cloud: () => Promise.reject(new UserError('usage', 'No credentials.', {remedy: 'Name a cloud.'})),
  };
  const options = {image: undefined, release: undefined};
  const error = await t.throwsAsync(showFlavor(flavorReference('web'), ports, options, signal), {
    instanceOf: UserError,
  });
  t.is(error.remedy, 'Name a cloud. A file is named with a slash, as ./web, or by its ending.');
});

test('the only good flavor of a file is shown with what is wrong with the others, unless it is named', async (t) => {
  const files = {'f.json': `${ONE}\n{"name": "half`};
  const {notices} = await show('f.json', {files});
  t.like(notices, [{kind: 'problem', place: {line: 2}}]);
  t.deepEqual((await show('f.json#one', {files})).notices, []);
});

test('an image of the cloud takes the place of the properties of a file', async (t) => {
  const images = [
    {id: 'i-1', name: 'debian', properties: {hw_watchdog_action: 'reset'}},
    {id: 'i-2', name: 'twice', properties: {}},
    {id: 'i-3', name: 'twice', properties: {}},
  ];
  const files = {'f.json': WITH_IMAGE};
  t.like((await show('f.json', {files})).judgement.watchdog, {action: 'none'});
  const shown = await show('f.json', {files, scene: {images}, image: 'debian'});
  t.like(shown.judgement.watchdog, {action: 'reset'});
  t.is(shown.withImage?.id, 'i-1');
  t.is(shown.judgement.release.name, 'zed');
  t.is((await show('f.json', {files, scene: {images}, image: 'i-3'})).withImage?.id, 'i-3');
  t.is(
    await refused(t, 'f.json', {files, scene: {images}, image: 'none'}),
    'fra1 has no active image with the id or name "none" | ',
  );
  t.is(
    await refused(t, 'f.json', {files, scene: {images}, image: 'twice'}),
    'fra1 has 2 images with the name "twice" | name the one that is meant by its id, such as i-2',
  );
});

test('what a cloud does not give is told, and the rest is shown', async (t) => {
  const hosts = new CloudError('server-error', 'Nova answered 500.');
  const shown = await show('m1', {scene: {flavors: [cloudFlavor('m1')], hosts}});
  t.deepEqual(shown.problems, ['its hosts could not be asked for: Nova answered 500']);
  t.is(shown.judgement.verdict, 'ok');
});
