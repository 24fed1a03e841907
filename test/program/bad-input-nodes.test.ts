// What the program as a whole says and does where nodes, or what leads to them, are not as they should be.
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {startServer} from '../helpers/http-server.js';
import {API, startSmallCloud} from '../helpers/small-cloud.js';
import {APPLY, intervalOn, isRefused, isUntouched, ORDER} from '../helpers/small-cloud-checks.js';
import {NOVA_CONF, removeService} from '../helpers/small-node.js';
import {makeKeyPair} from '../../source/demo/node/ssh-server.js';

const RUN = '20260101-000000-aaaa';
const ONE = [...APPLY, '--computes-only', '--hosts', 'compute-1'];

test.serial('a node that nothing listens on stops everything before anything is done', async (t) => {
  const cloud = await startSmallCloud(t);
  await cloud.ssh.get('compute-2')?.stop();
  isRefused(t, await cloud.run(APPLY), 4, /compute-2.*(refused|connect).*nothing was changed/i);
  await isUntouched(t, cloud);
  const ended = await cloud.run([...APPLY, '--skip-unreachable']);
  t.is(ended.code, 1, ended.stderr);
  t.is(await intervalOn(cloud, 'compute-1'), '7200');
  t.is(await intervalOn(cloud, API), undefined, 'a compute that nobody saw keeps nova-api off');
});

test.serial(
  'an unknown and a changed host key stop the node, with the fingerprint and what to do',
  async (t) => {
    const cloud = await startSmallCloud(t);
    const file = path.join(cloud.home, '.ssh/known_hosts');
    const known = await readFile(file, 'utf8');
    const port = cloud.ssh.get('compute-3')?.port ?? 0;
    const others = known.split('\n').filter((line) => !line.includes(`:${port} `));
    await cloud.write('.ssh/known_hosts', others.join('\n'));
    isRefused(t, await cloud.run(APPLY), 4, /compute-3.*SHA256:.*ssh-keyscan/);
    const [kind = '', key = ''] = makeKeyPair().public.split(' ');
    await cloud.write('.ssh/known_hosts', `${others.join('\n')}[127.0.0.1]:${port} ${kind} ${key}\n`);
    isRefused(t, await cloud.run(APPLY), 4, /compute-3.*SHA256:.*ssh-keygen -R/);
    await isUntouched(t, cloud);
  },
);

test.serial('a key that the nodes do not take is named', async (t) => {
  const cloud = await startSmallCloud(t);
  for (const server of cloud.ssh.values()) server.refuseLogins();
  isRefused(t, await cloud.run(APPLY), 4, /compute-1.*root.*key.*id_ed25519/);
  await isUntouched(t, cloud);
});

test.serial(
  'sudo that wants a password nobody was asked for, and an account without the right',
  async (t) => {
    const cloud = await startSmallCloud(t, {user: 'operator'});
    isRefused(t, await cloud.run(APPLY), 4, /compute-1.*password.*--ask-become-pass/);
    isRefused(t, await cloud.run([...APPLY, '--ask-become-pass']), 3, /no terminal to ask/);
    await isUntouched(t, cloud);
    for (const node of cloud.nodes) {
      await node.shim('sudo', `echo 'operator is not in the sudoers file.' >&2; exit 1`);
    }
    isRefused(t, await cloud.run(APPLY), 4, /compute-1.*operator gets no root rights.*sudoers/);
    await isUntouched(t, cloud);
  },
);

for (const [name, said, words] of [
  ['a full disk', 'No space left on device', /no space/i],
  ['a read-only file system', 'Read-only file system', /read-only file system.*mount it/],
  ['an immutable file', 'Operation not permitted', /immutable.*chattr -i/],
] as const) {
  test.serial(`${name} leaves the node as it was, stops the run, and is told with what to do`, async (t) => {
    const cloud = await startSmallCloud(t);
    await cloud
      .node('compute-1')
      .shim(
        'mv',
        `case "$*" in */nova.conf) echo "mv: cannot move: ${said}" >&2; exit 1 ;; esac\nexec "$REAL" "$@"`,
      );
    const {code, stdout, stderr} = await cloud.run(APPLY);
    t.is(code, 1, stderr);
    t.regex(stdout, new RegExp(`compute-1 +change +failed.*${words.source}`, words.flags));
    t.regex(stdout, /failed\.\n/);
    for (const {name: host, ...node} of cloud.nodes) {
      t.is(await node.read('etc/nova/nova.conf'), NOVA_CONF, host);
      t.like(await node.service(), {restarts: 0}, host);
    }
    const left = Object.keys(await cloud.node('compute-1').files()).filter((file) =>
      file.startsWith('etc/nova/'),
    );
    t.deepEqual(left, ['etc/nova/nova.conf']);
  });
}

