// Watchdogs that really fire: what libvirt and Nova do then, and when. The guest stops to feed its watchdog by itself.
import test from 'ava';
import {z} from 'zod';
import {fullTest} from '../helpers/full-test.js';
import {labGuests} from '../helpers/lab-guest.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {cutNow} from '../helpers/lab-cut.js';
import {openLab, readOn, runOn} from '../helpers/lab.js';
import {type RunningProgram, startProgram} from '../helpers/program.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const guests = await labGuests(lab, cloud, 'reprieve.drill.');

const event = z.looseObject({event: z.string(), time: z.string().optional()});

function eventsOf(stdout: string) {
  return stdout
    .trim()
    .split('\n')
    .map((line) => event.parse(JSON.parse(line)));
}

/** A guest whose watchdog does this, and what a drill with it tells. */
async function drilled(action: string, name = action) {
  await guests.makeFlavor(name, {'hw:watchdog_action': action});
  const server = await guests.boot(name, name, 'for-20-seconds');
  const {code, stdout, stderr} = await operator.run([
    'drill',
    server.id,
    '--confirm',
    server.name,
    '--within',
    '150s',
  ]);
  const events = eventsOf(stdout);
  return {code, events, end: events.at(-1), server, stderr};
}

/** A drill that something happens to, once it watches. */
function start(args: readonly string[], onWatching: () => void): RunningProgram {
  let isWatching = false;
  return startProgram([...args, '--inventory', operator.inventory, '--json'], {
    env: operator.env,
    onLine(line) {
      if (isWatching || !line.includes('"event":"watching"')) return;
      isWatching = true;
      onWatching();
    },
  });
}

/** What the domain is on the host, asked by another way than ours. */
async function domainState(id: string): Promise<string> {
  return (await readOn(lab, guests.host, 'virsh domstate "$1"', {args: [id]})).trim();
}

test.afterEach.always(async () => guests.destroyServers());
test.after.always(async () => {
  await guests.remove();
  await operator.remove();
});

test.serial(
  'poweroff: the domain goes off at once, and Nova follows after the 15 s that it waits',
  async (t) => {
    t.timeout(400_000, 'a guest boots in an emulator');
    const {code, end, events, server, stderr} = await drilled('poweroff');
    t.is(code, 0, stderr);
    t.like(end, {
      event: 'end',
      verdict: 'kept',
      action: 'poweroff',
      nova: 'SHUTOFF',
      power_state: 'shutdown',
    });
    const {domain_seconds: domain, nova_seconds: nova} = z
      .looseObject({domain_seconds: z.number(), nova_seconds: z.number()})
      .parse(end);
    t.true(domain < 5, `${domain} s`);
    t.true(nova > 10 && nova < 60, `${nova} s`);
    t.true(events.some((one) => one['name'] === 'watchdog' && one['detail'] === 'poweroff'));
    t.is(await domainState(server.id), 'shut off');
    t.is((await cloud.server(server.id))?.status, 'SHUTOFF');
  },
);

fullTest('nothing begins without the typed name, and nothing with a guest that is off', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  await guests.makeFlavor('refused', {'hw:watchdog_action': 'reset'});
  const {id, name} = await guests.boot('refused', 'refused', 'forever');
  const unnamed = await operator.run(['drill', id, '--yes']);
  t.is(unnamed.code, 3);
  t.regex(unnamed.stderr, /its name was not typed/);
  const other = await operator.run(['drill', id, '--confirm', 'another']);
  t.is(other.code, 3);
  await guests.makeFlavor('plain', {'hw:boot_menu': 'true'});
  const plain = await guests.boot('plain', 'plain', 'forever');
  const without = await operator.run(['drill', plain.id, '--confirm', plain.name]);
  t.is(without.code, 3);
  t.regex(without.stderr, /its domain has no watchdog/);
  t.is((await cloud.server(id))?.status, 'ACTIVE');
  const watched = await operator.run(['drill', id, '--confirm', name, '--within', '5s']);
  t.is(watched.code, 1);
  t.like(eventsOf(watched.stdout).at(-1), {event: 'end', verdict: 'nothing'});
});

