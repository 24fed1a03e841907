import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {lintFlavors, type LintOptions} from '../../../source/app/flavor/lint-flavors.js';
import {isFailed, type LintPart, type LintReport} from '../../../source/app/flavor/lint-types.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {serverWith} from '../../helpers/cloud-flavors.js';
import {
  brokenOff,
  fakeFlavors,
  flavorOf,
  hostOf,
  imageOf,
  type FakeFlavors,
} from '../../helpers/fake-flavors.js';

const signal = new AbortController().signal;

async function lint(has: FakeFlavors, options: Partial<LintOptions> = {}): Promise<LintReport> {
  return lintFlavors(fakeFlavors(has), {release: undefined, skip: new Set(), ...options}, signal);
}

/** Findings that are more than worth knowing, by flavor. */
function found({flavors}: LintReport): string[] {
  return flavors.flatMap(({flavor, findings}) =>
    findings.flatMap(({severity, code}) =>
      severity === 'info' ? [] : [`${flavor.name} ${severity} ${code}`],
    ),
  );
}

function unreadOf({unread}: LintReport): string[] {
  return unread.map(({part, isAll}) => `${part} ${isAll ? 'none' : 'some'}`);
}

const fine = flavorOf('fine', {'hw:watchdog_action': 'reset'});
const bad = flavorOf('bad', {'hw:numa_nodes': '0'}, {isPublic: false});
const odd = flavorOf('odd', {'hw:cpu_socket': '1'});

test('a cloud that is fine is not failed, and nothing is told of it but infos', async (t) => {
  const report = await lint({flavors: [fine], servers: [serverWith('web', fine)]});
  t.deepEqual(found(report), []);
  t.is(report.flavors[0]?.verdict, 'ok');
  t.deepEqual(report.groups, []);
  t.deepEqual(report.unread, []);
  t.false(isFailed(report, 'warning'));
});

test('every flavor is judged, private ones too, the worst first, with the number of its servers', async (t) => {
  const servers = [serverWith('a', odd), serverWith('b', odd), serverWith('c', fine)];
  const report = await lint({flavors: [fine, odd, bad], servers});
  t.deepEqual(
    report.flavors.map(
      ({flavor, verdict, servers: count}) => `${flavor.name} ${verdict} ${count?.length ?? '?'}`,
    ),
    ['bad error 0', 'odd warning 2', 'fine ok 1'],
  );
  t.deepEqual(found(report), ['bad error InvalidNUMANodesNumber', 'odd warning ExtraSpecMisspelt']);
  t.true(isFailed(report, 'error'));
});

test('a warning fails only where that is asked for', async (t) => {
  const report = await lint({flavors: [odd]});
  t.false(isFailed(report, 'error'));
  t.true(isFailed(report, 'warning'));
});

test('the release is that of the cloud, unless one is named', async (t) => {
  const sound = flavorOf('sound', {'hw:sound_model': 'ich9'});
  const zed = await lint({flavors: [sound]});
  t.is(zed.release.name, 'zed');
  t.deepEqual(found(zed), ['sound warning ExtraSpecUnknown']);
  const newer = await lint({flavors: [sound], newest: 103});
  t.is(newer.release.name, '2026.1');
  t.deepEqual(found(newer), []);
  const named = await lint({flavors: [sound], newest: 103}, {release: parseNovaRelease('zed')});
  t.is(named.guessed, undefined);
  t.deepEqual(found(named), ['sound warning ExtraSpecUnknown']);
});

test('a flavor that is larger than every host is told, whether hosts are up or not', async (t) => {
  const large = flavorOf('large', {}, {vcpus: 17});
  const huge = flavorOf('huge', {}, {memoryMib: 65_537});
  const report = await lint({flavors: [large, huge, fine]});
  t.deepEqual(found(report), ['huge error MemoryOfNoHost', 'large error VcpusOfNoHost']);
  const down = {...hostOf('compute-2', 64, 131_072), isUsable: false};
  t.deepEqual(
    found(await lint({flavors: [large, huge], hosts: [hostOf('compute-1', 16, 65_536), down]})),
    [],
  );
});

