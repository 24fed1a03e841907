import test from 'ava';
import {applyEdits} from '../../../source/domain/flavor/finding.js';
import type {ImageProperties} from '../../../source/domain/flavor/flavor.js';
import {previewElements} from '../../../source/domain/flavor/guest-xml-preview.js';
import {judgeFlavor, type JudgeOptions, type Judgement} from '../../../source/domain/flavor/judge.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../../source/domain/flavor/refusal.js';

type Specs = Readonly<Record<string, string>>;
type Size = {readonly vcpus?: number; readonly memoryMib?: number};

function judge(
  extraSpecs: Specs,
  image: ImageProperties = {},
  size: Size = {},
  options: JudgeOptions = {},
): Judgement {
  const flavor = {name: 'm1.safe', vcpus: 8, memoryMib: 8192, diskGib: 20, ...size, extraSpecs};
  return judgeFlavor(flavor, {image, ...options});
}

/** Findings that count, and what is left of them after the cure of the first. */
function found(judgement: Judgement): string[] {
  return judgement.findings.flatMap(({severity, code, property}) =>
    severity === 'info' ? [] : [`${severity} ${code} ${property}`],
  );
}

function curedOnce({findings, flavor, imageProperties, release}: Judgement): Judgement {
  const after = applyEdits(flavor, imageProperties, findings[0]?.edits ?? []);
  return judgeFlavor(after.flavor, {image: after.image, release});
}

test('the example of the command line is judged as it says there', (t) => {
  const judgement = judge(
    {'hw:watchdog_action': 'poweroff', 'hw:cpu_sockets': '2'},
    {hw_watchdog_action: 'reset'},
  );
  t.is(judgement.verdict, 'warning');
  t.deepEqual(found(judgement), ['warning WatchdogReplacedByImage hw:watchdog_action']);
  t.is(judgement.boot, undefined);
  t.is(judgement.xml.watchdog, '<watchdog model="i6300esb" action="reset"/>');
  t.is(
    judgement.xml.cpu,
    '<cpu mode="host-model" match="exact"><topology sockets="2" cores="4" threads="1"/></cpu>',
  );
  t.is(judgement.findings[0]?.suggestion, 'Set hw:watchdog_action to "reset".');
});

const GOOD: readonly (readonly [what: string, specs: Specs])[] = [
  ['nothing', {}],
  ['labels of a standard', {'scs:cpu-type': 'shared-core', 'scs:name-v2': 'SCS-8V-8'}],
  ['a watchdog', {'hw:watchdog_action': 'reset'}],
  ['two sockets', {'hw:cpu_sockets': '2', 'hw:cpu_cores': '4', 'hw:cpu_threads': '1'}],
  ['huge pages on two nodes', {'hw:numa_nodes': '2', 'hw:mem_page_size': '1GB'}],
  [
    'realtime',
    {
      'hw:cpu_policy': 'dedicated',
      'hw:cpu_realtime': 'yes',
      'hw:cpu_realtime_mask': '^0-1',
      'hw:mem_page_size': 'large',
    },
  ],
  [
    'a network function',
    {
      'hw:cpu_policy': 'dedicated',
      'hw:cpu_thread_policy': 'isolate',
      'hw:emulator_threads_policy': 'isolate',
      'hw:mem_page_size': '1GB',
    },
  ],
  ['some CPUs pinned', {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '^0', 'hw:numa_nodes': '2'}],
  [
    'nodes of different size',
    {
      'hw:numa_nodes': '2',
      'hw:numa_cpus.0': '0-5',
      'hw:numa_cpus.1': '6-7',
      'hw:numa_mem.0': '6144',
      'hw:numa_mem.1': '2048',
    },
  ],
  [
    'other namespaces',
    {'quota:cpu_shares': '2048', 'trait:HW_CPU_X86_AVX2': 'required', 'hw_rng:allowed': 'true'},
  ],
  ['resources of its own', {'resources:PCPU': '8', 'trait:HW_CPU_HYPERTHREADING': 'forbidden'}],
];

for (const [what, specs] of GOOD) {
  test(`a flavor with ${what} is ok`, (t) => {
    const judgement = judge(specs);
    t.deepEqual(found(judgement), []);
    t.is(judgement.verdict, 'ok');
  });
}

