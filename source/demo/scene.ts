/** What is in the embedded cloud when the curtain rises: projects, flavors, servers, and what was deleted before. */
import {plainFlavor, specialFlavors} from './flavors.js';
import {makePort, makeVolumes} from './nova/belongings.js';
import type {NovaCloud} from './nova/cloud.js';
import {usualFlavors} from './nova/flavors.js';
import type {Action, Flavor, Image, Project, Server, User} from './nova/model.js';
import type {Random} from './random.js';

const DAY = 86_400_000;

/** Projects with the names of their servers; `#` becomes a number, `?` four hexadecimal digits. */
const NAMES: readonly (readonly [project: string, user: string, names: readonly string[]])[] = [
  ['payments', 'm.keller', ['db-orders-#', 'mysql-billing-#', 'payment-gate-#', 'ledger-#']],
  ['shop', 'r.silva', ['web-frontend-#', 'redis-cache-#', 'cart-api-#', 'search-#']],
  ['platform', 'a.nguyen', ['k8s-worker-#', 'k8s-control-#', 'gitlab-#', 'grafana-#']],
  ['ci', 'ci-bot', ['ci-runner-?', 'jenkins-agent-#', 'build-cache-#']],
  ['analytics', 's.okafor', ['spark-exec-#', 'elastic-data-#', 'etl-night-#']],
  ['intranet', 't.lindqvist', ['vpn-gw-#', 'wiki-#', 'win-dc-#', 'bastion-#']],
];

/** The things that do not change: who there is, and what servers are made of. */
export type Stage = {
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly flavors: readonly Flavor[];
  readonly images: readonly Image[];
};

/** The first project and user are the operator's. */
export function makeStage(random: Random): Stage {
  const id = () => random.hex(32);
  const flavor = (name: string, vcpus: number, ram: number, disk: number, extraSpecs = {}): Flavor =>
    plainFlavor(random.uuid(), {name, vcpus, ram, disk, extraSpecs});
  const image = (name: string, mebibytes: number, minDiskGib: number, properties = {}): Image => ({
    id: random.uuid(),
    name,
    bytes: mebibytes * 1024 ** 2,
    minDiskGib,
    properties,
  });
  const projects = [{id: id(), name: 'admin'}, ...NAMES.map(([name]) => ({id: id(), name}))];
  return {
    projects,
    users: [{id: id(), name: 'admin'}, ...NAMES.map(([, name]) => ({id: id(), name}))],
    flavors: [
      flavor('m1.tiny', 1, 512, 1),
      flavor('m1.small', 1, 2048, 20),
      flavor('m1.medium', 2, 4096, 40),
      flavor('m1.large', 4, 8192, 80, {'hw:watchdog_action': 'poweroff'}),
      flavor('m1.xlarge', 8, 16_384, 160, {'hw:cpu_sockets': '2'}),
      ...specialFlavors(random.fork('flavors'), projects.slice(1)),
    ],
    images: [
      image('debian-13', 411, 3),
      image('ubuntu-24.04', 596, 4, {hw_watchdog_action: 'reset', os_type: 'linux'}),
      image('windows-2025', 9214, 32, {
        hw_firmware_type: 'uefi',
        hw_machine_type: 'q35',
        hw_video_model: 'virtio',
        os_type: 'windows',
      }),
      image('cirros-0.6.3', 21, 0),
    ],
  };
}

export type SceneOptions = {
  /** Servers that run. */
  readonly servers: number;
  /** Servers that wait to be reclaimed, with ages up to this interval; none where it is 0. */
  readonly waitingUpToSeconds: number;
};

