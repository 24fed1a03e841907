import test from 'ava';
import {CloudError, NodeError, UserError} from '../../../source/app/errors.js';
import {findGuest} from '../../../source/app/guest/find-guest.js';
import {hasGuest, isAsAsked, isOutOfReach, type Verified} from '../../../source/app/guest/guest-ports.js';
import {verifyServers} from '../../../source/app/guest/verify.js';
import type {GuestServer, GuestServers} from '../../../source/app/servers/server-ports.js';
import {
  computeNode,
  domainsOutput,
  domainXml,
  exited,
  type FakeGuests,
  fakeGuestPorts,
  fleetOf,
  guestFlavor,
  guestServer,
} from '../../helpers/fake-guests.js';
import {ID} from '../../helpers/fake-named-servers.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const {signal} = new AbortController();
const idOf = (number: number): string => `11111111-1111-4111-8111-${String(number).padStart(12, '0')}`;

async function verify(
  servers: readonly GuestServer[],
  has: Partial<FakeGuests>,
  fleet = fleetOf([computeNode('compute-1')]),
  isAll = false,
): Promise<readonly Verified[]> {
  const clock = new VirtualClock();
  const answer = async () => Promise.resolve(exited(domainsOutput({[ID]: domainXml()})));
  const ports = fakeGuestPorts({clock, answer, servers, ...has});
  const found: Verified[] = [];
  const options = {loadFleet: async () => Promise.resolve(fleet), parallel: 2};
  await verifyServers(ports, servers, options, isAll, (one) => found.push(one), signal);
  return found;
}

test('a guest that is as its flavor asks is found so', async (t) => {
  const [one] = await verify([guestServer()], {});
  t.true(one !== undefined && isAsAsked(one));
});

test('a flavor that was changed since is told, and one that is another by size is not compared', async (t) => {
  const [old] = await verify([guestServer()], {flavors: [guestFlavor('reset')]});
  t.like(old, {kind: 'compared', wish: {flavorState: 'there'}});
  t.is(old?.kind === 'compared' ? old.traits[0]?.verdict : undefined, 'old-copy');
  const [replaced] = await verify([guestServer()], {flavors: [{...guestFlavor('reset'), vcpus: 4}]});
  t.like(replaced, {kind: 'compared', wish: {flavorState: 'replaced'}, today: undefined});
  t.true(replaced !== undefined && isAsAsked(replaced));
});

test('a server whose flavor is gone, or whose copy is not told, is compared as far as it goes', async (t) => {
  const [gone] = await verify([guestServer()], {flavors: []});
  t.like(gone, {kind: 'compared', wish: {flavorState: 'gone'}});
  t.true(gone !== undefined && isAsAsked(gone));
  const [untold] = await verify([guestServer({copy: undefined})], {});
  t.like(untold, {kind: 'compared', asked: undefined});
  t.false(untold !== undefined && isAsAsked(untold));
});

test('a node is found by the name that it gives itself, and one that is not known is told', async (t) => {
  const [own] = await verify(
    [guestServer({host: 'other'})],
    {},
    fleetOf([computeNode('compute-1.example.org')]),
  );
  t.is(own?.kind, 'compared');
  const [named] = await verify(
    [guestServer({host: 'nova-1'})],
    {},
    fleetOf([computeNode('c', {novaHost: 'nova-1'})]),
  );
  t.is(named?.kind, 'compared');
  const [lost] = await verify([guestServer()], {}, fleetOf([computeNode('compute-9')]));
  t.like(lost, {kind: 'unseen', problem: 'compute-1 is not among the inventory inventory.yaml'});
  const [nowhere] = await verify([guestServer({host: undefined})], {});
  t.like(nowhere, {kind: 'unseen', problem: 'Nova tells no host of web-1'});
});

test('a node out of reach, without libvirt, or without the domain makes its servers unseen', async (t) => {
  const unreachable = new NodeError('compute-1', 'connect-failed', 'compute-1: nobody there.', {
    remedy: 'go there',
  });
  const [far] = await verify([guestServer()], {answer: async () => Promise.reject(unreachable)});
  t.like(far, {kind: 'unseen', problem: 'compute-1: nobody there.', remedy: 'go there'});
  t.true(far !== undefined && isOutOfReach([far]));
  const say = (text: string) => async () => Promise.resolve(exited(text));
  const [none] = await verify([guestServer()], {
    answer: say('begin\tdomains\nproblem\t=no virsh\nend\tdomains\n'),
  });
  t.like(none, {kind: 'unseen', problem: 'compute-1: libvirt does not answer: no virsh'});
  t.false(none !== undefined && far !== undefined && isOutOfReach([none, far]));
  t.false(isOutOfReach([]));
  const [missing] = await verify([guestServer()], {answer: say(domainsOutput({}))});
  t.is(missing?.kind, 'unseen');
  const [odd] = await verify([guestServer()], {answer: say(domainsOutput({[ID]: '<domain>'}))});
  t.regex(odd?.kind === 'unseen' ? odd.problem : '', /its domain cannot be read: it is not well-formed XML/);
  const [cut] = await verify([guestServer()], {answer: say('begin\tdomains\n')});
  t.regex(cut?.kind === 'unseen' ? cut.problem : '', /was cut/);
});