/** Each finding, with what its cure makes of the flavor's specs. */
const CASES: readonly (readonly [
  finding: string,
  specs: Specs,
  cured: Specs,
  more?: Size & {readonly image?: ImageProperties; readonly release?: string},
])[] = [
  ['warning TopologyPreferenceNotMet hw:cpu_sockets', {'hw:cpu_sockets': '3'}, {'hw:cpu_sockets': '4'}],
  [
    'warning TopologyPreferenceDropped hw:cpu_sockets',
    {'hw:cpu_sockets': '4', 'hw:cpu_max_sockets': '2'},
    {'hw:cpu_sockets': '2', 'hw:cpu_max_sockets': '2'},
  ],
  [
    'warning TopologyReplacedByImage hw:cpu_sockets',
    {'hw:cpu_sockets': '4', 'hw:cpu_cores': '2'},
    {'hw:cpu_sockets': '2'},
    {image: {hw_cpu_sockets: '2'}},
  ],
  [
    'error ImageVCPULimitsRangeImpossible hw:cpu_max_sockets',
    {'hw:cpu_max_sockets': '1', 'hw:cpu_max_cores': '4', 'hw:cpu_max_threads': '1'},
    {'hw:cpu_max_cores': '4', 'hw:cpu_max_threads': '1'},
  ],
  ['warning GuestSocketLimit hw:cpu_sockets', {}, {'hw:cpu_sockets': '2'}, {image: {os_type: 'windows'}}],
  [
    'warning GuestSocketLimit hw:cpu_sockets',
    {'hw:cpu_threads': '2'},
    {'hw:cpu_sockets': '2', 'hw:cpu_threads': '2'},
    {image: {os_type: 'windows'}},
  ],
  [
    'warning CoreTornByNuma hw:cpu_threads',
    {'hw:cpu_threads': '2', 'hw:numa_nodes': '2'},
    {'hw:cpu_sockets': '2', 'hw:cpu_cores': '3', 'hw:cpu_threads': '1', 'hw:numa_nodes': '2'},
    {vcpus: 6},
  ],
  [
    'warning CoreTornByNuma hw:cpu_threads',
    {'hw:cpu_max_sockets': '1', 'hw:cpu_max_cores': '3', 'hw:numa_nodes': '2'},
    {
      'hw:cpu_sockets': '2',
      'hw:cpu_cores': '3',
      'hw:cpu_threads': '1',
      'hw:cpu_max_cores': '3',
      'hw:numa_nodes': '2',
    },
    {vcpus: 6},
  ],
  [
    'warning NumaListsWithoutEffect hw:numa_cpus.0',
    {'hw:numa_cpus.0': '0-5', 'hw:numa_cpus.1': '6-7', 'hw:numa_mem.0': '8000', 'hw:numa_mem.1': '192'},
    {'hw:numa_nodes': '2'},
  ],
  [
    'warning NumaListNotRead hw:numa_cpus.1',
    {'hw:numa_nodes': '2', 'hw:numa_cpus.1': '0-3', 'hw:numa_mem.1': '4096'},
    {'hw:numa_nodes': '2'},
  ],
  [
    'error NumaNodeWithoutCpus hw:numa_cpus.1',
    {
      'hw:numa_nodes': '2',
      'hw:numa_cpus.0': '0-7',
      'hw:numa_cpus.1': '',
      'hw:numa_mem.0': '4096',
      'hw:numa_mem.1': '4096',
    },
    {'hw:numa_nodes': '2'},
  ],
  ['error ImageNUMATopologyAsymmetric hw:numa_nodes', {'hw:numa_nodes': '3'}, {'hw:numa_nodes': '2'}],
  [
    'error ImageNUMATopologyAsymmetric hw:numa_nodes',
    {'hw:numa_nodes': '4'},
    {'hw:numa_nodes': '3'},
    {vcpus: 6, memoryMib: 24_576},
  ],
  [
    'error ImageNUMATopologyIncomplete hw:numa_cpus.0',
    {'hw:numa_nodes': '3', 'hw:numa_cpus.0': '0-3', 'hw:numa_cpus.1': '4-7'},
    {'hw:numa_nodes': '2'},
  ],
  [
    'error ImageNUMATopologyCPUsUnassigned hw:numa_cpus.0',
    {
      'hw:numa_nodes': '3',
      'hw:numa_cpus.0': '0-1',
      'hw:numa_cpus.1': '2-4',
      'hw:numa_cpus.2': '5-6',
      'hw:numa_mem.0': '2730',
      'hw:numa_mem.1': '2731',
      'hw:numa_mem.2': '2731',
    },
    {
      'hw:numa_nodes': '3',
      'hw:numa_cpus.0': '0-1',
      'hw:numa_cpus.1': '2-4',
      'hw:numa_cpus.2': '5-7',
      'hw:numa_mem.0': '2730',
      'hw:numa_mem.1': '2731',
      'hw:numa_mem.2': '2731',
    },
  ],
  ['error InvalidNUMANodesNumber hw:numa_nodes', {'hw:numa_nodes': '02'}, {}],
  ['error MemoryPageSizeInvalid hw:mem_page_size', {'hw:mem_page_size': '2M'}, {'hw:mem_page_size': '2MB'}],
  [
    'error MemoryPageSizeInvalid hw:mem_page_size',
    {'hw:mem_page_size': '2048kB'},
    {'hw:mem_page_size': '2048KB'},
  ],
  ['error PageSizeOfNoHost hw:mem_page_size', {'hw:mem_page_size': '2Mb'}, {'hw:mem_page_size': '2MB'}],
  [
    'error PageSizeDoesNotDivideMemory hw:mem_page_size',
    {'hw:mem_page_size': '1GB'},
    {'hw:mem_page_size': '2MB'},
    {memoryMib: 1536},
  ],
  ['warning PageSizeZero hw:mem_page_size', {'hw:mem_page_size': '0'}, {}],
  [
    'error LockMemoryForbidden hw:locked_memory',
    {'hw:locked_memory': 'true'},
    {'hw:locked_memory': 'true', 'hw:mem_page_size': 'small'},
  ],
  [
    'error InvalidWatchdogAction hw:watchdog_action',
    {'hw:watchdog_action': 'shutdown'},
    {'hw:watchdog_action': 'poweroff'},
  ],
  [
    'error InvalidWatchdogAction hw:watchdog_action',
    {'hw:watchdog_action': 'Reset'},
    {'hw:watchdog_action': 'reset'},
  ],
  [
    'error WatchdogNeedsPci hw:watchdog_action',
    {'hw:watchdog_action': 'reset'},
    {'hw:watchdog_action': 'disabled'},
    {image: {hw_architecture: 's390x'}},
  ],
  ['warning ExtraSpecMisspelt hw:cpu_socket', {'hw:cpu_socket': '2'}, {'hw:cpu_sockets': '2'}],
  ['warning ExtraSpecMisspelt HW:cpu_policy', {'HW:cpu_policy': 'dedicated'}, {'hw:cpu_policy': 'dedicated'}],
  ['warning ExtraSpecMisspelt hw:max_cpu_cores', {'hw:max_cpu_cores': '4'}, {'hw:cpu_max_cores': '4'}],
  [
    'warning ExtraSpecMisspelt hw:max_cpu_cores',
    {'hw:max_cpu_cores': '4'},
    {'hw:cpu_max_cores': '4'},
    {release: 'zed'},
  ],
  [
    'warning ExtraSpecMisspelt hw_watchdog_action',
    {hw_watchdog_action: 'reset'},
    {'hw:watchdog_action': 'reset'},
  ],
  ['warning ExtraSpecMisspelt hw:numa_node', {'hw:numa_node': '2'}, {'hw:numa_nodes': '2'}],
  ['warning ExtraSpecMisspelt hw:mem_pagesize', {'hw:mem_pagesize': 'large'}, {'hw:mem_page_size': 'large'}],
  ['warning ExtraSpecUnknown os:foo', {'os:foo': '1'}, {}],
  ['warning ResourceClassUnknown resources:GPU', {'resources:GPU': '1'}, {}],
  ['warning ResourceClassUnknown resources:vgpu', {'resources:vgpu': '1'}, {'resources:VGPU': '1'}],
  [
    'error ResourceClassUnknown resources:CUSTOM_gpu',
    {'resources:CUSTOM_gpu': '1'},
    {'resources:CUSTOM_GPU': '1'},
  ],
  [
    'error TraitUnknown trait:hw_cpu_x86_avx2',
    {'trait:hw_cpu_x86_avx2': 'required'},
    {'trait:HW_CPU_X86_AVX2': 'required'},
  ],
  [
    'warning TraitUnknown trait:HW_CPU_X86_AMD_SEV_ES',
    {'trait:HW_CPU_X86_AMD_SEV_ES': 'required'},
    {},
    {release: 'zed'},
  ],
  ['warning ExtraSpecNotRead my:label', {'my:label': 'gold'}, {}],
  [
    'warning ExtraSpecWithoutNamespace hypervisor_type',
    {hypervisor_type: 'QEMU'},
    {'capabilities:hypervisor_type': 'QEMU'},
  ],
  ['warning ExtraSpecWithoutNamespace ssd', {ssd: 'true'}, {'aggregate_instance_extra_specs:ssd': 'true'}],
  ['warning ExtraSpecValueRefused hw:boot_menu', {'hw:boot_menu': 'maybe'}, {'hw:boot_menu': 'false'}],
  [
    'warning ExtraSpecWithoutEffect hw:tpm_model',
    {'hw:tpm_model': 'tpm-crb'},
    {'hw:tpm_model': 'tpm-crb', 'hw:tpm_version': '2.0'},
  ],
  ['warning ExtraSpecWithoutEffect hw:cpu_realtime_mask', {'hw:cpu_realtime_mask': '^0'}, {}],
  [
    'error Invalid hw:tpm_model',
    {'hw:tpm_model': 'tpm-crb', 'hw:tpm_version': '1.2'},
    {'hw:tpm_version': '1.2'},
  ],
  ['error ValueError quota:cpu_shares', {'quota:cpu_shares': 'many'}, {}],
  ['error ValueError hw_rng:rate_bytes', {'hw_rng:rate_bytes': 'many'}, {}],
  ['error ValueError hw_video:ram_max_mb', {'hw_video:ram_max_mb': '16M'}, {}],
  [
    'error Invalid hw:ephemeral_encryption_format',
    {'hw:ephemeral_encryption': 'true', 'hw:ephemeral_encryption_format': 'aes'},
    {'hw:ephemeral_encryption': 'true'},
  ],
  [
    'error FlavorImageConflict hw:virtio_packed_ring',
    {'hw:virtio_packed_ring': 'true'},
    {},
    {image: {hw_virtio_packed_ring: 'no'}},
  ],
  ['error ValueError pci_passthrough:alias', {'pci_passthrough:alias': 'gpu'}, {}],
  [
    'error CPUThreadPolicyConfigurationInvalid hw:cpu_thread_policy',
    {'hw:cpu_thread_policy': 'isolate'},
    {'hw:cpu_thread_policy': 'isolate', 'hw:cpu_policy': 'dedicated'},
  ],
  ['error ValidationError long', {long: 'x'.repeat(256)}, {}],
];

