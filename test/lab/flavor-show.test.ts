// Flavors of the real Nova shown and compared, and what libvirt makes of one held against the preview.
import test from 'ava';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {releaseOfMicroversion} from '../../source/domain/flavor/microversion-release.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {removeFlavors} from '../helpers/lab-flavors.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab, readOn} from '../helpers/lab.js';

const {signal} = new AbortController();
const PREFIX = 'reprieve.show.';
const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const own = createCloud(await labConfiguration('lab'), labOptions);

const SPECS = {
  'hw:watchdog_action': 'poweroff',
  'hw:cpu_sockets': '1',
  'hw:cpu_cores': '1',
  'hw:cpu_threads': '2',
};
/** No guest has more CPUs than its host, and a machine that tests run on may have two. */
const SIZE = {vcpus: 2, memoryMib: 256, diskGib: 1, ephemeralGib: 0, swapMib: 0, rxtxFactor: 1};

const removeAll = async () => removeFlavors(own, PREFIX);

/** A flavor of the lab; gives its id. */
async function make(
  name: string,
  extraSpecs: Readonly<Record<string, string>>,
  isPublic = true,
): Promise<string> {
  const wanted = {...SIZE, id: undefined, name: `${PREFIX}${name}`, isPublic, description: undefined};
  const {id} = await own.flavorChanges.create(wanted, signal);
  if (Object.keys(extraSpecs).length > 0) {
    await own.flavorChanges.setSpecs(id, extraSpecs, {unchecked: false}, signal);
  }
  return id;
}

async function shown(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const {stdout} = await operator.run(['flavor', ...args]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Our own program's.
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

/** The attributes of the first element of this name. */
function attributesOf(xml: string, name: string): Readonly<Record<string, string>> {
  const element = new RegExp(`<${name} ([^>]*?)/?>`).exec(xml)?.[1] ?? '';
  return Object.fromEntries(
    Array.from(element.matchAll(/(\w+)=["']([^"']*)["']/g), ([, key = '', value = '']) => [key, value]),
  );
}

test.before(removeAll);
test.after.always(async () => {
  await removeAll();
  own.close();
  await operator.remove();
});

test.serial('the domain that libvirt has is the one of the preview', async (t) => {
  const id = await make('guest', SPECS);
  const host = lab.computes.find(({driver}) => driver === 'libvirt')?.host;
  if (host === undefined) {
    t.pass('this lab has no node with libvirt');
    return;
  }
  const server = await cloud.createServer({
    name: 'flavor-show',
    host,
    flavor: `${PREFIX}guest`,
    image: 'lab-guest-forever',
  });
  t.teardown(async () => cloud.destroyServer(server.id));
  const document = await shown('show', id);
  t.like(document, {name: `${PREFIX}guest`, verdict: 'ok', problems: []});
  t.like(document['servers'], {total: 1, old_copy: 0, complete: true});
  const newest = await own.flavors.newestMicroversion(signal);
  t.like(document['store'], {release: releaseOfMicroversion(newest).release.name});
  const preview = JSON.stringify(document['xml']).replaceAll('\\"', '"');
  const domain = await readOn(lab, host, 'virsh dumpxml "$1"', {args: [server.id]});
  for (const name of ['topology', 'watchdog']) {
    t.like(attributesOf(domain, name), attributesOf(preview, name), name);
    t.not(Object.keys(attributesOf(preview, name)).length, 0);
  }
});

test.serial('a server with an older copy is counted, and two flavors are compared', async (t) => {
  const before = await make('before', SPECS);
  const after = await make('after', {'hw:watchdog_action': 'reset'});
  const server = await cloud.createServer({
    name: 'flavor-show-old',
    host: lab.computes[0]?.host ?? '',
    flavor: `${PREFIX}before`,
  });
  t.teardown(async () => cloud.destroyServer(server.id));
  await own.flavorChanges.setSpecs(before, {'hw:boot_menu': 'true'}, {unchecked: false}, signal);
  t.like((await shown('show', before))['servers'], {total: 1, old_copy: 1});
  const compared = await shown('diff', before, after);
  t.is(compared['same'], false);
  t.like(compared['servers'], {total: 1, old_copy: 1});
  t.deepEqual(compared['effects'], [
    {subject: 'topology', before: '1 socket, 1 core, 2 threads', after: '2 sockets, 1 core, 1 thread'},
    {subject: 'watchdog', before: 'i6300esb, poweroff', after: 'i6300esb, reset'},
  ]);
});

test.serial('who is no administrator sees a public flavor, and not what is not theirs to see', async (t) => {
  const id = await make('open', SPECS);
  const alice = await labOperator(lab, {cloud: 'lab-alice'});
  t.teardown(async () => alice.remove());
  const {code, stdout, stderr} = await alice.tell(['flavor', 'show', `${PREFIX}open`]);
  t.is(code, 0, stderr);
  t.regex(stdout, new RegExp(`id ${id}`));
  t.notRegex(stdout, /hosts? could take it/);
  await make('hidden', {}, false);
  t.is((await alice.tell(['flavor', 'show', `${PREFIX}hidden`])).code, 2);
});
