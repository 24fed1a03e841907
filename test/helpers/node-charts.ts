/** Nodes as the doctor has them: healthy, but for what a test changes. */
import type {CloudChart, Finding, NodeChart} from '../../source/app/doctor/doctor-types.js';
import {examineNode} from '../../source/app/doctor/examine.js';
import {seeRole} from '../../source/app/rollout/plan-target.js';
import type {ComputeService} from '../../source/domain/fleet/compute-api.js';
import type {InventoryHost} from '../../source/domain/fleet/inventory.js';
import type {FileFacts, NodeFacts, Role, UnitFacts} from '../../source/domain/fleet/node-facts.js';
import {type LogWord, NO_SIGNS, type NodeSigns} from '../../source/domain/fleet/node-signs.js';
import {condensed} from './fake-node-programs.js';

/** The node's clock. */
export const NODE_NOW = Date.UTC(2026, 10, 22, 3, 12, 40);
/** The process runs for an hour; its file is a day old. */
const PROCESS_SECONDS = 3600;
const FILE_SECONDS = 86_400;

export const NOVA_CONF = '/etc/nova/nova.conf';
const CREDENTIALS =
  '[cinder]\nauth_type = password\n[service_user]\nauth_type = password\nsend_service_user_token = true\n';

/** A file with an interval, and what a compute needs besides. */
export function conf(interval: string | undefined, more = ''): string {
  const line = interval === undefined ? '' : `reclaim_instance_interval = ${interval}\n`;
  return `[DEFAULT]\n${line}${more}\n${CREDENTIALS}`;
}

export type NodeShape = {
  readonly role?: Role;
  /** In the order in which the service reads them. */
  readonly files?: Readonly<Record<string, string>>;
  /** That lie on the node and are not read. */
  readonly others?: Readonly<Record<string, string>>;
  /** Changes to every file. */
  readonly file?: Partial<FileFacts>;
  readonly unit?: Partial<UnitFacts> | 'none';
  /** For how long the process runs. */
  readonly processSeconds?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly facts?: Partial<NodeFacts>;
  readonly signs?: Partial<NodeSigns>;
  readonly clock?: NodeChart['clock'];
  readonly service?: Partial<ComputeService> | 'none';
  readonly node?: Partial<InventoryHost>;
};

export function nodeChart({
  role = 'compute',
  files = {[NOVA_CONF]: conf('7200')},
  others = {},
  file = {},
  unit = {},
  processSeconds = PROCESS_SECONDS,
  environment = {},
  facts: more = {},
  signs = {},
  clock = {aheadMs: 0, errorMs: 600},
  service = {},
  node: changes = {},
}: NodeShape = {}): NodeChart {
  const node: InventoryHost = {
    name: 'cmp-1',
    address: {name: 'cmp-1'},
    roles: [role],
    groups: [],
    novaHost: undefined,
    deployment: undefined,
    overrides: {},
    ...changes,
  };
  const facts: NodeFacts = {
    hostname: 'cmp-1',
    fqdn: 'cmp-1.example.org',
    bootId: 'b',
    nowMs: NODE_NOW,
    osId: 'debian',
    isClockSynchronized: true,
    isServiceManagerSilent: false,
    isModuleRunning: undefined,
    units: unit === 'none' ? [] : [unitFacts(role, Object.keys(files), environment, processSeconds, unit)],
    files: Object.entries({...files, ...others}).map(([path, text]) => ({...fileFacts(path, text), ...file})),
    unreadable: [],
    directories: [],
    lock: undefined,
    records: [],
    backups: [],
    ...more,
  };
  return {
    node,
    facts,
    signs: {...NO_SIGNS, ...signs},
    roles: node.roles.map((one) => seeRole(node, facts, one)),
    clock,
    service: service === 'none' || role === 'api' ? undefined : {...SERVICE, ...service},
  };
}

const SERVICE: ComputeService = {
  id: 's1',
  binary: 'nova-compute',
  host: 'cmp-1',
  zone: 'nova',
  status: 'enabled',
  state: 'up',
  disabledReason: undefined,
  isForcedDown: false,
  updatedAt: undefined,
};

function unitFacts(
  role: Role,
  files: readonly string[],
  environment: Readonly<Record<string, string>>,
  ageSeconds: number,
  changes: Partial<UnitFacts>,
): UnitFacts {
  return {
    unit: `nova-${role}.service`,
    role,
    loadState: 'loaded',
    activeState: 'active',
    subState: 'running',
    result: 'success',
    unitFileState: 'enabled',
    mainPid: 7,
    startId: '7:1',
    restarts: 0,
    hasJob: false,
    stopTimeoutSeconds: 90,
    process: {
      pid: 7,
      ageSeconds,
      argv: ['/usr/bin/python3', `/usr/bin/nova-${role}`, ...files.map((path) => `--config-file=${path}`)],
      environment,
      home: '/var/lib/nova',
      workingDirectory: '/',
    },
    command: undefined,
    listeners: [],
    sharedWith: [],
    ...changes,
  };
}

function fileFacts(path: string, text: string): FileFacts {
  const bytes = condensed(text);
  return {
    path,
    realPath: path,
    digest: `digest of ${path}`,
    size: text.length,
    mode: '640',
    owner: 'root',
    group: 'nova',
    linkCount: 1,
    isMountPoint: false,
    isDirectoryWritable: true,
    ageSeconds: FILE_SECONDS,
    statusAgeSeconds: FILE_SECONDS,
    condensed: bytes,
  };
}

/** One kind of line in the log of its nova-compute; the newest so many seconds ago. */
export function logged(
  word: LogWord,
  text: string,
  secondsAgo = 30,
  count = 1,
  overSeconds = 0,
): NodeSigns['logs'] {
  const time = NODE_NOW - secondsAgo * 1000;
  return [
    {
      unit: 'nova-compute.service',
      place: '/var/log/nova/nova-compute.log',
      signs: [{word, count, first: {text, time: time - overSeconds * 1000}, last: {text, time}}],
    },
  ];
}

/** What the causes find about a node in a cloud with this one compute. */
export function findingsOf(node: NodeChart, changes: Partial<CloudChart> = {}): readonly Finding[] {
  return examineNode(node, {
    cloud: {cloud: 'c', authUrl: 'http://k', region: undefined, computeUrl: 'http://n', projectId: undefined},
    now: NODE_NOW,
    services: node.service === undefined ? [] : [node.service],
    ...changes,
  });
}