for (const [finding, specs, cured, {image, release, ...size} = {}] of CASES) {
  const shown = JSON.stringify(specs).slice(0, 60);
  test(`${shown}${release === undefined ? '' : ` on ${release}`} gives ${finding}`, (t) => {
    const options = {release: release === undefined ? undefined : parseNovaRelease(release)};
    const judgement = judge(specs, image, size, options);
    t.is(found(judgement)[0], finding);
    const after = curedOnce(judgement);
    t.deepEqual(after.flavor.extraSpecs, cured);
    t.deepEqual(found(after), []);
  });
}

for (const [name, code] of [
  ['m1\u0007', 'ValidationError'],
  [' m1', 'ValidationError'],
  ['x'.repeat(256), 'ValidationError'],
  ['größer als m1', undefined],
  ['', undefined],
] as const) {
  test(`the name ${JSON.stringify(name).slice(0, 20)} is ${code === undefined ? 'fine' : 'none for a flavor'}`, (t) => {
    const judgement = judgeFlavor({name, vcpus: 1, memoryMib: 1, diskGib: 0, extraSpecs: {}});
    t.is(judgement.findings[0]?.code, code);
    t.is(judgement.verdict, code === undefined ? 'ok' : 'error');
  });
}

test('a guest of the cloud cannot be larger than its largest host', (t) => {
  const limits = {largestHostVcpus: 4, largestHostMemoryMib: 4096};
  const judgement = judge({}, {}, {}, {limits});
  t.deepEqual(found(judgement), ['error VcpusOfNoHost vcpus', 'error MemoryOfNoHost ram']);
  t.is(judgement.findings[0]?.suggestion, 'Make a flavor of at most 4 vCPUs.');
});

