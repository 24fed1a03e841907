import test from 'ava';
import {allNodes, labNode, openLab, readOn, runOn} from '../helpers/lab.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {resetLab, resetNode} from '../helpers/lab-reset.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => resetLab(lab, cloud));

test('every node answers as root and as operator, and systemd runs its Nova', async (t) => {
  for (const node of allNodes(lab)) {
    t.is((await readOn(lab, node.host, 'hostname')).trim(), node.host);
    t.is((await readOn(lab, node.host, 'systemctl is-active "$1"', {args: [node.unit]})).trim(), 'active');
    const sudo = await runOn(lab, node.host, 'sudo -n true', {user: 'operator'});
    t.is(sudo.code === 0, node.operatorSudo === 'nopasswd', node.host);
  }
});

test('Nova lists every compute node as up', async (t) => {
  const up = (await cloud.services()).filter(
    ({binary, state}) => binary === 'nova-compute' && state === 'up',
  );
  t.deepEqual(up.map(({host}) => host).toSorted(), lab.computes.map(({host}) => host).toSorted());
});

test('delayed delete is off on a fresh cloud: a deleted server is gone at once', async (t) => {
  const server = await cloud.createServer({name: 'not-soft', host: 'compute-1'});
  t.is(server.host, 'compute-1');
  await cloud.deleteServer(server.id);
  await cloud.waitUntilGone(server.id);
  t.false((await cloud.servers()).some(({id}) => id === server.id));
});

test('a reset puts back an edited file, removes what reprieve left and restarts the service', async (t) => {
  const node = labNode(lab, 'compute-2');
  const state = 'sha256sum /etc/nova/nova.conf; stat -c "%a %U:%G" /etc/nova/nova.conf';
  const before = await readOn(lab, node.host, state);
  t.deepEqual(await resetNode(lab, node), []);
  await readOn(
    lab,
    node.host,
    `printf '[DEFAULT]\\nreclaim_instance_interval = 90\\n' >>/etc/nova/nova.conf
     chmod 644 /etc/nova/nova.conf
     mkdir -p /var/lib/reprieve /run/reprieve "/etc/systemd/system/$1.service.d"
     printf '[Service]\\nNice=1\\n' >"/etc/systemd/system/$1.service.d/test.conf"`,
    {args: [node.unit]},
  );
  t.deepEqual(await resetNode(lab, node), ['put-back', 'put-back', 'restarted']);
  t.is(await readOn(lab, node.host, state), before);
  const left = await runOn(
    lab,
    node.host,
    'ls -d /var/lib/reprieve /run/reprieve /etc/systemd/system/*.service.d',
  );
  t.notRegex(left.stdout, /reprieve|nova-compute/);
  t.is((await readOn(lab, node.host, 'systemctl is-active "$1"', {args: [node.unit]})).trim(), 'active');
});
