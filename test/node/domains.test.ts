import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {domainsVariables, guestVariables} from '../../source/domain/fleet/node-requests.js';
import {decodeDomains, type DomainsReading} from '../../source/domain/guest/decode-domains.js';
import {createGuestReader} from '../../source/domain/guest/guest-lines.js';
import {makeNode, runProgram, SHELLS, type TestNode} from '../helpers/node-programs.js';

const ID = '84f33ec8-5895-49ab-9221-cdd8141bdec6';
const OTHER = 'aa05fea0-1d86-4307-ad60-10e4b07b0ada';
const XML = await readFile('test/fixtures/guest/epoxy-poweroff.xml', 'utf8');

/** A virsh that has one domain, refuses whatever could change something, and writes down how it was called. */
const VIRSH = `#!/bin/sh
echo "$@" >>"$SYSROOT/called"
case "$1 $2 $3" in
  "-r -c qemu:///system") shift 3 ;;
  *) echo "error: not read-only" >&2; exit 1 ;;
esac
case $1 in
  uri) echo qemu:///system ;;
  dumpxml) [ "$2" = ${ID} ] && cat "$SYSROOT/domain.xml" || { echo "error: failed to get domain '$2'" >&2; exit 1; } ;;
  domstate) printf 'paused (watchdog)\\n\\n' ;;
  event)
    echo $$ >>"$SYSROOT/listening"
    echo "2026-11-23 23:04:12.831+0000: event 'watchdog' for domain 'instance-1': pause"
    exec sleep 60 ;;
  *) exit 1 ;;
esac
`;

async function nodeWithVirsh(t: ExecutionContext): Promise<TestNode> {
  const node = await makeNode(t);
  await node.write('domain.xml', XML);
  await node.write('usr/bin/virsh', VIRSH, 0o755);
  return node;
}

/** The same in a container, as docker leads into one: what runs there is no child of the client. */
async function nodeInContainer(t: ExecutionContext, virsh = VIRSH): Promise<TestNode> {
  const node = await makeNode(t);
  await node.write('domain.xml', XML);
  await node.write('inside/virsh', virsh, 0o755);
  const docker = `#!/bin/sh
[ "$1 $2 $3" = "exec -i nova_libvirt" ] || exit 1
shift 3
PATH=$SYSROOT/inside:$PATH
exec 3<&0
setsid "$@" <&3 3<&- &
wait $!
`;
  await node.write('usr/bin/docker', docker, 0o755);
  return node;
}

async function readDomains(
  node: TestNode,
  {
    tools = ['virsh'],
    ids = [ID],
    shell = 'sh',
  }: {tools?: readonly string[]; ids?: readonly string[]; shell?: string},
): Promise<DomainsReading> {
  const variables = domainsVariables({sysroot: node.sysroot, tools, ids});
  return decodeDomains((await runProgram('domains', variables, {env: node.env, shell})).stdout);
}

for (const shell of SHELLS) {
  test(`domains are read through a read-only connection, byte for byte (${shell})`, async (t) => {
    const node = await nodeWithVirsh(t);
    const reading = await readDomains(node, {ids: [ID, OTHER], shell});
    t.is(reading.kind, 'read');
    if (reading.kind !== 'read') return;
    t.deepEqual(reading.domains.get(ID), {kind: 'found', state: 'paused (watchdog)', xml: XML.trimEnd()});
    t.deepEqual(reading.domains.get(OTHER), {
      kind: 'missing',
      reason: `failed to get domain '${OTHER}'`,
    });
    const called = (await node.read('called')).toString().trim().split('\n');
    t.true(called.every((line) => line.startsWith('-r -c qemu:///system ')));
  });
}

test('virsh in a container is called by its words, where the host has none', async (t) => {
  const node = await nodeInContainer(t);
  const tools = ['no-such-virsh', 'docker exec -i another virsh', 'docker exec -i nova_libvirt virsh'];
  const reading = await readDomains(node, {tools});
  t.is(reading.kind === 'read' ? reading.domains.get(ID)?.kind : reading.reason, 'found');
});

test('a virsh that hangs in a container does not stay there', async (t) => {
  const node = await nodeInContainer(
    t,
    VIRSH.replace('dumpxml)', 'dumpxml) echo $$ >>"$SYSROOT/listening"; exec sleep 60;'),
  );
  const tools = ['docker exec -i nova_libvirt virsh'];
  const variables = domainsVariables({sysroot: node.sysroot, tools, ids: [ID]});
  const {stdout} = await runProgram('domains', {...variables, patience: '1'}, {env: node.env});
  t.like(decodeDomains(stdout), {kind: 'read'});
  t.deepEqual(await listeners(node), [false]);
});

test('a node without virsh, and one whose libvirt does not answer, are told apart', async (t) => {
  const node = await makeNode(t);
  const none = await readDomains(node, {tools: ['no-such-virsh']});
  t.like(none, {kind: 'no-libvirt', reason: 'virsh is not installed, and no container is known that has it'});
  await node.write(
    'usr/bin/virsh',
    '#!/bin/sh\necho "error: failed to connect to the hypervisor" >&2\nexit 1\n',
    0o755,
  );
  t.like(await readDomains(node, {}), {
    kind: 'no-libvirt',
    reason: 'virsh: failed to connect to the hypervisor',
  });
});