test('the size of a flavor for whole machines is not asked for, so no host needs it', (t) => {
  const limits = {largestHostVcpus: 4, largestHostMemoryMib: 4096};
  const specs = {'resources:VCPU': '0', 'resources:MEMORY_MB': '0', 'resources:CUSTOM_BAREMETAL': '1'};
  t.deepEqual(found(judge(specs, {}, {}, {limits})), []);
  t.deepEqual(found(judge({'resources:VCPU': '0'}, {}, {}, {limits})), ['error MemoryOfNoHost ram']);
  t.deepEqual(found(judge({'resources1:PCPU': '8', 'resources_a:MEMORY_MB': '1'}, {}, {}, {limits})), []);
  const many = judge({'resources:VCPU': 'many'}, {}, {}, {limits});
  t.true(
    many.findings.some(({code}) => code === 'VcpusOfNoHost'),
    'what is no number takes nothing back',
  );
});

test('a bad property of the image refuses everything, and the cure is in the image', (t) => {
  const judgement = judge({'hw:watchdog_action': 'reset'}, {hw_watchdog_action: 'dump'});
  t.true(judgement.boot instanceof Refusal && judgement.boot.stage === 'image');
  t.true(judgement.topology === judgement.boot);
  t.deepEqual(found(judgement), ['error InvalidRequest hw_watchdog_action']);
  t.deepEqual(curedOnce(judgement).imageProperties, {});
});