test('bare metal is no host for guests, and a cloud without hosts has no limits', async (t) => {
  const large = flavorOf('large', {}, {vcpus: 17});
  const metal = hostOf('metal', 128, 1_048_576, 'ironic');
  t.deepEqual(found(await lint({flavors: [large], hosts: [hostOf('compute-1', 16, 65_536), metal]})), [
    'large error VcpusOfNoHost',
  ]);
  const report = await lint({flavors: [large], hosts: [metal]});
  t.is(report.limits, undefined);
  t.deepEqual(found(report), []);
});

test('hosts that are not all listed are no limit, and that is told', async (t) => {
  const large = flavorOf('large', {}, {vcpus: 17});
  const report = await lint({flavors: [large], hosts: brokenOff([hostOf('compute-1', 16, 65_536)])});
  t.deepEqual(found(report), []);
  t.deepEqual(unreadOf(report), ['hosts some']);
  t.regex(
    report.unread[0]?.problem ?? '',
    /^the listing broke off; whether one is large enough .* not known$/,
  );
  t.true(isFailed(report, 'error'));
});

test('what only administrators may see is told to others, and is no success', async (t) => {
  const report = await lint({flavors: [fine], hosts: 'forbidden', scope: 'own-project'});
  t.deepEqual(unreadOf(report), ['hosts none', 'flavors some', 'servers some']);
  t.regex(
    report.unread.map(({problem}) => problem).join('\n'),
    /private flavors of other projects may be missing/,
  );
  t.true(isFailed(report, 'error'));
});

test('a part that cannot be read does not stop the others', async (t) => {
  const refused = new CloudError('forbidden', 'Nova does not permit this.', {status: 403});
  const silent = new CloudError('unreachable', 'Glance does not answer.');
  const report = await lint({flavors: [bad], servers: refused, images: silent});
  t.deepEqual(found(report), ['bad error InvalidNUMANodesNumber']);
  t.deepEqual(unreadOf(report), ['servers none', 'images none']);
  t.is(report.servers, undefined);
  t.is(report.flavors[0]?.servers, undefined);
  t.regex(report.unread[1]?.problem ?? '', /^Glance does not answer; which of them replace/);
});

test('flavors that cannot be had are an error of the whole', async (t) => {
  const refused = new CloudError('unreachable', 'Nova does not answer.');
  const error = await t.throwsAsync(lint({flavors: refused}), {instanceOf: CloudError});
  t.is(error, refused);
});

test('an error that is no answer of the cloud is not swallowed', async (t) => {
  const flavors = {
    ...fakeFlavors({flavors: [fine]}),
    uses: async () => Promise.reject(new TypeError('a bug')),
  };
  await t.throwsAsync(lintFlavors(flavors, {release: undefined, skip: new Set()}, signal), {
    instanceOf: TypeError,
  });
});

test('what is left out is not asked for, and is not missed', async (t) => {
  const flavors = fakeFlavors({flavors: [fine], scope: 'own-project', hosts: 'forbidden'});
  const skip = new Set<LintPart>(['servers', 'hosts', 'images']);
  const report = await lintFlavors(flavors, {release: undefined, skip}, signal);
  t.deepEqual(flavors.asked, ['flavors']);
  t.deepEqual(report.unread, []);
  t.deepEqual(report.skipped, ['servers', 'hosts', 'images']);
  t.is(report.servers, undefined);
  t.false(isFailed(report, 'warning'));
});

test('a flavor whose extra specs may not be read is unknown, not fine', async (t) => {
  const hidden = {...flavorOf('hidden', {}, {vcpus: 400}), extraSpecs: undefined};
  const report = await lint({flavors: [hidden, fine]});
  t.is(report.flavors[0]?.verdict, 'unknown');
  t.deepEqual(found(report), []);
  t.deepEqual(unreadOf(report), ['extra-specs some']);
  t.regex(report.unread[0]?.problem ?? '', /extra specs of 1 of the flavors/);
  t.true(isFailed(report, 'error'));
});

