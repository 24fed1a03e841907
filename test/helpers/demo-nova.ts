/** The embedded Nova on a clock that a test moves, without processes, ports and files. */
import {asList, asRecord, textOf} from '../../source/adapters/openstack/json.js';
import type {IntervalReading} from '../../source/domain/fleet/interval-change.js';
import type {Reply} from '../../source/demo/http.js';
import {NovaCloud} from '../../source/demo/nova/cloud.js';
import {answerNova} from '../../source/demo/nova/routes.js';
import {createRandom} from '../../source/demo/random.js';
import {makeStage} from '../../source/demo/scene.js';
import {createSchedule} from '../../source/demo/schedule.js';

export type Ask = {
  readonly body?: unknown;
  readonly as?: 'admin' | 'member' | 'stranger';
  readonly microversion?: number;
};

export type TestNova = {
  readonly cloud: NovaCloud;
  /** What nova-api runs with. */
  api: IntervalReading;
  advance(seconds: number): void;
  ask(method: string, path: string, ask?: Ask): Reply;
  /** A server of the member's project on this host that runs. */
  boot(host: string, name?: string): string;
  /** Status and task as an administrator sees them, `404` where there is nothing. */
  look(id: string): string;
  /** Ids in a listing. */
  list(query: string, as?: Ask['as'], microversion?: number): readonly string[];
  /** What the actions of a server are called, newest first. */
  actions(id: string): readonly string[];
  /** Restarts nova-compute with another value; it runs at once. */
  restart(host: string, reading: IntervalReading): void;
};

export const value = (seconds: number): IntervalReading => ({kind: 'value', seconds});

export const HOSTS: readonly string[] = ['compute-01', 'compute-02'];

/** Two computes with this interval, a nova-api with that one; life's own speed. */
export function makeNova(compute: IntervalReading, api: IntervalReading, failsRestores = false): TestNova {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const random = createRandom(7);
  const schedule = createSchedule(() => now);
  const cloud = new NovaCloud({
    ...makeStage(random.fork('stage')),
    schedule,
    random: random.fork('nova'),
    speed: 1,
    controllers: ['controller-1'],
    computes: HOSTS.map((host) => ({host, failsRestores})),
  });
  for (const host of HOSTS) cloud.processStarted(host, {since: now, reading: compute, isMute: false});
  const callerOf = (as: Ask['as']) => {
    const place = {admin: 0, member: 1, stranger: 2}[as ?? 'admin'];
    const [project, user] = [cloud.projects[place], cloud.users[place]];
    if (project === undefined || user === undefined) throw new Error('nobody there');
    return {project, user, isAdmin: place === 0};
  };
  const nova: TestNova = {
    cloud,
    api,
    advance(seconds) {
      now += seconds * 1000;
      schedule.catchUp();
    },
    ask(method, path, {body, as, microversion = 60} = {}) {
      schedule.catchUp();
      const url = new URL(path, 'http://nova');
      return answerNova(cloud, {
        method,
        path: url.pathname,
        query: url.searchParams,
        body,
        microversion,
        caller: callerOf(as),
        base: 'http://nova',
        reading: nova.api,
      });
    },
    boot(host, name = 'one') {
      const server = {
        name,
        flavorRef: cloud.flavors[0]?.id,
        imageRef: cloud.images[0]?.id,
        availability_zone: `nova:${host}`,
      };
      const reply = nova.ask('POST', '/servers', {body: {server}, as: 'member'});
      nova.advance(5);
      return textOf(asRecord(asRecord(reply.body)?.['server'])?.['id']) ?? `no server: ${reply.status}`;
    },
    look(id) {
      const {status, body} = nova.ask('GET', `/servers/${id}`);
      if (status !== undefined) return String(status);
      const server = asRecord(asRecord(body)?.['server']);
      const task = textOf(server?.['OS-EXT-STS:task_state']);
      return [textOf(server?.['status']), task].filter((word) => word !== undefined).join(' ');
    },
    list(query, as, microversion) {
      const {status, body} = nova.ask('GET', `/servers/detail?${query}`, {
        ...(as === undefined ? {} : {as}),
        ...(microversion === undefined ? {} : {microversion}),
      });
      if (status !== undefined) return [String(status)];
      const rows = asList(asRecord(body)?.['servers']) ?? [];
      return rows.map((row) => textOf(asRecord(row)?.['id']) ?? '?');
    },
    actions(id) {
      const {body} = nova.ask('GET', `/servers/${id}/os-instance-actions`);
      const rows = asList(asRecord(body)?.['instanceActions']) ?? [];
      return rows.map((row) => textOf(asRecord(row)?.['action']) ?? '?');
    },
    restart(host, reading) {
      cloud.processStopped(host);
      cloud.processStarted(host, {since: now, reading, isMute: false});
    },
  };
  return nova;
}
