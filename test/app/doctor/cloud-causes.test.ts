import test from 'ava';
import {fillIntervals} from '../../../source/app/doctor/meant-interval.js';
import {CLOUD_CAUSES} from '../../../source/app/doctor/causes/cloud-causes.js';
import type {Chart, Finding, ServerChart} from '../../../source/app/doctor/doctor-types.js';
import type {ComputeService} from '../../../source/domain/fleet/compute-api.js';
import {chartOf, configure, ID, isProved, one, quoted, serverOf} from '../../helpers/doctor-charts.js';

function find(code: string, chart: Chart): readonly Finding[] {
  const cause = CLOUD_CAUSES.find((each) => each.code === code);
  if (cause?.about !== 'cloud') throw new Error(`no cause ${code}`);
  return cause.find(chart);
}

const withServers = (chart: Chart, ...servers: readonly ServerChart[]): Chart => ({...chart, servers});

const changed = (chart: Chart, host: string, changes: Partial<ComputeService>): Chart => ({
  ...chart,
  services: chart.services?.map((each) => (each.host === host ? {...each, ...changes} : each)),
});

test('where all is well nothing is found', async (t) => {
  const chart = await chartOf();
  t.deepEqual(
    CLOUD_CAUSES.flatMap((cause) => (cause.about === 'cloud' ? cause.find(chart) : [])),
    [],
  );
});

test('a nova-compute that is down holds its servers up, and is an error from when one is late', async (t) => {
  const chart = changed(await chartOf(), 'compute-1', {
    state: 'down',
    updatedAt: '2026-11-22T02:51:00.000000',
  });
  const waiting = withServers(chart, serverOf(chart, 100));
  const finding = one(find('HostDown', waiting));
  t.like(finding, {severity: 'warning', certainty: 'certain', subject: {kind: 'node', host: 'compute-1'}});
  t.is(finding.message, 'nova-compute is down, last heard of at 2026-11-22T02:51:00Z');
  t.deepEqual(finding.servers, [{id: ID, name: 'web-1'}]);
  t.true(isProved(finding));
  const standing = {state: 'overdue', cause: 'host-down', dueAt: 0} as const;
  t.is(one(find('HostDown', withServers(chart, serverOf(chart, 9000, {standing})))).severity, 'error');
  t.deepEqual(one(find('HostDown', chart)).servers, []);
  const disabled = changed(chart, 'compute-1', {status: 'disabled', updatedAt: undefined});
  t.is(one(find('HostDown', disabled)).message, 'nova-compute is down, and it is disabled');
});

test('a host that is forced down is told as that, not as down', async (t) => {
  const chart = changed(await chartOf(), 'compute-2', {state: 'down', isForcedDown: true});
  t.deepEqual(find('HostDown', chart), []);
  const finding = one(find('HostForcedDown', chart));
  t.like(finding, {severity: 'warning', certainty: 'certain'});
  t.is(
    finding.remedies[0]?.command,
    'openstack --os-cloud lab compute service set --up compute-2 nova-compute',
  );
  t.true(isProved(finding));
  const standing = {state: 'overdue', cause: 'forced-down', dueAt: 0} as const;
  const late = serverOf(chart, 9000, {standing, row: {host: 'compute-2'}});
  t.like(one(find('HostForcedDown', withServers(chart, late))), {severity: 'error', servers: [{id: ID}]});
});

test('a host that nobody is called by is told once with its servers, and with who may be it', async (t) => {
  const chart = await chartOf();
  const standing = {state: 'stuck', cause: 'no-service', dueAt: undefined} as const;
  const on = (host: string) => serverOf(chart, 9000, {standing, row: {host}});
  const finding = one(
    find('HostRenamed', withServers(chart, on('compute-1.example.org'), on('compute-1.example.org'))),
  );
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.is(finding.message, 'Nova lists no nova-compute of this name; compute-1 may be it');
  t.is(finding.servers.length, 2);
  t.is(finding.remedies[1]?.act, undefined, 'one dialog is for one server');
  const many = Array.from({length: 3000}, () => on('gone'));
  const command = one(find('HostRenamed', withServers(chart, ...many))).remedies[1]?.command;
  t.is(command?.split(' ').length, 22, 'no line of thousands of ids');
  const strange = one(find('HostRenamed', withServers(chart, on("it's; reboot"))));
  t.is(strange.message, 'Nova lists no nova-compute of this name');
  t.regex(quoted(strange), /"nova-compute" on: compute-1, compute-2/);
  t.like(strange.remedies[1]?.act, {kind: 'purge'});
});

