import test from 'ava';
import {readHostVariables} from '../../../source/domain/fleet/host-variables.js';
import {VAULTED} from '../../../source/domain/fleet/vaulted.js';
import {InventoryProblem} from '../../../source/domain/fleet/inventory-problem.js';

const read = (variables: Record<string, unknown>) =>
  readHostVariables('n1', new Map(Object.entries(variables)));

test('nothing set leaves everything to ssh_config', (t) => {
  t.deepEqual(read({}), {
    address: {name: 'n1'},
    novaHost: undefined,
    deployment: undefined,
    cloud: undefined,
    overrides: {},
    notices: [],
  });
});

test('every variable of the promise is read', (t) => {
  const settings = read({
    ansible_host: '10.0.0.1',
    ansible_port: '2222',
    ansible_user: 'stack',
    ansible_ssh_private_key_file: '~/.ssh/lab',
    ansible_ssh_common_args: '-J ops@bastion:2200',
    ansible_become: 'yes',
    ansible_become_method: 'sudo',
    ansible_become_user: 'root',
    reprieve_deployment: 'rdo',
    reprieve_config_files: ['/etc/nova/nova.conf', '/etc/nova/local.conf'],
    reprieve_service: 'openstack-nova-compute',
    reprieve_nova_host: 'n1.internal',
    reprieve_cloud: 'berlin',
  });
  t.deepEqual(settings, {
    address: {
      name: 'n1',
      hostName: '10.0.0.1',
      port: 2222,
      user: 'stack',
      identityFile: '~/.ssh/lab',
      proxyJump: 'ops@bastion:2200',
      become: {kind: 'sudo', user: 'root'},
    },
    novaHost: 'n1.internal',
    deployment: 'rdo',
    cloud: 'berlin',
    overrides: {config: ['/etc/nova/nova.conf', '/etc/nova/local.conf'], service: 'openstack-nova-compute'},
    notices: [],
  });
});

test('the older names count where the newer are absent', (t) => {
  const {address} = read({
    ansible_ssh_host: 'a',
    ansible_ssh_port: 2,
    ansible_ssh_user: 'u',
    ansible_user: 'w',
  });
  t.deepEqual(address, {name: 'n1', hostName: 'a', port: 2, user: 'w'});
});

test('become can be switched off', (t) => {
  t.deepEqual(read({ansible_become: false}).address.become, {kind: 'none'});
  t.deepEqual(read({ansible_become: 'no', ansible_become_method: 'su'}).address.become, {kind: 'none'});
});

for (const [args, jump] of [
  ['-o ProxyJump=bastion', 'bastion'],
  ['-oProxyJump=a,b', 'a,b'],
  ['-o "ProxyJump bastion"', 'bastion'],
  ['-C -Jbastion', 'bastion'],
  ['-J first -J second', 'first'],
] as const) {
  test(`the jump host of ${args} is ${jump}`, (t) => {
    t.is(read({ansible_ssh_common_args: args}).address.proxyJump, jump);
  });
}

test('other SSH arguments, passwords and connections are named and passed over', (t) => {
  const {notices, address} = read({
    ansible_ssh_common_args: '-o StrictHostKeyChecking=no -o ProxyCommand="ssh -W %h:%p b" -C',
    ansible_become_password: 'never-shown',
    ansible_connection: 'local',
  });
  t.is(address.proxyJump, undefined);
  t.is(notices.length, 5);
  t.true(notices.some((notice) => notice.includes('StrictHostKeyChecking=no')));
  t.true(notices.some((notice) => notice.includes('--ask-become-pass')));
  t.false(notices.join().includes('never-shown'));
});

const BAD: readonly (readonly [string, unknown, RegExp])[] = [
  ['ansible_host', '{{ lookup("env", "X") }}', /ansible_host of the host n1: it is a template/],
  ['ansible_host', VAULTED, /encrypted with ansible-vault/],
  ['ansible_host', '10.0.0.1;reboot', /is not a host name/],
  ['ansible_host', '-oProxyCommand=x', /is not a host name/],
  ['ansible_host', '', /empty/],
  ['ansible_host', ['a'], /a list/],
  ['ansible_host', {a: 1}, /a mapping/],
  ['ansible_port', 0, /port from 1 to 65535/],
  ['ansible_port', 65_536, /port from 1 to 65535/],
  ['ansible_port', 'ssh', /port from 1 to 65535/],
  ['ansible_user', 'a b', /not an account name/],
  ['ansible_become', 'maybe', /neither yes nor no/],
  ['ansible_ssh_common_args', '-J "a;b"', /not a host name/],
  ['ansible_ssh_common_args', '-J "a', /not closed/],
  ['ansible_ssh_private_key_file', 'a\nb', /not a file name/],
  ['reprieve_config_files', 'nova.conf', /not an absolute path/],
  ['reprieve_config_files', [], /list is empty/],
  ['reprieve_config_files', [1], /a number/],
  ['reprieve_service', 'a b', /not the name of a unit/],
  ['reprieve_deployment', 'A B', /not a kind of deployment/],
  ['reprieve_nova_host', 'a b', /is not a host name/],
];

for (const [variable, value, message] of BAD) {
  test(`${variable} ${String(value)} is refused with host and variable: ${message.source}`, (t) => {
    const error = t.throws(() => read({[variable]: value}), {instanceOf: InventoryProblem, message});
    t.true(error.message.startsWith(`${variable} of the host n1`));
  });
}

test('another way to become root is refused', (t) => {
  t.throws(() => read({ansible_become: true, ansible_become_method: 'doas'}), {message: /only sudo/});
});
