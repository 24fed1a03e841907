import type {NovaCloud} from './cloud.js';
import {Fault, type Flavor, type Server} from './model.js';

/** What a project may have. */
export type Quota = {readonly instances: number; readonly cores: number; readonly ram: number};

/** What counts: soft-deleted servers do not (nova: nova/objects/instance.py, `_get_counts_in_db`). */
function usageOf(cloud: NovaCloud, projectId: string): Quota {
  const counted = [...cloud.servers.values()].filter(
    (server) => server.projectId === projectId && !server.isDestroyed && server.vmState !== 'soft-delete',
  );
  const sum = (size: (flavor: Flavor) => number) =>
    counted.reduce((total, {flavor}) => total + size(flavor), 0);
  return {instances: counted.length, cores: sum(({vcpus}) => vcpus), ram: sum(({ram}) => ram)};
}

/** `GET /limits`. Projects have no limit unless one was set. */
export function limitsBody(cloud: NovaCloud, projectId: string): object {
  const quota = cloud.quotas.get(projectId);
  const used = usageOf(cloud, projectId);
  return {
    limits: {
      rate: [],
      absolute: {
        maxTotalInstances: quota?.instances ?? -1,
        maxTotalCores: quota?.cores ?? -1,
        maxTotalRAMSize: quota?.ram ?? -1,
        totalInstancesUsed: used.instances,
        totalCoresUsed: used.cores,
        totalRAMUsed: used.ram,
      },
    },
  };
}

/** Refuses a server that its project has no room for, in Nova's words. */
export function refuseOverQuota(cloud: NovaCloud, {projectId, flavor}: Server): void {
  const quota = cloud.quotas.get(projectId);
  if (quota === undefined) return;
  const used = usageOf(cloud, projectId);
  const needs: Quota = {instances: 1, cores: flavor.vcpus, ram: flavor.ram};
  for (const what of ['instances', 'cores', 'ram'] as const) {
    if (used[what] + needs[what] <= quota[what]) continue;
    throw new Fault(
      403,
      `Quota exceeded for ${what}: Requested ${needs[what]}, but already used ${used[what]} of ${quota[what]} ${what}`,
    );
  }
}
