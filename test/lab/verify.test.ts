// Real guests beside what their flavors ask for: as asked, with an old copy, changed on the host, and not to be seen.
import test from 'ava';
import {z} from 'zod';
import {labGuests} from '../helpers/lab-guest.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab, readOn} from '../helpers/lab.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const guests = await labGuests(lab, cloud, 'reprieve.verify.');

const WATCHDOG = {
  'hw:watchdog_action': 'poweroff',
  'hw:cpu_sockets': '1',
  'hw:cpu_cores': '1',
  'hw:cpu_threads': '2',
};

const answer = z.object({
  same: z.boolean(),
  complete: z.boolean(),
  servers: z.array(
    z.object({
      id: z.string(),
      host: z.string().nullable(),
      verdict: z.string(),
      problem: z.string().optional(),
      parts: z
        .array(
          z.object({
            part: z.string(),
            verdict: z.string(),
            domain: z.string(),
            asked: z.string().nullable(),
            flavor_today: z.string().nullable(),
            cause: z.string().nullable(),
            remedy: z.string().nullable(),
          }),
        )
        .optional(),
    }),
  ),
});

async function verified(...args: readonly string[]) {
  const {code, stdout, stderr} = await operator.run(['verify', ...args]);
  const {servers, same} = answer.parse(JSON.parse(stdout));
  return {code, same, servers, server: servers[0], parts: servers[0]?.parts ?? [], stderr};
}

test.after.always(async () => {
  await guests.remove();
  await operator.remove();
});

test.serial('a guest that is as its flavor asks is verified, by name and by id', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  await guests.makeFlavor('good', WATCHDOG);
  const {id, name} = await guests.boot('good', 'good', 'forever');
  const {code, same, server, parts} = await verified(name);
  t.is(code, 0);
  t.true(same);
  t.like(server, {id, host: guests.host, verdict: 'same'});
  t.deepEqual(
    parts.map(({part, verdict, domain}) => [part, verdict, domain]),
    [
      ['watchdog', 'same', 'i6300esb, poweroff'],
      ['topology', 'same', '1 socket, 1 core, 2 threads'],
      ['numa', 'same', 'none'],
      ['pinning', 'same', 'none'],
      ['memory', 'same', 'usual pages'],
    ],
  );
  const told = await operator.tell(['verify', id]);
  t.is(told.code, 0, told.stderr);
  t.regex(told.stdout, /The guest is what its flavor and image ask for/);
});

test.serial('a guest with NUMA nodes has them and the CPUs of its host node', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  await guests.makeFlavor('numa', {'hw:numa_nodes': '1', 'hw:mem_page_size': 'small'});
  const {id} = await guests.boot('numa', 'numa', 'forever');
  const {code, parts} = await verified(id);
  t.is(code, 0);
  t.deepEqual(
    parts.map(({verdict, domain}) => [verdict, domain]),
    [
      ['same', 'none'],
      ['same', '2 sockets, 1 core, 1 thread'],
      ['same', '0: CPUs 0-1, 256 MiB'],
      ['same', '0-1 on the CPUs of a host node'],
      ['same', 'usual pages'],
    ],
  );
});

test.serial('a server with an old copy of its flavor is told, with both sides and the cure', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  const flavor = await guests.makeFlavor('old', WATCHDOG);
  const {id} = await guests.boot('old', 'old', 'forever');
  await guests.changeFlavor(flavor, {'hw:watchdog_action': 'reset'});
  const {code, same, parts} = await verified(id);
  t.is(code, 1);
  t.false(same);
  const watchdog = parts.find(({part}) => part === 'watchdog');
  t.like(watchdog, {
    verdict: 'old-copy',
    domain: 'i6300esb, poweroff',
    asked: 'i6300esb, poweroff',
    flavor_today: 'i6300esb, reset',
  });
  t.regex(watchdog?.remedy ?? '', /Resize it/);
  t.true(parts.every(({part, verdict}) => part === 'watchdog' || verdict === 'same'));
});

test.serial('a domain that was changed on the host is no longer what was asked for', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  await guests.makeFlavor('changed', WATCHDOG);
  const {id} = await guests.boot('changed', 'changed', 'forever');
  await readOn(
    lab,
    guests.host,
    `virsh destroy "$1" && virsh dumpxml --inactive "$1" | sed "s/action='poweroff'/action='reset'/" >/tmp/changed.xml &&
     virsh define /tmp/changed.xml`,
    {args: [id]},
  );
  const {code, parts} = await verified(id);
  t.is(code, 1);
  t.like(parts[0], {
    part: 'watchdog',
    verdict: 'differs',
    domain: 'i6300esb, reset',
    asked: 'i6300esb, poweroff',
  });
  // Nova notices after 15 s that it is off: then it is the next start that does it.
  t.regex(parts[0]?.remedy ?? '', /Nova makes the domain anew/);
});

test.serial('a whole host is verified at once, and a host without libvirt is told as not seen', async (t) => {
  const {code, servers} = await verified('--all', '--hosts', guests.host);
  t.is(code, 1);
  t.true(servers.length >= 4);
  t.true(servers.every(({host}) => host === guests.host));
  t.deepEqual([...new Set(servers.map(({verdict}) => verdict))].toSorted(), ['different', 'same']);
  const fake = lab.computes.find(({driver}) => driver === 'fake')?.host ?? '';
  const server = await cloud.createServer({name: 'reprieve.verify.fake', host: fake});
  t.teardown(async () => cloud.destroyServer(server.id));
  const unseen = await verified(server.id);
  t.is(unseen.code, 1);
  t.like(unseen.server, {verdict: 'unknown', host: fake});
  t.regex(unseen.server?.problem ?? '', /libvirt/);
});
