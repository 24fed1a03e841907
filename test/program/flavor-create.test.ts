// The whole program saves flavors of files to the embedded cloud.
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import type {Intercept} from '../../source/demo/openstack.js';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import type {Ended, RunningProgram} from '../helpers/program.js';

const row = z.object({
  name: z.string(),
  id: z.string().nullable(),
  action: z.enum(['create', 'update']),
  release: z.string(),
  verdict: z.string(),
  outcome: z.string(),
  ok: z.boolean(),
  unchecked: z.boolean(),
  message: z.string(),
  servers: z.array(z.object({id: z.string(), name: z.string()})),
  changes: z.object({set: z.record(z.string(), z.string()), removed: z.array(z.string())}).loose(),
  calls: z.array(z.object({method: z.string(), path: z.string(), microversion: z.string()})).optional(),
  commands: z.array(z.string()).optional(),
});

function rowsOf({stdout}: Ended): readonly z.infer<typeof row>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

const GOLD = {
  name: 'gold',
  vcpus: 4,
  ram: 4096,
  disk: 20,
  extra_specs: {'hw:watchdog_action': 'reset', 'hw:cpu_sockets': '2'},
};

/** A cloud, and a file of flavors in it. */
async function open(
  t: ExecutionContext,
  flavors: unknown = GOLD,
  intercept: Intercept = () => undefined,
): Promise<{cloud: DemoCloud; file: string}> {
  const cloud = await startDemoCloud(t, {servers: 24, intercept});
  return {cloud, file: await cloud.operator.write('flavors.json', JSON.stringify(flavors))};
}

