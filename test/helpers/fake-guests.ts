/** A server with a guest, the nodes of its cloud, and what its node prints: for use cases that look at guests. */
import type {CloudFlavor} from '../../source/app/flavor/flavor-ports.js';
import type {GuestPorts} from '../../source/app/guest/guest-ports.js';
import type {Fleet} from '../../source/app/inventory.js';
import type {RunOptions, RunResult, Shell} from '../../source/app/ports.js';
import type {GuestServer, GuestServers} from '../../source/app/servers/server-ports.js';
import type {InventoryHost} from '../../source/domain/fleet/inventory.js';
import {ID, softDeleted} from './fake-named-servers.js';
import {fakeFlavors, flavorOf} from './fake-flavors.js';
import type {VirtualClock} from './virtual-clock.js';

/** A domain with this watchdog, and nothing else that flavors ask for. */
export function domainXml(action = 'poweroff', id = ID): string {
  return `<domain type='kvm'><name>instance-1</name><uuid>${id}</uuid><vcpu>2</vcpu>
<cpu><topology sockets='2' cores='1' threads='1'/></cpu>
<devices><watchdog model='i6300esb' action='${action}'/></devices></domain>`;
}

/** A server that runs on compute-1, of a flavor whose guests are powered off. */
export function guestServer(changes: Partial<GuestServer> = {}): GuestServer {
  const {name, vcpus, memoryMib, diskGib, extraSpecs} = guestFlavor();
  return {
    ...softDeleted({status: 'ACTIVE'}),
    powerState: 'running',
    instanceName: 'instance-1',
    hypervisorHostname: 'compute-1.example.org',
    copy: {name, vcpus, memoryMib, diskGib, extraSpecs},
    image: {kind: 'image', id: 'i', properties: {}},
    ...changes,
  };
}

export function guestFlavor(action = 'poweroff'): CloudFlavor {
  return flavorOf('wd', {'hw:watchdog_action': action}, {vcpus: 2, memoryMib: 256, diskGib: 1});
}

export function computeNode(name: string, changes: Partial<InventoryHost> = {}): InventoryHost {
  return {
    name,
    address: {name},
    roles: ['compute'],
    groups: [],
    novaHost: undefined,
    deployment: undefined,
    overrides: {},
    ...changes,
  };
}

export function fleetOf(hosts: readonly InventoryHost[], selected = hosts): Fleet {
  return {source: 'inventory.yaml', hosts, selected, notices: []};
}

/** What `domains.sh` prints for these domains. */
export function domainsOutput(domains: Readonly<Record<string, string>>, state = 'running (booted)'): string {
  const rows = Object.entries(domains).map(
    ([id, xml]) => `domain\t${id}\t${state}\t${Buffer.from(xml).toString('base64')}\n`,
  );
  return `begin\tdomains\ntool\tvirsh\n${rows.join('')}end\tdomains\n`;
}

export function exited(text: string): RunResult {
  return {kind: 'exited', code: 0, stdout: new TextEncoder().encode(text), stderr: ''};
}

/** How the nodes answer; the title of the program is told. */
export type Answer = (node: string, title: string, options: RunOptions) => Promise<RunResult>;

export type FakeGuests = {
  readonly clock: VirtualClock;
  readonly answer: Answer;
  readonly servers?: readonly GuestServer[];
  readonly show?: GuestServers['show'];
  readonly volumeImage?: GuestServers['volumeImage'];
  readonly flavors?: readonly CloudFlavor[];
};

export function fakeGuestPorts({
  clock,
  answer,
  servers = [],
  show,
  volumeImage,
  flavors,
}: FakeGuests): GuestPorts {
  const nobody = async (): Promise<never> => Promise.reject(new Error('is not needed here'));
  const shell: Shell = {
    run: async ({name}, {title}, options) => answer(name, title, options),
    dial: nobody,
    release: async () => Promise.resolve(),
    close: nobody,
  };
  const listed = (rows: readonly GuestServer[]) =>
    Promise.resolve({rows, isComplete: true, problem: undefined});
  const program = 'main </dev/null\n';
  return {
    clock,
    shell,
    programs: {domains: program, guest: program},
    cloud: {services: async () => Promise.resolve([])},
    flavors: fakeFlavors({flavors: flavors ?? [guestFlavor()]}),
    guestServers: {
      show: show ?? (async (id) => Promise.resolve(servers.find((server) => server.id === id))),
      named: async (name, which) =>
        listed(
          servers.filter(
            (server) =>
              server.name === name && (server.status === 'SOFT_DELETED') === (which === 'soft-deleted'),
          ),
        ),
      all: async () => listed(servers),
      image: async (id) => Promise.resolve({id, name: 'debian', properties: {}}),
      volumeImage: volumeImage ?? nobody,
    },
  };
}
