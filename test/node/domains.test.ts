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
  const node = await nodeWithVirsh(t);
  await node.write(
    'usr/bin/docker',
    `#!/bin/sh\n[ "$1 $2" = "exec nova_libvirt" ] || exit 1\nshift 2\n${VIRSH.replace('#!/bin/sh\n', 'shift\n')}`,
    0o755,
  );
  const tools = ['no-such-virsh', 'docker exec another virsh', 'docker exec nova_libvirt virsh'];
  const reading = await readDomains(node, {tools});
  t.is(reading.kind === 'read' ? reading.domains.get(ID)?.kind : reading.reason, 'found');
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
    reason: 'virsh: error: failed to connect to the hypervisor',
  });
});

test('what is no UUID never reaches virsh', async (t) => {
  const node = await nodeWithVirsh(t);
  await readDomains(node, {ids: ['--help', `${ID};reboot`, 'x'.repeat(36)]});
  t.notRegex((await node.read('called')).toString(), /dumpxml/);
});

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
