// The request to Placement held against the one that the scheduler of the installed Nova makes.
import {spawnSync} from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import {parseNovaRelease} from '../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../source/domain/flavor/refusal.js';
import {type PlacedFlavor, schedulerRequest} from '../../source/domain/flavor/scheduler-request.js';
import {randomFlavor, randomImage} from '../helpers/random-flavors.js';

type Query = readonly (readonly [string, string])[];
type Answer =
  | {readonly error: string}
  | {readonly first: {readonly query: Query; readonly isPinned: boolean}; readonly fallback: Query};

const word = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
const amount = word('0', '1', '2', ' 3', '-1', 'x', '');
const policy = word('required', 'forbidden', 'preferred');
/** Specs that change what is asked for, with values that are right, odd and wrong. */
const placed = fc.record(
  {
    'resources:VCPU': amount,
    'resources:PCPU': amount,
    'resources:DISK_GB': amount,
    'resources:MEMORY_MB': amount,
    'resources:CUSTOM_GPU': amount,
    'resources:NOTHING': amount,
    'resources1:VGPU': amount,
    resources_NET: amount,
    'resources_NET:NET_BW_EGR_KILOBIT_PER_SEC': amount,
    'trait:HW_CPU_X86_AVX2': policy,
    'trait:CUSTOM_GOLD': policy,
    'trait1:CUSTOM_GOLD': policy,
    group_policy: word('none', 'isolate', 'both'),
    'hw:pmem': word('big', 'big,small', 'a-b__c,,big', ''),
    'hw:cpu_policy': word('dedicated', 'mixed', 'shared', ''),
    'hw:cpu_thread_policy': word('prefer', 'isolate', 'require'),
    'hw:cpu_dedicated_mask': word('0', '^0'),
    'hw:emulator_threads_policy': word('isolate', 'share'),
    'hw:tpm_version': word('1.2', '2.0'),
    'os:secure_boot': word('required', 'disabled'),
    'hw:pci_numa_affinity_policy': word('socket', 'required'),
    'accel:device_profile': word('fpga', ''),
    'hw:ephemeral_encryption': word('true', 'no'),
    'hw:ephemeral_encryption_format': word('luks', 'plain'),
  },
  {requiredKeys: []},
);

function ofNova(lines: readonly string[]): readonly Answer[] {
  const result = spawnSync('/usr/bin/python3', ['test/real/placement-oracle.py'], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1'},
  });
  if (result.status !== 0) throw new Error(`Nova could not be asked: ${result.stderr}`);
  const answers = result.stdout.trim().split('\n');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own program's.
  return answers.map((line) => JSON.parse(line) as Answer);
}

test('Placement is asked what the scheduler of the installed Nova asks it', (t) => {
  const release = parseNovaRelease('zed');
  if (release === undefined) throw new Error('there is no zed');
  const disks = fc.record({
    diskGib: fc.nat({max: 3}),
    ephemeralGib: fc.nat({max: 3}),
    swapMib: word('0', '1', '1024', '1025').map(Number),
  });
  const sample = fc.sample(fc.tuple(randomFlavor, placed, disks, randomImage, fc.boolean()), {
    numRuns: 1000,
    seed: 7,
  });
  const cases = sample.map(([flavor, specs, sizes, image, isPlain]): [PlacedFlavor, typeof image] => {
    const extraSpecs = isPlain ? specs : {...flavor.extraSpecs, ...specs};
    const texts = Object.entries(extraSpecs).filter((pair) => typeof pair[1] === 'string');
    return [{...flavor, ...sizes, extraSpecs: Object.fromEntries(texts)}, isPlain ? {} : image];
  });
  const lines = cases.map(([flavor, image]) =>
    JSON.stringify({
      vcpus: flavor.vcpus,
      memory_mb: flavor.memoryMib,
      disk_gb: flavor.diskGib,
      ephemeral_gb: flavor.ephemeralGib,
      swap_mb: flavor.swapMib,
      extra_specs: flavor.extraSpecs,
      image_props: image,
    }),
  );
  const answers = ofNova(lines);
  t.is(answers.length, cases.length);
  let compared = 0;
  for (const [index, [flavor, image]] of cases.entries()) {
    const answer = answers[index];
    if (answer === undefined || 'error' in answer) continue;
    const first = schedulerRequest(flavor, {image, release});
    const fallback = schedulerRequest(flavor, {image, release, isFallback: true});
    // What the API refuses before is none of Placement's.
    if (first instanceof Refusal || fallback instanceof Refusal) continue;
    compared += 1;
    t.deepEqual({first, fallback: fallback.query}, answer, lines[index]);
  }
  t.true(compared > 400, `${compared} could be compared`);
});
