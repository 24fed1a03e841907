/** A Nova with many soft-deleted servers, and the Keystone and Glance that go with it, as far as clients of the list ask. */
import {
  flavors,
  hostsOf,
  images,
  INTERVAL_SECONDS,
  projects,
  serverOf,
  shownServer,
  touch,
  users,
} from './recorded-servers.js';
import {actionsOf, type DbServer} from './recorded-servers.js';
import {loginAnswer, versionAnswer} from './quiet-cloud.js';

/** Nova's own cap of a page. */
export const PAGE_ROWS = 1000;
/** How long Nova shows what is gone, as far as anybody here asks: seconds. */
const GONE_SHOWN_SECONDS = 600;

/** What somebody asks, and by which microversion. */
export type Asked = {
  readonly method: string;
  readonly base: string;
  readonly url: URL;
  readonly minor: number;
};

/** An answer; `rows`: how many servers Nova looked up for it. */
export type CloudAnswer = {readonly status: number; readonly body: Buffer; readonly rows: number};

export class RecordedCloud {
  readonly #hosts: readonly string[];
  readonly #now: () => number;
  /** In the order in which they were created, which is that of their numbers. */
  #servers: DbServer[] = [];
  readonly #byId = new Map<string, DbServer>();
  #next = 0;
  #turn = 0;

  /** So many servers, the oldest due by now, the newest just deleted. `now`: epoch milliseconds. */
  constructor(count: number, now: () => number) {
    this.#now = now;
    this.#hosts = hostsOf(count);
    const span = INTERVAL_SECONDS * 1000;
    for (let index = 0; index < count; index++) this.#add(now() - span + ((index + 1) * span) / (count + 1));
  }

  /** The ids of the last row of each full page of the list. */
  markers(): readonly string[] {
    const waiting = this.#servers.filter(({status}) => status === 'SOFT_DELETED');
    return waiting.flatMap(({id}, index) =>
      (index + 1) % PAGE_ROWS === 0 && index + 1 < waiting.length ? [id] : [],
    );
  }

  /** Ids of those that wait. */
  waiting(): readonly string[] {
    return this.#servers.flatMap(({status, id}) => (status === 'SOFT_DELETED' ? [id] : []));
  }

