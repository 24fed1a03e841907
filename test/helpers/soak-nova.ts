/** What Nova has in a soak: its database all the time, its API where both must agree. */
import {setTimeout as pause} from 'node:timers/promises';
import {z} from 'zod';
import {type Lab, readOn} from './lab.js';
import type {LabCloud} from './lab-cloud.js';
import type {WatchLine} from './lab-watch.js';
import {mapLimited} from '../../source/app/map-limited.js';
import type {Sample} from './soak-judge.js';

export type NovaRow = {
  readonly id: string;
  readonly vmState: string;
  readonly taskState: string;
  readonly host: string;
};

const EVERY_MS = 5000;
const QUERY = `select uuid, ifnull(vm_state, ''), ifnull(task_state, ''), ifnull(host, '') from instances where deleted = 0`;

/** Reads Nova's database again and again: it answers also while its API does not. */
export class NovaSamples {
  readonly samples: Sample[] = [];
  /** The newest. */
  rows: readonly NovaRow[] = [];
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  async read(): Promise<void> {
    const began = Date.now();
    const said = await readOn(this.#lab, 'controller', 'mariadb nova -BNe "$1"', {args: [QUERY]});
    this.rows = said
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = '', vmState = '', taskState = '', host = ''] = line.split('\t');
        return {id, vmState, taskState, host};
      });
    const softDeleted = new Set(this.rows.filter(({vmState}) => vmState === 'soft-delete').map(({id}) => id));
    this.samples.push({began, ended: Date.now(), softDeleted});
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.read();
      await pause(EVERY_MS, undefined, {signal}).catch(() => {});
    }
  }
}

const listed = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  tenant_id: z.string(),
  locked: z.boolean(),
  'OS-EXT-SRV-ATTR:host': z.string().nullable(),
  'OS-EXT-STS:task_state': z.string().nullable(),
});
type Listed = z.infer<typeof listed>;
const page = z.object({servers: z.array(listed), servers_links: z.array(z.unknown()).optional()});
const actions = z.object({instanceActions: z.array(z.object({action: z.string(), start_time: z.string()}))});

async function listSoftDeleted(cloud: LabCloud): Promise<readonly Listed[]> {
  const rows: Listed[] = [];
  for (let marker = ''; ;) {
    const filters = 'all_tenants=1&status=SOFT_DELETED&soft_deleted=true&sort_key=created_at&sort_key=uuid';
    const {status, body} = await cloud.request('GET', `/servers/detail?${filters}${marker}`);
    if (status !== 200) throw new Error(`Nova answers ${status} to a list`);
    const {servers, servers_links: links} = page.parse(body);
    rows.push(...servers);
    const last = servers.at(-1);
    if (links === undefined || last === undefined) return rows;
    marker = `&marker=${last.id}`;
  }
}

/** The start of the newest DELETE, epoch milliseconds; null where a restore came after it. */
async function deletedAt(cloud: LabCloud, id: string): Promise<number | null> {
  const {body} = await cloud.request('GET', `/servers/${id}/os-instance-actions`);
  const newest = actions
    .parse(body)
    .instanceActions.filter(({action}) => action === 'delete' || action === 'restore')
    .toSorted((one, other) => (one.start_time < other.start_time ? 1 : -1))[0];
  return newest?.action === 'delete' ? Date.parse(`${newest.start_time}Z`) : null;
}

/** A delete time that moved by less is not told again. */
const NOISE_MS = 2000;

/**
 * What Nova lists as soft-deleted and the lines tell otherwise, in words; none where both are the same.
 *
 * @param intervals seconds by host
 */
export async function differences(
  cloud: LabCloud,
  told: ReadonlyMap<string, WatchLine>,
  intervals: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const rows = await listSoftDeleted(cloud);
  const found: string[] = [];
  const times = new Map<string, number | null>();
  await mapLimited(rows, 4, async ({id}) => void times.set(id, await deletedAt(cloud, id)));
  for (const row of rows) {
    const {id} = row;
    const line = told.get(id);
    if (line === undefined) {
      found.push(`${id} (${row.name}) is soft-deleted and not told`);
      continue;
    }
    const compare = (what: string, ours: unknown, novas: unknown) => {
      if (ours !== novas)
        found.push(`${id}: ${what} ${JSON.stringify(ours)} instead of ${JSON.stringify(novas)}`);
    };
    const host = row['OS-EXT-SRV-ATTR:host'];
    compare('name', line.name, row.name);
    compare('host', line.host, host);
    compare('project', line.project_id, row.tenant_id);
    compare('status', line.status, row.status);
    compare('task', line.task_state, row['OS-EXT-STS:task_state']);
    compare('locked', line.locked, row.locked);
    compare('interval', line.interval, intervals.get(host ?? '') ?? null);
    const time = times.get(id) ?? null;
    const ours = line.deleted_at === null ? null : Date.parse(line.deleted_at);
    const isNear = ours === null || time === null ? ours === time : Math.abs(ours - time) <= NOISE_MS;
    if (!isNear) compare('deleted', line.deleted_at, time === null ? null : new Date(time).toISOString());
  }
  const known = new Set(rows.map(({id}) => id));
  for (const [id, line] of told) {
    if (!known.has(id)) found.push(`${id} (${line.name}) is told as ${line.state}, and is not soft-deleted`);
  }
  return found;
}