test('a list of flavors that broke off is told', async (t) => {
  const report = await lint({flavors: brokenOff([fine])});
  t.deepEqual(unreadOf(report), ['flavors some']);
});

test('a Nova that does not tell its version is judged by the newest rules, which is told', async (t) => {
  const report = await lint({flavors: [fine], newest: new CloudError('server-error', 'Nova failed.')});
  t.is(report.release.name, '2026.1');
  t.deepEqual(unreadOf(report), ['release none']);
});

test('images that replace a watchdog are told once for all flavors', async (t) => {
  const other = flavorOf('other', {'hw:watchdog_action': 'pause'});
  const images = [
    imageOf('b', {hw_watchdog_action: 'none'}),
    imageOf('a', {hw_watchdog_action: 'none', hw_cpu_sockets: '1'}),
    imageOf('same', {hw_watchdog_action: 'reset'}),
    imageOf('plain', {hw_disk_bus: 'virtio'}),
  ];
  const report = await lint({flavors: [fine, other, flavorOf('plain')], images});
  t.deepEqual(
    report.replacements.map(({what, value, images: some, flavors}) => [
      what,
      value,
      some.map(({name}) => name).join(),
      flavors.map(({value: own, flavors: all}) => `${own}: ${all.map(({name}) => name).join()}`).join('; '),
    ]),
    [
      ['watchdog', 'none', 'a,b', 'reset: fine; pause: other'],
      ['watchdog', 'reset', 'same', 'pause: other'],
    ],
  );
  t.false(isFailed(report, 'error'));
  t.true(isFailed(report, 'warning'));
});

test('an image that prefers a topology replaces those of flavors', async (t) => {
  const cores = flavorOf('cores', {'hw:cpu_sockets': '1', 'hw:cpu_cores': '4'}, {vcpus: 4});
  const limited = flavorOf('limited', {'hw:cpu_sockets': '1', 'hw:cpu_max_sockets': '1'}, {vcpus: 4});
  const images = [imageOf('split', {hw_cpu_sockets: '2'}), imageOf('odd', {hw_cpu_sockets: 'two'})];
  const {replacements} = await lint({flavors: [cores, limited], images});
  t.is(replacements.length, 1);
  const [split] = replacements;
  t.is(split?.value, '2 sockets');
  // Nova refuses the image with the limit: that is no replacement.
  t.deepEqual(
    split?.flavors.map(({value, flavors}) => [value, flavors.map(({name}) => name).join()]),
    [['1 socket, 4 cores', 'cores']],
  );
});

test('five thousand flavors, a hundred thousand servers and ten thousand images are all looked at', async (t) => {
  const flavors = Array.from({length: 5000}, (_, index) =>
    flavorOf(
      `f${index}`,
      {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '2', note: `${index}`},
      {vcpus: 8},
    ),
  );
  const servers = Array.from({length: 100_000}, (_, index) => {
    const [flavor = fine] = flavors.slice(index % 5000);
    const old = index % 10 === 0 ? {extraSpecs: {...flavor.extraSpecs, 'hw:cpu_sockets': '4'}} : {};
    return serverWith(`s${index}`, flavor, old);
  });
  const images = Array.from({length: 10_000}, (_, index) =>
    imageOf(`i${index}`, {hw_cpu_sockets: `${index % 500}`, hw_watchdog_action: 'pause'}),
  );
  const report = await lint({flavors, servers, images}, {release: parseNovaRelease('zed')});
  t.is(report.flavors.length, 5000);
  t.like(report.servers, {total: 100_000, current: 90_000, old: 10_000});
  t.is(report.groups.length, 500);
  t.is(report.replacements.find(({what}) => what === 'watchdog')?.images.length, 10_000);
});
