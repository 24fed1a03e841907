// What the installed openstack client prints of flavors is what flavor check reads.
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import test from 'ava';
import {z} from 'zod';
import {outcomeOf, flavorsIn} from '../helpers/flavor-inputs.js';

const SAFE = {
  name: 'm1.safe',
  vcpus: 8,
  memoryMib: 8192,
  diskGib: 20,
  extraSpecs: {'hw:cpu_sockets': '2', 'hw:watchdog_action': 'poweroff'},
};
const PLAIN = {...SAFE, name: 'plain', vcpus: 1, extraSpecs: {}};

test('lists and single flavors of the openstack client are read, its tables told apart', async (t) => {
  const {stdout} = await promisify(execFile)('/usr/bin/python3', ['test/real/openstack-flavors.py']);
  const printed = z.record(z.string(), z.string()).parse(JSON.parse(stdout));
  for (const form of ['json', 'yaml']) {
    const list = printed[`list ${form}`] ?? '';
    t.deepEqual(await flavorsIn(list), [SAFE, PLAIN], list);
    const show = printed[`show ${form}`] ?? '';
    t.deepEqual(await flavorsIn(show), [SAFE], show);
    for (const text of [list, show]) {
      const {problems, warnings} = await outcomeOf(text);
      t.deepEqual([...problems, ...warnings], [], text);
    }
    const short = await outcomeOf(printed[`short list ${form}`] ?? '');
    t.deepEqual(short.judged, ['m1.safe', 'plain']);
    t.regex(short.warnings.join('\n'), /without its extra specs.*--long/);
  }
  for (const name of ['list table', 'show table']) {
    t.regex((await outcomeOf(printed[name] ?? '')).problems.join('\n'), /-f json/);
  }
});
