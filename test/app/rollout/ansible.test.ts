import test from 'ava';
import {z} from 'zod';
import type {Play} from '../../../source/app/rollout/ansible/ansible-ports.js';
import {UserError} from '../../../source/app/errors.js';
import type {CommandEnd} from '../../../source/app/ports.js';
import {FakeAnsible, type HostDeed} from '../../helpers/fake-ansible.js';
import {FakeFleet, type FleetShape, trail} from '../../helpers/fake-fleet.js';
import type {ProcessOptions} from '../../helpers/fake-process.js';
import {watchInvariants} from '../../helpers/fleet-invariants.js';

const NOVA_CONF = '/etc/nova/nova.conf';

function fleetOf(shape: FleetShape) {
  const fleet = new FakeFleet(shape);
  const ansible = new FakeAnsible(fleet);
  const problems = watchInvariants(fleet);
  const process = (settings: ProcessOptions['settings'] = {}, options: ProcessOptions = {}) =>
    fleet.process({...options, ansible, settings: {engine: 'ansible', ...settings}});
  return {fleet, ansible, process, problems};
}

const computesOnly = {computesOnly: true};

test('Ansible carries out each batch, in the safe order, and each node is proved before the next one', async (t) => {
  const {fleet, ansible, process, problems} = fleetOf({computes: 4, apis: 2});
  const ended = await process({parallel: 7}).apply(7200);
  t.is(ended.end?.outcome, 'done', ended.error?.message);
  t.deepEqual(new Set(Object.values(fleet.running())), new Set(['7200']));
  t.deepEqual(
    ansible.plays.map(({hosts}) => hosts),
    [['compute-1'], ['compute-2'], ['compute-3', 'compute-4'], ['api-1'], ['api-2']],
  );
  t.deepEqual(new Set(ansible.plays.map(({forks}) => forks)), new Set([7]));
  // As extra variables: an inventory that has the role's variables must not win over what was agreed to.
  for (const {variables, hosts} of ansible.plays) {
    t.like(variables, {
      delayed_delete_interval: 7200,
      delayed_delete_cloud: '',
      delayed_delete_guarded: true,
      delayed_delete_units: '{{ reprieve_planned[inventory_hostname].units }}',
      delayed_delete_files: '{{ reprieve_planned[inventory_hostname].files }}',
    });
    const role = hosts[0]?.startsWith('api') === true ? 'api' : 'compute';
    const found = {units: [`nova-${role}.service`], files: [NOVA_CONF]};
    t.deepEqual(variables['reprieve_planned'], Object.fromEntries(hosts.map((host) => [host, found])));
  }
  t.deepEqual(problems, []);
  t.deepEqual(fleet.locks(), []);
  t.deepEqual(trail(ended.events, 'compute-1').slice(1), [
    'change started',
    'change started',
    'restart started',
    'restart started',
    'change done',
    'restart done',
    'gate started',
    'gate done',
    'result done',
  ]);
  // Nothing was written or restarted by this program itself.
  const writes = fleet.calls.filter(({title, values}) => title === 'change' && values.get('restart') === '1');
  t.deepEqual(writes, []);
});

test('a rollback puts back byte for byte what Ansible wrote, without Ansible', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 2, apis: 1, compute: '60'});
  const before = fleet.nodes.map((node) => node.files.get(NOVA_CONF)?.bytes);
  const ended = await process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  const plays = ansible.plays.length;
  const back = await process().rollback(ended.run);
  t.is(back.end?.outcome, 'rolled-back', back.error?.message);
  t.deepEqual(
    fleet.nodes.map((node) => node.files.get(NOVA_CONF)?.bytes),
    before,
  );
  t.is(ansible.plays.length, plays);
});

test('a second run changes nothing and starts no playbook', async (t) => {
  const {ansible, process} = fleetOf({computes: 2, apis: 1});
  await process().apply(7200);
  const plays = ansible.plays.length;
  const again = await process().apply(7200);
  t.deepEqual(new Set(Object.values(again.end?.nodes ?? {})), new Set(['unchanged']));
  t.is(ansible.plays.length, plays);
});

