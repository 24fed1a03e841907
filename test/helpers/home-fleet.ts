import type {CloudLabel, HomePorts} from '../../source/app/home/home-ports.js';
import {createHomeLook, type HomeFinding, type HomeSource} from '../../source/app/home/look-home.js';
import type {Memory} from '../../source/app/ports.js';
import type {FakeFleet} from './fake-fleet.js';
import {FakeWaiting} from './fake-waiting.js';

export const LABEL: CloudLabel = {
  name: 'lab',
  authUrl: 'http://a',
  region: 'R',
  scope: 'admin',
};

/** A memory that is lost with the test. */
export function fakeMemory(text?: string): Memory & {text: string | undefined} {
  const memory = {
    text,
    read: async () => memory.text,
    write: async (next: string) => {
      memory.text = next;
    },
  };
  return memory;
}

/** What home needs, on a fake fleet. */
export function homePorts(fleet: FakeFleet, changed: Partial<HomePorts> = {}): HomePorts {
  const {waitingServers, account} = new FakeWaiting(fleet).watch().ports;
  const ports = {...fleet.process().ports(), waitingServers, account};
  return {
    clock: fleet.clock,
    journals: ports.journals,
    memory: fakeMemory(),
    connect: async () => ({
      label: LABEL,
      ports,
      parallel: 50,
      loadFleet: async () => ({source: 'fake', hosts: fleet.hosts, selected: fleet.hosts, notices: []}),
    }),
    ...changed,
  };
}

/** Looks at the sources one after the other and gives everything that was found. */
export async function findings(ports: HomePorts, ...sources: readonly HomeSource[]): Promise<HomeFinding[]> {
  const {look} = createHomeLook(ports);
  const found: HomeFinding[] = [];
  for (const source of sources) {
    await look(source, (finding) => found.push(finding), new AbortController().signal);
  }
  return found;
}

/** Gives a node another value without a trace: as if it had always been so. */
export function setValue(fleet: FakeFleet, name: string, value: string | undefined): void {
  for (const [path, file] of fleet.node(name).files) {
    const line = value === undefined ? '' : `reclaim_instance_interval = ${value}\n`;
    const bytes = file.bytes.replace(/^(?:reclaim_instance_interval.*\n)?(?=state_path)/m, line);
    fleet.node(name).files.set(path, {...file, bytes});
  }
}
