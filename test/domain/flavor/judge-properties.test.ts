import test from 'ava';
import fc from 'fast-check';
import {countCpus, intersection, union} from '../../../source/domain/flavor/cpu-set.js';
import {applyEdits} from '../../../source/domain/flavor/finding.js';
import {judgeFlavor, type Judgement} from '../../../source/domain/flavor/judge.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../../source/domain/flavor/refusal.js';
import {randomFlavor, randomImage} from '../../helpers/random-flavors.js';

const RUNS = {numRuns: 1500, seed: 5};
const RANK = {ok: 0, warning: 1, error: 2} as const;
const release = fc.constantFrom('victoria', 'zed', '31.2.0', '2026.1').map(parseNovaRelease);

test('the best topology is possible, and the desired ones are the possible ones', (t) => {
  fc.assert(
    fc.property(randomFlavor, randomImage, (flavor, image) => {
      const {topology} = judgeFlavor(flavor, {image});
      if (topology instanceof Refusal || 'refusal' in topology) return;
      t.true(topology.possible.includes(topology.best));
      t.is(topology.desired.length, topology.possible.length);
      t.true(topology.possible.every((triple) => topology.desired.includes(triple)));
      for (const [sockets, cores, threads] of topology.possible)
        t.is(sockets * cores * threads, flavor.vcpus);
    }),
    RUNS,
  );
});

test('NUMA nodes share out all CPUs and all memory, none twice', (t) => {
  fc.assert(
    fc.property(randomFlavor, randomImage, (flavor, image) => {
      const {numa} = judgeFlavor(flavor, {image});
      if (numa === undefined || numa instanceof Refusal) return;
      const sets = numa.cells.flatMap(({shared, pinned}) => [shared, pinned]);
      t.is(
        sets.reduce((sum, set) => sum + countCpus(set), 0),
        flavor.vcpus,
      );
      t.is(countCpus(union(sets)), flavor.vcpus);
      t.is(
        numa.cells.reduce((sum, {memoryMib}) => sum + memoryMib, 0),
        flavor.memoryMib,
      );
      for (const {shared, pinned} of numa.cells) t.is(countCpus(intersection(shared, pinned)), 0);
    }),
    RUNS,
  );
});

/** The judgement after the cure of a finding. */
function cured(
  {flavor, imageProperties, release: of}: Judgement,
  finding: Judgement['findings'][number],
): Judgement {
  const after = applyEdits(flavor, imageProperties, finding.edits);
  return judgeFlavor(after.flavor, {image: after.image, release: of});
}

test('a cure takes its finding away and makes nothing worse', (t) => {
  fc.assert(
    fc.property(randomFlavor, randomImage, release, (flavor, image, of) => {
      const before = judgeFlavor(flavor, {image, release: of});
      for (const finding of before.findings) {
        t.not(finding.suggestion, '');
        if (finding.severity === 'info' && finding.edits.length === 0) continue;
        t.true(finding.edits.length > 0, finding.message);
        const after = cured(before, finding);
        t.false(
          after.findings.some(
            ({code, property, message}) =>
              code === finding.code && property === finding.property && message === finding.message,
          ),
          `${finding.message} ${finding.suggestion}`,
        );
        t.true(RANK[after.verdict] <= RANK[before.verdict], `${finding.message} ${finding.suggestion}`);
      }
    }),
    RUNS,
  );
});

test('one cure after the other ends in a flavor that boots as it says', (t) => {
  fc.assert(
    fc.property(randomFlavor, randomImage, release, (flavor, image, of) => {
      let judgement = judgeFlavor(flavor, {image, release: of});
      for (let step = 0; step < 30; step++) {
        const [worst] = judgement.findings;
        if (worst === undefined || worst.severity === 'info') break;
        judgement = cured(judgement, worst);
      }
      t.is(judgement.verdict, 'ok', judgement.findings[0]?.message);
      t.is(judgement.boot, undefined);
      t.deepEqual(
        Array.from(judgement.storeProblems.keys()).filter((name) => !name.startsWith('hw:cpu_max_')),
        [],
      );
    }),
    RUNS,
  );
});

test('the verdict is the worst of the findings, and refusals are findings', (t) => {
  fc.assert(
    fc.property(randomFlavor, randomImage, (flavor, image) => {
      const {verdict, findings, boot, watchdog} = judgeFlavor(flavor, {image});
      const worst = findings.some(({severity}) => severity === 'error')
        ? 'error'
        : findings.some(({severity}) => severity === 'warning')
          ? 'warning'
          : 'ok';
      t.is(verdict, worst);
      for (const refusal of [boot, watchdog]) {
        if (refusal instanceof Refusal) t.true(findings.some(({code}) => code === refusal.error));
      }
    }),
    RUNS,
  );
});