test('without a restart the files are written, and the next run has Ansible restart', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 2, compute: '60'});
  const first = await process({...computesOnly, restart: false}).apply(7200);
  t.is(first.end?.outcome, 'done', first.error?.message);
  t.is(fleet.running()['compute-1/compute'], '60');
  const plays = ansible.plays.length;
  const second = await process(computesOnly).apply(7200);
  t.is(second.end?.outcome, 'done', second.error?.message);
  t.is(fleet.running()['compute-1/compute'], '7200');
  t.true(ansible.plays.length > plays);
});

for (const {deed, state, runs, said} of [
  {
    deed: 'fails-first',
    state: 'failed',
    runs: '60',
    said: /Ansible failed there \(Write: no module.*nothing was changed/,
  },
  {deed: 'unreachable', state: 'failed', runs: '60', said: /could not reach the host \(Write: ssh: no route/},
  {deed: 'lies', state: 'failed', runs: '60', said: /says that all is well, but .*nova\.conf is as it was/},
  {
    deed: 'fails-written',
    state: 'put-back',
    runs: '60',
    said: /Unable to restart service.*back as it was and up/,
  },
  {
    deed: 'lost',
    state: 'put-back',
    runs: '60',
    said: /could not reach the host \(Write: Shared connection closed\); it is back as it was/,
  },
  {deed: 'fails-last', state: 'done', runs: '7200', said: /done/},
] as const satisfies readonly {deed: HostDeed; state: string; runs: string; said: RegExp}[]) {
  test(`a node where the playbook ${deed} ends as ${state}, by what the node shows`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 4, compute: '60'});
    const before = fleet.node('compute-3').files.get(NOVA_CONF)?.bytes;
    ansible.deedOf = (host) => (host === 'compute-3' ? deed : 'well');
    const ended = await process(computesOnly).apply(7200);
    t.is(ended.end?.nodes['compute-3'], state, ended.error?.message);
    t.is(ended.end?.nodes['compute-4'], 'done');
    t.is(fleet.running()['compute-3/compute'], runs);
    if (runs === '60') t.is(fleet.node('compute-3').files.get(NOVA_CONF)?.bytes, before);
    const result = ended.events.findLast(
      (event) => event.kind === 'step' && event.host === 'compute-3' && event.step === 'result',
    );
    t.regex(result?.kind === 'step' ? result.message : '', said);
    t.deepEqual(fleet.locks(), []);
    t.false(JSON.stringify(fleet.journals.get(ended.run)).includes('hunter2'), 'a secret is journalled');
  });
}

test('a node where what Ansible started goes on for long is unknown, and resume looks at it again', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 1, compute: '60'});
  ansible.deedOf = () => 'lost-long';
  const ended = await process(computesOnly).apply(7200);
  t.deepEqual(ended.end?.nodes, {'compute-1': 'unknown'});
  t.regex(ended.end?.next.join('\n') ?? '', /Shared connection closed.*still works there/);
  t.deepEqual(fleet.locks(), []);
  await fleet.clock.sleep(900_000);
  ansible.deedOf = () => 'well';
  const resumed = await fleet.process({ansible}).resume(ended.run);
  t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
  t.is(fleet.running()['compute-1/compute'], '7200');
});

test('what Ansible writes in its own way is put back byte for byte too', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 1, compute: '60'});
  const before = fleet.node('compute-1').files.get(NOVA_CONF)?.bytes;
  ansible.deedOf = () => 'writes-otherwise';
  const ended = await process(computesOnly).apply(7200);
  t.is(ended.end?.outcome, 'done', JSON.stringify(ended.end));
  t.true(fleet.node('compute-1').files.get(NOVA_CONF)?.bytes.includes('interval=7200'));
  const back = await process(computesOnly).rollback(ended.run);
  t.is(back.end?.outcome, 'rolled-back', back.error?.message);
  t.is(fleet.node('compute-1').files.get(NOVA_CONF)?.bytes, before);
});

