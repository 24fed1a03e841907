/** A doctor over a fake fleet: its nodes, its soft-deleted servers, and what was asked of them. */
import {CloudError} from '../../source/app/errors.js';
import type {DoctorOptions, DoctorPorts} from '../../source/app/doctor/diagnosis.js';
import type {GoneRow, Remains, VolumeAttachment} from '../../source/app/doctor/remains-ports.js';
import type {NamedServers, ServerAction, ServerDetails} from '../../source/app/servers/server-ports.js';
import type {FakeFleet} from './fake-fleet.js';
import {FakeNamedServers, softDeleted} from './fake-named-servers.js';
import {FakeWaiting} from './fake-waiting.js';
import {fakeAccount} from './seen-fleet.js';

export class FakeDoctor {
  readonly fleet: FakeFleet;
  readonly waiting: FakeWaiting;
  /** What was asked of servers, by id; of others the delete that `waiting` knows. */
  readonly actions = new Map<string, readonly ServerAction[]>();
  /** Rows of servers that were destroyed. */
  readonly gone: GoneRow[] = [];
  /** What Cinder has as attached, by the server. */
  readonly attachments = new Map<string, readonly VolumeAttachment[]>();
  /** Whose actions were asked for. */
  readonly asked: string[] = [];

  constructor(fleet: FakeFleet) {
    this.fleet = fleet;
    this.waiting = new FakeWaiting(fleet);
  }

  ports(): DoctorPorts {
    const {waiting} = this;
    return {
      ...this.fleet.process().ports(),
      account: fakeAccount(),
      waitingServers: waiting,
      namedServers: this.#named(),
      serverDetails: this.#details(),
      remains: this.#remains(),
    };
  }

  options(changes: Partial<DoctorOptions> = {}): DoctorOptions {
    const {hosts} = this.fleet;
    return {
      loadFleet: async () => ({source: 'fake', hosts, selected: hosts, notices: []}),
      parallel: 50,
      servers: [],
      assumedSeconds: undefined,
      only: undefined,
      ignored: new Set(),
      ...changes,
    };
  }

  #named(): NamedServers {
    const known = [...this.waiting.rows.values()].map((row) => ({...softDeleted(), ...row}));
    const named = new FakeNamedServers(...known);
    named.named = async (name, which) => ({
      rows: known.filter(
        (row) => row.name === name && (row.status === 'SOFT_DELETED') === (which === 'soft-deleted'),
      ),
      isComplete: true,
      problem: undefined,
    });
    return named;
  }

  #remains(): Remains {
    const rows = [...this.waiting.rows.values()];
    return {
      gone: async (word) => this.gone.filter(({id, name}) => id === word || name === word),
      held: async () => ({
        rows: rows
          .filter(({status}) => status === 'SOFT_DELETED')
          .map(({id, name, projectId}) => ({id, name, projectId, vcpus: 2, memoryMib: 4096})),
        isComplete: true,
        problem: undefined,
      }),
      attachments: async (id) => this.attachments.get(id) ?? [],
    };
  }

  #details(): ServerDetails {
    const none = () => Promise.reject(new CloudError('not-found', 'not in this test'));
    return {
      describe: none,
      action: none,
      volume: none,
      ports: none,
      floatingAddresses: none,
      actions: async (id) => {
        this.asked.push(id);
        const given = this.actions.get(id);
        if (given !== undefined) return given;
        const time = this.waiting.times.get(id);
        if (time === undefined || time instanceof CloudError || time.kind !== 'action') return [];
        return [act('delete', time.time)];
      },
    };
  }
}

/** Something that was asked of a server, at an epoch millisecond. */
export function act(action: string, startedAt: number): ServerAction {
  return {
    action,
    requestId: `req-${action}-${startedAt}`,
    userId: 'u',
    startedAt,
    result: 'unknown',
    problem: undefined,
  };
}
