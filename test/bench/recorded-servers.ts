/** Servers of a large cloud as Nova keeps them, and what Nova's API says of each, field for field as a real one does. */
import {createHash} from 'node:crypto';

/** A row of the database. Times are epoch milliseconds in whole seconds. */
export type DbServer = {
  readonly number: number;
  readonly id: string;
  name: string;
  status: 'SOFT_DELETED' | 'ACTIVE' | 'DELETED';
  updatedAt: number;
  readonly deletedAt: number;
  /** What a listing says of it, by microversion, as far as somebody asked. */
  readonly shown: Map<number, Buffer>;
};

/** How long deleted servers wait, in seconds. */
export const INTERVAL_SECONDS = 7 * 86_400;

const SERVERS_PER_HOST = 100;
const PROJECTS = 200;
const FLAVORS = 20;
const IMAGES = 12;

function hashOf(what: string): string {
  return createHash('sha1').update(what).digest('hex');
}

function uuidOf(what: string): string {
  const hex = hashOf(what);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const projectIds = Array.from({length: PROJECTS}, (_, index) => hashOf(`project ${index}`).slice(0, 32));
const imageIds = Array.from({length: IMAGES}, (_, index) => uuidOf(`image ${index}`));

/** Rows of Keystone, Glance and Nova that go with the servers. */
export const projects = projectIds.map((id, index) => ({
  id,
  name: `team-${String(index).padStart(3, '0')}`,
  domain_id: 'default',
  enabled: true,
}));
export const users = projectIds.map((_, index) => ({
  id: hashOf(`user ${index}`).slice(0, 32),
  name: `robot-${String(index).padStart(3, '0')}`,
  domain_id: 'default',
  enabled: true,
}));
export const images = imageIds.map((id, index) => ({
  id,
  name: `image-${index}`,
  status: 'active',
  visibility: 'public',
}));
export const flavors = Array.from({length: FLAVORS}, (_, index) => ({
  id: uuidOf(`flavor ${index}`),
  name: `m${index + 1}.large`,
  vcpus: 4,
  ram: 8192,
  disk: 80,
}));

/** The hosts of so many servers, by name. */
export function hostsOf(count: number): readonly string[] {
  const hosts = Math.max(1, Math.ceil(count / SERVERS_PER_HOST));
  return Array.from({length: hosts}, (_, index) => hostName(index));
}

function hostName(index: number): string {
  return `fra1-cmp-${String(index + 1).padStart(4, '0')}`;
}

function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/** One that was deleted then. */
export function serverOf(number: number, deletedAt: number): DbServer {
  const at = wholeSecond(deletedAt);
  const name = `worker-${String(number % 977).padStart(3, '0')}.batch-${number}`;
  return {
    number,
    id: uuidOf(`server ${number}`),
    name,
    status: 'SOFT_DELETED',
    updatedAt: at,
    deletedAt: at,
    shown: new Map(),
  };
}

/** Writes to its row. */
export function touch(
  server: DbServer,
  now: number,
  changes: Partial<Pick<DbServer, 'name' | 'status'>>,
): void {
  Object.assign(server, changes, {updatedAt: wholeSecond(now)});
  server.shown.clear();
}

const iso = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
const zoneless = (time: number): string => new Date(time).toISOString().replace('Z', '000');

/** Fields that came with a microversion (nova: rest_api_version_history.rst), of which clients here ask. */
const STATES = {
  SOFT_DELETED: ['soft-delete', 1],
  ACTIVE: ['active', 1],
  DELETED: ['deleted', 0],
} as const;

/** A row of `servers/detail` in JSON, with the fields of 2.N. */
export function shownServer(server: DbServer, base: string, minor: number, hosts: number): Buffer {
  const known = server.shown.get(minor);
  if (known !== undefined) return known;
  const shown = Buffer.from(JSON.stringify(fieldsOf(server, base, minor, hosts)));
  server.shown.set(minor, shown);
  return shown;
}

function fieldsOf(server: DbServer, base: string, minor: number, hosts: number): object {
  const {number, id, name, status, updatedAt, deletedAt} = server;
  const owner = number % PROJECTS;
  const host = hostName(number % hosts);
  const flavor = flavors[number % FLAVORS];
  const image = imageIds[number % IMAGES];
  const createdAt = deletedAt - 86_400_000 - number * 1000;
  const [vmState, power] = STATES[status];
  const from = (since: number, fields: object): object => (minor >= since ? fields : {});
  const mac = `fa:16:3e:${hashOf(id)
    .slice(0, 6)
    .replace(/(..)(?=.)/g, '$1:')}`;
  return {
    id,
    name,
    status,
    tenant_id: projectIds[owner],
    user_id: users[owner]?.id,
    metadata: {role: 'worker', ticket: `OPS-${number % 4096}`},
    hostId: hashOf(`${host} ${owner}`) + hashOf(host).slice(0, 16),
    image: {id: image, links: [{rel: 'bookmark', href: `${base}/images/${image}`}]},
    flavor:
      minor >= 47
        ? {
            vcpus: flavor?.vcpus,
            ram: flavor?.ram,
            disk: flavor?.disk,
            ephemeral: 0,
            swap: 0,
            original_name: flavor?.name,
            extra_specs: {'hw:cpu_sockets': '1', 'hw:cpu_cores': '2', 'hw:cpu_threads': '2'},
          }
        : {id: flavor?.id, links: [{rel: 'bookmark', href: `${base}/flavors/${flavor?.id}`}]},
    created: iso(createdAt),
    updated: iso(updatedAt),
    addresses: {
      [`net-${owner % 40}`]: [
        {
          version: 4,
          addr: `10.${owner}.${(number >> 8) % 256}.${number % 256}`,
          'OS-EXT-IPS:type': 'fixed',
          'OS-EXT-IPS-MAC:mac_addr': mac,
        },
      ],
    },
    accessIPv4: '',
    accessIPv6: '',
    links: [
      {rel: 'self', href: `${base}/v2.1/servers/${id}`},
      {rel: 'bookmark', href: `${base}/servers/${id}`},
    ],
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': 'nova',
    config_drive: '',
    key_name: 'ops',
    'OS-SRV-USG:launched_at': zoneless(createdAt + 20_000),
    'OS-SRV-USG:terminated_at': status === 'DELETED' ? zoneless(updatedAt) : null,
    security_groups: [{name: 'default'}],
    'OS-EXT-SRV-ATTR:host': host,
    'OS-EXT-SRV-ATTR:instance_name': `instance-${number.toString(16).padStart(8, '0')}`,
    'OS-EXT-SRV-ATTR:hypervisor_hostname': `${host}.example.org`,
    ...from(3, {
      'OS-EXT-SRV-ATTR:reservation_id': `r-${hashOf(id).slice(0, 8)}`,
      'OS-EXT-SRV-ATTR:launch_index': 0,
      'OS-EXT-SRV-ATTR:hostname': name,
      'OS-EXT-SRV-ATTR:kernel_id': '',
      'OS-EXT-SRV-ATTR:ramdisk_id': '',
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
      'OS-EXT-SRV-ATTR:user_data': null,
    }),
    'OS-EXT-STS:task_state': null,
    'OS-EXT-STS:vm_state': vmState,
    'OS-EXT-STS:power_state': power,
    'os-extended-volumes:volumes_attached': [
      {id: uuidOf(`volume ${number}`), ...from(3, {delete_on_termination: true})},
    ],
    ...from(9, {locked: false}),
    ...from(16, {host_status: 'UP'}),
    ...from(19, {description: null}),
    ...from(26, {tags: []}),
    ...from(63, {trusted_image_certificates: null}),
    ...from(73, {locked_reason: null}),
  };
}

/** What `os-instance-actions` says of it, the newest first. */
export function actionsOf(server: DbServer, minor: number): object {
  const {id, number, deletedAt, status, updatedAt} = server;
  const action = (kind: string, at: number) => ({
    action: kind,
    instance_uuid: id,
    request_id: `req-${uuidOf(`${kind} ${number}`)}`,
    user_id: users[number % PROJECTS]?.id,
    project_id: projectIds[number % PROJECTS],
    start_time: zoneless(at),
    message: null,
    ...(minor >= 58 ? {updated_at: zoneless(at)} : {}),
  });
  const restores = status === 'ACTIVE' ? [action('restore', updatedAt)] : [];
  const stops = [action('delete', deletedAt - 1000), action('stop', deletedAt - 3_600_000)];
  const createdAt = deletedAt - 86_400_000 - number * 1000;
  return {instanceActions: [...restores, ...stops, action('create', createdAt)]};
}