for (const {what, health, state, said} of [
  {what: 'and the service is well', health: 'up', state: 'done', said: /done/},
  {
    what: 'and the service does not come up',
    health: 'mute',
    state: 'failed',
    said: /not what this run wrote, so it is not put back.*\/var\/lib\/reprieve\/.*\/compute\/backup/,
  },
] as const) {
  test(`a file that somebody else changes meanwhile stays as it is, ${what}`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 1, compute: '60'});
    const node = fleet.node('compute-1');
    node.healthOf = (_role, value) => (value === '7200' ? health : 'up');
    const bytes = () => node.files.get(NOVA_CONF)?.bytes ?? '';
    ansible.onWritten = () => node.write(NOVA_CONF, `${bytes()}debug = true\n`);
    const ended = await process(computesOnly).apply(7200);
    t.is(ended.end?.nodes['compute-1'], state, JSON.stringify(ended.end));
    t.true(bytes().endsWith('debug = true\n') && bytes().includes('7200'), bytes());
    const told = ended.events.flatMap((event) => (event.kind === 'step' ? [event] : []));
    t.true(told.some(({message}) => message.includes(`somebody else changed ${NOVA_CONF} too`)));
    t.regex(told.findLast(({step}) => step === 'result')?.message ?? '', said);
    t.deepEqual(node.writes, []);
    const back = await process(computesOnly).rollback(ended.run);
    t.regex(back.error?.message ?? '', /was changed after run/);
    t.true(bytes().includes('7200'));
  });
}

test('a file that gives something else than planned may be somebody else’s, and is not put back', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 2, compute: '60'});
  ansible.deedOf = () => 'writes-nonsense';
  const ended = await process(computesOnly).apply(7200);
  t.deepEqual(ended.end?.nodes, {'compute-1': 'failed', 'compute-2': 'pending'});
  t.is(ended.end?.outcome, 'failed');
  t.true(fleet.node('compute-1').files.get(NOVA_CONF)?.bytes.includes('soon'));
});

test('a batch larger than what goes at once is asked and handed over in parts', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 5, compute: '60'});
  ansible.onWritten = (host) => {
    if (host !== 'compute-1') return;
    fleet.servers.set('compute-4', [busyServer('compute-4')]);
  };
  const settings = {...computesOnly, parallel: 2, batches: [{kind: 'percent', percent: 100}]} as const;
  const ended = await process(settings).apply(7200);
  t.deepEqual(
    ansible.plays.map(({hosts}) => hosts),
    [['compute-1', 'compute-2'], ['compute-3'], ['compute-5']],
  );
  t.is(ended.end?.nodes['compute-4'], 'not-touched');
});

test('a failure ends a batch before its next part', async (t) => {
  const {ansible, process} = fleetOf({computes: 4, compute: '60'});
  ansible.deedOf = () => 'fails-first';
  const settings = {...computesOnly, parallel: 2, batches: [{kind: 'percent', percent: 100}]} as const;
  const ended = await process(settings).apply(7200);
  t.is(ended.end?.nodes['compute-3'], 'pending');
  t.is(ansible.plays.length, 1);
});

test('a canary whose service does not come up with the new file is put back and stops the run', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 3, compute: '60'});
  fleet.node('compute-1').healthOf = (_role, value) => (value === '7200' ? 'mute' : 'up');
  const ended = await process(computesOnly).apply(7200);
  t.is(ended.end?.outcome, 'failed');
  t.deepEqual(ended.end?.nodes, {'compute-1': 'put-back', 'compute-2': 'pending', 'compute-3': 'pending'});
  t.is(ansible.plays.length, 1);
});

test('a host that Ansible does not come to gets another turn at the end', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 3, compute: '60'});
  ansible.deedOf = (host) => (host === 'compute-2' && ansible.plays.length < 2 ? 'forgets' : 'well');
  const ended = await process({...computesOnly, batches: [{kind: 'percent', percent: 100}]}).apply(7200);
  t.is(ended.end?.outcome, 'done', JSON.stringify(ended.end));
  t.is(fleet.running()['compute-2/compute'], '7200');
  t.true(trail(ended.events, 'compute-2').includes('in-flight waiting'));
});

