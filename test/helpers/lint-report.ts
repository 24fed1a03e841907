import {lintFlavors} from '../../source/app/flavor/lint-flavors.js';
import type {LintReport} from '../../source/app/flavor/lint-types.js';
import {serverWith} from './cloud-flavors.js';
import {brokenOff, fakeFlavors, flavorOf, imageOf, type FakeFlavors} from './fake-flavors.js';

/** Names that tenants give: markup of every form that is written, and what a terminal obeys. */
export const HOSTILE = '<b a="1">&\u001B]0;x\u0007 [x](https://evil.example) {0} \u202E\uFFFE]]>';

export async function lintReportOf(has: FakeFlavors): Promise<LintReport> {
  return lintFlavors(fakeFlavors(has), {release: undefined, skip: new Set()}, new AbortController().signal);
}

/** The same without what Nova takes in no name of a flavor. */
const HOSTILE_FLAVOR = '<b a="1">& [x](https://evil.example) {0} ]]>';

/** A cloud with something of everything, its names hostile ones. */
export async function fullReport(): Promise<LintReport> {
  const bad = flavorOf('bad', {'hw:numa_nodes': '0', 'hw:cpu_socket': '2'}, {isPublic: false});
  const odd = flavorOf(`odd ${HOSTILE_FLAVOR}`, {'hw:cpu_sockets': '3'}, {vcpus: 4, memoryMib: 2048});
  const dog = flavorOf('dog', {'hw:watchdog_action': 'reset'});
  const hidden = {...flavorOf('hidden'), extraSpecs: undefined};
  const before = flavorOf('before', dog.extraSpecs);
  return lintReportOf({
    flavors: [bad, odd, dog, hidden, flavorOf('fine')],
    servers: [
      serverWith('web-2', dog, {extraSpecs: {}}),
      {...serverWith(`web-1 ${HOSTILE}`, dog, {extraSpecs: {}}), id: 'id-web-1'},
      serverWith('db', flavorOf('gone', {}, {vcpus: 3})),
      serverWith('old', before),
      serverWith('new', dog),
      serverWith('odd-1', odd),
    ],
    images: brokenOff([imageOf(`image ${HOSTILE}`, {hw_watchdog_action: 'pause'})], `page 2: ${HOSTILE}`),
  });
}