test.serial('Ctrl-C ends a watch, and nothing of it stays on the node', async (t) => {
  t.timeout(300_000, 'a guest boots in an emulator');
  await guests.makeFlavor('left', {'hw:watchdog_action': 'reset'});
  const {id, name} = await guests.boot('left', 'left', 'forever');
  const running = start(['drill', id, '--confirm', name], () => {
    running.signal('SIGINT');
  });
  const {code} = await running.end();
  t.is(code, 130);
  const left = await runOn(
    lab,
    guests.host,
    'for i in $(seq 20); do pgrep -x virsh >/dev/null || exit 0; sleep 0.5; done; exit 1',
  );
  t.is(left.code, 0, 'virsh still watches');
});

fullTest('reset: the domain runs on, and Nova sees nothing of it', async (t) => {
  t.timeout(400_000, 'a guest boots in an emulator');
  const {code, end, server, stderr} = await drilled('reset');
  t.is(code, 0, stderr);
  t.like(end, {
    verdict: 'kept',
    action: 'reset',
    nova: 'ACTIVE',
    power_state: 'running',
    domain_seconds: null,
  });
  t.is(await domainState(server.id), 'running');
});

fullTest('pause: the domain is paused, and Nova shows ACTIVE with the power state paused', async (t) => {
  t.timeout(400_000, 'a guest boots in an emulator');
  const {code, end, server, stderr} = await drilled('pause');
  t.is(code, 0, stderr);
  t.like(end, {verdict: 'kept', action: 'pause', nova: 'ACTIVE', power_state: 'paused'});
  t.is(await domainState(server.id), 'paused');
});

fullTest('none: libvirt tells that the watchdog fired, and nothing follows', async (t) => {
  t.timeout(400_000, 'a guest boots in an emulator');
  const {code, end, events, stderr} = await drilled('none');
  t.is(code, 0, stderr);
  t.like(end, {verdict: 'kept', action: 'none', nova: 'ACTIVE'});
  t.true(events.some((one) => one['name'] === 'watchdog' && one['detail'] === 'none'));
});

fullTest('a line that is cut while the guest is watched is told, and the watch goes on', async (t) => {
  t.timeout(400_000, 'a guest boots in an emulator');
  await guests.makeFlavor('cut', {'hw:watchdog_action': 'pause'});
  const {id, name} = await guests.boot('cut', 'cut', 'for-20-seconds');
  let cut: Promise<void> | undefined;
  const running = start(['drill', id, '--confirm', name, '--within', '150s'], () => {
    cut = cutNow(lab, guests.host);
  });
  const {code, stdout, stderr} = await running.end();
  await cut;
  t.is(code, 0, stderr);
  const names = eventsOf(stdout).map((one) => one.event);
  t.true(names.includes('lost'), names.join());
  t.true(names.indexOf('back') > names.indexOf('lost'), names.join());
  t.like(eventsOf(stdout).at(-1), {verdict: 'kept', action: 'pause'});
});

fullTest('a libvirt that is restarted while the guest is watched is heard again', async (t) => {
  t.timeout(400_000, 'a guest boots in an emulator');
  await guests.makeFlavor('restarted', {'hw:watchdog_action': 'reset'});
  const {id, name} = await guests.boot('restarted', 'restarted', 'for-20-seconds');
  let restarted: Promise<string> | undefined;
  const running = start(['drill', id, '--confirm', name, '--within', '150s'], () => {
    restarted = readOn(lab, guests.host, 'systemctl restart libvirtd');
  });
  const {code, stdout, stderr} = await running.end();
  await restarted;
  t.is(code, 0, stderr);
  const events = eventsOf(stdout);
  t.true(
    events.some((one) => one.event === 'deaf'),
    stdout,
  );
  t.like(events.at(-1), {verdict: 'kept', action: 'reset'});
});