const WHOLE: readonly {readonly what: string; readonly end: CommandEnd; readonly said: RegExp}[] = [
  {
    what: 'ends before any host',
    end: {kind: 'exited', code: 1, complaint: "the role 'nova' was not found"},
    said: /ended with 1 before it came to any host: the role 'nova' was not found/,
  },
  {
    what: 'cannot be started any more',
    end: {kind: 'not-started', problem: 'there is no such file'},
    said: /could not be started: there is no such file/,
  },
  {
    what: 'is killed',
    end: {kind: 'killed', signal: 'SIGKILL', complaint: ''},
    said: /was ended by SIGKILL/,
  },
  {
    what: 'ends well without a word',
    end: {kind: 'exited', code: 0, complaint: ''},
    said: /told nothing of what it did/,
  },
];

for (const {what, end, said} of WHOLE) {
  test(`an Ansible that ${what} leaves every node as it was, and resume goes on with it`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 2, compute: '60'});
    ansible.failure = end;
    ansible.noise = ['PLAY [all] ***', '{"reprieve": 1, "event": "ok"', '{"reprieve": 1, "event": 7}'];
    const ended = await process(computesOnly).apply(7200);
    t.is(ended.end?.outcome, 'interrupted', ended.error?.message);
    t.regex(ended.end?.next.join('\n') ?? '', said);
    t.regex(ended.end?.next.join('\n') ?? '', new RegExp(`reprieve resume ${ended.run}`));
    t.deepEqual(fleet.running(), {'compute-1/compute': '60', 'compute-2/compute': '60'});
    t.deepEqual(fleet.locks(), []);
    ansible.failure = undefined;
    const resumed = await fleet.process({ansible}).resume(ended.run);
    t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
    t.is(ansible.plays.length, 3, 'the built-in engine did it');
  });
}

for (const step of ['begun', 'written', 'restarted'] as const) {
  test(`an Ansible that dies when it has ${step} a host: resume finishes what it left`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 3, compute: '60'});
    const end: CommandEnd = {kind: 'killed', signal: 'SIGTERM', complaint: ''};
    ansible.endsAfter = {host: 'compute-2', step, end};
    const ended = await process({
      ...computesOnly,
      batches: [
        {kind: 'count', count: 1},
        {kind: 'percent', percent: 100},
      ],
    }).apply(7200);
    const state = {begun: 'pending', written: 'unknown', restarted: 'done'}[step];
    t.deepEqual(ended.end?.nodes, {'compute-1': 'done', 'compute-2': state, 'compute-3': 'pending'});
    t.is(ended.end?.outcome, 'interrupted');
    ansible.endsAfter = undefined;
    const resumed = await fleet.process({ansible}).resume(ended.run);
    t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
    t.deepEqual(new Set(Object.values(fleet.running())), new Set(['7200']));
  });
}

test('who leaves stops Ansible; what it has done is proved, the rest is as it was', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 4, compute: '60'});
  const first = process({...computesOnly, batches: [{kind: 'percent', percent: 100}]});
  first.onEvent = ({host, step}) => {
    if (host === 'compute-2' && step === 'restart') first.stop.abort(new Error('left'));
  };
  const ended = await first.apply(7200);
  t.is(ended.end?.outcome, 'interrupted', ended.error?.message);
  t.is(ended.end?.nodes['compute-1'], 'done');
  t.is(ended.end?.nodes['compute-4'], 'pending');
  t.is(ansible.running, 0);
  t.deepEqual(fleet.locks(), []);
  const resumed = await fleet.process({ansible}).resume(ended.run);
  t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
  t.deepEqual(new Set(Object.values(fleet.running())), new Set(['7200']));
});

test('an Ansible that finds no host of a batch in its inventory ends the run', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 2, compute: '60'});
  ansible.deedOf = () => 'forgets';
  const ended = await process(computesOnly).apply(7200);
  t.is(ended.end?.outcome, 'interrupted');
  t.regex(ended.end?.next.join('\n') ?? '', /inventory has none of these hosts.*nothing was changed/);
  t.is(fleet.running()['compute-1/compute'], '60');
});

function busyServer(host: string) {
  return {
    id: 's1',
    name: 's1',
    projectId: 'p',
    host,
    status: 'BUILD',
    taskState: 'spawning',
    updatedAt: 0,
    isLocked: false,
  };
}

