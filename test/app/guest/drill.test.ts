import test from 'ava';
import {CloudError, NodeError, UserError} from '../../../source/app/errors.js';
import {prepareDrill} from '../../../source/app/guest/drill.js';
import {type DrillEvent, watchDrill} from '../../../source/app/guest/watch-drill.js';
import type {RunOptions, RunResult} from '../../../source/app/ports.js';
import type {GuestServer} from '../../../source/app/servers/server-ports.js';
import {
  computeNode,
  domainsOutput,
  domainXml,
  exited,
  fakeGuestPorts,
  fleetOf,
  guestServer,
} from '../../helpers/fake-guests.js';
import {ID} from '../../helpers/fake-named-servers.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const options = {loadFleet: async () => Promise.resolve(fleetOf([computeNode('compute-1')])), parallel: 1};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A node whose guest goes off 40 s after the start, and Nova, which shows it 15 s later. */
function scene({cutAt = Infinity, action = 'poweroff'}: {cutAt?: number; action?: string} = {}) {
  const clock = new VirtualClock();
  /** The node's clock is 3 s ahead. */
  const nodeNow = () => clock.now() + 3000;
  const firesAt = clock.now() + 40_000;
  let runs = 0;
  const guest = async ({onOutput, signal}: RunOptions): Promise<RunResult> => {
    runs += 1;
    let hasFired = clock.now() >= firesAt;
    for (;;) {
      if (runs === 1 && clock.seconds() >= cutAt) {
        return {kind: 'lost', reason: 'the connection broke', stdout: bytes(''), stderr: ''};
      }
      if (!hasFired && clock.now() >= firesAt) {
        hasFired = true;
        const time = new Date(nodeNow()).toISOString().replace('T', ' ').replace('Z', '+0000');
        onOutput?.(bytes(`${time}: event 'watchdog' for domain 'instance-1': poweroff\n`));
      }
      const state = hasFired ? 'shut off (crashed)' : 'running (booted)';
      onOutput?.(bytes(`state\t${(nodeNow() / 1000).toFixed(9)}\t=${state}\n`));
      await clock.sleep(1000, signal);
    }
  };
  const show = async (): Promise<GuestServer> => {
    const isOff = clock.now() >= firesAt + 15_000;
    return Promise.resolve(guestServer(isOff ? {status: 'SHUTOFF', powerState: 'shutdown'} : {}));
  };
  const ports = fakeGuestPorts({
    clock,
    servers: [guestServer()],
    show,
    answer: async (_node, title, run) =>
      title === 'guest' ? guest(run) : exited(domainsOutput({[ID]: domainXml(action)})),
  });
  return {clock, ports};
}

async function drill(
  {ports}: ReturnType<typeof scene>,
  withinSeconds = 600,
  signal = new AbortController().signal,
  onEvent: (event: DrillEvent) => void = () => {},
) {
  const subject = await prepareDrill(ports, guestServer(), options, signal);
  const events: DrillEvent[] = [];
  const verdict = await watchDrill(
    ports,
    subject,
    withinSeconds,
    (event) => {
      events.push(event);
      onEvent(event);
    },
    signal,
  );
  return {verdict, events, kinds: events.map(({kind}) => kind), subject};
}

test('a guest is watched until its watchdog did what it promises, and Nova shows it', async (t) => {
  const {verdict, kinds, subject} = await drill(scene());
  t.like(subject, {model: 'i6300esb', action: 'poweroff', node: {name: 'compute-1'}});
  t.like(verdict, {kind: 'kept', domainMs: 0});
  t.is(verdict.kind === 'kept' ? Math.round((verdict.novaMs ?? 0) / 1000) : undefined, 15);
  t.deepEqual(kinds.toSorted(), ['end', 'event', 'nova', 'nova', 'state', 'watching']);
  t.is(kinds.at(-1), 'end');
});

test('a line that breaks is told, and the watch goes on where the guest is by then', async (t) => {
  const {verdict, events} = await drill(scene({cutAt: 20}));
  const who = events.flatMap((event) => (event.kind === 'lost' || event.kind === 'back' ? [event] : []));
  t.like(who, [
    {kind: 'lost', who: 'node', problem: 'the connection broke'},
    {kind: 'back', who: 'node'},
  ]);
  t.is(verdict.kind, 'kept');
});

test('an event that may have been missed while the line was cut is neither made up nor denied', async (t) => {
  const {clock, ports} = scene();
  const shell = {
    ...ports.shell,
    run: async (...args: Parameters<typeof ports.shell.run>) => {
      const [, {title}, {signal}] = args;
      if (title === 'guest' && clock.seconds() < 42) {
        await clock.sleep(42_000, signal);
        return {kind: 'lost', reason: 'the connection broke', stdout: bytes(''), stderr: ''} as const;
      }
      return ports.shell.run(...args);
    },
  };
  const {verdict} = await drill({clock, ports: {...ports, shell}});
  t.like(verdict, {kind: 'unheard', state: 'shut off (crashed)'});
});

