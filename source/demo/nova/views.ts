/** Rows as Nova's API shows them, by microversion (N of 2.N). */
import {ROOT_DEVICE} from './belongings.js';
import type {NovaCloud} from './cloud.js';
import type {Action, Caller, Compute, Flavor, MigrationRow, Server} from './model.js';

/** `2026-11-22T18:05:20Z`. */
export function whole(time: number): string {
  return `${new Date(Math.floor(time / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-22T18:05:20.123000`, without a zone. */
export function fine(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23)}000`;
}

const fineOrNull = (time: number | undefined): string | null => (time === undefined ? null : fine(time));

/** The status that stands for a state and a task (nova: nova/api/openstack/common.py). */
export function statusOf({vmState, taskState, isDestroyed}: Server): string {
  if (isDestroyed) return 'DELETED';
  switch (vmState) {
    case 'building':
      return 'BUILD';
    case 'active':
      return taskState === 'rebooting' ? 'REBOOT' : 'ACTIVE';
    case 'stopped':
      return taskState === 'rebooting' ? 'REBOOT' : 'SHUTOFF';
    case 'soft-delete':
      return 'SOFT_DELETED';
    case 'error':
      return 'ERROR';
    case 'shelved_offloaded':
      return 'SHELVED_OFFLOADED';
    case 'deleted':
      return 'DELETED';
  }
}

export type View = {readonly microversion: number; readonly caller: Caller; readonly base: string};

export function serverRow(cloud: NovaCloud, server: Server, {microversion, caller, base}: View): object {
  const compute = server.host === undefined ? undefined : cloud.computes.get(server.host);
  const links = [
    {rel: 'self', href: `${base}/v2.1/servers/${server.id}`},
    {rel: 'bookmark', href: `${base}/servers/${server.id}`},
  ];
  return {
    id: server.id,
    name: server.name,
    status: statusOf(server),
    tenant_id: server.projectId,
    user_id: server.userId,
    metadata: server.metadata,
    hostId:
      server.host === undefined
        ? ''
        : Buffer.from(`${server.projectId}${server.host}`).toString('hex').slice(0, 56).padEnd(56, '0'),
    // One that boots from a volume has none.
    image: server.volumes.some(({device}) => device === ROOT_DEVICE)
      ? ''
      : {id: server.image.id, links: [{rel: 'bookmark', href: `${base}/images/${server.image.id}`}]},
    flavor:
      microversion >= 47
        ? embeddedFlavor(server.flavor)
        : {id: server.flavor.id, links: [{rel: 'bookmark', href: `${base}/flavors/${server.flavor.id}`}]},
    created: whole(server.createdAt),
    updated: whole(server.updatedAt),
    addresses: addressesOf(server),
    accessIPv4: '',
    accessIPv6: '',
    links,
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': compute === undefined ? '' : 'nova',
    config_drive: '',
    ...(server.fault === undefined
      ? {}
      : {fault: {code: 500, created: whole(server.updatedAt), message: server.fault}}),
    key_name: null,
    'OS-SRV-USG:launched_at': fineOrNull(server.launchedAt),
    'OS-SRV-USG:terminated_at': fineOrNull(server.terminatedAt),
    'OS-EXT-STS:task_state': server.taskState ?? null,
    'OS-EXT-STS:vm_state': server.vmState,
    'OS-EXT-STS:power_state': server.isPoweredOn ? 1 : 4,
    'os-extended-volumes:volumes_attached': server.volumes.map(({id, isDeletedWithServer}) => ({
      id,
      ...(microversion >= 3 ? {delete_on_termination: isDeletedWithServer} : {}),
    })),
    ...(caller.isAdmin
      ? {
          'OS-EXT-SRV-ATTR:host': server.host ?? null,
          'OS-EXT-SRV-ATTR:instance_name': `instance-${server.number.toString(16).padStart(8, '0')}`,
          'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host ?? null,
          ...(microversion >= 3 ? {'OS-EXT-SRV-ATTR:root_device_name': ROOT_DEVICE} : {}),
        }
      : {}),
    ...(microversion >= 9 ? {locked: server.isLocked} : {}),
    ...(microversion >= 16 && caller.isAdmin ? {host_status: hostStatus(cloud, compute)} : {}),
    ...(microversion >= 19 ? {description: null} : {}),
    ...(microversion >= 26 ? {tags: []} : {}),
    ...(microversion >= 73 ? {locked_reason: server.lockedReason ?? null} : {}),
  };
}

function addressesOf({ports}: Server): object {
  const rows = ports.flatMap(({mac, address, floating}) => {
    const row = (addr: string, type: string) => ({
      version: 4,
      addr,
      'OS-EXT-IPS:type': type,
      'OS-EXT-IPS-MAC:mac_addr': mac,
    });
    return [row(address, 'fixed'), ...(floating === undefined ? [] : [row(floating.address, 'floating')])];
  });
  return rows.length === 0 ? {} : {internal: rows};
}

function hostStatus(cloud: NovaCloud, compute: Compute | undefined): string {
  if (compute === undefined) return '';
  if (compute.isForcedDown) return 'DOWN';
  if (!cloud.isUp(compute)) return 'UNKNOWN';
  return compute.status === 'disabled' ? 'MAINTENANCE' : 'UP';
}

/** The copy that a server has kept. */
function embeddedFlavor({name, vcpus, ram, disk, ephemeral, swap, extraSpecs}: Flavor): object {
  return {original_name: name, vcpus, ram, disk, ephemeral, swap, extra_specs: extraSpecs};
}

export function actionRow(action: Action, serverId: string, {microversion}: View): object {
  return {
    action: action.action,
    instance_uuid: serverId,
    request_id: action.requestId,
    user_id: action.userId,
    project_id: action.projectId,
    start_time: fine(action.startedAt),
    message: action.events.some(({result}) => result === 'Error') ? 'Error' : null,
    ...(microversion >= 58 ? {updated_at: fine(action.updatedAt)} : {}),
  };
}

/** One action with its events, which their owner sees from 2.51 on. */
export function actionDetail(action: Action, serverId: string, view: View): object {
  const {microversion, caller} = view;
  const events = action.events.map(({name, startedAt, finishedAt, result, host}) => ({
    event: name,
    start_time: fine(startedAt),
    finish_time: fineOrNull(finishedAt),
    result: result ?? null,
    ...(microversion < 51 || caller.isAdmin ? {traceback: null} : {}),
    ...(microversion >= 62 && caller.isAdmin ? {host: host ?? null} : {}),
    ...(microversion >= 84 ? {details: null} : {}),
  }));
  const isShown = microversion >= 51 || caller.isAdmin;
  return {...actionRow(action, serverId, view), ...(isShown ? {events} : {})};
}

/** Rows of os-services: conductor and scheduler of the controllers, then the computes. */
export function serviceRows(cloud: NovaCloud, {microversion}: View): readonly object[] {
  const ids = cloud.random.fork('controllers');
  const common = (id: string, number: number, binary: string, host: string, zone: string) => ({
    id: microversion >= 53 ? id : number,
    binary,
    host,
    zone,
  });
  const inner = cloud.controllers.flatMap((host, index) =>
    ['nova-conductor', 'nova-scheduler'].map((binary, place) => ({
      ...common(ids.uuid(), 1 + 2 * index + place, binary, host, 'internal'),
      status: 'enabled',
      state: 'up',
      updated_at: fine(cloud.now()),
      disabled_reason: null,
      ...(microversion >= 11 ? {forced_down: false} : {}),
    })),
  );
  const outer = [...cloud.computes.values()].map((compute) => ({
    ...common(compute.id, compute.number, 'nova-compute', compute.host, 'nova'),
    status: compute.status,
    state: cloud.isUp(compute) ? 'up' : 'down',
    updated_at: fine(cloud.beatOf(compute)),
    disabled_reason: compute.disabledReason ?? null,
    ...(microversion >= 11 ? {forced_down: compute.isForcedDown} : {}),
  }));
  return [...inner, ...outer];
}

/** What each compute has. */
export const VCPUS = 64;
export const MEMORY_MIB = 256 * 1024;
export const DISK_GIB = 4000;

/** A row of os-hypervisors; 2.88 took the sizes away. */
export function hypervisorRow(cloud: NovaCloud, compute: Compute, view: View, withServers: boolean): object {
  const servers = [...cloud.servers.values()].filter(
    (server) => server.host === compute.host && !server.isDestroyed,
  );
  const sum = (size: (flavor: Flavor) => number) =>
    servers.reduce((total, {flavor}) => total + size(flavor), 0);
  const isUuid = view.microversion >= 53;
  const used = sum(({ram}) => ram);
  return {
    id: isUuid ? compute.hypervisorId : compute.number,
    hypervisor_hostname: compute.host,
    state: cloud.isUp(compute) ? 'up' : 'down',
    status: compute.status,
    hypervisor_type: 'QEMU',
    hypervisor_version: 7_002_000,
    host_ip: '127.0.0.1',
    service: {
      id: isUuid ? compute.id : compute.number,
      host: compute.host,
      disabled_reason: compute.disabledReason ?? null,
    },
    ...(view.microversion >= 88
      ? {uptime: null}
      : {
          vcpus: VCPUS,
          vcpus_used: sum(({vcpus}) => vcpus),
          memory_mb: MEMORY_MIB,
          memory_mb_used: used,
          free_ram_mb: MEMORY_MIB - used,
          local_gb: DISK_GIB,
          local_gb_used: sum(({disk}) => disk),
          free_disk_gb: DISK_GIB - sum(({disk}) => disk),
          disk_available_least: DISK_GIB - sum(({disk}) => disk),
          running_vms: servers.length,
          current_workload: 0,
          cpu_info: {},
        }),
    ...(withServers
      ? {
          servers: servers.map(({id, number}) => ({
            uuid: id,
            name: `instance-${number.toString(16).padStart(8, '0')}`,
          })),
        }
      : {}),
  };
}

export function migrationRow(row: MigrationRow, {microversion}: View): object {
  return {
    id: row.id,
    instance_uuid: row.serverId,
    source_compute: row.source,
    dest_compute: row.destination,
    source_node: row.source,
    dest_node: row.destination,
    dest_host: '127.0.0.1',
    status: row.status,
    old_instance_type_id: 1,
    new_instance_type_id: 1,
    created_at: fine(row.createdAt),
    updated_at: fine(row.updatedAt),
    ...(microversion >= 23 ? {migration_type: 'live-migration', links: []} : {}),
    ...(microversion >= 59 ? {uuid: row.uuid} : {}),
  };
}