test('a busy host is not given to Ansible, and gets its turn at the end', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 3, compute: '60'});
  fleet.servers.set('compute-2', [busyServer('compute-2')]);
  const ended = await process(computesOnly).apply(7200);
  t.is(ended.end?.nodes['compute-2'], 'not-touched');
  t.is(fleet.running()['compute-2/compute'], '60');
  t.false(ansible.plays.some(({hosts}) => hosts.includes('compute-2')));
});

for (const {what, line, end, said} of [
  {
    what: 'is not installed',
    end: {kind: 'not-started', problem: 'there is no such file'},
    line: '',
    said: /cannot be started.*there is no such file/,
  },
  {
    what: 'is too old',
    end: {kind: 'exited', code: 0, complaint: ''},
    line: 'ansible-playbook 2.9.27',
    said: /of ansible-core 2\.9/,
  },
  {
    what: 'prints nonsense',
    end: {kind: 'exited', code: 0, complaint: ''},
    line: 'hello',
    said: /printed no version: "hello"/,
  },
  {
    what: 'does not work',
    end: {kind: 'exited', code: 5, complaint: 'locale'},
    line: '',
    said: /ended with 5: locale/,
  },
  {
    what: 'is killed',
    end: {kind: 'killed', signal: 'SIGSEGV', complaint: ''},
    line: '',
    said: /ended by SIGSEGV/,
  },
] as const) {
  test(`an ansible-playbook that ${what} is said before any node is looked at`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 1});
    ansible.versionEnd = {...end, line};
    const ended = await process().apply(7200);
    t.true(ended.error instanceof UserError);
    t.is(ended.error?.kind, 'usage');
    t.regex(ended.error?.message ?? '', said);
    t.regex(ended.error?.remedy ?? '', /--engine builtin/);
    t.deepEqual(fleet.calls, []);
  });
}

test('what a profile says of a node and the playbook does not know is refused', async (t) => {
  for (const overrides of [{restart: 'docker restart nova_compute'}, {sysroot: '/srv/root'}]) {
    const {fleet, ansible, process} = fleetOf({computes: 1});
    fleet.hosts[0] = {...fleet.hosts[0]!, overrides};
    const ended = await process(computesOnly).apply(7200);
    t.is(ended.error?.kind, 'refused');
    t.regex(ended.error?.message ?? '', /compute-1: the profile sets (restart|sysroot)/);
    t.deepEqual(ansible.plays, []);
  }
});

test('a template without a playbook is refused before anything is locked', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 1});
  ansible.template = {...ansible.template, files: []};
  const ended = await process(computesOnly).apply(7200);
  t.is(ended.error?.kind, 'usage');
  t.regex(ended.error?.message ?? '', /\/templates\/ansible: the template makes no playbook\.yml/);
  t.false(fleet.calls.some(({title}) => title !== 'facts'));
});

test('where Ansible does not read the inventory it is told how the nodes are reached', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 1});
  ansible.hasInventory = false;
  const address = {
    name: 'compute-1',
    hostName: '192.0.2.7',
    port: 2222,
    user: 'ops',
    identityFile: '/k',
    proxyJump: 'jump',
    become: {kind: 'sudo', user: 'root'},
  } as const;
  fleet.hosts[0] = {...fleet.hosts[0]!, address};
  await process(computesOnly).apply(7200);
  t.deepEqual(inventoryOf(ansible.plays[0]), {
    'compute-1': {
      ansible_host: '192.0.2.7',
      ansible_port: 2222,
      ansible_user: 'ops',
      ansible_ssh_private_key_file: '/k',
      ansible_ssh_common_args: '-o ProxyJump=jump',
      ansible_become: true,
      ansible_become_user: 'root',
    },
  });
});

function inventoryOf(play: Play | undefined): unknown {
  const file = play?.files.find(({path}) => path === play.inventory);
  return file === undefined
    ? undefined
    : z.object({all: z.object({hosts: z.unknown()})}).parse(JSON.parse(file.text)).all.hosts;
}