test('a bad watchdog is harmless under an image that has one', (t) => {
  const judgement = judge({'hw:watchdog_action': 'dump'}, {hw_watchdog_action: 'pause'});
  t.is(judgement.verdict, 'warning');
  t.deepEqual(judgement.watchdog, {model: 'i6300esb', action: 'pause', isOfImage: true});
});

test('limits of the topology are told to need an older microversion where the API does not know them', (t) => {
  const old = judge({'hw:cpu_max_sockets': '2'}, {}, {}, {release: parseNovaRelease('2025.1')});
  t.is(old.verdict, 'ok');
  t.true(old.findings.some(({code}) => code === 'LimitNeedsOlderMicroversion'));
  t.false(
    judge({'hw:cpu_max_sockets': '2'}).findings.some(({code}) => code === 'LimitNeedsOlderMicroversion'),
  );
});

test('the sockets of desktop Windows are told unless the image has another system', (t) => {
  const told = (image: ImageProperties): boolean =>
    judge({}, image).findings.some(({code}) => code === 'GuestSocketLimit');
  t.true(told({}));
  t.false(told({os_type: 'linux'}));
  t.true(told({os_type: 'windows', os_distro: 'windows', os_version: '11'}));
  t.false(told({os_type: 'windows', os_distro: 'windows', os_version: '2022'}));
});

test('encrypted memory is an error with an image that cannot have it, and none where no image is known', (t) => {
  const flavor = {
    name: 'sev',
    vcpus: 2,
    memoryMib: 2048,
    diskGib: 10,
    extraSpecs: {'hw:mem_encryption': 'true'},
  };
  const alone = judgeFlavor(flavor);
  t.is(alone.verdict, 'ok');
  t.is(alone.boot, undefined);
  t.deepEqual(alone.imageProperties, {});
  t.true(previewElements(alone).some(({children}) => children.includes('<locked/>')));
  t.deepEqual(
    alone.findings.map(({severity, code}) => `${severity} ${code}`),
    ['info EncryptionNeedsUefi'],
  );
  t.is(judgeFlavor(flavor, {image: {}}).boot?.error, 'FlavorImageConflict');
  t.deepEqual(judgeFlavor(flavor, {image: {hw_firmware_type: 'uefi'}}).findings, []);
});

