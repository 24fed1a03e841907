import test from 'ava';
import {decodeFlavors, type DecodedFlavor} from '../../../source/domain/flavor/decode-flavor.js';

const SPECS = {'hw:watchdog_action': 'reset', 'hw:numa_nodes': '2'};
const FLAVOR = {name: 'm1', vcpus: 2, memoryMib: 512, diskGib: 1, extraSpecs: SPECS};

for (const [what, input] of [
  ['our own form', {name: 'm1', vcpus: 2, ram: 512, disk: 1, extra_specs: SPECS}],
  [
    "Nova's API",
    {flavor: {id: '1', name: 'm1', vcpus: 2, ram: 512, disk: 1, swap: '', links: [], extra_specs: SPECS}},
  ],
  ["a list of Nova's API", {flavors: [{name: 'm1', vcpus: 2, ram: 512, disk: 1, extra_specs: SPECS}]}],
  [
    'openstack flavor list',
    [{ID: '1', Name: 'm1', RAM: 512, Disk: 1, Ephemeral: 0, VCPUs: 2, 'Is Public': true, Properties: SPECS}],
  ],
  [
    'openstack flavor show',
    {id: '1', name: 'm1', ram: 512, disk: 1, vcpus: 2, 'OS-FLV-DISABLED:disabled': false, properties: SPECS},
  ],
  [
    'an older client, whose specs are a text',
    {Name: 'm1', RAM: 512, Disk: 1, VCPUs: 2, Properties: "hw:watchdog_action='reset', hw:numa_nodes='2'"},
  ],
  [
    'numbers as text',
    {name: 'm1', vcpus: '2', ram: '512', disk: '1', extra_specs: {...SPECS, 'hw:numa_nodes': 2}},
  ],
  ["a server's flavor", {original_name: 'm1', vcpus: 2, ram: 512, disk: 1, extra_specs: SPECS}],
] as const) {
  test(`${what} is read`, (t) => {
    t.deepEqual(decodeFlavors(input), [{kind: 'flavor', flavor: FLAVOR, image: undefined, ignored: []}]);
  });
}

test('an image comes with it, and what is not known is told', (t) => {
  const [decoded] = decodeFlavors({
    vcpus: 1,
    ram: 1,
    image_properties: {hw_pmu: true, hw_cpu_cores: 2},
    colour: 'red',
  });
  t.deepEqual(decoded, {
    kind: 'flavor',
    flavor: {name: '', vcpus: 1, memoryMib: 1, diskGib: 0, extraSpecs: {}},
    image: {hw_pmu: 'true', hw_cpu_cores: '2'},
    ignored: ['colour'],
  });
});

const place = (decoded: DecodedFlavor | undefined): string =>
  decoded?.kind === 'problem' ? `${decoded.place}: ${decoded.reason}` : 'read';

const DEEP = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;

for (const [input, problem] of [
  ['text', ': must be a flavor, not "text"'],
  [null, ': must be a flavor, not null'],
  [[[]], '[0]: must be a flavor, not a list'],
  [{vcpus: DEEP, ram: 1}, 'vcpus: must be a whole number, not a list'],
  [{name: 'x', ram: 1}, 'vcpus: is missing'],
  [{name: 'x', vcpus: null, ram: 1}, 'vcpus: must be a whole number, not null'],
  [{name: 'x', vcpus: '1e3', ram: 1}, 'vcpus: must be a whole number, not "1e3"'],
  [{name: 'x', vcpus: 1, ram: {}}, 'ram: must be a whole number, not an object'],
  [{name: [], vcpus: 1, ram: 1}, 'name: must be a text, not a list'],
  [{vcpus: 1, ram: 1, extra_specs: []}, 'extra_specs: must be names and values, not a list'],
  [{vcpus: 1, ram: 1, extra_specs: {a: true}}, 'extra_specs.a: must be a text or a number, not true'],
  [{vcpus: 1, ram: 1, extra_specs: {a: DEEP}}, 'extra_specs.a: must be a text or a number, not a list'],
  [
    {vcpus: 1, ram: 1, Properties: 'a=b'},
    'Properties: must be pairs such as hw:cpu_policy=\'dedicated\', not "a=b"',
  ],
  [
    {flavors: [{vcpus: 1, ram: 'x'.repeat(99)}]},
    `flavors[0].ram: must be a whole number, not "${'x'.repeat(39)}…`,
  ],
] as const) {
  test(`a problem has its place: ${problem.slice(0, 70)}`, (t) => {
    t.is(place(decodeFlavors(input)[0]), problem);
  });
}

test('what cannot be read does not keep the others from being read', (t) => {
  const decoded = decodeFlavors([{vcpus: 1, ram: 1}, 5, {vcpus: 1, ram: 1}]);
  t.deepEqual(
    decoded.map(({kind}) => kind),
    ['flavor', 'problem', 'flavor'],
  );
});

test("values of an older client's text may hold quotes and commas", (t) => {
  const [decoded] = decodeFlavors({vcpus: 1, ram: 1, properties: "a='it's, or not', hw:numa_cpus.0='0,1'"});
  t.deepEqual(decoded?.kind === 'flavor' ? decoded.flavor.extraSpecs : {}, {
    a: "it's, or not",
    'hw:numa_cpus.0': '0,1',
  });
});
