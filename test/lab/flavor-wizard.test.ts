// A flavor that is made in the wizard boots on libvirt, and its guest is what the wizard said it would be.
import test from 'ava';
import {z} from 'zod';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab, readOn} from '../helpers/lab.js';
import {openTmuxProgram, typed} from '../helpers/tmux-program.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);

const NAME = 'lab.wizard';

/** Attributes of the first element of this name, whatever stands for quotes; undefined where there is none. */
function attributesOf(xml: string, element: string): ReadonlyMap<string, string> | undefined {
  const found = new RegExp(`<${element}\\b([^>]*)>`).exec(xml);
  if (found === null) return undefined;
  const pairs = (found[1] ?? '').matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)')/g);
  return new Map(Array.from(pairs, ([, name = '', one, other]) => [name, one ?? other ?? '']));
}

const listing = z.object({flavors: z.array(z.object({id: z.string(), name: z.string()}))});

async function removeFlavor(): Promise<void> {
  const {body} = await cloud.request('GET', '/flavors?is_public=None&limit=1000');
  const found = listing.parse(body).flavors.find(({name}) => name === NAME);
  if (found !== undefined) await cloud.request('DELETE', `/flavors/${found.id}`);
}

test.after.always(removeFlavor);

test.serial('a watchdog flavor with a topology boots on compute-4 as the wizard said', async (t) => {
  t.timeout(600_000, 'a guest boots in an emulator');
  await removeFlavor();
  const operator = await labOperator(lab);
  t.teardown(async () => operator.remove());
  const terminal = await openTmuxProgram(t, {columns: 120, rows: 40, env: operator.env, limitSeconds: 60});
  terminal.start('flavor');
  await terminal.until(/of \d+ hosts?/);
  await terminal.step(['Enter', ...typed(NAME), 'Enter', '2'], /vCPUs +2/);
  await terminal.step(['Down', ...typed('256m'), 'Down', '1', 'Down'], /name is free in lab/);
  await terminal.step(['n'], 'WHEN THE GUEST HANGS');
  await terminal.step(['Down', 'Down'], /<watchdog model="i6300esb"/);
  await terminal.step(['n'], 'NEXT BEST');
  await terminal.step(['1', 'Down', '1', 'Down', '2'], /Nova gives 1 socket : 1 core : 2 threads/);
  for (const wanted of ['POLICY', 'ACCESS', 'EXTRA SPECS']) await terminal.step(['n'], wanted);
  const preview = await terminal.step(['x'], /what these specs add to the guest[^]*<watchdog/);
  await terminal.step(['Escape'], 'EXTRA SPECS');
  await terminal.step(['Enter'], / Create +\[ Back \]/);
  await terminal.step(['Enter'], /lab\.wizard: made as/);
  await terminal.step(['Enter'], /lab\.wizard exists/);
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());

  const server = await cloud.createServer({
    name: 'wizard-guest',
    host: 'compute-4',
    flavor: NAME,
    image: 'lab-guest-forever',
  });
  t.teardown(async () => cloud.destroyServer(server.id));
  t.is(server.status, 'ACTIVE');
  const domain = await readOn(lab, 'compute-4', 'virsh dumpxml "$1"', {args: [server.id]});
  for (const element of ['topology', 'watchdog']) {
    const wanted = attributesOf(preview, element);
    const got = attributesOf(domain, element);
    t.true(wanted !== undefined && wanted.size > 0, `${element} in the preview:\n${preview}`);
    for (const [name, value] of wanted ?? []) t.is(got?.get(name), value, `${element} ${name}\n${domain}`);
  }
  t.deepEqual(
    [...(attributesOf(preview, 'topology') ?? [])],
    [
      ['sockets', '1'],
      ['cores', '1'],
      ['threads', '2'],
    ],
  );
  t.is(attributesOf(domain, 'watchdog')?.get('action'), 'poweroff');
  // libvirt adds dies and clusters of one each: nothing else is in the guest's topology.
  const others = [...(attributesOf(domain, 'topology') ?? [])].filter(
    ([name]) => !['sockets', 'cores', 'threads'].includes(name),
  );
  t.true(
    others.every(([, value]) => value === '1'),
    JSON.stringify(others),
  );
  t.regex(domain, /<vcpu placement='static'[^>]*>2<\/vcpu>/);
});