test('a mask that cuts cores is cured by one that leaves them whole', (t) => {
  const told = ({findings}: Judgement) => findings.find(({code}) => code === 'CorePartlyPinned');
  const cores = {
    'hw:cpu_sockets': '2',
    'hw:cpu_threads': '2',
    'hw:numa_nodes': '2',
    'hw:cpu_policy': 'mixed',
  };
  const cut = judge({...cores, 'hw:cpu_dedicated_mask': '^0,^8'}, {}, {vcpus: 16});
  t.is(told(cut)?.suggestion, 'Set hw:cpu_dedicated_mask to "^0-1,^8-9".');
  const {flavor} = applyEdits(cut.flavor, {}, told(cut)?.edits ?? []);
  t.is(told(judgeFlavor(flavor)), undefined);
  const realtime = {...cores, 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0'};
  t.is(told(judge(realtime))?.suggestion, 'Set hw:cpu_realtime_mask to "^0-1".');
  t.is(told(judge(realtime, {hw_cpu_realtime_mask: '^0'}))?.edits.length, 0);
  const all = judge({...cores, 'hw:cpu_dedicated_mask': '0,2,4,6'});
  t.is(told(all)?.suggestion, 'Let hw:cpu_dedicated_mask take whole cores.');
});

test('what the API answers 500 to counts as its error', (t) => {
  const alias = judge({'pci_passthrough:alias': 'gpu'});
  t.is(alias.boot?.error, 'ValueError');
  t.regex(alias.findings[0]?.message ?? '', /Nova's API answers 500 to every server/);
  const encryption = {'hw:ephemeral_encryption': 'true', 'hw:ephemeral_encryption_format': 'aes'};
  t.is(judge(encryption).boot?.error, 'Invalid');
  t.is(judge({'hw_rng:allowed': 'false', 'hw_rng:rate_bytes': 'many'}).boot, undefined);
  t.true(
    judge({'hw_rng:allowed': 'false', 'hw_rng:rate_bytes': 'many'}).findings.every(
      ({severity}) => severity !== 'error',
    ),
  );
});

test('every error is named, not the first one only', (t) => {
  const judgement = judge({
    'hw:serial_port_count': 'x',
    'hw:cpu_max_cores': '-1',
    'hw:numa_nodes': '3',
    'hw:watchdog_action': 'dump',
  });
  t.is(judgement.boot?.error, 'ImageSerialPortNumberInvalid');
  t.deepEqual(
    judgement.findings.flatMap(({severity, code}) => (severity === 'error' ? [code] : [])),
    [
      'ImageSerialPortNumberInvalid',
      'ImageVCPULimitsRangeExceeded',
      'ImageNUMATopologyAsymmetric',
      'InvalidWatchdogAction',
    ],
  );
});

for (const [what, size, specs, property] of [
  ['no vCPU', {vcpus: 0}, {}, 'vcpus'],
  ['half a vCPU', {vcpus: 0.5}, {}, 'vcpus'],
  ['more vCPUs than Nova can store', {vcpus: 2 ** 31}, {}, 'vcpus'],
  ['memory that is no number', {memoryMib: NaN}, {}, 'ram'],
  ['a spec of 70,000 characters', {}, {'hw:numa_cpus.0': '0,'.repeat(35_000)}, 'hw:numa_cpus.0'],
  [
    'two thousand specs',
    {},
    Object.fromEntries(Array.from({length: 2000}, (_, at) => [`hx:cpu_polic${at}`, 'x'])),
    'extra_specs',
  ],
] as const) {
  test(`a flavor with ${what} is no flavor`, (t) => {
    const judgement = judge(specs, {}, size);
    t.is(judgement.verdict, 'error');
    t.deepEqual(found(judgement), [`error ValidationError ${property}`]);
  });
}

test('of very many findings the first hundred are told, and that there are more', (t) => {
  const start = performance.now();
  const specs = Object.fromEntries(Array.from({length: 1000}, (_, node) => [`hw:numa_cpus.${node}`, 'x']));
  const {findings} = judge(specs);
  t.is(findings.length, 101);
  t.is(findings.at(-1)?.message, '902 more findings are not told.');
  for (const {suggestion} of findings) t.not(suggestion, '');
  t.true(performance.now() - start < 5000);
});

for (const [what, size, specs] of [
  ['a thousand million vCPUs', {vcpus: 1e9}, {'hw:cpu_policy': 'dedicated', 'hw:cpu_sockets': '7'}],
  ['a mask of a million CPUs', {vcpus: 1e6}, {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '1-999999'}],
  ['as many nodes as vCPUs', {vcpus: 1e9, memoryMib: 1e9}, {'hw:numa_nodes': '1000000000'}],
  ['a mask that almost matches', {}, {'hw:cpu_dedicated_mask': `${'0-1,'.repeat(60)}x`}],
] as const) {
  test(`${what}: judged in no time, with all suggestions`, (t) => {
    const start = performance.now();
    const judgement = judge(specs, {}, size);
    for (const {suggestion} of judgement.findings) t.not(suggestion, '');
    t.true(performance.now() - start < 3000);
  });
}