  /**
   * So many rows change now: of ten three come, three go (what is due by itself, others restored or purged), the
   * others get another name.
   */
  change(count: number): void {
    const now = this.#now();
    for (let index = 0; index < count; index++) {
      const kind = index % 10;
      if (kind < 3) {
        this.#add(now);
        continue;
      }
      const server = kind < 6 ? (this.#due(now) ?? this.#some()) : this.#some();
      if (server === undefined) continue;
      if (kind >= 6) touch(server, now, {name: `${server.name.split('~', 1)[0]}~${this.#turn}`});
      else touch(server, now, {status: kind === 3 ? 'ACTIVE' : 'DELETED'});
    }
    this.#forget(now);
  }

  answer({method, base, url, minor}: Asked): CloudAnswer {
    const path = url.pathname.replace(/\/$/, '');
    const json = (body: unknown, status = 200): CloudAnswer => ({
      status,
      body: Buffer.from(JSON.stringify(body)),
      rows: 0,
    });
    if (method === 'POST' && path === '/v3/auth/tokens') return json(loginAnswer(base, this.#now()), 201);
    const server = /^\/v2\.1\/servers\/([0-9a-f-]{36})(\/os-instance-actions)?$/.exec(path);
    if (server !== null) {
      const found = this.#byId.get(server[1] ?? '');
      const isShown = found !== undefined && (server[2] !== undefined || found.status !== 'DELETED');
      if (!isShown) return json({itemNotFound: {code: 404, message: 'Instance could not be found.'}}, 404);
      if (server[2] !== undefined) return json(actionsOf(found, minor));
      const shown = [Buffer.from('{"server": '), this.#shown(found, base, minor), Buffer.from('}')];
      return {status: 200, body: Buffer.concat(shown), rows: 1};
    }
    switch (path) {
      case '':
      case '/v2.1':
      case '/v3':
        return json(versionAnswer(base, path));
      case '/v3/projects':
        return json({projects, links: {next: null}});
      case '/v3/users':
        return json({users, links: {next: null}});
      case '/v2.1/os-services':
        return json({services: this.#hosts.map((host, index) => serviceRow(host, index, this.#now()))});
      case '/v2.1/servers/detail':
        return this.#list(base, url.searchParams, minor);
      case '/v2.1/flavors/detail':
        return json({flavors: url.searchParams.has('marker') ? [] : flavors});
      case '/v2/images':
        return json({images, first: '/v2/images', schema: '/v2/schemas/images'});
      default:
        return json({itemNotFound: {code: 404, message: `no ${path} here`}}, 404);
    }
  }

  #list(base: string, query: URLSearchParams, minor: number): CloudAnswer {
    const host = query.get('host');
    const status = query.get('status');
    const since = query.get('changes-since');
    const from = since === null ? undefined : Math.floor(Date.parse(since) / 1000) * 1000;
    const isListed = (server: DbServer): boolean =>
      (host === null || this.#hosts[server.number % this.#hosts.length] === host) &&
      (status === null || server.status === status) &&
      (from === undefined ? server.status !== 'DELETED' : server.updatedAt >= from);
    const limit = Math.min(PAGE_ROWS, Number(query.get('limit') ?? PAGE_ROWS));
    const marker = query.get('marker');
    const behind = marker === null ? -1 : (this.#byId.get(marker)?.number ?? -1);
    const page: DbServer[] = [];
    if (host === null || this.#hosts.includes(host)) {
      for (
        let place = this.#placeBehind(behind);
        place < this.#servers.length && page.length < limit;
        place++
      ) {
        const server = this.#servers[place];
        if (server !== undefined && isListed(server)) page.push(server);
      }
    }
    const parts = page.flatMap((server, index) => [
      Buffer.from(index === 0 ? '' : ', '),
      this.#shown(server, base, minor),
    ]);
    const next = new URL(`${base}/v2.1/servers/detail?${query.toString()}`);
    next.searchParams.set('marker', page.at(-1)?.id ?? '');
    const links =
      page.length < limit ? '' : `, "servers_links": ${JSON.stringify([{rel: 'next', href: next.href}])}`;
    const body = Buffer.concat([Buffer.from('{"servers": ['), ...parts, Buffer.from(`]${links}}`)]);
    return {status: 200, body, rows: page.length};
  }

  /** Where those with higher numbers begin. */
  #placeBehind(number: number): number {
    let [low, high] = [0, this.#servers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#servers[middle]?.number ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #shown(server: DbServer, base: string, minor: number): Buffer {
    return shownServer(server, base, minor, this.#hosts.length);
  }

  #add(deletedAt: number): void {
    const server = serverOf(this.#next, deletedAt);
    this.#next += 1;
    this.#servers.push(server);
    this.#byId.set(server.id, server);
  }

  #due(now: number): DbServer | undefined {
    const first = this.#servers.find(({status}) => status === 'SOFT_DELETED');
    return first !== undefined && first.deletedAt + INTERVAL_SECONDS * 1000 < now ? first : undefined;
  }

  /** One that waits: another each time, the same in each run. */
  #some(): DbServer | undefined {
    this.#turn += 1;
    const begin = (this.#turn * 7919) % this.#servers.length;
    for (let step = 0; step < this.#servers.length; step++) {
      const server = this.#servers[(begin + step) % this.#servers.length];
      if (server?.status === 'SOFT_DELETED') return server;
    }
    return undefined;
  }

  #forget(now: number): void {
    const isKept = ({status, updatedAt}: DbServer) =>
      status === 'SOFT_DELETED' || now - updatedAt < GONE_SHOWN_SECONDS * 1000;
    if (this.#turn % 1000 > 10) return;
    for (const server of this.#servers) if (!isKept(server)) this.#byId.delete(server.id);
    this.#servers = this.#servers.filter(isKept);
  }
}

function serviceRow(host: string, index: number, now: number): object {
  return {
    id: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
    binary: 'nova-compute',
    host,
    zone: 'nova',
    status: 'enabled',
    state: 'up',
    disabled_reason: null,
    forced_down: false,
    updated_at: new Date(now).toISOString().replace('Z', '000'),
  };
}