test('an interval that is off there explains the servers of that host', async (t) => {
  const chart = await chartOf({computes: 2, apis: 1, compute: '7200', api: '60'}, (fleet) =>
    configure(
      fleet,
      'compute-1',
      '/etc/nova/nova-compute.conf',
      '[DEFAULT]\nreclaim_instance_interval = 0\n',
    ),
  );
  const standing = {state: 'stuck', cause: 'interval-off', dueAt: undefined} as const;
  const stuck = withServers(chart, serverOf(chart, 9000, {standing}));
  const finding = one(find('IntervalOffThere', stuck));
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.is(finding.message, 'its interval is 0 (off): nothing there is ever reclaimed');
  const act = {kind: 'apply', hosts: ['compute-1']};
  t.like(finding.remedies[0], {act: {...act, intervalSeconds: undefined}});
  t.like(fillIntervals([finding], stuck)[0]?.remedies[0], {
    command: 'reprieve apply --hosts compute-1 --interval 2h',
    act: {...act, intervalSeconds: 7200},
  });
  t.deepEqual(find('IntervalOffThere', {...stuck, nodes: []}), [], 'off by assumption proves nothing');
});

test('an interval that is longer than believed is told where a server is past the belief', async (t) => {
  const chart = await chartOf();
  const waiting = {...withServers(chart, serverOf(chart, 600)), believedSeconds: 300};
  const finding = one(find('IntervalLarger', waiting));
  t.like(finding, {severity: 'warning', message: 'its interval is 2h, not 5m', servers: [{id: ID}]});
  t.deepEqual(find('IntervalLarger', {...waiting, believedSeconds: undefined}), []);
  t.deepEqual(find('IntervalLarger', {...waiting, believedSeconds: 1200}), [], 'by the belief it waits too');
  t.deepEqual(find('IntervalLarger', {...waiting, nodes: []}), []);
  const shorter = await chartOf({computes: 2, apis: 2, compute: '7200', api: '300'});
  const told = one(find('IntervalLarger', withServers(shorter, serverOf(shorter, 600))));
  t.like(told, {severity: 'info', certainty: 'possible'});
  t.is(told.message, 'its interval is 2h, not 5m as on nova-api');
  t.deepEqual(find('IntervalLarger', withServers(shorter, serverOf(shorter, 100))), []);
});

test('a loop that is late is likely where the host was read, else possible', async (t) => {
  const chart = await chartOf();
  const standing = {state: 'overdue', cause: 'loop-late', dueAt: 0} as const;
  const late = withServers(chart, serverOf(chart, 9000, {standing}));
  t.like(one(find('LoopLate', late)), {severity: 'error', certainty: 'likely'});
  t.true(isProved(one(find('LoopLate', late))));
  t.like(one(find('LoopLate', {...late, nodes: []})), {severity: 'warning', certainty: 'possible'});
  const soon = serverOf(chart, 7300, {standing: {...standing, dueAt: chart.now - 100_000}});
  t.like(one(find('LoopLate', withServers(chart, soon))), {
    severity: 'info',
    certainty: 'possible',
    message: '1 server is past its time though nova-compute is up',
  });
});