test.serial('a foreign lock is told with its owner and the way to take it over', async (t) => {
  const cloud = await startSmallCloud(t);
  const word = (text: string) => Buffer.from(text).toString('base64');
  await cloud
    .node(API)
    .write(
      `run/reprieve/lock/owner-${RUN}`,
      `lock\toperator\t${word('mallory\u001B[2J')}\nlock\tbastion\t${word('elsewhere')}\nlock\tpid\t1\nlock\tboot\tx\nlock\tsince\t1767225600\n`,
    );
  isRefused(
    t,
    await cloud.run(APPLY),
    3,
    /controller-1 is locked by run 20260101-000000-aaaa of mallory.* on elsewhere.*--break-lock/,
  );
  isRefused(t, await cloud.run([...APPLY, '--break-lock', '20260101-000000-bbbb']), 3, /is locked by run/);
  await isUntouched(t, cloud);
  const {code, stderr} = await cloud.run([...APPLY, '--break-lock', RUN]);
  t.is(code, 0, stderr);
});

test.serial('a unit that is missing, and one that does not run', async (t) => {
  const cloud = await startSmallCloud(t);
  await removeService(cloud.node('compute-2'));
  isRefused(
    t,
    await cloud.run(APPLY),
    3,
    /compute-2.*no unit of nova-compute.*nothing was changed.*reprieve_service/,
  );
  await cloud.node('compute-2').write('manager/nova-compute.service', '0 0 failed\n');
  isRefused(t, await cloud.run(APPLY), 3, /compute-2.*does not run.*systemctl status/);
  await isUntouched(t, {...cloud, nodes: cloud.nodes.filter(({name}) => name !== 'compute-2')});
});

test.serial('a unit that does not come up is put back, and as the canary it stops the run', async (t) => {
  const cloud = await startSmallCloud(t);
  await cloud.node('compute-1').refuse('reclaim_instance_interval = 7200');
  const {code, stdout, stderr} = await cloud.run(APPLY);
  t.is(code, 1, stderr);
  t.regex(stdout, /compute-1 +gate +failed +nova-compute\.service is failed/);
  t.regex(stdout, /compute-1 +put-back +put-back +nova-compute\.service is up with its old file/);
  for (const node of cloud.nodes) t.is(await node.read('etc/nova/nova.conf'), NOVA_CONF, node.name);
  t.deepEqual(await cloud.node('compute-1').service(), {restarts: 2, state: 'active'});
  t.like(await cloud.node('compute-2').service(), {restarts: 0});
});

