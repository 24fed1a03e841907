import test from 'ava';
import type {NewFlavor} from '../../source/app/flavor/flavor-ports.js';
import {
  createCommands,
  deleteCommand,
  showCommand,
  updateCommands,
} from '../../source/text/flavor-commands.js';

const PLAIN: NewFlavor = {
  id: undefined,
  name: 'db',
  vcpus: 16,
  memoryMib: 65_536,
  diskGib: 80,
  ephemeralGib: 0,
  swapMib: 0,
  rxtxFactor: 1,
  isPublic: true,
  description: undefined,
};

test('a flavor is made with its size, then its specs are set', (t) => {
  const specs = {'hw:watchdog_action': 'poweroff', 'hw:cpu_dedicated_mask': '^0,^8'};
  t.deepEqual(createCommands({flavor: PLAIN, extraSpecs: specs, projects: []}, 'fra1'), [
    'openstack --os-cloud fra1 flavor create db --vcpus 16 --ram 65536 --disk 80',
    "openstack --os-cloud fra1 flavor set db --property hw:watchdog_action=poweroff --property 'hw:cpu_dedicated_mask=^0,^8'",
  ]);
  t.is(createCommands({flavor: PLAIN, extraSpecs: {}, projects: ['ignored']}, undefined).length, 1);
});

test('what is not usual is said, and access of a private one is given by project', (t) => {
  const flavor = {
    ...PLAIN,
    id: 'db-9',
    ephemeralGib: 5,
    swapMib: 512,
    rxtxFactor: 2,
    isPublic: false,
    description: "for DBs' sake",
  };
  t.deepEqual(createCommands({flavor, extraSpecs: {}, projects: ['shop', 'p9']}, 'envvars'), [
    'openstack --os-compute-api-version 2.55 flavor create db --id db-9 --vcpus 16 --ram 65536 --disk 80 --ephemeral 5 --swap 512 ' +
      "--rxtx-factor 2 --private --description 'for DBs'\\'' sake'",
    'openstack flavor set db --project shop',
    'openstack flavor set db --project p9',
  ]);
});

test('a name that looks like an option stands behind the options', (t) => {
  const [create = '', set = ''] = createCommands(
    {flavor: {...PLAIN, name: '-x y'}, extraSpecs: {a: 'b'}, projects: []},
    undefined,
  );
  t.is(create, "openstack flavor create --vcpus 16 --ram 65536 --disk 80 -- '-x y'");
  t.is(set, "openstack flavor set --property a=b -- '-x y'");
  t.is(showCommand('-x', 'c'), 'openstack --os-cloud c flavor show -- -x');
  t.is(deleteCommand('db', undefined), 'openstack flavor delete db');
});

test('of a flavor that exists only what differs is set and unset', (t) => {
  t.deepEqual(updateCommands('db', {a: '1', b: '2', c: '3'}, {a: '1', b: '5'}, undefined), [
    'openstack flavor set db --property b=5',
    'openstack flavor unset db --property c',
  ]);
  t.deepEqual(updateCommands('db', {a: '1'}, {a: '1'}, undefined), []);
});