test('API on and computes off is an error, the other way round a warning', async (t) => {
  const never = await chartOf({computes: 2, apis: 1, api: '60'});
  const finding = one(find('Incoherent', withServers(never, serverOf(never, 100))));
  t.like(finding, {
    severity: 'error',
    message: 'nova-api is on, and all computes are off',
    servers: [{id: ID}],
  });
  const final = await chartOf({computes: 2, apis: 1, compute: '60'});
  t.like(one(find('Incoherent', final)), {severity: 'warning'});
  t.regex(one(find('Incoherent', final)).message, /^nova-api is off, and 2 computes are on/);
  t.deepEqual(
    one(find('Incoherent', final)).evidence.map(({host}) => host),
    ['api-1', 'compute-1'],
  );
  const [api] = final.nodes.filter(({node}) => node.roles.includes('api'));
  const unseen = api === undefined ? [] : [{node: {...api.node, name: 'api-9'}, problem: 'no answer'}];
  const guess = one(find('Incoherent', {...final, unseen}));
  t.is(guess.certainty, 'likely');
  t.regex(guess.because, /api-9/);
  const lost = {
    ...never,
    nodes: never.nodes.map((node) => ({
      ...node,
      roles: node.roles.map((seen) => (seen.role === 'compute' ? {...seen, unit: undefined} : seen)),
    })),
  };
  t.deepEqual(find('Incoherent', lost), [], 'what a service that was not found runs with is not known');
  t.deepEqual(find('Incoherent', await chartOf({computes: 2, apis: 1})), []);
  t.deepEqual(find('Incoherent', await chartOf({computes: 2, apis: 1, compute: '2h', api: '60'})), []);
});

test('hosts of nova-api that differ in on and off are told, in their number not', async (t) => {
  const set = (value: string) =>
    chartOf({computes: 1, apis: 2, compute: '60', api: '60'}, (fleet) =>
      configure(fleet, 'api-2', '/etc/nova/nova.conf', `[DEFAULT]\nreclaim_instance_interval = ${value}\n`),
    );
  const finding = one(find('ApiHostsDiffer', await set('0')));
  t.like(finding, {severity: 'error', message: '1 of 2 nova-api hosts are on; api-2 is off'});
  t.deepEqual(finding.subject, {kind: 'cloud', hosts: ['api-2']});
  t.deepEqual(
    finding.evidence.map(({host}) => host),
    ['api-1', 'api-2'],
    'each line of a file tells on which node it stands',
  );
  t.deepEqual(find('ApiHostsDiffer', await set('90')), []);
});

test('computes that wait differently are a warning', async (t) => {
  const chart = await chartOf({computes: 3, apis: 1, compute: '7200', api: '60'}, (fleet) =>
    configure(
      fleet,
      'compute-3',
      '/etc/nova/nova-compute.conf',
      '[DEFAULT]\nreclaim_instance_interval = 60\n',
    ),
  );
  const finding = one(find('ComputesDiffer', chart));
  t.like(finding, {severity: 'warning', message: 'computes wait differently: 2 hosts 2h, compute-3 1m'});
  t.is(finding.remedies[0]?.command, 'reprieve apply --interval 2h');
});

test('an API that nobody saw is told, with how many nodes were seen', async (t) => {
  const chart = await chartOf({computes: 2, compute: '60'});
  t.regex(quoted(one(find('ApiUnseen', chart))), /seen: 2 nodes, none with a process of nova-api/);
  t.regex(quoted(one(find('ApiUnseen', {...chart, nodes: []}))), /no node was seen/);
});

test('other services that are down: an error only where no conductor is left', async (t) => {
  const chart = await chartOf();
  const service = (binary: string, host: string, state: 'up' | 'down'): ComputeService => ({
    id: `${binary} ${host}`,
    binary,
    host,
    zone: 'internal',
    status: 'enabled',
    state,
    disabledReason: undefined,
    isForcedDown: false,
    updatedAt: undefined,
  });
  const found = (...services: readonly ComputeService[]) => find('ServicesDown', {...chart, services});
  const alone = one(found(service('nova-conductor', 'c1', 'down')));
  t.like(alone, {severity: 'error', message: 'nova-conductor is down on c1, and nowhere up'});
  t.true(isProved(alone));
  const two = one(found(service('nova-conductor', 'c1', 'down'), service('nova-conductor', 'c2', 'up')));
  t.like(two, {severity: 'warning', message: 'nova-conductor is down on c1'});
  t.is(one(found(service('nova-scheduler', 'c1', 'down'))).severity, 'warning');
  t.deepEqual(found(service('nova-scheduler', 'c1', 'up'), service('nova-compute', 'x', 'down')), []);
  t.deepEqual(find('ServicesDown', {...chart, services: undefined}), []);
});

