import {readFile} from 'node:fs/promises';
import test from 'ava';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';
import {compareGuest, type TraitVerdict} from '../../../source/domain/guest/compare-guest.js';
import {type GuestDomain, readDomain} from '../../../source/domain/guest/guest-domain.js';
import type {TraitName} from '../../../source/domain/guest/guest-traits.js';
import {wantedTraits} from '../../../source/domain/guest/wanted-traits.js';

type Specs = Readonly<Record<string, string>>;

const recorded = async (name: string): Promise<GuestDomain> =>
  readDomain(await readFile(`test/fixtures/guest/${name}.xml`, 'utf8'));

function wanted(extraSpecs: Specs, image?: Specs, vcpus = 2) {
  const flavor = {name: 'f', vcpus, memoryMib: 256, diskGib: 1, extraSpecs};
  return wantedTraits(judgeFlavor(flavor, {image, release: NEWEST_RELEASE}));
}

/** The verdicts that are not `same`. */
function odd(
  domain: GuestDomain,
  asked: Specs,
  {today = asked, image}: {today?: Specs; image?: Specs | undefined} = {},
): Partial<Record<TraitName, TraitVerdict>> {
  const compared = compareGuest(domain, {
    asked: wanted(asked, image),
    withoutImage: wanted(asked),
    today: wanted(today, image),
    isImageKnown: image !== undefined,
  });
  return Object.fromEntries(
    compared.filter(({verdict}) => verdict !== 'same').map(({trait, verdict}) => [trait, verdict]),
  );
}

const RESET = {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '1', 'hw:cpu_threads': '2'};
const NUMA = {'hw:numa_nodes': '1', 'hw:mem_page_size': 'small', 'hw:watchdog_action': 'reset'};

test('a guest that is as its flavor asks differs in nothing', async (t) => {
  t.deepEqual(odd(await recorded('zed-reset'), RESET), {});
  t.deepEqual(odd(await recorded('epoxy-poweroff'), {...RESET, 'hw:watchdog_action': 'poweroff'}), {});
  t.deepEqual(odd(await recorded('zed-numa'), NUMA), {});
});

test('a flavor that was changed since makes an old copy, of that part alone', async (t) => {
  const domain = await recorded('zed-reset');
  t.deepEqual(odd(domain, RESET, {today: {...RESET, 'hw:watchdog_action': 'pause'}}), {watchdog: 'old-copy'});
  t.deepEqual(odd(domain, RESET, {today: {'hw:watchdog_action': 'reset'}}), {topology: 'old-copy'});
  t.deepEqual(odd(domain, RESET, {today: {...RESET, 'hw:numa_nodes': '2'}}), {
    numa: 'old-copy',
    pinning: 'old-copy',
  });
});

test('a guest that is another than was asked for differs', async (t) => {
  const domain = await recorded('zed-reset');
  t.deepEqual(odd(domain, {}), {watchdog: 'differs', topology: 'differs'});
  t.deepEqual(odd(domain, {...RESET, 'hw:mem_page_size': '2MB'}), {
    numa: 'differs',
    pinning: 'differs',
    memory: 'differs',
  });
  t.deepEqual(odd(await recorded('zed-numa'), {...NUMA, 'hw:cpu_policy': 'dedicated'}), {pinning: 'differs'});
});

test("an image's property counts before the flavor's, and is told as the image's", async (t) => {
  const domain = await recorded('zed-reset');
  const flavor = {...RESET, 'hw:watchdog_action': 'poweroff'};
  const image = {hw_watchdog_action: 'reset'};
  t.deepEqual(odd(domain, flavor, {image}), {});
  const [watchdog] = compareGuest(domain, {
    asked: wanted(flavor, image),
    withoutImage: wanted(flavor),
    today: wanted(flavor, image),
    isImageKnown: true,
  });
  t.like(watchdog, {trait: 'watchdog', verdict: 'same', isByImage: true});
});

test('a difference may be the image where its properties are not known', async (t) => {
  const sides = {asked: wanted({}), withoutImage: wanted({}), today: undefined, isImageKnown: false};
  const [watchdog] = compareGuest(await recorded('zed-reset'), sides);
  t.like(watchdog, {verdict: 'differs', mayBeImage: true});
});

test('nothing is said where the copy is not told, or Nova would refuse it', async (t) => {
  const domain = await recorded('zed-reset');
  for (const asked of [undefined, wanted({'hw:watchdog_action': 'explode'})]) {
    const compared = compareGuest(domain, {asked, withoutImage: asked, today: undefined, isImageKnown: true});
    t.true(compared.every(({verdict}) => verdict === 'unknown'));
  }
});

function pinnedDomain(pins: readonly (readonly [vcpu: number, on: string])[], more = ''): GuestDomain {
  const tune = pins.map(([vcpu, on]) => `<vcpupin vcpu='${vcpu}' cpuset='${on}'/>`).join('');
  return readDomain(`<domain><uuid>u</uuid><vcpu>2</vcpu>${more}<cputune>${tune}<emulatorpin cpuset='0-1'/></cputune>
<cpu><topology sockets='2' cores='1' threads='1'/><numa><cell id='0' cpus='0-1' memory='262144'/></numa></cpu></domain>`);
}

