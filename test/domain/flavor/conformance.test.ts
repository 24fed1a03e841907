import test from 'ava';
import {CpuSpecError, formatCpuSet, listCpus, parseCpuSpec} from '../../../source/domain/flavor/cpu-set.js';
import {NO_IMAGE} from '../../../source/domain/flavor/flavor.js';
import {cpuXml, wantsHugePages, watchdogXml} from '../../../source/domain/flavor/guest-xml.js';
import {judgementFields, numaFields} from '../../../source/domain/flavor/judgement-fields.js';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {readImageMeta} from '../../../source/domain/flavor/image-meta.js';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';
import {numaTopology} from '../../../source/domain/flavor/numa.js';
import {Refusal} from '../../../source/domain/flavor/refusal.js';
import {checkServer} from '../../../source/domain/flavor/server-checks.js';
import {chooseTopology, topologyConstraints} from '../../../source/domain/flavor/topology.js';
import {watchdogDevice} from '../../../source/domain/flavor/watchdog.js';
import {conformanceCases, flavorOf, type FlavorInput} from '../../helpers/flavor-cases.js';

type Answer = Readonly<Record<string, unknown>>;

const withStage = ({error, kind, stage}: Refusal): Answer => ({error, kind, stage});
const withoutStage = ({error, kind}: Refusal): Answer => ({error, kind});

function topologyAnswer(input: FlavorInput): Answer {
  const image = readImageMeta(input.image_props ?? NO_IMAGE, NEWEST_RELEASE);
  if (image instanceof Refusal) return withStage(image);
  const flavor = flavorOf(input);
  const constraints = topologyConstraints(flavor, image);
  if (constraints instanceof Refusal) return withStage(constraints);
  const chosen = chooseTopology(flavor.vcpus, constraints, input.allow_threads);
  return 'refusal' in chosen ? {...withStage(chosen.refusal), ...constraints} : chosen;
}

function numaAnswer(input: FlavorInput): Answer {
  const image = readImageMeta(input.image_props ?? NO_IMAGE, NEWEST_RELEASE);
  if (image instanceof Refusal) return withStage(image);
  const numa = numaTopology(flavorOf(input), image);
  if (numa instanceof Refusal) return withStage(numa);
  return {numa: numa === undefined ? null : numaFields(numa)};
}

function serverAnswer(input: FlavorInput): Answer {
  const image = readImageMeta(input.image_props ?? NO_IMAGE, NEWEST_RELEASE);
  if (image instanceof Refusal) return withoutStage(image);
  const {first} = checkServer(flavorOf(input), image);
  return first === undefined ? {ok: true} : withoutStage(first);
}

function watchdogAnswer(input: FlavorInput): Answer {
  const image = readImageMeta(input.image_props ?? NO_IMAGE, NEWEST_RELEASE);
  if (image instanceof Refusal) return withStage(image);
  const device = watchdogDevice(flavorOf(input), image);
  if (device instanceof Refusal) return withStage(device);
  if (device === undefined) return {device: null};
  return {device: {action: device.action, model: device.model}, xml: watchdogXml(device)};
}

function xmlAnswer(input: FlavorInput): Answer {
  const image = readImageMeta(input.image_props ?? NO_IMAGE, NEWEST_RELEASE);
  if (image instanceof Refusal) return withoutStage(image);
  const flavor = flavorOf(input);
  const numa = numaTopology(flavor, image);
  if (numa instanceof Refusal) return withoutStage(numa);
  const constraints = topologyConstraints(flavor, image);
  if (constraints instanceof Refusal) return withoutStage(constraints);
  const chosen = chooseTopology(flavor.vcpus, constraints);
  if ('refusal' in chosen) return withoutStage(chosen.refusal);
  return {assumed_hugepages: wantsHugePages(numa), cpu_xml: cpuXml(chosen.best, numa)};
}

function cpuSpecAnswer({spec}: {readonly spec: string}): Answer {
  const set = parseCpuSpec(spec);
  if (set instanceof CpuSpecError) return {error: 'Invalid', kind: 'nova'};
  const cpus = listCpus(set);
  return {cpus, formatted: formatCpuSet(set), formatted_flat: cpus.join(',')};
}

const AREAS: readonly (readonly [area: string, answer: (input: FlavorInput) => Answer])[] = [
  ['topology', topologyAnswer],
  ['numa', numaAnswer],
  ['server_validate', serverAnswer],
  ['watchdog', watchdogAnswer],
  ['cpu_xml', xmlAnswer],
];

const isRefused = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'error' in value;

/** What the whole judgement says of an area, in the shape of its cases. */
function judgedAnswer(area: string, input: FlavorInput): unknown {
  const judgement = judgeFlavor(flavorOf(input), {image: input.image_props});
  const {boot, topology, numa, watchdog} = judgementFields(judgement);
  if (area === 'server_validate') return boot;
  if (area === 'topology') return topology;
  if (area === 'numa') return isRefused(numa) ? numa : {numa};
  const {watchdog: xml} = judgement.xml;
  return isRefused(watchdog) ? watchdog : {device: watchdog, ...(xml === undefined ? {} : {xml})};
}

for (const area of ['topology', 'numa', 'server_validate', 'watchdog']) {
  const cases = conformanceCases<FlavorInput, Answer>(area);
  for (const {id, input, expect} of cases.filter((one) => one.input.allow_threads !== false)) {
    test(`${id} is in the judgement`, (t) => {
      t.deepEqual(judgedAnswer(area, input), expect);
    });
  }
}

for (const [area, answer] of AREAS) {
  const cases = conformanceCases<FlavorInput, Answer>(area);
  test(`there are cases of ${area}`, (t) => {
    t.true(cases.length >= 20);
  });
  for (const {id, input, expect} of cases) {
    test(`${id} is what Nova answered`, (t) => {
      t.deepEqual(answer(input), expect);
    });
  }
}

for (const {id, input, expect} of conformanceCases<{readonly spec: string}, Answer>('cpu_spec')) {
  test(`${id} is what Nova answered`, (t) => {
    t.deepEqual(cpuSpecAnswer(input), expect);
  });
}
