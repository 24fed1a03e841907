/** Guests of the lab's node with libvirt, and flavors for them that a test makes and takes away. */
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import type {LabCloud, LabServer} from './lab-cloud.js';
import {labConfiguration, labOptions} from './http-lab.js';
import type {Lab} from './lab.js';

/** No guest has more CPUs than its host, and a machine that tests run on may have two. */
const SIZE = {vcpus: 2, memoryMib: 256, diskGib: 1, ephemeralGib: 0, swapMib: 0, rxtxFactor: 1};

export type LabGuests = {
  /** The node whose guests are real. */
  readonly host: string;
  /** A flavor with these specs; gives its id. */
  makeFlavor(name: string, extraSpecs: Readonly<Record<string, string>>): Promise<string>;
  changeFlavor(id: string, extraSpecs: Readonly<Record<string, string>>): Promise<void>;
  /** A guest that stops to feed its watchdog after 20 s, or feeds it for ever. */
  boot(name: string, flavor: string, feeds: 'for-20-seconds' | 'forever'): Promise<LabServer>;
  /** Destroys the servers: a host with two CPUs has room for four of them. */
  destroyServers(): Promise<void>;
  /** The same, and the flavors that were made. */
  remove(): Promise<void>;
};

/** @param prefix what all names begin with: what a test that was killed left there is removed */
export async function labGuests(lab: Lab, cloud: LabCloud, prefix: string): Promise<LabGuests> {
  const {signal} = new AbortController();
  const own = createCloud(await labConfiguration('lab'), labOptions);
  const host = lab.computes.find(({driver}) => driver === 'libvirt')?.host;
  if (host === undefined) throw new Error('this lab has no node with libvirt');
  const servers: string[] = [];
  const removeFlavors = async (): Promise<void> => {
    for (const {id, name} of (await own.flavors.all(signal)).rows) {
      if (name.startsWith(prefix)) await own.flavorChanges.remove(id, signal);
    }
  };
  const destroyServers = async (): Promise<void> => {
    for (const id of servers.splice(0)) await cloud.destroyServer(id);
  };
  await removeFlavors();
  return {
    host,
    async makeFlavor(name, extraSpecs) {
      const wanted = {
        ...SIZE,
        id: undefined,
        name: `${prefix}${name}`,
        isPublic: true,
        description: undefined,
      };
      const {id} = await own.flavorChanges.create(wanted, signal);
      await own.flavorChanges.setSpecs(id, extraSpecs, {unchecked: false}, signal);
      return id;
    },
    changeFlavor: async (id, extraSpecs) =>
      own.flavorChanges.setSpecs(id, extraSpecs, {unchecked: false}, signal),
    async boot(name, flavor, feeds) {
      const image = feeds === 'forever' ? 'lab-guest-forever' : 'lab-guest';
      const server = await cloud.createServer({
        name: `${prefix}${name}`,
        host,
        flavor: `${prefix}${flavor}`,
        image,
      });
      servers.push(server.id);
      return server;
    },
    destroyServers,
    async remove() {
      await destroyServers();
      await removeFlavors();
      own.close();
    },
  };
}
