import {CloudError} from '../../source/app/errors.js';
import {createComputeClientFor} from '../../source/adapters/openstack/cloud.js';
import type {ComputeClient} from '../../source/adapters/openstack/compute-client.js';
import {asList, asRecord, textOf} from '../../source/adapters/openstack/json.js';
import {labConfiguration, labOptions} from './http-lab.js';

/** What the product never does: servers that are made, deleted and restored in the lab. */
export type LabServers = {
  /** Boots on this host without a network, and gives the id. The image and flavor are the lab's smallest. */
  create(name: string, host: string): Promise<string>;
  delete(id: string): Promise<void>;
  /** Destroys at once, whatever the interval; a server that is gone is no error. */
  destroy(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** Status and task, or undefined where the server is gone. */
  show(id: string): Promise<{readonly status: string; readonly taskState: string | undefined} | undefined>;
  /** Polls until the server has this status and no task (`GONE`: until it is gone). Rejects after the time. */
  waitFor(id: string, status: string, timeoutMs: number): Promise<void>;
  close(): void;
};

/** Servers of one of the lab's clouds. */
export async function labServers(cloud = 'lab', signal = new AbortController().signal): Promise<LabServers> {
  const client = createComputeClientFor(await labConfiguration(cloud), labOptions);
  return createLabServers(client, signal);
}

export function createLabServers(client: ComputeClient, signal: AbortSignal): LabServers {
  const {clock} = client.retry;
  // 2.37 networks: none; 2.1 still lists images.
  const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, microversion = 37) =>
    (await client.call({method, path, body, microversion, signal})).body;

  const idOf = async (collection: 'flavors' | 'images', name: string): Promise<string> => {
    const rows = asList(asRecord(await call('GET', `/${collection}`, undefined, 1))?.[collection]) ?? [];
    const id = textOf(rows.map(asRecord).find((row) => row?.['name'] === name)?.['id']);
    if (id === undefined) throw new Error(`the lab has no ${name} among its ${collection}`);
    return id;
  };

  const show: LabServers['show'] = async (id) => {
    try {
      const server = asRecord(asRecord(await call('GET', `/servers/${id}`))?.['server']);
      return {
        status: textOf(server?.['status']) ?? 'UNKNOWN',
        taskState: textOf(server?.['OS-EXT-STS:task_state']),
      };
    } catch (error) {
      if (error instanceof CloudError && error.reason === 'not-found') return undefined;
      throw error;
    }
  };

  return {
    async create(name, host) {
      const server = {
        name,
        flavorRef: await idOf('flavors', 'lab.tiny'),
        imageRef: await idOf('images', 'lab-blank'),
        networks: 'none',
        availability_zone: `nova:${host}`,
      };
      const id = textOf(asRecord(asRecord(await call('POST', '/servers', {server}))?.['server'])?.['id']);
      if (id === undefined) throw new Error('Nova gave no id for the new server');
      return id;
    },
    async delete(id) {
      await call('DELETE', `/servers/${id}`);
    },
    async destroy(id) {
      if ((await show(id)) !== undefined) await call('POST', `/servers/${id}/action`, {forceDelete: null});
    },
    async restore(id) {
      await call('POST', `/servers/${id}/action`, {restore: null});
    },
    show,
    async waitFor(id, status, timeoutMs) {
      const until = clock.now() + timeoutMs;
      for (;;) {
        const server = await show(id);
        const seen = server === undefined ? 'GONE' : server.status;
        if (seen === status && server?.taskState === undefined) return;
        if (clock.now() > until) {
          throw new Error(`server ${id} is ${seen} (task ${server?.taskState ?? 'none'}), not ${status}`);
        }
        await clock.sleep(500, signal);
      }
    },
    close: () => client.close(),
  };
}