/** Fills the cloud. What was deleted for good goes back a week. */
export function setScene(cloud: NovaCloud, random: Random, options: SceneOptions): void {
  const hosts = [...cloud.computes.keys()];
  const names = createNames(random);
  const now = cloud.startedAt;
  const make = (createdAt: number): Server => {
    const place = 1 + random.below(NAMES.length);
    const [project, user] = [cloud.projects[place], cloud.users[place]];
    if (project === undefined || user === undefined) throw new Error('the stage has too few projects');
    const id = random.uuid();
    const name = names(place - 1);
    const host = random.pick(hosts);
    const usual = random.pick(usualFlavors(cloud));
    // What came later to this stage draws from a source of its own: all else stays as it was.
    const own = random.fork(id);
    const flavor = copyOf(cloud, usual, random.fork(`flavor ${id}`));
    const server: Server = {
      id,
      number: cloud.servers.size + 1,
      name,
      projectId: project.id,
      userId: user.id,
      host,
      flavor,
      image: random.pick(cloud.images),
      createdAt,
      updatedAt: createdAt + 9000,
      launchedAt: createdAt + 9000,
      deletedAt: undefined,
      terminatedAt: undefined,
      vmState: 'active',
      taskState: undefined,
      isPoweredOn: true,
      isLocked: false,
      lockedReason: undefined,
      metadata: {},
      volumes: makeVolumes(own, name, flavor.disk),
      ports: [makePort(own)],
      fault: undefined,
      isDestroyed: false,
      actions: [],
    };
    server.actions.push(pastAction(random, server, 'create', createdAt, 9000));
    cloud.servers.set(server.id, server);
    return server;
  };
  for (let count = 0; count < options.servers; count += 1) {
    const server = make(now - DAY * (1 + random.next() * 200));
    if (random.below(8) === 0) Object.assign(server, {vmState: 'stopped', isPoweredOn: false});
  }
  for (let count = 0; count < options.servers; count += 1) {
    const deletedAt = now - 3 * 3_600_000 - random.next() * (7 * DAY - 3 * 3_600_000);
    const server = make(deletedAt - DAY * random.next() * 20);
    server.actions.push(pastAction(random, server, 'delete', deletedAt, 1200));
    const gone = {vmState: 'deleted', isPoweredOn: false, isDestroyed: true} as const;
    Object.assign(server, gone, {deletedAt, terminatedAt: deletedAt + 1200, updatedAt: deletedAt + 1200});
  }
  if (options.waitingUpToSeconds === 0) return;
  const waiting = Math.max(1, Math.round(options.servers / 3));
  for (let count = 0; count < waiting; count += 1) {
    // From half a minute old to almost due, the young ones closer together.
    const share = ((count + 0.5 + random.next() * 0.4) / waiting) ** 1.5;
    const deletedAt =
      now - Math.min(share * options.waitingUpToSeconds, options.waitingUpToSeconds - 40) * 1000;
    const server = make(deletedAt - DAY * (1 + random.next() * 90));
    const own = random.fork(`stop ${server.id}`);
    if (own.below(3) === 0) {
      const stoppedAt = deletedAt - (1 + own.below(20)) * 3_600_000;
      server.actions.push(pastAction(own, server, 'stop', stoppedAt, 900, 'compute_stop_instance'));
    }
    server.actions.push(
      pastAction(random, server, 'delete', deletedAt - 20, 900, 'compute_soft_delete_instance'),
    );
    const soft = {vmState: 'soft-delete', isPoweredOn: false} as const;
    Object.assign(server, soft, {deletedAt, updatedAt: deletedAt + 900, isLocked: random.below(12) === 0});
  }
}

/**
 * What a server has kept of its flavor: some that are older than an extra spec go without it, and some have another
 * flavor of the same size.
 */
function copyOf({flavors}: NovaCloud, usual: Flavor, random: Random): Flavor {
  const twin = flavors.find(
    (one) =>
      one !== usual &&
      one.name === 'm2.medium' &&
      one.vcpus === usual.vcpus &&
      one.ram === usual.ram &&
      one.disk === usual.disk,
  );
  if (twin !== undefined && random.below(4) === 0) return twin;
  const hasSpecs = Object.keys(usual.extraSpecs).length > 0;
  return hasSpecs && random.below(3) === 0 ? {...usual, extraSpecs: {}} : usual;
}

function pastAction(
  random: Random,
  {userId, projectId, host}: Server,
  action: string,
  startedAt: number,
  tookMs: number,
  event = action === 'create' ? 'compute__do_build_and_run_instance' : 'compute_terminate_instance',
): Action {
  const finishedAt = startedAt + tookMs;
  return {
    action,
    requestId: `req-${random.uuid()}`,
    userId,
    projectId,
    startedAt,
    updatedAt: finishedAt,
    events: [{name: event, startedAt, finishedAt, result: 'Success', host}],
  };
}

/** Names for servers of a project, by its place; none comes twice. */
export function createNames(random: Random): (place: number) => string {
  const used = new Map<string, number>();
  return (place) => {
    const [, , patterns = []] = NAMES[place] ?? [];
    const pattern = random.pick(patterns);
    if (pattern.includes('?')) return pattern.replace('?', random.hex(4));
    const number = (used.get(pattern) ?? 0) + 1;
    used.set(pattern, number);
    return pattern.replace('#', String(number).padStart(2, '0'));
  };
}