test('what is no UUID never reaches virsh', async (t) => {
  const node = await nodeWithVirsh(t);
  await readDomains(node, {ids: ['--help', `${ID};reboot`, 'x'.repeat(36)]});
  t.notRegex((await node.read('called')).toString(), /dumpxml/);
});

test('a virsh that hangs is given up, and what was read before is told', async (t) => {
  const node = await makeNode(t);
  await node.write('domain.xml', XML);
  const virsh = VIRSH.replace('dumpxml)', `dumpxml) [ "$2" = ${ID} ] || exec sleep 60;`);
  await node.write('usr/bin/virsh', virsh, 0o755);
  const others = [1, 2, 3, 4].map((number) => OTHER.replace(/.$/, String(number)));
  const variables = domainsVariables({sysroot: node.sysroot, tools: ['virsh'], ids: [ID, ...others]});
  const {stdout} = await runProgram('domains', {...variables, patience: '1'}, {env: node.env});
  const reading = decodeDomains(stdout);
  if (reading.kind !== 'read') throw new Error(reading.reason);
  t.is(reading.domains.get(ID)?.kind, 'found');
  t.deepEqual(
    others.map((id) => reading.domains.get(id)),
    [
      ...[1, 2, 3].map(() => ({kind: 'missing', reason: 'virsh did not answer in 1 s'})),
      {kind: 'missing', reason: 'not asked: virsh hung at those before it'},
    ],
  );
  await node.write('usr/bin/virsh', '#!/bin/sh\nexec sleep 60\n', 0o755);
  const hung = await runProgram('domains', {...variables, patience: '1'}, {env: node.env});
  t.like(decodeDomains(hung.stdout), {kind: 'no-libvirt', reason: 'virsh: virsh did not answer in 1 s'});
});

/** A program that watches, and what it prints as it comes. */
async function watchOn(node: TestNode, tools: readonly string[], limitSeconds: number, shell = 'sh') {
  const variables = guestVariables({sysroot: node.sysroot, tools, id: ID, limitSeconds});
  const {stdout, code} = await runProgram('guest', variables, {env: node.env, shell});
  return {code, lines: createGuestReader().push(stdout)};
}

/** The ids of processes that listened to events, and whether they still do. */
async function listeners(node: TestNode): Promise<readonly boolean[]> {
  const pids = (await node.read('listening')).toString().trim().split('\n');
  return pids.map((pid) => existsSync(`/proc/${pid}`));
}

test('events that break off are told and asked for again', async (t) => {
  const node = await nodeWithVirsh(t);
  await node.write('usr/bin/virsh', VIRSH.replace('exec sleep 60', 'exit 1'), 0o755);
  const {code, lines} = await watchOn(node, ['virsh'], 4);
  t.is(code, 0);
  t.true(lines.some(({kind}) => kind === 'deaf'));
  t.true(lines.filter(({kind}) => kind === 'event').length >= 2);
});

test('a domain that is away, and a libvirt that does not answer, are told apart', async (t) => {
  const node = await nodeWithVirsh(t);
  const [away, silent] = ["failed to get domain '1'", 'failed to connect to the hypervisor'].map((said) =>
    VIRSH.replace('domstate)', `domstate) echo "error: ${said}" >&2; exit 1;`),
  );
  await node.write('usr/bin/virsh', away ?? '', 0o755);
  t.is((await watchOn(node, ['virsh'], 1)).lines.find(({kind}) => kind !== 'event')?.kind, 'absent');
  await node.write('usr/bin/virsh', silent ?? '', 0o755);
  t.like(
    (await watchOn(node, ['virsh'], 1)).lines.find(({kind}) => kind !== 'event'),
    {kind: 'silent', reason: 'failed to connect to the hypervisor'},
  );
});

for (const shell of SHELLS) {
  test(`a watch that ends leaves no virsh behind, nor one in a container (${shell})`, async (t) => {
    const node = await nodeWithVirsh(t);
    await watchOn(node, ['virsh'], 2, shell);
    t.deepEqual(await listeners(node), [false]);
    const other = await nodeInContainer(t);
    const {lines} = await watchOn(other, ['docker exec -i nova_libvirt virsh'], 2, shell);
    t.true(lines.some((line) => line.kind === 'event' && line.detail === 'pause'));
    t.deepEqual(await listeners(other), [false]);
  });
}

test('a guest is watched until the time is up: its state each second, and what libvirt tells', async (t) => {
  const node = await nodeWithVirsh(t);
  const variables = guestVariables({sysroot: node.sysroot, tools: ['virsh'], id: ID, limitSeconds: 2});
  const {stdout, code} = await runProgram('guest', variables, {env: node.env});
  t.is(code, 0);
  const lines = createGuestReader().push(stdout);
  t.true(lines.filter((line) => line.kind === 'state' && line.state === 'paused (watchdog)').length >= 2);
  t.true(lines.some((line) => line.kind === 'event' && line.detail === 'pause'));
  t.is(lines.at(-1)?.kind, 'end');
});