/** Without the breaks of lines. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

const named = ({nova}: DemoCloud, name: string) => nova.flavors.find((one) => one.name === name);

test('a dry run shows calls and commands, and changes nothing', async (t) => {
  const {cloud, file} = await open(t, {...GOLD, projects: ['shop'], swap: 512});
  const ended = await cloud.tell(['flavor', 'create', file, '--dry-run']);
  t.is(ended.code, 0, ended.stderr);
  t.regex(ended.stdout, /^. gold: ok$/m);
  t.regex(ended.stdout, /^POST \/flavors {2}at 2\.75 {2}\{"flavor":\{"name":"gold","vcpus":4/m);
  t.regex(ended.stdout, /^POST \/flavors\/NEW-ID\/os-extra_specs {2}at 2\.86 {2}\{"extra_specs":/m);
  t.regex(ended.stdout, /^openstack --os-cloud demo flavor create gold .*--swap 512 --private/m);
  t.regex(ended.stdout, /^openstack --os-cloud demo flavor set gold --property hw:watchdog_action=reset/m);
  t.regex(ended.stdout, /^openstack --os-cloud demo flavor set gold --project [0-9a-f]{32}$/m);
  t.regex(ended.stdout, /^Nothing was changed\.$/m);
  t.is(named(cloud, 'gold'), undefined);
  const [planned] = rowsOf(await cloud.run(['flavor', 'create', file, '--dry-run']));
  t.like(planned, {action: 'create', outcome: 'would-save', ok: true, release: 'zed', verdict: 'ok'});
  t.deepEqual(
    planned?.calls?.map(({method, path}) => `${method} ${path}`),
    ['POST /flavors', 'POST /flavors/NEW-ID/os-extra_specs', 'POST /flavors/NEW-ID/action'],
  );
});

test('flavors are made, and the second time there is nothing to do', async (t) => {
  const {cloud, file} = await open(t, [GOLD, {...GOLD, name: 'silver', is_public: false}]);
  const ended = await cloud.run(['flavor', 'create', file]);
  t.is(ended.code, 0, ended.stderr);
  t.deepEqual(
    rowsOf(ended).map(({name, outcome, id}) => [name, outcome, id]),
    ['gold', 'silver'].map((name) => [name, 'saved', named(cloud, name)?.id ?? '']),
  );
  t.deepEqual(named(cloud, 'gold')?.extraSpecs, GOLD.extra_specs);
  const again = await cloud.run(['flavor', 'create', file, '--yes']);
  t.is(again.code, 0, again.stderr);
  t.deepEqual(
    rowsOf(again).map(({outcome}) => outcome),
    ['unchanged', 'unchanged'],
  );
});

test('a flavor in use is changed only where somebody agrees, and its servers are listed', async (t) => {
  const {cloud, file} = await open(t, {
    name: 'm1.large',
    vcpus: 4,
    ram: 8192,
    disk: 80,
    extra_specs: {'hw:watchdog_action': 'reset'},
  });
  const id = named(cloud, 'm1.large')?.id;
  const servers = [...cloud.nova.servers.values()].filter(
    ({flavor, isDestroyed, vmState}) => flavor.id === id && !isDestroyed && vmState !== 'soft-delete',
  );
  t.true(servers.length > 0);
  const refused = await cloud.tell(['flavor', 'create', file]);
  t.is(refused.code, 3);
  t.regex(refused.stderr, new RegExp(`m1.large is in use by ${servers.length} servers?, .*add --yes`));
  t.regex(
    flat(refused.stdout),
    /(?:copies that they have|copy that it has) until a resize to another flavor; reboot and rebuild/,
  );
  for (const server of servers) t.true(refused.stdout.includes(`${server.name} (${server.id}), `));
  t.is(named(cloud, 'm1.large')?.extraSpecs['hw:watchdog_action'], 'poweroff');
  const ended = await cloud.run(['flavor', 'create', file, '--yes']);
  t.is(ended.code, 0, ended.stderr);
  t.deepEqual(
    rowsOf(ended)[0]
      ?.servers.map((one) => one.id)
      .toSorted(),
    servers.map((one) => one.id).toSorted(),
  );
  t.is(named(cloud, 'm1.large')?.extraSpecs['hw:watchdog_action'], 'reset');
});

test('a field that never changes is refused with the reason, and the others of the file are left, too', async (t) => {
  const {cloud, file} = await open(t, [
    GOLD,
    {name: 'm1.large', vcpus: 5, ram: 8192, disk: 80, extra_specs: {}},
  ]);
  const ended = await cloud.tell(['flavor', 'create', file, '--yes']);
  t.is(ended.code, 3);
  t.regex(
    ended.stderr,
    /m1\.large: vcpus of a flavor that exists never changes in Nova: it is 4, not 5; nothing was done/,
  );
  t.is(named(cloud, 'gold'), undefined);
});

test('a flavor that no server boots from is saved only with --force and its name', async (t) => {
  const {cloud, file} = await open(t, {...GOLD, extra_specs: {'hw:mem_page_size': '2M'}});
  const code = async (...flags: readonly string[]) => {
    const ended = await cloud.tell(['flavor', 'create', file, ...flags]);
    return `${ended.code ?? 'none'} ${/: --force gold$/m.test(ended.stderr)}`;
  };
  t.is(await code('--yes'), '3 true');
  t.is(await code('--dry-run'), '3 true');
  t.is(await code('--force'), '3 true', 'nobody can be asked');
  t.is(await code('--force', 'silver'), '3 true');
  t.is(named(cloud, 'gold'), undefined);
  t.is(await code('--force', 'gold'), '0 false');
  t.deepEqual(named(cloud, 'gold')?.extraSpecs, {'hw:mem_page_size': '2M'});
});

test('all flavors of a file that no server boots from are named at once', async (t) => {
  const bad = {...GOLD, extra_specs: {'hw:mem_page_size': '2M'}};
  const {cloud, file} = await open(t, [bad, {...GOLD, name: 'good'}, {...bad, name: 'silver'}]);
  const refused = await cloud.tell(['flavor', 'create', file]);
  t.is(refused.code, 3);
  t.regex(refused.stderr, /^reprieve: gold: no server .* \(nor from silver\); .*: --force gold,silver$/m);
  const ended = await cloud.tell(['flavor', 'create', file, '--force', 'gold,silver', '--dry-run']);
  t.is(ended.code, 0, ended.stderr);
  const headings = ended.stdout.split('\n').filter((line) => /^[A-Z ]+$/.test(line) && line !== '');
  t.deepEqual(headings, ['CALLS', 'THE SAME AS COMMANDS']);
});

test('what Nova refuses from 2.86 on is set at 2.85 with --force', async (t) => {
  const {cloud, file} = await open(t, {...GOLD, extra_specs: {'hw:boot_menu': 'perhaps'}});
  const refused = await cloud.tell(['flavor', 'create', file]);
  t.is(refused.code, 3);
  t.regex(refused.stderr, /Nova zed refuses hw:boot_menu from microversion 2\.86 on; .*--force/);
  const ended = await cloud.run(['flavor', 'create', file, '--force']);
  t.is(ended.code, 0, ended.stderr);
  t.like(rowsOf(ended)[0], {outcome: 'saved', unchecked: true});
  t.deepEqual(named(cloud, 'gold')?.extraSpecs, {'hw:boot_menu': 'perhaps'});
});

test('limits of the topology are set at 2.85 without --force, as Nova reads them', async (t) => {
  const specs = {'hw:cpu_sockets': '2', 'hw:cpu_max_sockets': '2'};
  const {cloud, file} = await open(t, {...GOLD, extra_specs: specs});
  const shown = await cloud.tell(['flavor', 'create', file, '--dry-run']);
  t.regex(shown.stdout, /at 2\.86 {2}\{"extra_specs":\{"hw:cpu_sockets":"2"\}\}/);
  t.regex(shown.stdout, /at 2\.85 {2}\{"extra_specs":\{"hw:cpu_max_sockets":"2"\}\}/);
  const ended = await cloud.run(['flavor', 'create', file]);
  t.is(ended.code, 0, ended.stderr);
  t.like(rowsOf(ended)[0], {outcome: 'saved', unchecked: true, changes: {set: specs}});
  t.deepEqual(named(cloud, 'gold')?.extraSpecs, specs);
});

test('bad input is told by its place, and nothing of the file is saved', async (t) => {
  const {cloud, file} = await open(t, [GOLD, {...GOLD, name: 'bad', swap: -1}, {vcpus: 1, ram: 1}]);
  const ended = await cloud.tell(['flavor', 'create', file]);
  t.is(ended.code, 2);
  t.regex(ended.stderr, /flavors\.json:1, flavor 2 "bad": swap is -1, and must be a whole number of MiB/);
  t.regex(ended.stderr, /flavor 3: it has no name/);
  t.is(named(cloud, 'gold'), undefined);
  const missing = await cloud.tell(['flavor', 'create']);
  t.is(missing.code, 2);
  const swallowed = await cloud.tell(['flavor', 'create', '--force', file]);
  t.is(swallowed.code, 2);
  t.regex(swallowed.stderr, /was read as the name after --force/);
  const unknown = await cloud.operator.write(
    'projects.json',
    JSON.stringify({...GOLD, projects: ['nobody']}),
  );
  const ofNobody = await cloud.tell(['flavor', 'create', unknown]);
  t.is(ofNobody.code, 2);
  t.regex(ofNobody.stderr, /there is no project "nobody"/);
});

test('--read-only refuses, but for a dry run; another account is told by Nova', async (t) => {
  const {cloud, file} = await open(t);
  t.is((await cloud.tell(['flavor', 'create', file, '--read-only'])).code, 3);
  t.is((await cloud.tell(['flavor', 'create', file, '--read-only', '--dry-run'])).code, 0);
  const member = `demo-${cloud.nova.projects[1]?.name ?? ''}`;
  const ended = await cloud.tell(['flavor', 'create', file, '--cloud', member]);
  t.is(ended.code, 1);
  t.regex(ended.stderr, /gold: FAILED when it makes the flavor: .*does not permit this/);
  t.regex(
    ended.stderr,
    /the cloud is as it was\. Use a user, or an application credential, with the role admin/,
  );
});

test('extra specs that the file leaves out stay, or go with --prune', async (t) => {
  const {cloud, file} = await open(t, {
    name: 'rt.edge',
    vcpus: 4,
    ram: 8192,
    disk: 20,
    swap: 512,
    extra_specs: {},
  });
  const kept = await cloud.tell(['flavor', 'create', file]);
  t.is(kept.code, 0, kept.stderr);
  t.regex(
    flat(kept.stdout),
    /Kept, though the file does not have them: hw:cpu_policy, .*--prune takes them away/,
  );
  const ended = await cloud.run(['flavor', 'create', file, '--prune', '--yes']);
  t.is(ended.code, 0, ended.stderr);
  t.is(rowsOf(ended)[0]?.changes.removed.length, 3);
  t.deepEqual(named(cloud, 'rt.edge')?.extraSpecs, {});
});

test('the call for the extra specs fails: the new flavor is removed, or named with the command that removes it', async (t) => {
  let isStuck = false;
  const {cloud, file} = await open(t, GOLD, ({method, path}) => {
    if (method === 'POST' && path.endsWith('/os-extra_specs')) return {status: 500};
    return isStuck && method === 'DELETE' ? {status: 500} : undefined;
  });
  const removed = await cloud.tell(['flavor', 'create', file]);
  t.is(removed.code, 1);
  t.regex(removed.stderr, /gold: FAILED when it sets 2 extra specs: .*; the new flavor was removed again$/m);
  t.is(named(cloud, 'gold'), undefined);
  isStuck = true;
  const left = await cloud.tell(['flavor', 'create', file]);
  t.is(left.code, 1);
  const id = named(cloud, 'gold')?.id ?? 'none';
  t.regex(left.stderr, new RegExp(`the new flavor is still there, as ${id}: `));
  t.true(left.stderr.includes(`openstack --os-cloud demo flavor delete ${id}`));
});

test('Ctrl-C between two calls: what was done and what was not is told, and nothing half stays', async (t) => {
  let program: RunningProgram | undefined;
  // Many calls, so that the signal is there before the last of them.
  const projects = ['admin', 'payments', 'shop', 'platform', 'ci', 'analytics', 'intranet'];
  const flavors = [
    {...GOLD, projects},
    {...GOLD, name: 'silver'},
  ];
  const {cloud, file} = await open(t, flavors, ({method, path}) => {
    if (method === 'POST' && path.endsWith('/flavors')) program?.signal('SIGINT');
    return undefined;
  });
  program = cloud.start(['flavor', 'create', file]);
  const ended = await program.end();
  t.is(ended.code, 130, ended.stderr);
  t.regex(ended.stderr, /gold: interrupted; the new flavor was removed again/);
  t.regex(
    ended.stderr,
    /silver: interrupted; not begun was: makes the flavor, sets 2 extra specs; the cloud is as it was/,
  );
  t.is(named(cloud, 'gold'), undefined);
  t.is(named(cloud, 'silver'), undefined);
});