test('pinned CPUs have host CPUs of their own, and shared ones need none', (t) => {
  const pinned = {'hw:cpu_policy': 'dedicated'};
  t.deepEqual(
    odd(
      pinnedDomain([
        [0, '4'],
        [1, '5'],
      ]),
      pinned,
    ),
    {},
  );
  t.deepEqual(
    odd(
      pinnedDomain([
        [0, '4'],
        [1, '4'],
      ]),
      pinned,
    ),
    {pinning: 'differs'},
  );
  t.deepEqual(
    odd(
      pinnedDomain([
        [0, '4'],
        [1, '4-5'],
      ]),
      pinned,
    ),
    {pinning: 'differs'},
  );
  // A host node with one CPU.
  t.deepEqual(
    odd(
      pinnedDomain([
        [0, '4'],
        [1, '4'],
      ]),
      {'hw:numa_nodes': '1'},
    ),
    {},
  );
});

test('of CPUs that are not pinned several may have the one shared host CPU', (t) => {
  const mixed = {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '0'};
  const flavor = {name: 'f', vcpus: 3, memoryMib: 256, diskGib: 1, extraSpecs: mixed};
  const asked = wantedTraits(judgeFlavor(flavor, {release: NEWEST_RELEASE}));
  const verdict = (shared: number) => {
    const domain = readDomain(`<domain><uuid>u</uuid><vcpu>3</vcpu><cputune><vcpupin vcpu='0' cpuset='4'/>
<vcpupin vcpu='1' cpuset='${shared}'/><vcpupin vcpu='2' cpuset='${shared}'/></cputune></domain>`);
    const sides = {asked, withoutImage: asked, today: asked, isImageKnown: true};
    return compareGuest(domain, sides).find(({trait}) => trait === 'pinning')?.verdict;
  };
  t.is(verdict(0), 'same');
  t.is(verdict(4), 'differs');
});

test('a domain that says no topology has a socket for each CPU', (t) => {
  const domain = readDomain('<domain><uuid>u</uuid><vcpu>2</vcpu></domain>');
  t.deepEqual(odd(domain, {}), {});
  t.deepEqual(odd(domain, {'hw:cpu_sockets': '1'}), {topology: 'differs'});
});

test('memory of NUMA nodes comes in blocks on POWER, and nowhere else', (t) => {
  const flavor = {name: 'f', vcpus: 2, memoryMib: 600, diskGib: 1, extraSpecs: {'hw:numa_nodes': '1'}};
  const asked = wantedTraits(judgeFlavor(flavor, {release: NEWEST_RELEASE}));
  const verdict = (arch: string) => {
    const domain = readDomain(`<domain><uuid>u</uuid><vcpu>2</vcpu><os><type arch='${arch}'>hvm</type></os>
<cpu><numa><cell id='0' cpus='0-1' memory='786432' unit='KiB'/></numa></cpu></domain>`);
    const sides = {asked, withoutImage: asked, today: asked, isImageKnown: true};
    return compareGuest(domain, sides).find(({trait}) => trait === 'numa')?.verdict;
  };
  t.is(verdict('ppc64le'), 'same');
  t.is(verdict('x86_64'), 'differs');
});

test('pages of any size fit, large ones are huge, and a size is that size', (t) => {
  const pins = [
    [0, '4-5'],
    [1, '4-5'],
  ] as const;
  const backing = (size: number) =>
    `<memoryBacking><hugepages><page size='${size}' unit='KiB' nodeset='0'/></hugepages></memoryBacking>`;
  const [none, two, one] = [
    pinnedDomain(pins),
    pinnedDomain(pins, backing(2048)),
    pinnedDomain(pins, backing(1_048_576)),
  ];
  const of = (size: string) => ({'hw:mem_page_size': size});
  t.deepEqual(odd(none, of('any')), {});
  t.deepEqual(odd(one, of('any')), {});
  t.deepEqual(odd(two, of('large')), {});
  t.deepEqual(odd(none, of('large')), {memory: 'differs'});
  t.deepEqual(odd(two, of('2MB')), {});
  t.deepEqual(odd(one, of('2MB')), {memory: 'differs'});
  t.deepEqual(odd(two, of('small')), {memory: 'differs'});
  // The smallest page of a host may be of 64 KiB (aarch64, POWER); Nova says nothing of it then.
  t.deepEqual(odd(none, of('64')), {});
  t.deepEqual(odd(none, of('2MB')), {memory: 'differs'});
  const unsized = pinnedDomain(pins, '<memoryBacking><hugepages/></memoryBacking>');
  t.deepEqual(odd(unsized, of('large')), {});
  t.deepEqual(odd(unsized, of('small')), {memory: 'differs'});
});
