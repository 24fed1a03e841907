import test from 'ava';
import fc from 'fast-check';
import {
  cloneOf,
  flavorOf,
  isSameSpecs,
  newDraft,
  newFlavorOf,
  projectWords,
  readDraft,
  withEdits,
  withPreset,
  withSize,
  withSpec,
} from '../../../source/app/flavor/draft.js';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {PRESETS} from '../../../source/domain/flavor/presets.js';
import {largeFlavor} from '../../helpers/fake-flavor-cloud.js';

for (const [text, mebibytes] of [
  ['65536', 65_536],
  ['64g', 65_536],
  ['64 GiB', 65_536],
  ['1.5G', 1536],
  ['2t', 2_097_152],
  ['512m', 512],
  ['0.3g', undefined],
  ['64x', undefined],
  ['-1', undefined],
  ['0', undefined],
  ['', undefined],
  ['4000000g', undefined],
] as const) {
  test(`memory "${text}" is ${mebibytes ?? 'none'}`, (t) => {
    const draft = withSize(newDraft(), 'memory', text);
    t.is(flavorOf(draft)?.memoryMib, mebibytes);
    t.is(readDraft(draft).problems.has('memory'), mebibytes === undefined);
  });
}

test('a new draft is a small public flavor that lacks only its name', (t) => {
  const draft = newDraft();
  t.is(newFlavorOf(draft), undefined);
  t.deepEqual([...readDraft(draft).problems], [['name', 'is missing']]);
  t.like(newFlavorOf({...draft, name: 'small'}), {
    id: undefined,
    name: 'small',
    vcpus: 2,
    memoryMib: 4096,
    diskGib: 20,
    isPublic: true,
    description: undefined,
  });
  t.is(newFlavorOf({...draft, name: ' small'}), undefined);
});

test('the specs of a preset follow the size until somebody changes one of them', (t) => {
  const windows = withPreset(newDraft(), 'windows');
  const large = withSize(withSize(windows, 'vcpus', ''), 'vcpus', '16');
  t.deepEqual(large.extraSpecs, {'hw:cpu_sockets': '2', 'hw:cpu_cores': '8', 'hw:cpu_threads': '1'});
  const own = withSpec(large, 'hw:cpu_threads', '2');
  t.deepEqual(withSize(own, 'vcpus', '4').extraSpecs, own.extraSpecs);
});

test('every preset boots, whatever the size is and however it was typed', (t) => {
  const size = fc.record({
    vcpus: fc.integer({min: 1, max: 256}),
    memoryMib: fc.integer({min: 1, max: 1_048_576}),
  });
  fc.assert(
    fc.property(size, fc.constantFrom(...PRESETS.map(({name}) => name)), ({vcpus, memoryMib}, name) => {
      const chosen = withPreset(newDraft(), name);
      const draft = withSize(withSize(chosen, 'vcpus', String(vcpus)), 'memory', String(memoryMib));
      const flavor = flavorOf(draft);
      t.truthy(flavor);
      if (flavor !== undefined) t.not(judgeFlavor(flavor).verdict, 'error');
    }),
    {numRuns: 300},
  );
});

test('a copy has all of a flavor but its name, which is the next one that is free', (t) => {
  const flavor = largeFlavor('db-2', {
    vcpus: 4,
    swapMib: 512,
    ephemeralGib: 3,
    rxtxFactor: 2,
    isPublic: false,
    description: 'databases',
    extraSpecs: {'hw:numa_nodes': '2', 'trait:CUSTOM_DB': 'required'},
  });
  const copy = cloneOf(flavor, new Set(['db', 'db-2', 'db-3']));
  t.like(newFlavorOf(copy), {
    name: 'db-4',
    vcpus: 4,
    swapMib: 512,
    ephemeralGib: 3,
    rxtxFactor: 2,
    isPublic: false,
    description: 'databases',
  });
  t.true(isSameSpecs(copy.extraSpecs, flavor.extraSpecs ?? {}));
  t.is(cloneOf({...flavor, name: 'db'}, new Set(['db'])).name, 'db-2');
});

test('edits of a finding change the specs, and those of an image do not', (t) => {
  const draft = withSpec(newDraft(), 'hw:cpu_sockets', '4');
  const edited = withEdits(draft, [
    {target: 'flavor', property: 'hw:cpu_sockets', value: null},
    {target: 'flavor', property: 'hw:cpu_cores', value: '2'},
    {target: 'image', property: 'hw_cpu_cores', value: '2'},
  ]);
  t.deepEqual(edited.extraSpecs, {'hw:cpu_cores': '2'});
});

test('projects are told apart by commas, each once', (t) => {
  t.deepEqual(projectWords({...newDraft(), projects: ' shop, p1,,shop '}), ['shop', 'p1']);
});