test('all servers of a host take one program, hosts are asked side by side, at most so many', async (t) => {
  const servers = Array.from({length: 30}, (_, number) =>
    guestServer({id: idOf(number), name: `s-${number}`, host: `compute-${number % 5}`}),
  );
  const clock = new VirtualClock();
  let running = 0;
  let most = 0;
  const asked: string[] = [];
  const answer: FakeGuests['answer'] = async (node) => {
    asked.push(node);
    running += 1;
    most = Math.max(most, running);
    await clock.sleep(100, signal);
    running -= 1;
    return exited(domainsOutput(Object.fromEntries(servers.map(({id}) => [id, domainXml('poweroff', id)]))));
  };
  const fleet = fleetOf(Array.from({length: 5}, (_, number) => computeNode(`compute-${number}`)));
  const found = await verify(servers, {answer, clock}, fleet, true);
  t.is(found.length, 30);
  t.true(found.every(isAsAsked));
  t.is(asked.length, 5);
  t.is(most, 2);
});

test('servers of nodes that --hosts leaves out are passed over where all are asked for', async (t) => {
  const [one, other] = [computeNode('compute-1'), computeNode('compute-2')];
  const servers = [guestServer(), guestServer({id: idOf(2), host: 'compute-2'})];
  t.is((await verify(servers, {}, fleetOf([one, other], [one]), true)).length, 1);
});

test('a name that several servers have, or none, is refused with an id or a way to look', async (t) => {
  const clock = new VirtualClock();
  const answer = async () => Promise.resolve(exited(''));
  const servers = [guestServer(), guestServer({id: idOf(2)})];
  const {guestServers} = fakeGuestPorts({clock, answer, servers});
  t.is((await findGuest(guestServers, ID, signal)).id, ID);
  await t.throwsAsync(findGuest(guestServers, 'web-1', signal), {
    message: '"web-1" is the name of 2 servers',
  });
  await t.throwsAsync(findGuest(guestServers, 'web-9', signal), {message: 'there is no server "web-9"'});
});

test('of a server that is soft-deleted the way back is told, where the account may see it', async (t) => {
  const clock = new VirtualClock();
  const answer = async () => Promise.resolve(exited(''));
  const gone = {status: 'SOFT_DELETED'};
  const servers = [guestServer(gone), guestServer({...gone, id: idOf(2), name: 'a b'})];
  const {guestServers} = fakeGuestPorts({clock, answer, servers});
  const of = async (name: string, all: GuestServers = guestServers) =>
    t.throwsAsync(findGuest(all, name, signal), {instanceOf: UserError});
  t.like(await of('web-1'), {
    kind: 'usage',
    message: 'web-1 is soft-deleted',
    remedy: 'reprieve restore web-1 brings it back',
  });
  t.like(await of('a b'), {remedy: "reprieve restore 'a b' brings it back"});
  const refusing: GuestServers = {
    ...guestServers,
    named: async (name, which, abort) =>
      which === 'others'
        ? guestServers.named(name, which, abort)
        : Promise.reject(new CloudError('forbidden', 'Nova refuses.')),
  };
  t.like(await of('web-1', refusing), {message: 'there is no server "web-1"'});
});

test("a volume's image is asked for where the guest is not as its flavor alone asks", async (t) => {
  const server = guestServer({image: {kind: 'volume', volumeIds: ['v'], rootDevice: '/dev/vda'}});
  let asked = 0;
  const volumeImage: FakeGuests['volumeImage'] = async () => {
    asked += 1;
    return Promise.resolve({name: 'debian', properties: {hw_watchdog_action: 'reset'}});
  };
  const [good] = await verify([server], {volumeImage});
  t.true(good !== undefined && isAsAsked(good));
  t.is(asked, 0);
  const reset = async () => Promise.resolve(exited(domainsOutput({[ID]: domainXml('reset')})));
  const [other] = await verify([server], {volumeImage, answer: reset});
  t.true(other !== undefined && isAsAsked(other));
  t.like(other?.kind === 'compared' ? other.traits[0] : undefined, {verdict: 'same', isByImage: true});
  const [untold] = await verify([server], {
    volumeImage: async () => Promise.reject(new CloudError('unreachable', 'Cinder is away.')),
    answer: reset,
  });
  t.like(untold?.kind === 'compared' ? untold.traits[0] : undefined, {verdict: 'differs', mayBeImage: true});
});

test('a server that was shelved off its host has no guest, one that is off has one', (t) => {
  const has = ['ACTIVE', 'SHUTOFF', 'SHELVED', 'SHELVED_OFFLOADED'].filter((status) =>
    hasGuest(guestServer({status})),
  );
  t.deepEqual(has, ['ACTIVE', 'SHUTOFF', 'SHELVED']);
});

test('in rescue the image that is known is not the one that counts', async (t) => {
  const answer = async () => Promise.resolve(exited(domainsOutput({[ID]: domainXml('reset')})));
  const [one] = await verify([guestServer({status: 'RESCUE'})], {answer});
  t.like(one?.kind === 'compared' ? one.traits[0] : undefined, {verdict: 'differs', mayBeImage: true});
});

test('an image that cannot be asked for leaves the flavor alone to be told', async (t) => {
  const clock = new VirtualClock();
  const answer = async () => Promise.resolve(exited(domainsOutput({[ID]: domainXml('reset')})));
  const server = guestServer({image: {kind: 'image', id: 'i', properties: undefined}});
  const ports = fakeGuestPorts({clock, answer, servers: [server]});
  const guestServers = {
    ...ports.guestServers,
    image: async () => Promise.reject(new CloudError('server-error', 'Glance is ill.')),
  };
  const found: Verified[] = [];
  const options = {loadFleet: async () => Promise.resolve(fleetOf([computeNode('compute-1')])), parallel: 1};
  await verifyServers({...ports, guestServers}, [server], options, false, (one) => found.push(one), signal);
  const [one] = found;
  t.like(one, {kind: 'compared', wish: {image: {from: 'untold'}}});
  t.like(one?.kind === 'compared' ? one.traits[0] : undefined, {verdict: 'differs', mayBeImage: true});
});
