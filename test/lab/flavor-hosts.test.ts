// What Placement is said to answer, held against what Nova then does when a server is made.
import test from 'ava';
import {z} from 'zod';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {removeFlavors} from '../helpers/lab-flavors.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab} from '../helpers/lab.js';
import {waitUntil} from '../helpers/wait-until.js';

const {signal} = new AbortController();
const PREFIX = 'reprieve.hosts.';
const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const own = createCloud(await labConfiguration('lab'), labOptions);

const SIZE = {vcpus: 1, memoryMib: 64, diskGib: 1, ephemeralGib: 0, swapMib: 0, rxtxFactor: 1};
const shownFlavor = z.object({
  verdict: z.string(),
  problems: z.array(z.string()),
  hosts: z.object({total: z.number(), large: z.number(), free: z.number()}),
  placement: z.object({
    answer: z.string(),
    hosts: z.array(z.string()).optional(),
    unknown: z.array(z.string()).optional(),
  }),
});
const made = z.object({server: z.object({id: z.string()})});
const ended = z.object({
  server: z.object({
    status: z.string(),
    'OS-EXT-SRV-ATTR:host': z.string().nullable(),
    fault: z.object({message: z.string()}).optional(),
  }),
});
const imageList = z.object({images: z.array(z.object({id: z.string(), name: z.string()}))});

const removeAll = async () => removeFlavors(own, PREFIX);

/** A flavor of the lab; gives its id. */
async function make(
  name: string,
  extraSpecs: Readonly<Record<string, string>>,
  size: Partial<typeof SIZE> = {},
): Promise<string> {
  const wanted = {
    ...SIZE,
    ...size,
    id: undefined,
    name: `${PREFIX}${name}`,
    isPublic: true,
    description: undefined,
  };
  const {id} = await own.flavorChanges.create(wanted, signal);
  if (Object.keys(extraSpecs).length > 0) {
    await own.flavorChanges.setSpecs(id, extraSpecs, {unchecked: false}, signal);
  }
  return id;
}

async function shown(id: string) {
  const {code, stdout, stderr} = await operator.run(['flavor', 'show', id]);
  if (code !== 0) throw new Error(stderr);
  return shownFlavor.parse(JSON.parse(stdout));
}

/** What becomes of a server of this flavor that may go anywhere, or to this host. It is gone after the look. */
async function booted(flavorRef: string, host?: string) {
  const {body: images} = await cloud.request('GET', '/images/detail', undefined, '2.1');
  const imageRef = imageList.parse(images).images.find(({name}) => name === 'lab-blank')?.id;
  const where = host === undefined ? {} : {availability_zone: `nova:${host}`};
  const server = {name: 'flavor-hosts', flavorRef, imageRef, networks: 'none', ...where};
  const {status, body} = await cloud.request('POST', '/servers', {server});
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`);
  const {id} = made.parse(body).server;
  try {
    return await waitUntil('the server to be ACTIVE or in ERROR', 180, async () => {
      const {server: row} = ended.parse((await cloud.request('GET', `/servers/${id}`)).body);
      return row.status === 'BUILD' ? undefined : row;
    });
  } finally {
    await cloud.destroyServer(id);
  }
}

test.before(removeAll);
test.after.always(async () => {
  await removeAll();
  own.close();
  await operator.remove();
});

test.serial('a flavor that fits: one of the hosts that Placement names takes the server', async (t) => {
  const id = await make('fits', {});
  const {placement, problems} = await shown(id);
  t.deepEqual(problems, []);
  t.is(placement.answer, 'room');
  t.deepEqual(placement.hosts, lab.computes.map(({host}) => host).toSorted());
  const server = await booted(id);
  t.is(server.status, 'ACTIVE', server.fault?.message);
  t.true(placement.hosts?.includes(server['OS-EXT-SRV-ATTR:host'] ?? ''));
});

const NOWHERE: readonly (readonly [
  what: string,
  answer: 'no-room' | 'refused',
  specs: Readonly<Record<string, string>>,
  size?: Partial<typeof SIZE>,
])[] = [
  ['a trait that no host has', 'no-room', {'trait:HW_GPU_API_VULKAN': 'required'}],
  ['a trait that Placement does not know', 'refused', {'trait:CUSTOM_REPRIEVE_NOBODY': 'required'}],
  ['a resource class that Placement does not know', 'refused', {'resources:CUSTOM_REPRIEVE_NOTHING': '1'}],
  ['PCPUs that no host has', 'no-room', {'resources:PCPU': '1'}],
  ['a disk that is larger than each host', 'no-room', {}, {diskGib: 10_000_000}],
];
for (const [index, [what, answer, specs, size]] of NOWHERE.entries()) {
  test.serial(`${what}: Placement says so, and a server ends without a valid host`, async (t) => {
    const id = await make(`nowhere-${index}`, specs, size);
    const {placement, hosts} = await shown(id);
    t.is(placement.answer, answer);
    t.true(hosts.free > 0, 'by size alone it would fit');
    if (answer === 'refused') {
      t.deepEqual(
        placement.unknown,
        Object.keys(specs).map((name) => name.replace(/^\w+:/, '')),
      );
    }
    const server = await booted(id);
    t.is(server.status, 'ERROR');
    t.regex(server.fault?.message ?? '', /No valid host was found/);
  });
}

test.serial('a pinned guest where no host has PCPUs goes to one whose CPUs are not set apart', async (t) => {
  const id = await make('pinned', {'hw:cpu_policy': 'dedicated'});
  const {placement} = await shown(id);
  t.is(placement.answer, 'unpinned');
  t.deepEqual(placement.hosts, lab.computes.map(({host}) => host).toSorted());
  for (const driver of ['libvirt', 'fake'] as const) {
    const host = lab.computes.find((node) => node.driver === driver)?.host;
    if (host === undefined) continue;
    const server = await booted(id, host);
    t.is(server.status, 'ACTIVE', `${driver}: ${server.fault?.message ?? ''}`);
  }
});

test.serial('who is no administrator is told that Placement is not theirs to ask', async (t) => {
  await make('open', {});
  const alice = await labOperator(lab, {cloud: 'lab-alice'});
  t.teardown(async () => alice.remove());
  const {code, stdout, stderr} = await alice.tell(['flavor', 'show', `${PREFIX}open`]);
  t.is(code, 0, stderr);
  t.regex(stdout, /Placement does not let this account ask who could take it/);
});