test('a replica that is read is worth knowing, and possible where servers are late; its address is a secret', async (t) => {
  const chart = await chartOf({computes: 1, apis: 1, compute: '60', api: '60'}, (fleet) =>
    configure(
      fleet,
      'compute-1',
      '/etc/nova/nova-compute.conf',
      '[DEFAULT]\nreclaim_instance_interval = 60\n[database]\nslave_connection = mysql://nova:hush@replica/nova\n',
    ),
  );
  const finding = one(find('ReplicaRead', chart));
  t.like(finding, {severity: 'info', certainty: 'possible'});
  t.regex(quoted(finding), /nova-compute\.conf:4\nslave_connection = \*\*\*/);
  t.false(JSON.stringify(finding).includes('hush'));
  const standing = {state: 'overdue', cause: 'loop-late', dueAt: 0} as const;
  t.is(one(find('ReplicaRead', withServers(chart, serverOf(chart, 9000, {standing})))).severity, 'warning');
});

test('held capacity is summed by project, and unknown where one size is', async (t) => {
  const chart = await chartOf();
  const server = {id: ID, name: 'web-1', projectId: 'p', vcpus: 2, memoryMib: 4096};
  const holding = {id: 'p', name: 'shop', servers: [server, server], quota: undefined};
  const held = (...projects: NonNullable<Chart['inquiry']['projects']>) =>
    find('CapacityHeld', {...chart, inquiry: {gone: [], projects}});
  t.is(one(held(holding)).message, '2 soft-deleted servers hold 4 vCPUs and 8192 MiB of memory');
  t.regex(quoted(one(held(holding))), /shop: 2 servers, 4 vCPUs and 8192 MiB/);
  const unknown = {
    ...holding,
    name: undefined,
    servers: [{...server, vcpus: undefined, memoryMib: undefined}],
  };
  t.regex(one(held(unknown)).message, /holds vCPUs unknown and memory unknown$/);
  t.regex(quoted(one(held(unknown))), /^p: 1 server/m);
  const many = Array.from({length: 12}, (_, index) => ({...holding, id: `p${index}`}));
  t.regex(quoted(one(held(...many))), /and 2 more projects$/);
  t.deepEqual(held(), []);
});

test('a quota without room for a restore names what is short, and how to raise it', async (t) => {
  const chart = await chartOf();
  const server = {id: ID, name: 'web-1', projectId: 'p', vcpus: 2, memoryMib: 4096};
  const free = {limit: undefined, used: 3};
  const quota = {instances: {limit: 10, used: 10}, cores: free, memoryMib: {limit: 5000, used: 2000}};
  const found = (changes: object) =>
    find('QuotaBlocksRestore', {
      ...chart,
      inquiry: {gone: [], projects: [{id: 'p', name: 'shop', servers: [server], quota, ...changes}]},
    });
  const finding = one(found({}));
  t.like(finding, {
    severity: 'warning',
    certainty: 'likely',
    message: 'project shop has no quota to restore its server',
  });
  t.regex(quoted(finding), /instances: 10 of 10 used\nram \(MiB\): 2000 of 5000 used/);
  t.is(finding.remedies[0]?.command, 'openstack --os-cloud lab quota set --instances 11 --ram 6096 p');
  t.regex(one(found({servers: [server, server]})).message, /any of its 2 servers$/);
  const small = {...server, memoryMib: 1};
  const memory = {...quota, instances: free};
  t.regex(one(found({servers: [server, small], quota: memory})).message, /1 of its 2 servers$/);
  t.deepEqual(found({quota: undefined}), []);
  t.deepEqual(found({quota: {instances: free, cores: free, memoryMib: free}}), []);
});
