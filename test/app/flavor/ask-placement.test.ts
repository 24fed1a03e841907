import test from 'ava';
import {askPlacement} from '../../../source/app/flavor/ask-placement.js';
import type {Candidates} from '../../../source/app/flavor/flavor-ports.js';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';
import {placementWords} from '../../../source/text/placement-words.js';

const {signal} = new AbortController();
const SIZE = {name: 'f', vcpus: 4, memoryMib: 512, diskGib: 1, ephemeralGib: 2, swapMib: 100};
const hosts = (...names: readonly string[]): Candidates => ({
  kind: 'hosts',
  hosts: names,
  dedicating: names.filter((name) => name.startsWith('p')),
  isComplete: true,
});

/** Asks about a flavor; `answers` come one after the other. */
async function ask(
  extraSpecs: Readonly<Record<string, string>>,
  answers: readonly Candidates[],
  image: Readonly<Record<string, string>> = {},
) {
  const asked: string[] = [];
  const placement = {
    async candidates(query: readonly (readonly [string, string])[]) {
      asked.push(query.map((pair) => pair.join('=')).join(' '));
      return Promise.resolve(answers[asked.length - 1] ?? hosts());
    },
  };
  const options = {image, release: NEWEST_RELEASE};
  const verdict = await askPlacement(placement, {...SIZE, extraSpecs}, options, signal);
  return {asked, verdict, words: verdict === undefined ? undefined : placementWords(verdict)?.words};
}

test('sizes, traits and the hosts that are enabled are asked for', async (t) => {
  const {asked, verdict} = await ask({'trait:CUSTOM_GOLD': 'required', 'trait:HW_CPU_X86_SGX': 'forbidden'}, [
    hosts('a', 'b'),
  ]);
  t.deepEqual(asked, [
    'limit=1000 required=CUSTOM_GOLD,!HW_CPU_X86_SGX resources=DISK_GB:4,MEMORY_MB:512,VCPU:4 ' +
      'root_required=!COMPUTE_STATUS_DISABLED',
  ]);
  t.deepEqual(verdict, {kind: 'room', hosts: ['a', 'b'], isComplete: true});
});

test('the image has a say in CPUs and traits', async (t) => {
  const {asked} = await ask({}, [hosts('a')], {hw_cpu_policy: 'dedicated', 'trait:CUSTOM_GOLD': 'required'});
  t.regex(asked[0] ?? '', / required=CUSTOM_GOLD resources=DISK_GB:4,MEMORY_MB:512,PCPU:4 /);
});

test('pinned CPUs that no host has are asked for as shared ones, too, which is no room yet', async (t) => {
  const specs = {'hw:cpu_policy': 'dedicated', 'hw:emulator_threads_policy': 'isolate'};
  const {asked, verdict, words} = await ask(specs, [hosts(), hosts('a', 'b', 'p')]);
  t.regex(asked[0] ?? '', /PCPU:5/);
  t.regex(asked[1] ?? '', /VCPU:4/);
  t.deepEqual(verdict, {kind: 'unpinned', hosts: ['a', 'b'], isComplete: true});
  t.regex(words ?? '', /no host has so many .*PCPU.* shared ones only, a, b: they take it where neither/);
  for (const second of [hosts(), hosts('p'), {kind: 'unavailable', why: 'forbidden'} as const]) {
    t.deepEqual((await ask(specs, [hosts(), second])).verdict, {kind: 'no-room'});
  }
  t.is((await ask(specs, [hosts('a')])).asked.length, 1);
  t.is((await ask({'hw:cpu_policy': 'shared'}, [hosts()])).asked.length, 1);
});

test('a flavor that Nova refuses is not asked about', async (t) => {
  const {asked, verdict} = await ask({'hw:cpu_policy': 'own'}, []);
  t.deepEqual(asked, []);
  t.is(verdict, undefined);
});

test('every answer has words of its own', async (t) => {
  const words = async (answer: Candidates) => (await ask({}, [answer])).words;
  const many = Array.from({length: 9}, (_, index) => `c${index}`);
  t.is(await words(hosts('a')), 'Placement: 1 host could take it now, a');
  t.is(
    await words({kind: 'hosts', hosts: many, dedicating: [], isComplete: false}),
    'Placement: at least 9 hosts could take it now, c0, c1, c2, c3, c4, c5 and 3 more',
  );
  t.is(
    await words(hosts()),
    'Placement: no host could take it now; a server would end with "No valid host was found"',
  );
  const refused = {kind: 'refused', message: 'No such trait(s): A, B.'} as const;
  t.is(
    await words({...refused, unknown: 'trait', names: ['A', 'B']}),
    'Placement does not know the traits A, B, so no host has it; a server would end with "No valid host was found"',
  );
  t.regex(
    (await words({...refused, unknown: 'resource class', names: ['A']})) ?? '',
    /the resource class A, so/,
  );
  t.regex(
    (await words({...refused, unknown: undefined, names: []})) ?? '',
    /refuses the request \(No such trait\(s\): A, B\); a server/,
  );
  t.is(
    await words({kind: 'unavailable', why: 'forbidden'}),
    'Placement does not let this account ask who could take it',
  );
  t.regex((await words({kind: 'unavailable', why: 'too-old'})) ?? '', /too old/);
  t.is(await words({kind: 'unavailable', why: 'absent'}), undefined);
});