test.serial('a clock that is far off is a warning in plan and status', async (t) => {
  const cloud = await startSmallCloud(t);
  await cloud
    .node('compute-2')
    .shim(
      'date',
      `case $1 in +%s.%N) echo "$(($("$REAL" +%s) + 900)).000000000" ;; *) exec "$REAL" "$@" ;; esac`,
    );
  const plan = await cloud.run(['plan', '--interval', '2h']);
  t.is(plan.code, 0, plan.stderr);
  t.regex(plan.stdout.replace(/\s+/g, ' '), /compute-2: its clock is (899|90[0-9]) s ahead of the API's/);
  const status = await cloud.run(['status']);
  t.regex(status.stdout, /compute-2 .*\+(899|90\d) s/);
});

test.serial('an API host of another region is refused, and nothing is switched on', async (t) => {
  const version = {id: 'v2.1', status: 'CURRENT', version: '2.93', min_version: '2.1', links: []};
  const other = await startServer(t, ({path: asked}) =>
    asked === '/'
      ? {body: {versions: [version]}}
      : {
          body: {
            services: [
              {
                id: 'ffffffff-0000-4000-8000-000000000000',
                binary: 'nova-compute',
                host: 'other-1',
                status: 'enabled',
                state: 'up',
              },
            ],
          },
        },
  );
  const cloud = await startSmallCloud(t, {apiPort: other.port});
  isRefused(t, await cloud.run(APPLY), 3, /controller-1.*other services.*(inventory|--cloud)/);
  await isUntouched(t, cloud);
});

test.serial('a host that Nova does not know is shown and left out', async (t) => {
  const cloud = await startSmallCloud(t);
  await cloud.node('compute-3').write('proc/sys/kernel/hostname', 'somebody-else\n');
  const {code, stdout} = await cloud.run(['plan', '--interval', '2h']);
  t.is(code, 0);
  t.regex(
    stdout.replace(/\s+/g, ' '),
    /LEFT OUT.*compute-3 calls itself somebody-else.*Nova lists no compute of that name/,
  );
});

test.serial('a file that changed since the plan is refused, untouched', async (t) => {
  const cloud = await startSmallCloud(t);
  const file = path.join(cloud.home, 'plan.json');
  t.is((await cloud.run(['plan', '--interval', '2h', '-o', file])).code, 0);
  const mine = `${NOVA_CONF}# by hand\n`;
  await cloud.node('compute-2').write('etc/nova/nova.conf', mine);
  isRefused(
    t,
    await cloud.run(['apply', file, '--yes']),
    3,
    /plan no longer holds.*compute-2.*reprieve plan -o/,
  );
  t.is(await cloud.node('compute-2').read('etc/nova/nova.conf'), mine);
  for (const node of cloud.nodes) t.like(await node.service(), {restarts: 0});
});

test.serial('a file that changes between the look and the write is left as it is', async (t) => {
  const cloud = await startSmallCloud(t);
  const node = cloud.node('compute-1');
  // The first program that makes a folder on the node is the lock, after everything was looked at.
  await node.shim('mkdir', `echo '# meanwhile' >>'${node.root}/etc/nova/nova.conf'\nexec "$REAL" "$@"`);
  const {code, stdout, stderr} = await cloud.run(ONE);
  t.is(code, 1, stderr);
  t.regex(stdout, /compute-1 +change +failed.*not as it was when the plan was made; plan again/);
  t.is(await intervalOn(cloud, 'compute-1'), undefined);
  t.like(await node.service(), {restarts: 0});
});

test.serial(
  'Nova that cannot be asked in the middle of a batch: nothing is put back, and resume is named',
  async (t) => {
    let isGone = false;
    const cloud = await startSmallCloud(t, {
      routes: {
        'GET /v2.1/os-services': () => {
          if (isGone) return {status: 503, body: '<html>no backend</html>'};
          return {body: {services: cloud.services()}};
        },
      },
    });
    const watched = cloud.node('compute-1');
    const ending = cloud.run([...APPLY, '--api-wait', '3s']);
    const timer = setInterval(() => {
      void watched.service().then(({restarts}) => {
        if (restarts > 0) isGone = true;
      });
    }, 20);
    const {code, stdout, stderr} = await ending;
    clearInterval(timer);
    t.is(code, 1, stderr);
    t.regex(stdout, /Nova cannot be asked/);
    t.regex(stdout, /was interrupted\.[\s\S]*reprieve resume/);
    t.is(await intervalOn(cloud, 'compute-1'), '7200', 'nothing is put back');
    t.is(await intervalOn(cloud, 'compute-2'), undefined, 'nothing new begins');
    isGone = false;
    const again = await cloud.run(['resume', '--yes']);
    t.is(again.code, 0, again.stdout + again.stderr);
    for (const host of ORDER) t.is(await intervalOn(cloud, host), '7200', host);
  },
);

test.serial('of two runs at once one goes through and the other is refused with its owner', async (t) => {
  const cloud = await startSmallCloud(t);
  const both = await Promise.all([cloud.run(APPLY), cloud.run(APPLY)]);
  const codes = both.map(({code}) => code ?? -1).toSorted((one, other) => one - other);
  const told = both.map(({stdout, stderr}) => stdout + stderr).join('\n');
  t.is(codes[0], 0, told);
  t.true(codes[1] === 1 || codes[1] === 3, told);
  t.regex(told, /(locked by|holds the lock).*run|run \d{8}-\d{6}-\w{4} .*lock/);
  for (const host of ORDER) {
    t.is(await intervalOn(cloud, host), '7200', host);
    t.like(await cloud.node(host).service(), {restarts: 1}, host);
  }
});