test('where Ansible reads the inventory it is told only of hosts that are in none', async (t) => {
  const {fleet, ansible, process} = fleetOf({computes: 1, apis: 1});
  fleet.hosts[1] = {...fleet.hosts[1]!, groups: ['compute']};
  const ended = await process().apply(7200);
  t.is(ended.end?.outcome, 'done', ended.error?.message);
  t.deepEqual(
    ansible.plays.map((play) => [play.hosts, inventoryOf(play)]),
    [
      [['compute-1'], undefined],
      [['api-1'], {'api-1': {}}],
    ],
  );
});

for (const address of [
  {name: 'compute-1', user: "{{ lookup('pipe', 'id') }}"},
  {name: 'compute-1', identityFile: '/keys/{% raw %}'},
  {name: 'compute-1', proxyJump: '{#jump#}'},
]) {
  test(`a way to a node that Ansible would take for an expression is refused: ${JSON.stringify(address)}`, async (t) => {
    const {fleet, ansible, process} = fleetOf({computes: 1});
    ansible.hasInventory = false;
    fleet.hosts[0] = {...fleet.hosts[0]!, address};
    const ended = await process(computesOnly).apply(7200);
    t.is(ended.error?.kind, 'refused');
    t.regex(ended.error?.message ?? '', /compute-1: ansible_\w+, ".*", is an expression to Ansible/);
    t.deepEqual(ansible.plays, []);
    t.false(fleet.calls.some(({title}) => title === 'change'));
  });
}

test('whichever engine goes on with what Ansible wrote, journal and nodes tell the same in the end', async (t) => {
  const left = await Promise.all(
    (['ansible', 'builtin'] as const).map(async (engine) => {
      const {fleet, ansible, process} = fleetOf({computes: 2, compute: '60'});
      ansible.deedOf = () => 'writes-otherwise';
      const batches = [{kind: 'percent', percent: 100}] as const;
      const first = process({...computesOnly, batches});
      // The file of the first is written; the second has its service restarted too.
      first.onEvent = ({host, step, message}) => {
        if (host === 'compute-2' && step === 'restart' && message.endsWith('changed')) first.die();
      };
      ansible.restartsNot = 'compute-1';
      const ended = await first.apply(7200);
      t.true(ended.isDead);
      await fleet.clock.sleep(60_000);
      const resumed = await fleet.process({ansible, settings: {engine}}).resume(ended.run);
      t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
      t.is(ansible.plays.length, engine === 'ansible' ? 2 : 1);
      const results = (fleet.journals.get(ended.run) ?? []).flatMap((entry) =>
        entry.type === 'result' ? [`${entry.target} ${entry.state} ${entry.message}`] : [],
      );
      const records = fleet.nodes.flatMap((node) =>
        node.records.map(({role, values, backup}) => [node.name, role, values, backup]),
      );
      const back = await fleet.process({settings: computesOnly}).rollback(ended.run);
      t.is(back.end?.outcome, 'rolled-back', back.error?.message);
      t.deepEqual(new Set(Object.values(fleet.running())), new Set(['60']));
      return {results: results.toSorted(), records};
    }),
  );
  t.deepEqual(left[0], left[1]);
});

test('a run that Ansible began is gone on with by Ansible, unless somebody says otherwise', async (t) => {
  for (const {engine, plays} of [
    {engine: undefined, plays: 2},
    {engine: 'builtin', plays: 1},
  ] as const) {
    const {fleet, ansible, process} = fleetOf({computes: 1, compute: '60'});
    ansible.endsAfter = {
      host: 'compute-1',
      step: 'written',
      end: {kind: 'killed', signal: 'SIGKILL', complaint: ''},
    };
    const ended = await process(computesOnly).apply(7200);
    t.deepEqual(ended.end?.nodes, {'compute-1': 'unknown'});
    ansible.endsAfter = undefined;
    const settings = engine === undefined ? {} : {engine};
    const resumed = await fleet.process({ansible, settings}).resume(ended.run);
    t.is(resumed.end?.outcome, 'done', JSON.stringify(resumed.end));
    t.is(fleet.running()['compute-1/compute'], '7200');
    t.is(ansible.plays.length, plays);
    const back = await fleet.process({settings: computesOnly}).rollback(ended.run);
    t.is(back.end?.outcome, 'rolled-back', back.error?.message);
    t.is(fleet.running()['compute-1/compute'], '60');
  }
});
