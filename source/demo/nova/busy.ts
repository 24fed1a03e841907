import type {NovaCloud} from './cloud.js';

/** A live migration from this host that never ends: whoever waits for the host to be quiet waits in vain. */
export function makeBusy(cloud: NovaCloud, host: string): void {
  const others = [...cloud.computes.keys()].filter((name) => name !== host);
  const server = [...cloud.servers.values()].find((one) => one.host === host && !one.isDestroyed);
  cloud.migrations.push({
    id: cloud.migrations.length + 1,
    uuid: cloud.random.uuid(),
    serverId: server?.id ?? cloud.random.uuid(),
    source: host,
    destination: others[0] ?? host,
    createdAt: cloud.now(),
    updatedAt: cloud.now(),
    status: 'running',
  });
}
