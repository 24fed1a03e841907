import type {SetupSession} from '../../source/app/setup/session.js';
import {lookAtFleet, type SeenFleet} from '../../source/app/rollout/plan.js';
import type {CloudAccount, Deletion} from '../../source/app/ports.js';
import type {FakeFleet} from './fake-fleet.js';
import type {FakeProcess} from './fake-process.js';
import {FakeServers} from './fake-servers.js';

/** An account of a fake cloud: nobody in particular, with these deletes. */
export function fakeAccount(deletions: readonly Deletion[] = []): CloudAccount {
  return {
    session: async () => ({
      user: 'admin',
      userDomain: 'Default',
      project: 'admin',
      scope: 'project',
      roles: ['admin'],
      tokenEndsAt: undefined,
      isRenewed: true,
      lowest: 1,
      highest: 93,
      used: 87,
    }),
    deletions: async () => ({rows: deletions, isComplete: true, problem: undefined}),
    projectNames: async () => new Map(),
    userNames: async () => new Map(),
  };
}

/** What the wizard needs of a fake fleet, as one process of the program. */
export function sessionOf(
  fleet: FakeFleet,
  process: FakeProcess = fleet.process(),
  deletions: readonly Deletion[] = [],
  servers: FakeServers = new FakeServers(fleet.clock),
): SetupSession {
  return {
    ports: process.ports(),
    account: fakeAccount(deletions),
    servers,
    operator: process.operator,
    place: {},
    askAgain: () => undefined,
    loadFleet: (pattern) => async () => ({
      source: 'fake',
      hosts: fleet.hosts,
      selected: fleet.hosts.filter(({name}) => isPicked(name, pattern)),
      notices: [],
    }),
  };
}

/** Looks at every node. */
export async function seeFleet({ports, loadFleet}: SetupSession, pattern?: string): Promise<SeenFleet> {
  const signal = new AbortController().signal;
  return lookAtFleet(ports, loadFleet(pattern), {parallel: 50, isWhole: true}, signal);
}

/** Names and `!name`, with commas. */
function isPicked(name: string, pattern: string | undefined): boolean {
  const parts = pattern?.split(',') ?? [];
  const plain = parts.filter((part) => !part.startsWith('!'));
  return !parts.includes(`!${name}`) && (plain.length === 0 || plain.includes(name));
}
