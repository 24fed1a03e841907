import {spawnSync} from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {judgementFields} from '../../source/domain/flavor/judgement-fields.js';
import {parseNovaRelease} from '../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../source/domain/flavor/refusal.js';
import {randomFlavor, randomImage} from '../helpers/random-flavors.js';

type Answer = {
  readonly boot: unknown;
  readonly store: Readonly<Record<string, string>>;
  readonly topology: unknown;
  readonly numa: unknown;
  /** The XML of the device, or the refusal. */
  readonly watchdog: unknown;
  readonly cpu: string | null;
};

function python(args: readonly string[], input = ''): string {
  const result = spawnSync('/usr/bin/python3', args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1'},
  });
  if (result.status !== 0) throw new Error(`Nova could not be asked: ${result.stderr}`);
  return result.stdout;
}

test('random flavors and images are judged as the installed Nova judges them', (t) => {
  const version = python(['-c', 'from nova import version; print(version.version_string())']).trim();
  const release = parseNovaRelease(version);
  t.truthy(release, `Nova ${version} is one whose rules are known`);
  const asked = fc.sample(fc.tuple(randomFlavor, randomImage), {numRuns: 1500, seed: 11});
  const lines = asked.map(([{vcpus, memoryMib, extraSpecs}, image]) =>
    JSON.stringify({vcpus, memory_mb: memoryMib, extra_specs: extraSpecs, image_props: image}),
  );
  const answers = python(['test/real/nova-oracle.py'], `${lines.join('\n')}\n`)
    .trim()
    .split('\n');
  t.is(answers.length, asked.length);
  for (const [index, [flavor, image]] of asked.entries()) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own program's.
    const answer = JSON.parse(answers[index] ?? '') as Answer;
    const judgement = judgeFlavor(flavor, {image, release});
    const {boot, topology, numa, watchdog} = judgementFields(judgement);
    const store = Object.fromEntries(
      Object.keys(flavor.extraSpecs).map((name) => [
        name,
        judgement.storeProblems.has(name) ? 'ValidationError' : 'accept',
      ]),
    );
    const device = judgement.watchdog instanceof Refusal ? watchdog : (judgement.xml.watchdog ?? null);
    t.deepEqual(
      {boot, store, topology, numa, watchdog: device, cpu: judgement.xml.cpu ?? null},
      answer,
      lines[index],
    );
  }
});