test('Nova that does not answer for a while is told and asked again', async (t) => {
  const {clock, ports} = scene();
  const show: typeof ports.guestServers.show = async (id, signal) => {
    if (clock.seconds() > 10 && clock.seconds() < 30) throw new CloudError('unreachable', 'Nova is away.');
    return ports.guestServers.show(id, signal);
  };
  const {verdict, events} = await drill({
    clock,
    ports: {...ports, guestServers: {...ports.guestServers, show}},
  });
  t.is(verdict.kind, 'kept');
  t.true(events.some((event) => event.kind === 'lost' && event.who === 'nova'));
  t.true(events.some((event) => event.kind === 'back' && event.who === 'nova'));
});

/** A node that prints these lines, one a second, and then goes on with the last one. */
function telling(lines: readonly ((at: string) => string)[]) {
  const clock = new VirtualClock();
  const ports = fakeGuestPorts({
    clock,
    servers: [guestServer()],
    answer: async (_node, title, {onOutput, signal}) => {
      if (title !== 'guest') return exited(domainsOutput({[ID]: domainXml()}));
      for (let second = 0; ; second += 1) {
        const line = lines[Math.min(second, lines.length - 1)];
        onOutput?.(bytes(`${line?.((clock.now() / 1000).toFixed(9)) ?? ''}\n`));
        await clock.sleep(1000, signal);
      }
    },
  });
  return {clock, ports};
}

const runs = (at: string): string => `state\t${at}\t=running (booted)`;

test('libvirt that does not answer for a while is told, and is no state of the domain', async (t) => {
  const silent = (at: string): string => `silent\t${at}\t=error: failed to connect to the hypervisor`;
  const {verdict, events} = await drill(
    telling([runs, silent, silent, silent, silent, silent, silent, runs]),
    20,
  );
  t.deepEqual(
    events.flatMap((event) => (event.kind === 'lost' ? [event.who, event.problem] : [])),
    ['libvirt', 'failed to connect to the hypervisor'],
  );
  t.true(events.some((event) => event.kind === 'back' && event.who === 'libvirt'));
  t.deepEqual(verdict, {kind: 'unheard', state: 'running (booted)'});
});

test('events that break off each second are told once', async (t) => {
  const deaf = (at: string): string => `deaf\t${at}`;
  const {kinds} = await drill(telling([runs, deaf, runs, deaf, runs, deaf, runs]), 10);
  t.is(kinds.filter((kind) => kind === 'deaf').length, 1);
});

test('a server that is moved or deleted meanwhile ends the drill', async (t) => {
  const {verdict, events} = await drill(
    telling([runs, (at) => `absent\t${at}\t=error: failed to get domain`]),
  );
  t.like(verdict, {kind: 'gone', nova: {status: 'ACTIVE'}});
  t.true(events.some((event) => event.kind === 'state' && event.state === 'not on this host'));
});

test('nothing happens, the time is up, and that is the verdict', async (t) => {
  const {verdict, kinds} = await drill(scene(), 30);
  t.deepEqual(verdict, {kind: 'nothing'});
  t.is(kinds.at(-1), 'end');
});

test('a watch that is left ends at once', async (t) => {
  const leaving = new AbortController();
  await t.throwsAsync(
    drill(scene(), 600, leaving.signal, ({kind}) => {
      if (kind === 'watching') leaving.abort();
    }),
    {name: 'AbortError'},
  );
});

for (const [what, server, domain, message] of [
  ['that is off', guestServer({status: 'SHUTOFF'}), domainXml(), /it is SHUTOFF; no drill is held/],
  ['that is at work', guestServer({taskState: 'resize_prep'}), domainXml(), /it is ACTIVE, resize_prep/],
  [
    'without a watchdog',
    guestServer(),
    domainXml().replace(/<watchdog.*\/>/, ''),
    /its domain has no watchdog/,
  ],
] as const) {
  test(`no drill is held with a server ${what}`, async (t) => {
    const clock = new VirtualClock();
    const answer = async () => Promise.resolve(exited(domainsOutput({[ID]: domain})));
    const ports = fakeGuestPorts({clock, answer, servers: [server]});
    const {signal} = new AbortController();
    const error = await t.throwsAsync(prepareDrill(ports, server, options, signal), {instanceOf: UserError});
    t.is(error.kind, 'refused');
    t.regex(error.message, message);
  });
}

test('a host that cannot be reached is told as that, with what to do', async (t) => {
  const clock = new VirtualClock();
  const problem = new NodeError('compute-1', 'connect-failed', 'compute-1: nobody there.', {
    remedy: 'go there',
  });
  const ports = fakeGuestPorts({
    clock,
    answer: async () => Promise.reject(problem),
    servers: [guestServer()],
  });
  const {signal} = new AbortController();
  const error = await t.throwsAsync(prepareDrill(ports, guestServer(), options, signal), {
    instanceOf: UserError,
  });
  t.like(error, {kind: 'unreachable', message: 'compute-1: nobody there.', remedy: 'go there'});
});
